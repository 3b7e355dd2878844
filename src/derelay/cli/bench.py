"""`derelay bench`: what things cost here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from derelay.cli.errors import BadInput, plain_errors

bench = typer.Typer(help="Measure what things cost on this machine.", no_args_is_help=True)


@bench.callback()
def _group() -> None:
    pass


def codecs(
    task: Annotated[str, typer.Argument(metavar="TASK", help="An installed task, or a file with one.")],
    legs: Annotated[int, typer.Option(help="Children that every codec is tried on.")] = 6,
    heads: Annotated[int, typer.Option(help="Heads that are trained before; 0 for a pretrained model.")] = 4,
    seed: Annotated[int, typer.Option(help="Of shares and training.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Try every codec on real children: each a leg of another participant from one trained head.

    Gain lost is a share of what the trainer's own held-out cases gain, at the step at which testers judge.
    "Borne by": the part of trainers that would send their child so. Times are of one thread.
    """
    import torch

    from derelay.baton.codecs import CODECS
    from derelay.cli.answer import answer_all
    from derelay.learn.loading import load_task
    from derelay.local.codec_costs import codec_costs
    from derelay.local.legs import trained_legs

    if legs < 1 or heads < 0:
        raise BadInput(f"{legs} legs after {heads} heads: give at least 1 leg, and 0 heads or more")
    with plain_errors():
        learned = load_task(task)
    torch.set_num_threads(1)
    rows = codec_costs(learned, list(CODECS.values()), trained_legs(learned, legs, heads, seed))
    cells = [
        (
            row.codec,
            f"{row.bytes:,.0f}",
            f"{row.share:.1%}",
            f"{row.error:.3f}",
            _share(row.lost),
            _share(row.lost_worst),
            f"{row.borne:.0%}",
            f"{1000 * row.encode_s:.0f}",
            f"{1000 * row.decode_s:.0f}",
        )
        for row in rows
    ]
    headings = (
        "codec",
        "bytes",
        "of the model",
        "error, of the change",
        "gain lost",
        "at worst",
        "borne by",
        "encode, ms",
        "decode, ms",
    )
    answer_all([asdict(row) for row in rows], headings, cells, json=json)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:+.1%}"


bench.command(epilog="Example: derelay bench codecs digits --json")(codecs)
