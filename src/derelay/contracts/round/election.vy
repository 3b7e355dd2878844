# pragma version 0.4.3
# @title The pool, the election of the head, and the settlement
# @license Apache-2.0

from ..rules import minting
from ..rules import parameters
from ..rules import verdict
from . import state

uses: state

RESERVE: constant(uint256) = 110  # closings, ten rounds of them: what the purse keeps; the rest becomes royalty

event Voted:
    round: indexed(uint256)
    voter: indexed(address)
    pool: bytes32
    passed: bytes32
    scores: uint256[3]

event HeadChanged:
    round: indexed(uint256)
    id: indexed(bytes32)
    version: uint256
    candidate: uint256
    gain: int256
    error: uint256
    minted: uint256

event HeadKept:
    round: indexed(uint256)
    id: indexed(bytes32)

event Earned:
    round: indexed(uint256)
    who: indexed(address)
    coins: uint256
    by_serving: bool

event TesterSettled:
    round: indexed(uint256)
    tester: indexed(address)
    fee: uint256
    slashed: uint256


@external
def vote(pool: bytes32, passed: bytes32, scores: uint256[3]):
    """
    @notice Name the candidates for the new head that one has computed, and score them on one's own cases against
            the head: the pool of the children that did not fail, the pool of those of them that passed, and the
            best child (derelay.learn.pooling). A candidate that could not be computed is named 0 and scored "unavailable".
    """
    state.require(state.round.phase == state.POOL, "not the time to vote")
    number: uint256 = state.round.number
    card: uint256 = state.card_of[number][msg.sender]
    state.require(card > 0 and card <= state.voters(), "not a voter")
    state.require(state.ballots[number][card - 1].scores[state.BEST] == 0, "voted already")
    for word: uint256 in scores:
        state.require(verdict.is_score(word), "vote without a score")
    state.ballots[number][card - 1] = state.Ballot(names=[pool, passed], scores=scores)
    log Voted(round=number, voter=msg.sender, pool=pool, passed=passed, scores=scores)


@internal
def settle(steps: uint256):
    """
    @notice Elect the head, mint and pay royalties; then pay, slash and release the testers, card by card.
    """
    start: uint256 = 0
    if state.round.cursor == 0:
        self.elect()
    else:
        start = state.round.cursor - 1
    stop: uint256 = min(start + steps, state.round.deck)
    for card: uint256 in range(start, stop, bound=state.MAX_STEPS):
        self.settle_tester(card)
    state.round.cursor = stop + 1
    if stop == state.round.deck:
        funds: uint256 = state.purse + state.votes
        state.votes = 0
        state.purse = min(funds, RESERVE * state.P.closing_fee)
        state.forfeits += funds - state.purse
        burned: uint256 = state.burned
        if burned > 0:
            state.burned = 0
            raw_call(empty(address), b"", value=burned)
        state.begin(state.REST)


@internal
def elect():
    number: uint256 = state.round.number
    id: bytes32 = empty(bytes32)
    candidate: uint256 = 0
    gain: int256 = 0
    error: uint256 = 0
    if len(state.pool) > 0:
        id, candidate, gain, error = self.winner(number)
    coins: uint256 = 0
    if id != empty(bytes32):
        coins = minting.minted(verdict.lower_end(gain, error, state.P.z_mint), state.P.g_ref)
        state.round.elected = candidate + 1
    minted: uint256 = self.pay(number, candidate, coins, id != empty(bytes32))
    if id == empty(bytes32):
        log HeadKept(round=number, id=state.head.id)
        return
    version: uint256 = state.head.version + 1
    state.head = state.Head(id=id, version=version, round=number)
    state.heads[version] = id
    if state.child_of[id] == 0:
        state.child_of[id] = 1
    for owner: address in state.owners:
        if state.holds[id][owner]:
            state.newest[owner] = version
    log HeadChanged(
        round=number, id=id, version=version, candidate=candidate, gain=gain, error=error, minted=minted
    )


@internal
@view
def winner(number: uint256) -> (bytes32, uint256, int256, uint256):
    """
    @notice The candidate of the best robust gain above g_head, among those named and measured by more than half of
            the voters. If no more than half voted at all, the best child, provided that it passed: silence must not
            hold learning up, but a child that most voters cannot open must not become the head.
    """
    voters: uint256 = state.voters()
    best: state.Child = state.children[number][state.pool[0]]
    id: bytes32 = empty(bytes32)
    candidate: uint256 = 0
    gain: int256 = state.P.g_head
    error: uint256 = 0
    voted: uint256 = 0
    for card: uint256 in range(voters, bound=state.MAX_SEATS):
        if state.ballots[number][card].scores[state.BEST] > 0:
            voted += 1
    if 2 * voted <= voters:
        if best.verdict == verdict.PASSED:
            return best.id, state.BEST, best.gain, best.error
        return id, candidate, gain, error
    for slot: uint256 in range(3):
        named: bytes32 = best.id
        if slot != state.BEST:
            named = self.majority(number, slot, voters)
            origin: uint256 = state.child_of[named]
            if (origin > 0 and origin >> 128 != number) or (slot == state.PASSED and not self.any_passed(number)):
                continue
        words: DynArray[uint256, state.MAX_SEATS] = []
        for card: uint256 in range(voters, bound=state.MAX_SEATS):
            word: uint256 = state.ballots[number][card].scores[slot]
            if word > verdict.UNAVAILABLE:
                if slot == state.BEST or state.ballots[number][card].names[slot] == named:
                    words.append(word)
        if 2 * len(words) <= voters:
            continue
        measured: int256 = 0
        spread: uint256 = 0
        measured, spread = verdict.robust_gain(words, state.P.clip, state.P.vote_trim)
        if measured > gain:
            id = named
            candidate = slot
            gain = measured
            error = spread
    return id, candidate, gain, error


