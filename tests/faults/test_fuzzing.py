"""Every parser, tried with a bounded number of hostile inputs; ``python -m faults.fuzzing`` tries more."""

from __future__ import annotations

from pathlib import Path

from faults.fuzzing.campaign import campaign
from faults.fuzzing.parsers import all_parsers

SEED, INPUTS = 7, 100


def test_no_input_does_more_than_be_refused(tmp_path: Path) -> None:
    with all_parsers(tmp_path) as parsers:
        tallies = campaign(parsers, SEED, INPUTS, 3600.0, print)
    assert [text for tally in tallies.values() for text in tally.crashes] == []
    assert {tally.tried for tally in tallies.values()} == {INPUTS}
    assert all(tally.accepted for tally in tallies.values())  # what is valid is among them
