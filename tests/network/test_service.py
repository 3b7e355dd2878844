"""The long-running node, on a chain that moves when the test says so."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from derelay.baton.blocks import BlockError
from derelay.chain.chain import ChainError
from derelay.local.clock import pass_time
from derelay.local.measured import MeasuredChain
from derelay.node.service import LONGEST_PAUSE, LONGEST_WAIT, SHORTEST_WAIT, Service
from derelay.node.stake import is_handed_in
from derelay.node.standing import Standing
from derelay.node.stop import Stop
from derelay.rules.phases import Phase
from network.tiny import begin


def play(chain: MeasuredChain, services: list[Service], limit: int = 400) -> None:
    """Let services take turns, block after block, until all are over."""
    for _ in range(limit):
        working = [service for service in services if not service.is_over]
        if not working:
            return
        before = len(chain.transactions)
        for service in working:
            service.turn()
        if len(chain.transactions) > before:
            chain.mine()
        else:
            pass_time(chain, services[0].node.me.relay.view())
    raise AssertionError("the services never end")


@contextmanager
def broken(monkeypatch: pytest.MonkeyPatch, target: object, name: str, error: Exception) -> Iterator[None]:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(target, name, fail)
        yield


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[MeasuredChain, list[Service], list[Standing]]:
    """One round of services, and how the second of them stood after each block."""
    chain, cast = begin(tmp_path_factory.mktemp("watched"))
    standings: list[Standing] = []
    services = [Service(node, rounds=1) for node in cast.nodes]
    services[1] = Service(cast.nodes[1], rounds=1, watch=standings.append)
    play(chain, services)
    return chain, services, standings


def test_services_play_a_round_and_stop_at_its_end(watched) -> None:
    _, services, _ = watched
    relay = services[0].node.me.relay
    view, history = relay.view(), relay.history
    assert (view.round.number, view.phase, view.head.version) == (1, Phase.REST, 1)
    assert view.head.id in {grant.values["baton"] for grant in history.named("KeyGranted")}


def test_it_says_at_every_block_what_it_waits_for(watched) -> None:
    _, _, standings = watched
    said = {standing.view.phase: set() for standing in standings}
    for standing in standings:
        assert standing.waits_for
        said[standing.view.phase].add(standing.waits_for)
    assert {"its registration to be in a block", "the next round"} <= said[Phase.REST]
    assert "the others to enter: it has entered" in said[Phase.ENTER]
    assert set(said) >= {Phase.TRAIN, Phase.SEAL, Phase.SCORE, Phase.REVEAL, Phase.POOL}
    for standing in standings:
        assert standing.closes_in is None or standing.closes_in >= 0
        assert standing.balance > 0


def test_without_a_new_block_nothing_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain, cast = begin(tmp_path)
    service = Service(cast.nodes[1])
    service.turn()
    with broken(monkeypatch, service.node, "step", AssertionError("stepped without a block")):
        service.turn()
    chain.mine()
    service.turn()
    assert cast.relay.member(cast.nodes[1].me.address).is_registered


@pytest.mark.parametrize("error", [ChainError("no endpoint answers"), BlockError("the disk is full")])
def test_failures_are_said_once_and_waited_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    chain, cast = begin(tmp_path)
    service = Service(cast.nodes[1])
    with (
        caplog.at_level(logging.INFO, "derelay.node.service"),
        broken(monkeypatch, service.node, "step", error),
    ):
        pauses = [service.turn() for _ in range(8)]
    assert pauses == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
    assert [record.message for record in caplog.records] == [f"{error}; trying again"]
    with caplog.at_level(logging.INFO, "derelay.node.service"):
        service.turn()
    assert caplog.records[-1].message == "it works again"
    chain.mine()
    service.turn()
    assert cast.relay.member(cast.nodes[1].me.address).is_registered


def test_a_mistake_in_the_program_is_not_waited_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, cast = begin(tmp_path)
    service = Service(cast.nodes[1])
    with (
        broken(monkeypatch, service.node, "step", ZeroDivisionError()),
        pytest.raises(ZeroDivisionError),
    ):
        service.turn()


def test_it_looks_as_often_as_blocks_come(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    service = Service(cast.nodes[1])
    service.turn()
    for seconds, expected in ((1, 0.25), (2, 0.5), (12, LONGEST_WAIT), (3600, LONGEST_WAIT)):
        chain.advance(seconds)
        assert service.turn() == expected
    assert SHORTEST_WAIT < 0.25


def test_told_to_stop_it_stops(tmp_path: Path) -> None:
    _, cast = begin(tmp_path)
    stop = Stop()
    service = Service(cast.nodes[1], watch=lambda standing: stop.set())
    service.run(stop)
    assert not service.is_over


def test_who_has_left_is_done(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    me = cast.nodes[1].me
    service = Service(cast.nodes[1])
    for _ in range(4):  # registers, then maintains
        service.turn()
        chain.mine()
    me.act("leave", me.relay.registry, "leave", gas=200_000)
    chain.mine()
    service.run(Stop())
    assert service.is_over


def test_an_entry_ahead_of_its_child_is_not_handed_in(watched) -> None:
    view = next(standing.view for standing in watched[2] if standing.view.phase is Phase.SCORE)
    entry = next(entry for entry in view.entries if entry.child)
    assert is_handed_in(view, entry)
    assert not is_handed_in(replace(view, children=()), entry)
    assert not is_handed_in(view, replace(entry, child=0))
