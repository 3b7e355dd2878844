# pragma version 0.4.3
# pragma evm-version cancun
# @title What each participant is owed
# @license Apache-2.0
# @notice Credits and royalties, in native currency and in coins, withdrawn by their owner (pull payments).
#         Royalties go to all earlier contributors, each weighted by what it once earned times decay^age. One
#         decaying accumulator keeps them (derelay.rules.royalties is the same in Python): a payment costs the same
#         whatever the number of contributors and the age of the relay.
# @dev    A weight is stored as of the holder's last touch and shrinks with `product`, the product of all decays.
#         When `product` gets small it is multiplied by RESCALE and `scale` counts up. Weights round down and their
#         total rounds up, so what is claimed never exceeds what was paid; the difference, dust, stays here.

interface Coin:
    def totalSupply() -> uint256: view
    def mint(to: address, amount: uint256): nonpayable
    def transfer(to: address, amount: uint256) -> bool: nonpayable

struct Position:
    weight: uint256
    product: uint256
    scale: uint256
    native_sum: uint256
    coin_sum: uint256

event Credited:
    who: indexed(address)
    native: uint256
    reason: indexed(uint256)

event Rewarded:
    who: indexed(address)
    coins: uint256
    weight: uint256

event RoyaltyPaid:
    native: uint256
    coins: uint256
    weight: uint256

event RoyaltyEarned:
    who: indexed(address)
    native: uint256
    coins: uint256

event Withdrawn:
    who: indexed(address)
    native: uint256
    coins: uint256

ONE: constant(uint256) = 10**18
RESCALE: constant(uint256) = 10**9
PRODUCT_ONE: constant(uint256) = 10**27
PRODUCT_FLOOR: constant(uint256) = 10**18
TOTAL_FLOOR: constant(uint256) = 10**9  # below, the total is what rounding left behind
SCALES_BACK: constant(uint256) = 3  # beyond, a weight has shrunk below 1e-18 of itself

ROUNDS: public(immutable(address))
COIN: public(immutable(address))
DECAY: public(immutable(uint256))

native_credit: HashMap[address, uint256]
coin_credit: HashMap[address, uint256]
position: public(HashMap[address, Position])
paused: public(HashMap[address, bool])

product: public(uint256)
scale: public(uint256)
total: public(uint256)
native_sum: HashMap[uint256, uint256]
coin_sum: HashMap[uint256, uint256]
unallocated: public(uint256)


@deploy
def __init__(rounds: address, coin: address, decay_factor: uint256):
    assert decay_factor >= ONE // 10 and decay_factor <= ONE, "accounts: decay out of range"
    # this address may have had other code before, made and destroyed by whoever creates the relay
    assert staticcall Coin(coin).totalSupply() == 0, "accounts: coins from before"
    ROUNDS = rounds
    COIN = coin
    DECAY = decay_factor


# ---- called by the relay's rounds

@external
def found(creator: address, weight: uint256):
    """
    @notice Begin: `creator` earns royalties with `weight`. Once, by the constructor of the rounds. Before it nothing is
            owed to anybody: what had the address of the rounds earlier could only have kept them from being created.
    """
    assert msg.sender == ROUNDS, "accounts: founded by another"
    assert self.product == 0, "accounts: founded already"
    self.product = PRODUCT_ONE
    self.position[creator] = Position(weight=weight, product=PRODUCT_ONE, scale=0, native_sum=0, coin_sum=0)
    self.total = weight
    log Rewarded(who=creator, coins=0, weight=weight)


@external
@payable
def credit(who: address, reason: uint256):
    """
    @notice Owe `who` the native currency sent along.
    """
    self._only_rounds()
    self.native_credit[who] += msg.value
    log Credited(who=who, native=msg.value, reason=reason)


@external
def reward(who: address, coins: uint256, weight: uint256):
    """
    @notice Mint `coins` for `who`, and let it earn royalties with `weight` from now on.
    """
    self._only_rounds()
    self._touch(who)
    if coins > 0:
        extcall Coin(COIN).mint(self, coins)
        self.coin_credit[who] += coins
    self.position[who].weight += weight
    if not self.paused[who]:
        self.total += weight
    log Rewarded(who=who, coins=coins, weight=weight)


