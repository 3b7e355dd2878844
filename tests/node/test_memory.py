"""What a node remembers over rounds, and what it does not."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from reborn import reborn

import small_relay
from crash.world import Brief
from derelay.chain.chain import ChainError
from derelay.local.cast import Cast
from derelay.local.measured import MeasuredChain
from small_relay import begin, play

LAST = 3


def rows(journal: Path, table: str) -> dict[int, int]:
    """Count the rows of a table by round; those of no round are not counted."""
    with closing(sqlite3.connect(journal)) as db:
        found = db.execute(f"SELECT round, count(*) FROM {table} WHERE round > 0 GROUP BY round")
        return dict(found.fetchall())


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MeasuredChain, Cast]:
    """A relay after some rounds."""
    folder = tmp_path_factory.mktemp("played")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small_relay, "ROUNDS", LAST)
        chain, cast = begin(folder, task=Brief())
        play(chain, cast)
    return folder, chain, cast


def test_what_is_owed_is_withdrawn_once(played: tuple[Path, MeasuredChain, Cast]) -> None:
    _, chain, cast = played
    withdrawn = [node for node in cast.nodes if node.withdraw()]
    assert withdrawn
    assert not any(node.withdraw() for node in withdrawn)
    chain.mine()
    assert not any(any(cast.relay.owed(node.me.address)) for node in cast.nodes)
    assert not any(node.withdraw() for node in cast.nodes)


def test_a_journal_keeps_two_rounds_and_what_is_of_use_for_good(
    played: tuple[Path, MeasuredChain, Cast],
) -> None:
    folder, _, cast = played
    for node in cast.nodes:
        name = cast.names[node.me.address]
        journal = folder / name / "journal.sqlite"
        assert rows(journal, "facts").keys() <= {LAST - 1, LAST}
        assert rows(journal, "signed").keys() <= {LAST - 1, LAST}
        spent = node.me.steps
        again = reborn(node, folder, name).me
        assert again.steps == spent
        if again.strategy.honest:
            assert spent == again.task.steps * len(rows(journal, "legs"))
        made = [
            id
            for id in (again.relay.rounds.read("head_of", i) for i in range(LAST))
            if node.me.relay.holds(id, again.address)
        ]
        assert all(again.baton(id) is not None for id in made)
    assert any(node.me.steps for node in cast.nodes)


def test_what_cannot_be_sent_is_tried_at_each_block_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    chain, cast = begin(tmp_path)
    poor = cast.nodes[3]
    tries = []

    def refuse(raw: bytes) -> bytes:
        tries.append(raw)
        raise ChainError("add funds")

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(chain, "submit", refuse)
        for _ in range(3):
            assert not poor.step()
            chain.mine()
    assert len(tries) == 3
    assert [signed.raw for signed in poor.me.journal.outbox.signed()] == tries[-1:]
    assert [record.message for record in caplog.records] == ["register cannot be sent in round 0: add funds"]
    assert poor.step()
    chain.mine()
    assert cast.relay.member(poor.me.address).is_registered
