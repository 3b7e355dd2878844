# pragma version 0.4.3
# @title Entering a round
# @license Apache-2.0
# @notice Trainers enter with a deposit and a testing fee. If there are more than places, selection sampling admits
#         as many as there are, every subset equally likely.

from ..rules import draw
from . import state

uses: state

event Entered:
    round: indexed(uint256)
    trainer: indexed(address)
    deposit: uint256

event Admitted:
    round: indexed(uint256)
    trainer: indexed(address)
    server: address

event TurnedAway:
    round: indexed(uint256)
    trainer: indexed(address)


@external
@payable
def enter(secret_hash: bytes32):
    """
    @notice Enter the round as a trainer, with the deposit and the testing fee (`price_of`).
    @param secret_hash Hash of the secret that `disclose` will open (derelay.rules.commitment).
    """
    state.require(state.round.phase == state.ENTER, "not the time to enter")
    state.require(secret_hash != empty(bytes32), "empty hash of a secret")
    state.require(staticcall state.Registry(state.REGISTRY).may_enter(msg.sender), "no full bond")
    number: uint256 = state.round.number
    state.require(state.entry_of[number][msg.sender] == 0, "entered already")
    i: uint256 = state.round.entries
    state.require(i < state.P.max_entries, "full")
    deposit: uint256 = state.deposit_of(msg.sender)
    state.require(msg.value == deposit + state.entry_fee(), "wrong deposit")
    state.entries[number][i] = state.Entry(
        trainer=msg.sender, deposit=deposit, secret_hash=secret_hash, admitted=0, child=0, server=empty(address)
    )
    state.round.entries = i + 1
    state.entry_of[number][msg.sender] = i + 1
    if staticcall state.Registry(state.REGISTRY).maintains(msg.sender):
        # else nobody could be admitted: one maintainer could stop the relay, for nothing
        state.require(state.round.maintainers > state.P.min_seats, "needed as a tester")
        state.round.cursor += 1
    log Entered(round=number, trainer=msg.sender, deposit=deposit)


@internal
def close_entries():
    """
    @dev While the window was open, the cursor counted the entrants who are maintainers.
    """
    state.round.places, state.round.seats = draw.places(
        state.round.entries,
        state.round.cursor,
        state.round.maintainers,
        state.P.seats,
        state.P.load,
        state.P.min_seats,
    )
    state.round.pivot = block.number + 1
    if state.round.entries == 0:
        state.begin(state.REST)
    else:
        state.begin(state.ADMIT)


@internal
def admit(steps: uint256):
    number: uint256 = state.round.number
    entries: uint256 = state.round.entries
    admitted: uint256 = state.round.admitted
    if state.round.cursor == 0:
        state.round.seed = blockhash(state.round.pivot)
        state.round.server_offset = draw.word(state.round.seed, entries) % len(state.owners)
    seed: bytes32 = state.round.seed
    start: uint256 = state.round.cursor
    stop: uint256 = min(start + steps, entries)
    for i: uint256 in range(start, stop, bound=state.MAX_STEPS):
        trainer: address = state.entries[number][i].trainer
        if draw.is_admitted(seed, i, state.round.places - admitted, entries - i):
            admitted += 1
            state.entries[number][i].admitted = admitted
            log Admitted(round=number, trainer=trainer, server=state.server_of(admitted))
        else:
            state.credit(trainer, state.entries[number][i].deposit + state.entry_fee(), state.FROM_DEPOSIT)
            log TurnedAway(round=number, trainer=trainer)
    state.round.admitted = admitted
    state.round.cursor = stop
    if stop == entries:
        if admitted == 0:
            state.begin(state.REST)
        else:
            state.begin(state.TRAIN)
