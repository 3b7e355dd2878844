"""`derelay export`: a head out of a report, as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from derelay.cli.errors import BadInput, plain_errors
from derelay.cli.options import FormatOption, LicenceOption


def export(
    head: Annotated[
        str, typer.Argument(metavar="HEAD", help="A version, the first digits of an id, or latest.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")],
    report: Annotated[Path, typer.Option(metavar="DIR", help="Where derelay demo --report wrote.")] = Path(
        "report"
    ),
    format: FormatOption = "safetensors",
    task: Annotated[
        str | None, typer.Option(metavar="TASK", help="For hf: the report's.", show_default="if installed")
    ] = None,
    license: LicenceOption = None,
) -> None:
    """Write a head as a .safetensors file or a Hugging Face folder, its origin in the metadata.

    Its hashes are checked on the way. Never writes over a file.
    """
    from derelay.baton.baton import Baton
    from derelay.baton.provenance import provenance
    from derelay.cli.writing import check_output, write_baton
    from derelay.learn.loading import load_task
    from derelay.local.heads import find_head
    from derelay.local.report.folder import ReportFolder

    check_output(output, format)
    with plain_errors():
        result = ReportFolder(report).read()
        found = find_head(result, head)
        baton = Baton.load(report / found.file)
        if baton.id.hex() != found.id:
            raise BadInput(
                f"{report / found.file} is baton {baton.id.hex()[:12]}, not {found.id[:12]}: "
                "run derelay demo again"
            )
        lineage = [each.id for each in result.heads if each.version <= found.version]
        about = provenance(baton.manifest, f"derelay demo, seed {result.seed}", lineage, license)
        learned = load_task(task or result.task) if format == "hf" else None
        write_baton(baton, output, format, learned, about)
    print(f"{output}: head v{found.version} {found.id}")
