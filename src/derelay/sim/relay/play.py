"""Play a relay round by round on its compiled contracts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from derelay.rules.minting import COIN
from derelay.rules.phases import Phase
from derelay.sim.relay.election import settle, vote
from derelay.sim.relay.opening import enter, hand_over, rest
from derelay.sim.relay.outcome import AgentOutcome, Outcome, RoundReport, gini
from derelay.sim.relay.setting import Setting
from derelay.sim.relay.testing import judge, score, seal
from derelay.sim.relay.training import disclose, serve, train
from derelay.sim.relay.world import World
from derelay.sim.strategies.strategy import Strategy


def play(
    setting: Setting,
    agents: Sequence[Strategy],
    rounds: int,
    seed: int,
    watch: Callable[[RoundReport], None] | None = None,
) -> Outcome:
    """Let agents with strategies play a relay.

    Parameters
    ----------
    agents
        One strategy for each; the first creates the relay. An instance may stand for several.
    rounds
        How many. A round for which there are too few maintainers counts, too.
    seed
        Of everything random: the same game ends the same.
    watch
        Told of each round when it is over.

    Raises
    ------
    derelay.rules.parameters.ParameterError
        If a relay could not work under the setting's parameters.
    ValueError
        If there are no agents, or the price is zero: utilities are told in prices.
    """
    if not agents:
        raise ValueError("a relay needs agents, got none")
    if setting.parameters.price == 0:
        raise ValueError("utilities are told in prices of one version: set price to 1 or more")
    world = World(setting, agents, seed)
    reports = []
    for number in range(1, rounds + 1):
        reports.append(play_round(world, number))
        if watch is not None:
            watch(reports[-1])
    hand_over(world)
    world.read_versions()
    return Outcome(tuple(_accounts(world)), tuple(reports), world.calls_made)


def play_round(world: World, number: int) -> RoundReport:
    """Play one round: every phase that comes, in order."""
    before = world.landscape.quality
    rest(world)
    opened = world.phase is Phase.ENTER
    if world.phase is Phase.ENTER:
        enter(world)
    if world.phase is Phase.TRAIN:
        serve(world)
        train(world)
    if world.phase is Phase.DISCLOSE:
        disclose(world)
    if world.phase is Phase.SEAL:
        seal(world)
        score(world)
    if world.phase is Phase.JUDGE:
        judge(world)
    if world.phase is Phase.POOL:
        vote(world)
    if world.phase is Phase.SETTLE:
        settle(world)
    assert world.phase is Phase.REST, f"round {number} ends in {world.phase.name}"
    _charge_interest(world, opened)
    return _report(world, number, before, opened)


def _charge_interest(world: World, opened: bool) -> None:
    """Book what it costs to have bonds, and in a round deposits and fees, locked up."""
    rate, parameters = world.setting.economy.interest, world.setting.parameters
    for agent in world.agents:
        agent.books.spend("interest", rate * agent.bond / parameters.price)
    for entry in world.table.admitted if opened else ():
        entry.trainer.books.spend(
            "interest", rate * (entry.deposit + parameters.entry_fee) / parameters.price
        )


def _report(world: World, number: int, before: float, opened: bool) -> RoundReport:
    table = world.table
    coins = [world.contracts.owed(agent.word)[1] / COIN for agent in world.agents]
    children = table.children if opened else []
    return RoundReport(
        number=number,
        version=table.version,
        quality=world.landscape.quality,
        gain=world.landscape.quality - before,
        candidate=table.elected.name.lower() if opened and table.elected is not None else "",
        minted=table.minted / COIN if opened else 0.0,
        entered=len(table.entries) if opened else 0,
        admitted=len(table.admitted) if opened else 0,
        children=len(children),
        verdicts=Counter(child.verdict.name.lower() for child in children if child.verdict is not None),
        supply=sum(coins),
        gini=gini(coins),
    )


def _accounts(world: World) -> Iterator[AgentOutcome]:
    """Close the books: what the parts do not explain of what the chain owes is royalty."""
    for agent in world.agents:
        native, coins = world.contracts.owed(agent.word)
        books = agent.books
        books.wei["royalties"] = native - books.credited
        books.coins["royalty_coins"] = coins - books.coins["trained"] - books.coins["served"]
        yield AgentOutcome(
            index=agent.index,
            strategy=agent.strategy,
            utility=books.utility(world.setting.parameters.price, world.setting.economy.coin),
            counts=agent.counts.copy(),
            verdicts=tuple(agent.verdicts),
            coins=coins / COIN,
            newest=agent.newest,
        )
