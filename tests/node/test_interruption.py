"""Nodes that die and come back, and nodes that do not answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reborn import reborn

from derelay.chain.relay import Relay
from derelay.local.clock import pass_time
from derelay.rules.phases import Phase
from derelay.rules.verdict import Verdict
from small_relay import ROUNDS, begin, over, play


def heads(relay: Relay) -> list[bytes]:
    return [relay.rounds.read("head_of", i) for i in range(relay.view().head.version + 1)]


def test_nodes_killed_after_every_block_reach_the_same_heads(tmp_path: Path) -> None:
    results = []
    for killed in (False, True):
        folder = tmp_path / str(killed)
        chain, cast = begin(folder)
        nodes = list(cast.nodes)
        while not over(cast.relay):
            if killed:
                names = [cast.names[node.me.address] for node in nodes]
                nodes = [reborn(node, folder, name) for node, name in zip(nodes, names, strict=True)]
            if any([node.step() for node in nodes]):
                chain.mine()
            else:
                pass_time(chain, cast.relay.view())
        failed = [r for _, t in chain.transactions if (r := chain.receipt(t)) is None or not r.ok]
        assert failed == []
        results.append(heads(cast.relay))
    assert len(results[0]) == ROUNDS + 1
    assert results[0] == results[1]


class Killed(BaseException):
    """What a node does not survive."""


def test_a_voter_who_died_votes_what_it_wrote_down_and_measures_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, cast = begin(tmp_path)
    relay = cast.relay
    play(chain, cast, lambda relay: relay.view().phase is Phase.POOL)
    voter = next(node for node in cast.nodes if node.me.address == relay.view().voters[0].tester)
    act = voter.me.act

    def mortal(action: str, *args: Any, **options: Any) -> bool:
        if action == "vote":
            raise Killed
        return act(action, *args, **options)

    monkeypatch.setattr(voter.me, "act", mortal)
    with pytest.raises(Killed):
        play(chain, cast, lambda relay: relay.view().phase is not Phase.POOL)
    ballot = voter.me.journal.fact(1, "ballot")
    assert ballot is not None
    monkeypatch.setattr("derelay.node.maintainer.Measurer", None)
    assert reborn(voter, tmp_path, cast.names[voter.me.address]).step()
    chain.mine()
    votes = [each.values for each in relay.history.named("Voted") if each.values["voter"] == voter.me.address]
    assert [vote["pool"] + vote["passed"] for vote in votes] == [ballot[:64]]


def test_stepping_twice_sends_nothing_twice(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    for _ in range(40):
        sent = any([node.step() for node in cast.nodes])
        before = len(chain.transactions)
        for node in cast.nodes:
            node.step()
        assert len(chain.transactions) == before
        if sent:
            chain.mine()
        else:
            pass_time(chain, cast.relay.view())


def test_a_child_that_nobody_can_fetch_forfeits_and_the_relay_goes_on(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    silent = cast.nodes[1].me
    others = silent.peers
    for node in cast.nodes:
        if node.me is not silent:
            node.me.peers = lambda url: None if url == silent.url else others(url)
    play(chain, cast)
    verdicts = [verdict for _, verdict in cast.relay.history.verdicts(silent.address)]
    assert verdicts
    assert set(verdicts) == {Verdict.MISSING}
    assert cast.relay.view().head.version >= 1
    others_verdicts = [
        v for n in cast.nodes if n.me is not silent for _, v in cast.relay.history.verdicts(n.me.address)
    ]
    assert Verdict.MISSING not in others_verdicts


def test_testers_who_vanish_are_slashed_and_the_round_ends(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    relay = cast.relay
    gone: set[str] = set()
    while not over(relay):
        view = relay.view()
        if view.phase is Phase.SCORE and view.round.number == 1 and not gone:
            gone = {view.deck[0].tester}
        acting = [node for node in cast.nodes if node.me.address not in gone]
        if any([node.step() for node in acting]):
            chain.mine()
        else:
            pass_time(chain, relay.view())
    slashed = {event.values["who"] for event in relay.history.named("Slashed")}
    assert slashed == gone
    assert relay.view().head.version >= 1
