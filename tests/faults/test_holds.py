"""What looks for faults finds them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from derelay.rules.phases import Phase
from faults.holds.course import Change, Course
from faults.process import Node
from faults.scene import Fault
from faults.traces import Traces

WINDOWS = {phase: 10 for phase in Phase}
FAULT = Fault(12, 1, Phase.ENTER, "kill ada")


def course(*changes: Change, steps: tuple[int, ...] = (15, 30), heads: tuple[int, ...] = (30,)) -> Course:
    return Course(changes, steps, steps[-1:], heads, WINDOWS)


def test_a_round_that_ends_in_time_is_well() -> None:
    whole = course(Change(1, Phase.ENTER, 10), Change(1, Phase.TRAIN, 21), Change(1, Phase.REST, 32))
    assert whole.broken([FAULT]) == []
    assert (whole.rounds, whole.latest, whole.went_on([FAULT]), whole.ended([FAULT])) == (1, 1, 3, 18)


def test_going_back_standing_still_and_not_ending_are_found() -> None:
    back = course(Change(1, Phase.TRAIN, 10), Change(1, Phase.ENTER, 15), Change(1, Phase.REST, 20))
    assert back.broken([]) == ["round 1 ENTER comes after round 1 TRAIN"]
    late = course(Change(1, Phase.ENTER, 10), Change(1, Phase.REST, 31))
    assert late.broken([]) == ["round 1 stood still in ENTER for 11 s, more than a window"]
    assert course(Change(1, Phase.ENTER, 10)).broken([]) == ["round 1 has not ended"]


def test_no_training_and_no_head_after_a_fault_are_found() -> None:
    dead = course(Change(1, Phase.REST, 10), steps=(11,), heads=(11,))
    assert dead.broken([FAULT]) == ["no training after round 1 ENTER: kill ada", "no head came any more"]


def test_secrets_in_logs_and_too_much_on_disk_are_found(tmp_path: Path) -> None:
    node = Node("ada", tmp_path, 0, "127.0.1.1")
    home = tmp_path / "node"
    home.mkdir()
    secret = bytes(range(32))
    with closing(sqlite3.connect(home / "journal.sqlite")) as journal:
        journal.execute("CREATE TABLE facts (round, name, value)")
        journal.execute("CREATE TABLE keys (key)")
        journal.execute("CREATE TABLE encryption_keys (key)")
        journal.execute("INSERT INTO facts VALUES (1, 'child''s salt', ?)", (secret,))
        journal.commit()
    traces = Traces(())
    traces.look(node)
    node.log.write_text("all is well")
    assert traces.broken([node]) == []
    node.log.write_text(f"salt 0x{secret.hex().upper()}")
    assert traces.broken([node]) == ["the log of ada has a secret"]
    (home / "blob").write_bytes(bytes(20 << 20))
    traces.look(node)
    assert "ada left 20 MiB" in traces.broken([node])
