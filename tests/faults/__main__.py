"""``python -m faults``: hurt real nodes in every way that is listed, and show what came of it."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from faults.case import BrokenError, Case, Done, Outcome
from faults.cases import all_cases

WIDTH = 140
"""Where there is no terminal."""


def main() -> int:
    """Run the cases; return 1 if something did not hold, else 0."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))  # so that all that was started ends
    logging.getLogger("derelay.node").setLevel(logging.ERROR)  # of nodes in this process: too much to read
    cases = all_cases()
    options = _options(cases)
    chosen = [case for case in cases if not options.case or case.name in options.case]
    progress = Console(stderr=True, highlight=False, soft_wrap=True)
    done = []
    for place, case in enumerate(chosen, 1):
        progress.print(f"[{place} of {len(chosen)}] {case.name}: {case.does}", style="bold", markup=False)
        with _folder(options.folder, case) as folder:
            done.append(_run(case, folder, progress))
        if options.json:
            print(json.dumps(done[-1].to_json()), flush=True)
    if not options.json:
        _show(done)
    for each in done:
        for text in each.outcome.broken:
            progress.print(f"{each.case.name}: {text}", style="red", markup=False)
    return 1 if any(each.outcome.broken for each in done) else 0


def _options(cases: list[Case]) -> argparse.Namespace:
    listed = "\n".join(f"  {case.name:<22} {case.does}" for case in cases)
    parser = argparse.ArgumentParser(
        prog="python -m faults",
        description=__doc__,
        epilog=f"cases:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [case.name for case in cases]
    parser.add_argument(
        "--case", action="append", choices=names, metavar="NAME", help="only this one; or more"
    )
    parser.add_argument("--json", action="store_true", help="one line a case, as JSON, for programs")
    parser.add_argument("--folder", type=Path, help="keep here what the nodes leave, a new folder a case")
    return parser.parse_args()


@contextmanager
def _folder(keep: Path | None, case: Case) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="derelay-faults-") as made:
            yield Path(made)
        return
    folder = keep.resolve() / case.name
    folder.mkdir(parents=True)
    yield folder


def _run(case: Case, folder: Path, progress: Console) -> Done:
    start = time.monotonic()

    def tell(text: str) -> None:
        progress.print(f"{time.monotonic() - start:6.0f} s  {text}", style="dim", markup=False)

    try:
        outcome = case.run(folder, tell)
    except BrokenError as error:
        outcome = Outcome(1, (str(error),))
    return Done(case, outcome, time.monotonic() - start)


def _show(done: list[Done]) -> None:
    table = Table("", "case", "runs", "held", "went on after", "figures", "took")
    for each in done:
        outcome = each.outcome
        table.add_row(
            str(each.case.of),
            each.case.name,
            str(outcome.runs),
            str(outcome.held),
            "" if outcome.went_on is None else f"{outcome.went_on:.0f} s",
            ", ".join(f"{name} {value}" for name, value in outcome.figures.items()),
            f"{each.seconds:.0f} s",
        )
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
