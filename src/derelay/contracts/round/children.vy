# pragma version 0.4.3
# @title Children: committed, drawn testers for, handed in
# @license Apache-2.0

from ..rules import draw
from . import grants
from . import state

uses: state
uses: grants

event Committed:
    round: indexed(uint256)
    trainer: indexed(address)
    child: uint256
    commitment: bytes32

event Disclosed:
    round: indexed(uint256)
    trainer: indexed(address)
    secret: bytes32

event Drawn:
    round: indexed(uint256)
    tester: indexed(address)
    card: uint256

event HandedIn:
    round: indexed(uint256)
    trainer: indexed(address)
    id: indexed(bytes32)
    child: uint256
    content: bytes32


@external
def commit(commitment: bytes32):
    """
    @notice Commit to a child.
    @param commitment keccak256(abi.encode(chain id, this, round, trainer, child id, salt)).
    """
    state.require(state.round.phase == state.TRAIN, "not the time to commit")
    number: uint256 = state.round.number
    entry: uint256 = state.entry_of[number][msg.sender]
    state.require(entry > 0 and state.entries[number][entry - 1].admitted > 0, "not admitted")
    state.require(state.entries[number][entry - 1].child == 0, "committed already")
    state.require(commitment != empty(bytes32), "empty commitment to a child")
    child: uint256 = state.round.children
    state.children[number][child].entry = entry - 1
    state.children[number][child].commitment = commitment
    state.round.children = child + 1
    state.entries[number][entry - 1].child = child + 1
    log Committed(round=number, trainer=msg.sender, child=child, commitment=commitment)


@external
def disclose(secret: bytes32):
    """
    @notice Open the secret of one's entry, once all children are committed to: the testers' draw follows from the
            secrets, which whoever made the pivot block did not know, and nobody can choose a child by its testers.
    """
    state.require(state.round.phase == state.DISCLOSE, "not the time to disclose")
    number: uint256 = state.round.number
    entry: uint256 = state.entry_of[number][msg.sender]
    state.require(entry > 0 and state.entries[number][entry - 1].child > 0, "nothing to disclose for")
    opened: bytes32 = keccak256(abi_encode(chain.id, self, number, msg.sender, secret))
    state.require(opened == state.entries[number][entry - 1].secret_hash, "wrong secret")
    state.entries[number][entry - 1].secret_hash = empty(bytes32)
    state.round.secrets ^= convert(secret, uint256)
    state.round.disclosed += 1
    log Disclosed(round=number, trainer=msg.sender, secret=secret)


@internal
@view
def all_disclosed() -> bool:
    return state.round.disclosed == state.round.children


@internal
def close_disclosure():
    """
    @notice Whoever withholds a secret, having seen what the draw would be with it, gets one that nobody can foresee.
    """
    if not self.all_disclosed():
        state.round.pivot = block.number + 1
    if state.round.disclosed == 0:
        state.begin(state.JUDGE)
    else:
        state.begin(state.DRAW)


@internal
def draw_testers(steps: uint256):
    """
    @notice Draw distinct testers from the frozen list of maintainers, those who train passed over, by a
            Fisher-Yates shuffle of which only the touched part is stored. Seat j of child c is card
            (c * seats + j) mod deck: every committee is a uniform choice, and no two testers' loads differ by
            more than one child.
    """
    number: uint256 = state.round.number
    if state.round.cursor == 0:
        again: bytes32 = empty(bytes32)
        if not self.all_disclosed():
            again = blockhash(state.round.pivot)
        state.round.seed = keccak256(concat(state.round.seed, convert(state.round.secrets, bytes32), again))
    seats: uint256 = state.round.children * state.round.seats
    maintainers: uint256 = state.round.maintainers
    card: uint256 = state.round.deck
    i: uint256 = state.round.cursor
    for _: uint256 in range(steps, bound=state.MAX_STEPS):
        if card == seats or i == maintainers:
            break
        j: uint256 = i + draw.word(state.round.seed, i) % (maintainers - i)
        place: uint256 = self.shuffled(number, j)
        state.swapped[number][j] = self.shuffled(number, i) + 1
        i += 1
        tester: address = staticcall state.Registry(state.REGISTRY).maintainer(place)
        entry: uint256 = state.entry_of[number][tester]
        if entry > 0 and state.entries[number][entry - 1].admitted > 0:
            continue
        state.deck[number][card] = tester
        log Drawn(round=number, tester=tester, card=card)
        card += 1
        state.card_of[number][tester] = card
        extcall state.Accounts(state.ACCOUNTS).pause(tester)
    state.round.deck = card
    state.round.cursor = i
    if card == seats or i == maintainers:
        state.begin(state.SEAL)


@internal
@view
def shuffled(number: uint256, i: uint256) -> uint256:
    moved: uint256 = state.swapped[number][i]
    if moved == 0:
        return i
    return moved - 1


@external
def hand_in(id: bytes32, content: bytes32, salt: bytes32, keys: DynArray[Bytes[80], state.MAX_SEATS]):
    """
    @notice Open one's commitment and publish the child.
    @param content Id of the sealed blob.
    @param keys Its key, sealed to each of the child's testers in the order of seats.
    """
    state.require(state.round.phase == state.SEAL, "not the time to hand in")
    number: uint256 = state.round.number
    entry: uint256 = state.entry_of[number][msg.sender]
    state.require(entry > 0 and state.entries[number][entry - 1].child > 0, "no commitment")
    state.require(state.entries[number][entry - 1].secret_hash == empty(bytes32), "secret withheld")
    child: uint256 = state.entries[number][entry - 1].child - 1
    opened: bytes32 = keccak256(abi_encode(chain.id, self, number, msg.sender, id, salt))
    state.require(opened == state.children[number][child].commitment, "child other than committed")
    state.require(state.child_of[id] == 0, "baton seen before")
    state.require(len(keys) == state.round.seats, "a key for each seat")
    state.child_of[id] = (number << 128) + child + 1
    state.children[number][child].id = id
    state.children[number][child].content = content
    state.holds[id][msg.sender] = True
    log HandedIn(round=number, trainer=msg.sender, id=id, child=child, content=content)
    for j: uint256 in range(len(keys), bound=state.MAX_SEATS):
        grants.record(id, content, state.tester_of(child * state.round.seats + j), keys[j])
