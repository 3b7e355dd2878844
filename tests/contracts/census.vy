# pragma version 0.4.3
# pragma evm-version cancun
# Everything that everybody has in a relay, in one call.

interface Accounts:
    def owed(who: address) -> (uint256, uint256): view
    def total() -> uint256: view
    def unallocated() -> uint256: view

interface Coin:
    def balanceOf(who: address) -> uint256: view
    def totalSupply() -> uint256: view

interface Registry:
    def member(who: address) -> Member: view
    def maintainer_count() -> uint256: view

interface Rounds:
    def money() -> (uint256, uint256, uint256, uint256): view

struct Member:
    key: bytes32
    url: String[128]
    bond: uint256
    place: uint256
    leaves_at: uint256

MAX_PEOPLE: constant(uint256) = 32
OF_EACH: constant(uint256) = 7
OF_ALL: constant(uint256) = 13


@external
@view
def take(
    coin: Coin, accounts: Accounts, registry: Registry, rounds: Rounds, people: DynArray[address, MAX_PEOPLE]
) -> DynArray[uint256, MAX_PEOPLE * OF_EACH + OF_ALL]:
    """
    @return Native currency, owed native currency and coins, coins, bond, place and time of leaving of each; then
            balances, coins in the accounts and in all, the rounds' money, the accumulator's totals, maintainers.
    """
    words: DynArray[uint256, MAX_PEOPLE * OF_EACH + OF_ALL] = []
    native: uint256 = 0
    coins: uint256 = 0
    for who: address in people:
        native, coins = staticcall accounts.owed(who)
        member: Member = staticcall registry.member(who)
        words.append(who.balance)
        words.append(native)
        words.append(coins)
        words.append(staticcall coin.balanceOf(who))
        words.append(member.bond)
        words.append(member.place)
        words.append(member.leaves_at)
    words.append(coin.address.balance)
    words.append(accounts.address.balance)
    words.append(registry.address.balance)
    words.append(rounds.address.balance)
    words.append(staticcall coin.balanceOf(accounts.address))
    words.append(staticcall coin.totalSupply())
    purse: uint256 = 0
    forfeits: uint256 = 0
    votes: uint256 = 0
    burned: uint256 = 0
    purse, forfeits, votes, burned = staticcall rounds.money()
    words.append(purse)
    words.append(forfeits)
    words.append(votes)
    words.append(burned)
    words.append(staticcall accounts.unallocated())
    words.append(staticcall accounts.total())
    words.append(staticcall registry.maintainer_count())
    return words
