# pragma version 0.4.3
# @title What a relay remembers
# @license Apache-2.0
# @notice Storage, constants and phases, shared by the parts of a round.

from ..rules import parameters
from ..rules import price

interface Registry:
    def may_enter(who: address) -> bool: view
    def maintains(who: address) -> bool: view
    def maintainer(place: uint256) -> address: view
    def maintainer_count() -> uint256: view
    def slash(who: address, amount: uint256) -> uint256: nonpayable
    def ROUNDS() -> address: view

interface Accounts:
    def credit(who: address, reason: uint256): payable
    def found(creator: address, weight: uint256): nonpayable
    def reward(who: address, coins: uint256, weight: uint256): nonpayable
    def pay_royalty(coins: uint256) -> uint256: payable
    def age(): nonpayable
    def pause(who: address): nonpayable
    def resume(who: address): nonpayable
    def ROUNDS() -> address: view

interface Relay:
    def head_of(version: uint256) -> bytes32: view

struct Origin:
    chain_id: uint256
    rounds: address
    version: uint256

struct Head:
    id: bytes32
    version: uint256
    round: uint256  # in which it was elected

struct Entry:
    trainer: address
    deposit: uint256
    secret_hash: bytes32  # zero once the secret is disclosed
    admitted: uint256  # order of admission, counted from one; zero for who was not admitted
    child: uint256  # counted from one; zero for who committed none
    server: address  # who granted the head

struct Child:
    entry: uint256
    commitment: bytes32
    id: bytes32
    content: bytes32
    verdict: uint256
    gain: int256
    error: uint256

struct Ballot:
    names: bytes32[2]  # average of the children that did not fail, average of those that passed
    scores: uint256[3]  # of these two and of the best child

struct Card:
    tester: address
    scored: bool
    revealed: bool
    voted: bool

struct Round:
    number: uint256
    phase: uint256
    opened_at: uint256
    opened_block: uint256
    pivot: uint256  # height of the block whose hash the next draw uses
    cursor: uint256
    maintainers: uint256  # length of the list as frozen
    entries: uint256
    places: uint256
    admitted: uint256
    seats: uint256
    children: uint256
    disclosed: uint256  # secrets
    deck: uint256
    server_offset: uint256
    secrets: uint256  # all that were disclosed, in exclusive or: in whatever order they came
    seed: bytes32
    elected: uint256  # candidate elected, counted from one; zero for none

event PhaseChanged:
    round: indexed(uint256)
    phase: indexed(uint256)
    closer: address

event Redrawn:
    round: indexed(uint256)
    pivot: uint256

REST: constant(uint256) = 0
ENTER: constant(uint256) = 1
ADMIT: constant(uint256) = 2
TRAIN: constant(uint256) = 3
DISCLOSE: constant(uint256) = 4
DRAW: constant(uint256) = 5
SEAL: constant(uint256) = 6
SCORE: constant(uint256) = 7
REVEAL: constant(uint256) = 8
JUDGE: constant(uint256) = 9
POOL: constant(uint256) = 10
SETTLE: constant(uint256) = 11

# why an account is credited
FROM_DEPOSIT: constant(uint256) = 1
FROM_TESTING: constant(uint256) = 2
FROM_CLOSING: constant(uint256) = 3

ORIGIN_GAS: constant(uint256) = 200_000
MAX_SEATS: constant(uint256) = 32
MAX_LOAD: constant(uint256) = 32
MAX_POOL: constant(uint256) = 8
MAX_READERS: constant(uint256) = 32
MAX_STEPS: constant(uint256) = 256
POOLED: constant(uint256) = 0
PASSED: constant(uint256) = 1
BEST: constant(uint256) = 2
WINDOWS: constant(uint256) = 8
VOTE_FEES: constant(uint256) = 3  # of a child, for the votes on the pool

REGISTRY: immutable(address)
ACCOUNTS: immutable(address)
ORIGIN: immutable(Origin)
P: parameters.Parameters

head: Head
heads: HashMap[uint256, bytes32]
round: Round
owners: DynArray[address, MAX_POOL]
pool: DynArray[uint256, MAX_POOL]  # children that did not fail, best gain first

entries: HashMap[uint256, HashMap[uint256, Entry]]
entry_of: HashMap[uint256, HashMap[address, uint256]]  # counted from one
children: HashMap[uint256, HashMap[uint256, Child]]
swapped: HashMap[uint256, HashMap[uint256, uint256]]  # the shuffled part of the list of maintainers, plus one
deck: HashMap[uint256, HashMap[uint256, address]]
card_of: HashMap[uint256, HashMap[address, uint256]]  # counted from one
committed: HashMap[uint256, HashMap[address, bytes32]]
revealed: HashMap[uint256, HashMap[address, bool]]
scores: HashMap[uint256, HashMap[uint256, uint256]]  # by seat: child * seats + place
fees: HashMap[uint256, HashMap[uint256, uint256]]  # by card
ballots: HashMap[uint256, HashMap[uint256, Ballot]]  # by card

