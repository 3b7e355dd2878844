"""`derelay export`: a head out of a report, as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from derelay.cli.errors import BadInput, plain_errors


def export(
    head: Annotated[
        str, typer.Argument(metavar="HEAD", help="A version, the first digits of an id, or latest.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")],
    report: Annotated[Path, typer.Option(metavar="DIR", help="Where derelay demo --report wrote.")] = Path(
        "report"
    ),
) -> None:
    """Write a head as a .safetensors file, with its manifest in the metadata.

    Its hashes are checked on the way. Never writes over a file.
    """
    from derelay.baton.baton import Baton
    from derelay.local.heads import find_head
    from derelay.local.report.folder import ReportFolder

    if output.exists():
        raise BadInput(f"{output} is there already: name another file, or remove it first")
    if output.suffix != ".safetensors":
        raise BadInput(f"{output} does not end in .safetensors, which is what will be in it: add that")
    with plain_errors():
        found = find_head(ReportFolder(report).read(), head)
        baton = Baton.load(report / found.file)
        if baton.id.hex() != found.id:
            raise BadInput(
                f"{report / found.file} is baton {baton.id.hex()[:12]}, not {found.id[:12]}: "
                "run derelay demo again"
            )
        baton.save(output)
    print(f"{output}: head v{found.version} {found.id}")
