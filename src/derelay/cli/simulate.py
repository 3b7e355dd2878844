"""`derelay simulate`: relays by the thousand."""

from __future__ import annotations

import typer

from derelay.cli.simulate_paper import paper

simulate = typer.Typer(help="Simulate relays by the thousand.", no_args_is_help=True)
simulate.command(epilog="Example: derelay simulate paper --rng reference --out paper")(paper)
