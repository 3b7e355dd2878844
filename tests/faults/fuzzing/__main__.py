"""``python -m faults.fuzzing``: try parsers for a while, and show what came of it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from faults.fuzzing.campaign import campaign
from faults.fuzzing.parsers import all_parsers


def main() -> int:
    """Print what the inputs to each parser came to; return 1 if one was neither accepted nor refused."""
    arguments = argparse.ArgumentParser(prog="python -m faults.fuzzing", description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60.0, help="for all parsers together (60)")
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--parser", action="append", metavar="NAME", help="only this one; or more")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, all_parsers(Path(folder)) as parsers:
        names = {parser.name for parser in parsers}
        if unknown := set(options.parser or ()) - names:
            arguments.error(f"there is no {', '.join(unknown)}; there are {', '.join(sorted(names))}")
        chosen = [parser for parser in parsers if not options.parser or parser.name in options.parser]
        tallies = campaign(chosen, options.seed, None, options.seconds, print)
    crashes = [text for tally in tallies.values() for text in tally.crashes]
    tried = sum(tally.tried for tally in tallies.values())
    print(f"{tried} inputs, {len(crashes)} crashes", *crashes, sep="\n")
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