@internal
@view
def any_passed(number: uint256) -> bool:
    """
    @notice Whether the average of the passed exists: without it a head would have no owner.
    """
    for child: uint256 in state.pool:
        if state.children[number][child].verdict == verdict.PASSED:
            return True
    return False


@internal
@view
def majority(number: uint256, slot: uint256, voters: uint256) -> bytes32:
    """
    @return The only id that more than half of the voters can have named (Boyer and Moore's majority vote); whether
            they did, `winner` sees when it counts their scores.
    """
    named: bytes32 = empty(bytes32)
    lead: uint256 = 0
    for card: uint256 in range(voters, bound=state.MAX_SEATS):
        vote: bytes32 = state.ballots[number][card].names[slot]
        if lead == 0:
            named = vote
        if vote == named:
            lead += 1
        else:
            lead -= 1
    return named


@internal
def pay(number: uint256, candidate: uint256, coins: uint256, changed: bool) -> uint256:
    """
    @notice Mint for the trainers of the elected candidate and those who served them, by gain, none counted for more than
            twice the middle of the pool: false scores must not win more than one child's part; pay the rest, and
            what was forfeited, as royalty to the earlier contributors; then the new contributors join them.
    @return The coins minted.
    """
    earned: DynArray[uint256, state.MAX_POOL] = []
    served: DynArray[uint256, state.MAX_POOL] = []
    makers: DynArray[address, state.MAX_POOL] = []
    servers: DynArray[address, state.MAX_POOL] = []
    royalty: uint256 = coins
    if changed:
        total: uint256 = 0
        middle: int256 = state.children[number][state.pool[len(state.pool) // 2]].gain
        most: uint256 = minting.most(middle, state.P.g_min)
        for i: uint256 in range(len(state.pool), bound=state.MAX_POOL):
            child: state.Child = state.children[number][state.pool[i]]
            if candidate == state.BEST and i > 0:
                break
            if candidate == state.PASSED and child.verdict != verdict.PASSED:
                continue
            gain: uint256 = min(convert(max(child.gain, 0), uint256), most)
            total += gain
            earned.append(gain)
            makers.append(state.entries[number][child.entry].trainer)
            servers.append(state.entries[number][child.entry].server)
        for i: uint256 in range(len(makers), bound=state.MAX_POOL):
            gain: uint256 = earned[i]
            earned[i] = minting.part(coins, state.P.trainers_share, gain, total)
            served.append(0)
            if servers[i] != empty(address):
                served[i] = minting.part(coins, state.P.servers_share, gain, total)
            royalty -= earned[i] + served[i]
    native: uint256 = state.forfeits
    state.forfeits = 0
    minted: uint256 = coins - royalty
    if native + royalty > 0:
        minted += extcall state.Accounts(state.ACCOUNTS).pay_royalty(royalty, value=native)
    if changed:
        extcall state.Accounts(state.ACCOUNTS).age()
        state.owners = makers
        for i: uint256 in range(len(makers), bound=state.MAX_POOL):
            extcall state.Accounts(state.ACCOUNTS).reward(makers[i], earned[i], earned[i])
            log Earned(round=number, who=makers[i], coins=earned[i], by_serving=False)
            if served[i] > 0:
                extcall state.Accounts(state.ACCOUNTS).reward(servers[i], served[i], 0)
                log Earned(round=number, who=servers[i], coins=served[i], by_serving=True)
    return minted


@internal
def settle_tester(card: uint256):
    """
    @notice Who named and measured the new head holds it. A tester is paid for the seats that agree with the
            committee, and for a vote that measured the head elected (the best child, if the old one stays); who was
            silent is slashed, and pays the versions that it was granted.
    """
    number: uint256 = state.round.number
    tester: address = state.deck[number][card]
    fee: uint256 = state.fees[number][card]
    silent: bool = not state.revealed[number][tester]
    if card < state.voters() and len(state.pool) > 0:
        ballot: state.Ballot = state.ballots[number][card]
        voted: bool = ballot.scores[state.BEST] > 0
        slot: uint256 = state.BEST
        named: bool = True
        if state.round.elected > 0:
            slot = state.round.elected - 1
        if slot != state.BEST:
            named = ballot.names[slot] == state.head.id
        if named and ballot.scores[slot] > verdict.UNAVAILABLE:
            share: uint256 = state.round.children * state.VOTE_FEES * state.P.seat_fee // state.voters()
            state.votes -= share
            fee += share
            if slot != state.BEST:
                state.holds[state.head.id][tester] = True
        silent = silent or not voted
    if state.holds[state.head.id][tester]:
        state.newest[tester] = state.head.version
    slashed: uint256 = 0
    if silent:
        taken: uint256 = state.P.price * min(state.gained[number][tester], state.P.versions_cap)
        slashed = extcall state.Registry(state.REGISTRY).slash(tester, state.P.slash + taken)
        state.forfeits += slashed
    state.credit(tester, fee, state.FROM_TESTING)
    extcall state.Accounts(state.ACCOUNTS).resume(tester)
    log TesterSettled(round=number, tester=tester, fee=fee, slashed=slashed)
