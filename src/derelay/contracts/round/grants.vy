# pragma version 0.4.3
# @title Grants of keys
# @license Apache-2.0
# @notice Weights are public by content id and unreadable without a key; every grant of a key is an event.

from . import state

uses: state

event KeyGranted:
    baton: indexed(bytes32)
    reader: indexed(address)
    granter: indexed(address)
    content: bytes32
    key: Bytes[80]

event KeyWanted:
    baton: indexed(bytes32)
    reader: indexed(address)


@external
def grant(
    baton: bytes32,
    content: bytes32,
    readers: DynArray[address, state.MAX_READERS],
    keys: DynArray[Bytes[80], state.MAX_READERS],
):
    """
    @notice Grant the key of a baton that one holds to readers who are entitled to it.
    @param content Id of the sealed blob that the key opens.
    @param keys The key, sealed to each reader's encryption key.
    """
    state.require(state.holds[baton][msg.sender], "not a holder")
    state.require(len(readers) == len(keys), "a key for each reader")
    for i: uint256 in range(len(readers), bound=state.MAX_READERS):
        state.require(self.is_entitled(baton, readers[i], msg.sender), "not entitled")
        self.record(baton, content, readers[i], keys[i])


@external
def ask(baton: bytes32):
    """
    @notice Say that one was granted nothing that opens a baton to which one is entitled; any holder may answer.
    """
    number: uint256 = state.round.number
    on_duty: bool = state.entry_of[number][msg.sender] > 0 or state.card_of[number][msg.sender] > 0
    state.require(on_duty, "not on duty")
    log KeyWanted(baton=baton, reader=msg.sender)


@internal
def record(baton: bytes32, content: bytes32, reader: address, key: Bytes[80]):
    if baton == state.head.id:
        number: uint256 = state.round.number
        if state.card_of[number][reader] > 0:
            state.gained[number][reader] += state.head.version - state.newest[reader]
        state.newest[reader] = state.head.version
        entry: uint256 = state.entry_of[number][reader]
        if state.round.phase == state.TRAIN and entry > 0 and not state.holds[baton][reader]:
            state.entries[number][entry - 1].server = msg.sender
    state.require(len(key) == 80, "sealed key of other length")
    state.holds[baton][reader] = True
    log KeyGranted(baton=baton, reader=reader, granter=msg.sender, content=content, key=key)


@internal
@view
def is_entitled(baton: bytes32, reader: address, granter: address) -> bool:
    """
    @notice Of the head: trainers in the first three quarters of TRAIN, at first from the owner assigned to them, after
            half the window from any holder, and later only in the place of a key that did not open; its owners
            whenever they have no entry to be judged; testers once drawn. Of a child: its testers, and the committee
            that votes on the pool.
    @dev    A key that comes when there is no time left to train must not make a deposit forfeit.
    """
    number: uint256 = state.round.number
    phase: uint256 = state.round.phase
    card: uint256 = state.card_of[number][reader]
    if baton == state.head.id:
        entry: uint256 = state.entry_of[number][reader]
        admitted: uint256 = 0
        if entry > 0:
            admitted = state.entries[number][entry - 1].admitted
        if admitted > 0 and phase >= state.TRAIN and phase <= state.JUDGE:
            if not state.holds[baton][reader] and (phase != state.TRAIN or self.is_over(3, 4)):
                return False
            return phase != state.TRAIN or granter == state.server_of(admitted) or self.is_over(1, 2)
        if reader in state.owners:
            return True
        return card > 0 and phase >= state.SEAL and phase <= state.POOL
    if card == 0 or phase < state.SEAL or state.child_of[baton] >> 128 != number:
        return False
    if phase == state.POOL:
        return card <= state.voters()
    child: uint256 = state.child_of[baton] % 2**128 - 1
    first: uint256 = child * state.round.seats % state.round.deck
    return (card - 1 + state.round.deck - first) % state.round.deck < state.round.seats


@internal
@view
def is_over(part: uint256, whole: uint256) -> bool:
    """
    @return Whether a part of the window's least time and least number of blocks is over.
    """
    window: uint256 = state.window_of(state.round.phase)
    return (
        block.timestamp >= state.round.opened_at + state.P.window_seconds[window] * part // whole
        and block.number >= state.round.opened_block + state.P.window_blocks[window] * part // whole
    )
