"""The journal: what a node has written down is there after any death."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from derelay.chain.outbox import Errand, Signed
from derelay.node.journal import Journal, JournalError


def test_what_is_remembered_is_made_once_and_survives(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal(path)
    assert journal.remember(3, "secret", lambda: b"first") == b"first"
    assert journal.remember(3, "secret", lambda: b"second") == b"first"
    assert journal.remember(4, "secret", lambda: b"second") == b"second"
    journal.keep_key(b"i" * 32, b"k" * 32, b"c" * 32)
    journal.close()
    again = Journal(path)
    assert again.fact(3, "secret") == b"first"
    assert again.fact(3, "other") is None
    assert again.key(b"i" * 32) == (b"k" * 32, b"c" * 32)


def test_a_process_killed_right_after_writing_has_written(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    code = (
        "import os, signal, sys; from pathlib import Path; from derelay.node.journal import Journal\n"
        "Journal(Path(sys.argv[1])).remember(1, 'secret', lambda: b'kept')\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert Journal(path).fact(1, "secret") == b"kept"


def test_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    Journal(path).remember(1, "secret", lambda: b"x")
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to look at" * 20])
def test_a_file_that_is_no_journal_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=r"notes\.txt"):
        Journal(path)
    assert path.read_bytes() == content


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no such place"):
        Journal(tmp_path / "no such place" / "journal.sqlite")


def test_a_full_disk_is_told_and_what_was_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal(path)
    journal.remember(1, "secret", lambda: b"kept")
    (pages,) = journal._db.execute("PRAGMA page_count").fetchone()
    journal._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalError, match=r"journal\.sqlite: database or disk is full; make room"):
        journal.remember(1, "scores", lambda: bytes(100_000))
    journal.close()
    again = Journal(path)
    assert again.fact(1, "secret") == b"kept"
    assert again.remember(1, "scores", lambda: b"later") == b"later"


def test_what_was_signed_is_read_as_it_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    kept = [
        Signed(0, b"\x02first", Errand(1, "enter"), 10, 100),
        Signed(0, b"\x02more", Errand(1, "enter"), 16, 160),
        Signed(1, b"\xf8none", None, 17, 170),
        Signed(2, b"\x02void", Errand(2, "commit"), 18, 180, is_void=True),
    ]
    outbox = Journal(path).outbox
    for signed in kept:
        outbox.add(signed)
    assert Journal(path).outbox.signed() == kept
    outbox.void(0)
    outbox.forget([1, 2])
    assert Journal(path).outbox.signed() == [replace(signed, is_void=True) for signed in kept[:2]]


def test_steps_and_keys_outlive_the_rounds_they_are_of(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    for number in (1, 2, 3):
        journal.remember(number, "secret", lambda: b"secret")
        journal.note_leg(number, 40)
        journal.note_leg(number, 40)
    for key in (b"old", b"new"):
        journal.add_encryption_key(key)
    journal.keep_key(b"i" * 32, b"k" * 32, b"c" * 32)
    journal.forget(3)
    assert [journal.fact(number, "secret") for number in (1, 2, 3)] == [None, None, b"secret"]
    assert journal.steps() == 120
    assert journal.encryption_keys() == [b"new", b"old"]
    assert journal.key(b"i" * 32) is not None
