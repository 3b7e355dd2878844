# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize codesize
# @title The rounds of a relay
# @license Apache-2.0
# @notice The windows of a round, entries and their price, key grants, commitments, the draw, verdicts, the vote on
#         the pool, and the settlement (protocol.md, sections 3 to 6). Every rule is a pure function of what is on
#         chain; `derelay.rules` has each of them in Python. Nobody owns or governs a relay.
# @dev    `close` ends a window, `advance` works off a step that walks over a list, a few items a call; anyone may
#         call both. Money leaves only as credits in Accounts (pull payments).

from round import children
from round import election
from round import entries
from round import grants
from round import state
from round import testing
from rules import parameters

initializes: state
initializes: grants[state := state]
initializes: entries[state := state]
initializes: children[state := state, grants := grants]
initializes: testing[state := state]
initializes: election[state := state]

exports: (
    entries.enter,
    grants.grant,
    grants.ask,
    children.commit,
    children.disclose,
    children.hand_in,
    testing.score,
    testing.reveal,
    election.vote,
)

event Created:
    version: uint256
    creator: indexed(address)
    genesis: indexed(bytes32)
    task_name: String[64]
    task_hash: bytes32

event Succeeds:
    chain_id: uint256
    rounds: indexed(address)
    version: uint256

PROTOCOL_VERSION: public(constant(uint256)) = 1
PAGE: constant(uint256) = 32
GENESIS_WEIGHT: constant(uint256) = 10**17

task_name: public(String[64])
task_hash: public(bytes32)


@deploy
def __init__(
    registry: address,
    accounts: address,
    settings: parameters.Parameters,
    name: String[64],
    code_hash: bytes32,
    genesis: bytes32,
    origin: state.Origin,
):
    """
    @param code_hash Hash of the task, by which participants know that they run the same.
    @param genesis Id of the first head, owned by the creator.
    @param origin Which head of which relay the genesis was; all zero for a relay from scratch. Of a relay on this
           chain that is proven here; of one on another chain whoever reads that chain can prove it.
    """
    state.__init__(registry, accounts, settings, origin)
    state.require(genesis != empty(bytes32), "empty genesis")
    state.require(origin.version < 2**64, "version of the origin")
    if origin.rounds == empty(address):
        state.require(origin.version == 0 and origin.chain_id == 0, "version without an origin")
    elif origin.chain_id == chain.id:
        state.require(staticcall state.Relay(origin.rounds).head_of(origin.version) == genesis, "no head of the origin")
    state.require(staticcall state.Registry(registry).ROUNDS() == self, "foreign registry")
    state.require(staticcall state.Accounts(accounts).ROUNDS() == self, "foreign accounts")
    self.task_name = name
    self.task_hash = code_hash
    state.head = state.Head(id=genesis, version=origin.version, round=0)
    state.heads[origin.version] = genesis
    state.newest[msg.sender] = origin.version
    state.holds[genesis][msg.sender] = True
    state.child_of[genesis] = 1
    state.owners = [msg.sender]
    state.begin(state.REST)
    extcall state.Accounts(accounts).found(msg.sender, GENESIS_WEIGHT)
    log Created(version=PROTOCOL_VERSION, creator=msg.sender, genesis=genesis, task_name=name, task_hash=code_hash)
    if origin.rounds != empty(address):
        log Succeeds(chain_id=origin.chain_id, rounds=origin.rounds, version=origin.version)


@external
@payable
def __default__():
    state.require(msg.sender == state.REGISTRY, "not the registry")


@external
def close():
    """
    @notice End the current window, once its least time and its least number of blocks have passed.
    """
    phase: uint256 = state.round.phase
    window: uint256 = state.window_of(phase)
    state.require(window < state.WINDOWS, "nothing to close")
    state.require(block.timestamp >= state.round.opened_at + state.P.window_seconds[window], "window is open")
    state.require(block.number >= state.round.opened_block + state.P.window_blocks[window], "window needs blocks")
    if phase == state.REST:
        self._open_round()
    elif phase == state.ENTER:
        entries.close_entries()
    elif phase == state.TRAIN and state.round.children == 0:
        state.begin(state.JUDGE)
    elif phase == state.DISCLOSE:
        children.close_disclosure()
    else:
        state.begin(phase + 1)


