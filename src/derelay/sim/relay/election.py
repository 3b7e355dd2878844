"""The end of a round: the pool is averaged, measured and voted on; the contract settles."""

from __future__ import annotations

from typing import Any

from eth_utils.crypto import keccak

from derelay.rules.phases import Candidate
from derelay.rules.pool import members
from derelay.rules.verdict import Verdict
from derelay.sim.oracle import Delta
from derelay.sim.oracle.delta import pooled
from derelay.sim.relay.table import Child, Proposal
from derelay.sim.relay.world import World


def vote(world: World) -> None:
    """Let holders grant the pool's children to the voters, and the voters name and measure the candidates."""
    table = world.table
    voters = table.deck[: world.setting.parameters.voters]
    for child in table.pool:
        readers = [voter for voter in voters if not voter.holds(child.id)]
        granter = (
            next(world.serving(child.id, [child.trainer, *table.committee(child)]), None) if readers else None
        )
        if granter is not None:
            world.grant(granter, child.id, readers)
    table.proposals = _proposals(world)
    for voter in world.awake(voters):
        ballot = voter.strategy.votes(voter, table)
        if ballot is not None:
            world.send(voter, world.calls.vote(*ballot.names, ballot.scores))
            table.ballots[voter] = ballot
            voter.counts["voted"] += 1
    world.close()


def _proposals(world: World) -> dict[Candidate, Proposal]:
    table = world.table
    passed = [child.verdict is Verdict.PASS for child in table.pool]
    made: dict[Candidate, Proposal] = {}
    for candidate in Candidate:
        chosen = tuple(table.pool[i] for i in members(candidate, range(len(passed)), passed))
        if candidate is Candidate.BEST:
            made[candidate] = Proposal(chosen[0].id, chosen[0].move, chosen)
        elif chosen:
            made[candidate] = Proposal(
                _name(table.head, chosen), pooled([c.move for c in chosen], world.step), chosen
            )
    return made


def _name(head: bytes, children: tuple[Child, ...]) -> bytes:
    """Return an id that all who average the same children of the same head arrive at."""
    return keccak(head + b"".join(sorted(child.id for child in children)))


def settle(world: World) -> None:
    """Let the contract elect, mint, pay and slash; then the head is what was elected."""
    elected: dict[str, Any] | None = None
    for name, values, who in world.advance():
        if name == "HeadChanged":
            elected = values
        elif name == "Earned" and who is not None:
            who.books.coins["served" if values["by_serving"] else "trained"] += values["coins"]
        elif name == "TesterSettled" and who is not None and values["slashed"]:
            who.books.wei["slashes"] -= values["slashed"]
            who.counts["slashed"] += 1
            who.bond -= values["slashed"]
            who.dropped = who.strategy.maintains and who.bond < world.setting.bonds[1]
    if elected is not None:
        _change(world, elected["id"], elected["version"], Candidate(elected["candidate"]), elected["minted"])


def _change(world: World, id: bytes, version: int, candidate: Candidate, minted: int) -> None:
    table = world.table
    table.elected, table.minted = candidate, minted
    proposal = table.proposals[candidate]
    holders = world.holders[id]
    if candidate is not Candidate.BEST:
        for voter, ballot in table.ballots.items():
            if ballot.names[candidate] == id and ballot.scores[candidate] > 1:
                holders.add(voter.index)
    table.owners = [child.trainer for child in proposal.members]
    world.elect(version, id, proposal.move if proposal.id == id else Delta())
