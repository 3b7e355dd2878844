# pragma version 0.4.3
# @title Testing: scores, their reveal, and the verdicts
# @license Apache-2.0

from ..rules import parameters
from ..rules import verdict
from . import state

uses: state

event ScoresCommitted:
    round: indexed(uint256)
    tester: indexed(address)

event ScoresRevealed:
    round: indexed(uint256)
    tester: indexed(address)
    scores: DynArray[uint256, state.MAX_LOAD]

event Judged:
    round: indexed(uint256)
    trainer: indexed(address)
    id: indexed(bytes32)
    verdict: uint256
    gain: int256
    error: uint256
    returned: uint256
    forfeited: uint256


@external
def score(commitment: bytes32):
    """
    @notice Commit to the scores of one's seats.
    @param commitment keccak256(abi.encode(chain id, this, round, tester, scores, salt)).
    """
    state.require(state.round.phase == state.SCORE, "not the time to score")
    number: uint256 = state.round.number
    state.require(state.card_of[number][msg.sender] > 0, "not drawn")
    state.require(state.committed[number][msg.sender] == empty(bytes32), "scored already")
    state.require(commitment != empty(bytes32), "empty commitment to scores")
    state.committed[number][msg.sender] = commitment
    log ScoresCommitted(round=number, tester=msg.sender)


@external
def reveal(scores: DynArray[uint256, state.MAX_LOAD], salt: bytes32):
    """
    @notice Open one's scores, one word for each seat in the order of children (rules/verdict.vy).
    """
    state.require(state.round.phase == state.REVEAL, "not the time to reveal")
    number: uint256 = state.round.number
    state.require(not state.revealed[number][msg.sender], "revealed already")
    opened: bytes32 = keccak256(abi_encode(chain.id, self, number, msg.sender, scores, salt))
    state.require(opened == state.committed[number][msg.sender], "scores other than committed")
    state.revealed[number][msg.sender] = True
    seat: uint256 = state.card_of[number][msg.sender] - 1
    seats: uint256 = state.round.children * state.round.seats
    for word: uint256 in scores:
        state.require(seat < seats, "too many scores")
        state.require(verdict.is_score(word), "word is no score")
        state.scores[number][seat] = word
        seat += state.round.deck
    state.require(seat >= seats, "too few scores")
    log ScoresRevealed(round=number, tester=msg.sender, scores=scores)


@internal
def judge(steps: uint256):
    """
    @notice Judge entry by entry; children that did not fail go into the pool.
    """
    number: uint256 = state.round.number
    start: uint256 = state.round.cursor
    if start == 0:
        state.pool = []
    stop: uint256 = min(start + steps, state.round.entries)
    for i: uint256 in range(start, stop, bound=state.MAX_STEPS):
        entry: state.Entry = state.entries[number][i]
        if entry.admitted > 0:
            self.judge_entry(number, entry)
    state.round.cursor = stop
    if stop == state.round.entries:
        if len(state.pool) > 0:
            state.begin(state.POOL)
        else:
            state.begin(state.SETTLE)


@internal
def judge_entry(number: uint256, entry: state.Entry):
    result: uint256 = verdict.MISSING
    gain: int256 = 0
    error: uint256 = 0
    id: bytes32 = empty(bytes32)
    spent: uint256 = 0
    returned: uint256 = 0
    forfeited: uint256 = entry.deposit
    burned: uint256 = 0
    if entry.child > 0:
        child: uint256 = entry.child - 1
        id = state.children[number][child].id
        if id != empty(bytes32):
            words: DynArray[uint256, state.MAX_SEATS] = []
            for j: uint256 in range(state.round.seats, bound=state.MAX_SEATS):
                words.append(state.scores[number][child * state.round.seats + j])
            result, gain, error = verdict.verdict(
                words, state.P.clip, state.P.trim, state.P.z_pass, state.P.z_fail, state.P.g_min
            )
            spent = self.pay_seats(number, child, words, result)
            if result == verdict.PASSED or result == verdict.UNDECIDED:
                if result == verdict.PASSED:
                    forfeited = 0
                else:
                    forfeited = entry.deposit * state.P.undecided_share // parameters.SHARE_ONE
                self.pool_child(number, child, gain)
            # what testers can decide to take must be nobody's gain
            burned = forfeited * state.P.burned_share // parameters.SHARE_ONE
        state.children[number][child].verdict = result
        state.children[number][child].gain = gain
        state.children[number][child].error = error
        returned = entry.deposit - forfeited
        state.votes += state.VOTE_FEES * state.P.seat_fee
        spent += state.VOTE_FEES * state.P.seat_fee
    elif not state.holds[state.head.id][entry.trainer]:
        # granted nothing: all comes back, the fee too
        result = verdict.VOID
        forfeited = 0
        returned = entry.deposit + state.entry_fee()
        spent = state.entry_fee()
    state.purse += state.entry_fee() - spent
    state.burned += burned
    state.forfeits += forfeited - burned
    state.credit(entry.trainer, returned, state.FROM_DEPOSIT)
    log Judged(
        round=number,
        trainer=entry.trainer,
        id=id,
        verdict=result,
        gain=gain,
        error=error,
        returned=returned,
        forfeited=forfeited,
    )


@internal
def pay_seats(
    number: uint256, child: uint256, words: DynArray[uint256, state.MAX_SEATS], result: uint256
) -> uint256:
    """
    @notice A fee for each seat that agrees with the committee (rules/verdict.vy).
    @return The sum of the fees.
    """
    spent: uint256 = 0
    for j: uint256 in range(len(words), bound=state.MAX_SEATS):
        if verdict.agrees(words[j], result, state.P.g_min):
            state.fees[number][(child * state.round.seats + j) % state.round.deck] += state.P.seat_fee
            spent += state.P.seat_fee
    return spent


@internal
def pool_child(number: uint256, child: uint256, gain: int256):
    """
    @notice Keep the best children that did not fail, best first, the earlier of equals first.
    """
    size: uint256 = len(state.pool)
    place: uint256 = size
    for _: uint256 in range(state.MAX_POOL):
        if place == 0 or state.children[number][state.pool[place - 1]].gain >= gain:
            break
        place -= 1
    if place == state.P.pool_size:
        return
    if size < state.P.pool_size:
        state.pool.append(child)
        size += 1
    last: uint256 = size - 1
    for _: uint256 in range(state.MAX_POOL):
        if last == place:
            break
        state.pool[last] = state.pool[last - 1]
        last -= 1
    state.pool[place] = child
