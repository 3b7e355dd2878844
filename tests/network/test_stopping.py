"""Signals, and what a long-running command says."""

from __future__ import annotations

import io
import json
import logging
import signal
import time
from datetime import datetime

import pytest
from rich.console import Console

from derelay.cli.logs import JsonLines, Once, PlainLines, start_logging
from derelay.cli.stopping import stopped_by_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_and_the_second_insists(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stopped_by_signals() as stop:
        assert not stop.is_set()
        signal.raise_signal(number)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) is before


def test_a_wait_ends_when_asked_to() -> None:
    with stopped_by_signals() as stop:
        assert not stop.wait(0.01)
        signal.raise_signal(signal.SIGINT)
        before = time.monotonic()
        assert stop.wait(3600)
        assert time.monotonic() - before < 60


def record(message: str, name: str = "derelay.test", **extra: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": name, "msg": message, "levelname": "INFO", "levelno": logging.INFO})
    made.__dict__.update(extra)
    return made


def test_programs_get_one_object_a_line() -> None:
    line = JsonLines().format(record('a "quoted"\nline', fields={"round": 3}))
    assert "\n" not in line
    read = json.loads(line)
    assert (read["message"], read["level"], read["round"]) == ('a "quoted"\nline', "info", 3)
    assert datetime.fromisoformat(read["time"]).tzinfo is not None


def test_people_get_words_as_they_are() -> None:
    out = io.StringIO()
    handler = PlainLines(Console(file=out, width=40))
    handler.emit(record("[bold] is no markup; a long line is not broken into two"))
    assert out.getvalue().endswith("  [bold] is no markup; a long line is not broken into two\n")


def test_what_others_wrote_does_not_move_the_cursor() -> None:
    out = io.StringIO()
    PlainLines(Console(file=out, width=80)).emit(record("http://x/\x1b[2J\nhi"))
    assert out.getvalue().endswith("  http://x/�[2J�hi\n")


def test_the_same_is_said_once_by_each() -> None:
    once = Once()
    said = [once.filter(record(text, name)) for name in ("a", "b") for text in ("x", "y", "x")]
    assert said == [True, True, False] * 2


def test_only_this_package_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(Console(), "json")
    logging.getLogger("derelay.node.0xAda").info("enter in round 1")
    logging.getLogger("urllib3").warning("not ours")
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["enter in round 1"]