@external
def advance(steps: uint256):
    """
    @notice Work off up to `steps` items of the current step: admission, draw, verdicts or settlement.
    """
    phase: uint256 = state.round.phase
    state.require(steps > 0 and steps <= state.MAX_STEPS, "steps")
    if phase == state.ADMIT:
        if state.pivot_is_known():
            entries.admit(steps)
    elif phase == state.DRAW:
        if children.all_disclosed() or state.pivot_is_known():
            children.draw_testers(steps)
    elif phase == state.JUDGE:
        testing.judge(steps)
    else:
        state.require(phase == state.SETTLE, "nothing to advance")
        election.settle(steps)


@internal
def _open_round():
    maintainers: uint256 = staticcall state.Registry(state.REGISTRY).maintainer_count()
    state.require(maintainers >= state.P.min_seats, "too few maintainers")
    number: uint256 = state.round.number + 1
    state.round = empty(state.Round)
    state.round.number = number
    state.round.maintainers = maintainers
    state.begin(state.ENTER)


# ---- views

@external
@view
def settings() -> parameters.Parameters:
    return state.P


@external
@view
def origin() -> state.Origin:
    """
    @return Which head of which relay the genesis was; all zero for a relay from scratch.
    """
    return state.ORIGIN


@external
@view
def contracts() -> (address, address):
    """
    @return The registry and the accounts of this relay.
    """
    return state.REGISTRY, state.ACCOUNTS


@external
@view
def current() -> (state.Round, state.Head, DynArray[address, state.MAX_POOL], DynArray[uint256, state.MAX_POOL]):
    """
    @return The round, the head, its owners, and the children in the pool.
    """
    return state.round, state.head, state.owners, state.pool


@external
@view
def head_of(version: uint256) -> bytes32:
    return state.heads[version]


@external
@view
def money() -> (uint256, uint256, uint256, uint256):
    """
    @return Wei in the purse, forfeited, for this round's votes, and to be burned.
    """
    return state.purse, state.forfeits, state.votes, state.burned


@external
@view
def price_of(who: address) -> (uint256, uint256):
    """
    @return Deposit and testing fee with which `who` may enter.
    """
    return state.deposit_of(who), state.entry_fee()


@external
@view
def holds(baton: bytes32, who: address) -> bool:
    return state.holds[baton][who]


@external
@view
def newest(who: address) -> uint256:
    """
    @return The newest version of the head that `who` was ever granted, here or in the relay of the origin.
    """
    return state.newest_of(who)


@external
@view
def frozen() -> bool:
    """
    @return Whether the list of maintainers must not change: from the opening of a round to its draw.
    """
    return state.round.phase >= state.ENTER and state.round.phase <= state.DRAW


@external
@view
def on_duty(who: address) -> bool:
    """
    @return Whether `who` trains or tests in the current round.
    """
    number: uint256 = state.round.number
    if state.round.phase == state.REST:
        return False
    if state.card_of[number][who] > 0:
        return True
    entry: uint256 = state.entry_of[number][who]
    return entry > 0 and (state.round.phase <= state.ADMIT or state.entries[number][entry - 1].admitted > 0)


@external
@view
def entries_of(number: uint256, start: uint256) -> DynArray[state.Entry, PAGE]:
    """
    @return The entries of a round from place `start` on, at most PAGE.
    """
    page: DynArray[state.Entry, PAGE] = []
    for i: uint256 in range(start, start + PAGE, bound=PAGE):
        entry: state.Entry = state.entries[number][i]
        if entry.trainer == empty(address):
            break
        page.append(entry)
    return page


@external
@view
def children_of(number: uint256, start: uint256) -> DynArray[state.Child, PAGE]:
    page: DynArray[state.Child, PAGE] = []
    for i: uint256 in range(start, start + PAGE, bound=PAGE):
        child: state.Child = state.children[number][i]
        if child.commitment == empty(bytes32):
            break
        page.append(child)
    return page


@external
@view
def deck_of(number: uint256, start: uint256) -> DynArray[state.Card, PAGE]:
    """
    @return The testers of a round from card `start` on, with what each has done.
    """
    page: DynArray[state.Card, PAGE] = []
    for i: uint256 in range(start, start + PAGE, bound=PAGE):
        tester: address = state.deck[number][i]
        if tester == empty(address):
            break
        page.append(
            state.Card(
                tester=tester,
                scored=state.committed[number][tester] != empty(bytes32),
                revealed=state.revealed[number][tester],
                voted=state.ballots[number][i].scores[state.BEST] > 0,
            )
        )
    return page