@external
@payable
def pay_royalty(coins: uint256) -> uint256:
    """
    @notice Share the native currency sent along, and `coins` newly minted, among all who are not paused.
    @return The coins minted: none when nobody can receive them; native currency then waits for the next payment.
    """
    self._only_rounds()
    native: uint256 = msg.value + self.unallocated
    if self.total < TOTAL_FLOOR:
        self.unallocated = native
        return 0
    self.unallocated = 0
    self.native_sum[self.scale] += self.product * native * ONE // self.total
    self.coin_sum[self.scale] += self.product * coins * ONE // self.total
    if coins > 0:
        extcall Coin(COIN).mint(self, coins)
    log RoyaltyPaid(native=native, coins=coins, weight=self.total)
    return coins


@external
def age():
    """
    @notice A new head: every earlier contribution counts DECAY times what it counted.
    """
    self._only_rounds()
    self.product = self.product * DECAY // ONE
    self.total = (self.total * DECAY + ONE - 1) // ONE
    if self.product < PRODUCT_FLOOR:
        self.product *= RESCALE
        self.scale += 1


@external
def pause(who: address):
    """
    @notice A tester earns no royalty from what it judges: its weight rests from the draw to the settlement.
    """
    self._only_rounds()
    if self.paused[who]:
        return
    self._touch(who)
    self.total -= self.position[who].weight
    self.paused[who] = True


@external
def resume(who: address):
    self._only_rounds()
    if not self.paused[who]:
        return
    self._touch(who)
    self.paused[who] = False
    self.total += self.position[who].weight


# ---- called by participants

@external
@nonreentrant
def withdraw():
    """
    @notice Pay the caller all it is owed, in native currency and coins.
    """
    self._touch(msg.sender)
    native: uint256 = self.native_credit[msg.sender]
    coins: uint256 = self.coin_credit[msg.sender]
    assert native + coins > 0, "accounts: nothing owed"
    self.native_credit[msg.sender] = 0
    self.coin_credit[msg.sender] = 0
    if coins > 0:
        extcall Coin(COIN).transfer(msg.sender, coins)
    log Withdrawn(who=msg.sender, native=native, coins=coins)
    if native > 0:
        raw_call(msg.sender, b"", value=native)


@external
@view
def owed(who: address) -> (uint256, uint256):
    """
    @return Native currency and coins that `who` may withdraw now.
    """
    native: uint256 = 0
    coins: uint256 = 0
    native, coins = self._earned(who)
    return self.native_credit[who] + native, self.coin_credit[who] + coins


@external
@view
def weight_of(who: address) -> uint256:
    return self._current(who).weight


# ---- the accumulator

@internal
@view
def _only_rounds():
    assert msg.sender == ROUNDS and self.product > 0, "accounts: not the relay"


@internal
@view
def _current(who: address) -> Position:
    before: Position = self.position[who]
    weight: uint256 = 0
    if before.weight > 0 and self.scale - before.scale < SCALES_BACK:
        weight = before.weight * self.product // before.product // RESCALE ** (self.scale - before.scale)
    return Position(
        weight=weight,
        product=self.product,
        scale=self.scale,
        native_sum=self.native_sum[self.scale],
        coin_sum=self.coin_sum[self.scale],
    )


@internal
@view
def _earned(who: address) -> (uint256, uint256):
    before: Position = self.position[who]
    if before.weight == 0 or self.paused[who]:
        return 0, 0
    native: uint256 = self.native_sum[before.scale] - before.native_sum
    coins: uint256 = self.coin_sum[before.scale] - before.coin_sum
    for back: uint256 in range(1, SCALES_BACK):
        if before.scale + back <= self.scale:
            native += self.native_sum[before.scale + back] // RESCALE ** back
            coins += self.coin_sum[before.scale + back] // RESCALE ** back
    return before.weight * native // before.product // ONE, before.weight * coins // before.product // ONE


@internal
def _touch(who: address):
    native: uint256 = 0
    coins: uint256 = 0
    native, coins = self._earned(who)
    self.native_credit[who] += native
    self.coin_credit[who] += coins
    self.position[who] = self._current(who)
    if native + coins > 0:
        log RoyaltyEarned(who=who, native=native, coins=coins)
