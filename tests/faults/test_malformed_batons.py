"""No baton that nobody honest makes is taken, and none keeps an honest one from being had."""

from __future__ import annotations

from pathlib import Path

from faults.cases.malformed_batons import malformed
from faults.malformed import kinds


def test_each_kind_is_refused_and_an_honest_one_is_had_after_it(tmp_path: Path) -> None:
    outcome = malformed(tmp_path, print)
    assert outcome.broken == ()
    assert outcome.figures["refused"] == len(list(kinds()))