child_of: HashMap[bytes32, uint256]  # round << 128 | child, counted from one, of every id ever handed in
holds: HashMap[bytes32, HashMap[address, bool]]
newest: HashMap[address, uint256]  # newest version of the head that one was granted
gained: HashMap[uint256, HashMap[address, uint256]]  # versions that a tester was granted in a round

purse: uint256  # for closing windows
forfeits: uint256  # for the next royalty
burned: uint256  # by verdicts since the last settlement
votes: uint256  # fees for voting in this round


@deploy
def __init__(registry: address, accounts: address, settings: parameters.Parameters, origin: Origin):
    parameters.check(settings)
    REGISTRY = registry
    ACCOUNTS = accounts
    ORIGIN = origin
    self.P = settings
    self.child_of[empty(bytes32)] = 1  # no baton: neither handed in nor elected


@internal
def begin(phase: uint256):
    """
    @notice Begin a phase; whoever closed the one before is paid as long as there is money in the purse. A round
            without places pays nobody: opening rounds for the fee would drain the purse.
    """
    self.round.phase = phase
    self.round.opened_at = block.timestamp
    self.round.opened_block = block.number
    self.round.cursor = 0
    if self.round.places > 0:
        tip: uint256 = min(self.P.closing_fee, self.purse)
        self.purse -= tip
        self.credit(msg.sender, tip, FROM_CLOSING)
    log PhaseChanged(round=self.round.number, phase=phase, closer=msg.sender)


@internal
def credit(who: address, amount: uint256, reason: uint256):
    if amount > 0:
        extcall Accounts(ACCOUNTS).credit(who, reason, value=amount)


@internal
@view
def entry_fee() -> uint256:
    """
    @notice A fee for each seat, three for the votes on the pool, which measure three candidates, one for the purse.
    """
    return (self.P.seats + VOTE_FEES + 1) * self.P.seat_fee


@internal
@view
def deposit_of(who: address) -> uint256:
    return price.deposit(self.P.price, self.head.version, self.newest_of(who), self.P.versions_cap)


@internal
@view
def newest_of(who: address) -> uint256:
    """
    @notice Whoever was granted versions in the relay of the origin does not pay for them again, up to the version
            that this relay began with. Only of a relay on this chain can that be known. One that does not answer
            must not keep anybody out.
    """
    newest: uint256 = self.newest[who]
    if newest == 0 and ORIGIN.chain_id == chain.id:
        answers: bool = False
        answer: Bytes[32] = b""
        answers, answer = raw_call(
            ORIGIN.rounds,
            abi_encode(who, method_id=method_id("newest(address)")),
            max_outsize=32,
            gas=ORIGIN_GAS,
            is_static_call=True,
            revert_on_failure=False,
        )
        if answers and len(answer) == 32:
            newest = min(convert(answer, uint256), ORIGIN.version)
    return newest


@internal
@pure
def window_of(phase: uint256) -> uint256:
    """
    @return Place of the phase's window in the parameters; WINDOWS for a phase that is a step.
    """
    if phase == REST or phase == ENTER:
        return phase
    if phase == TRAIN or phase == DISCLOSE:
        return phase - 1
    if phase >= SEAL and phase <= REVEAL:
        return phase - 2
    if phase == POOL:
        return 7
    return WINDOWS


@internal
@view
def server_of(admitted: uint256) -> address:
    """
    @return The owner assigned to a trainer, by the trainer's order of admission.
    """
    return self.owners[(self.round.server_offset + admitted) % len(self.owners)]


@internal
@view
def tester_of(seat: uint256) -> address:
    """
    @param seat Child * seats of a child + place. The deck is dealt round and round.
    """
    return self.deck[self.round.number][seat % self.round.deck]


@internal
@view
def voters() -> uint256:
    """
    @return How many cards of the deck, from the first, vote on the pool.
    """
    return min(self.P.voters, self.round.deck)


@internal
def pivot_is_known() -> bool:
    """
    @notice Whether the hash of the pivot block can be read. Who comes more than 256 blocks late sets a new pivot
            instead: the draw waits, nobody loses. A draw once begun keeps its seed.
    """
    if self.round.cursor > 0:
        return True
    self.require(block.number > self.round.pivot, "draw is not due")
    if block.number - self.round.pivot <= 256:
        return True
    self.round.pivot = block.number + 1
    log Redrawn(round=self.round.number, pivot=self.round.pivot)
    return False


@internal
@pure
def require(condition: bool, reason: String[32]):
    """
    @dev An assertion with its reason in line costs four times the code.
    """
    assert condition, reason
