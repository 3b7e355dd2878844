"""The commands put together, and how they end."""

from __future__ import annotations

import sys
from functools import partial
from typing import Annotated

import typer

import derelay
from derelay.cli.batons import batons
from derelay.cli.bench import bench
from derelay.cli.cost import cost
from derelay.cli.create import create
from derelay.cli.demo import demo
from derelay.cli.devnet import devnet
from derelay.cli.errors import BadInput
from derelay.cli.export import export
from derelay.cli.heads import heads
from derelay.cli.join import join
from derelay.cli.keys import keys
from derelay.cli.leave import leave
from derelay.cli.network import network
from derelay.cli.pull import pull
from derelay.cli.simulate import simulate
from derelay.cli.simulate_game import game
from derelay.cli.simulate_relay import relay
from derelay.cli.status import status
from derelay.cli.tasks import tasks
from derelay.cli.wallet import wallet
from derelay.cli.withdraw import withdraw

STOPPED = 130
"""What shells expect of a program that was interrupted."""

app = typer.Typer(
    name="derelay",
    help="Train one model together by handing it on.",
    epilog="Start with: derelay demo --report report",
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
here = partial(app.command, rich_help_panel="On this machine")
here(epilog="Example: derelay demo --task text --seed 3 --report report")(demo)
here(epilog="Example: derelay tasks --json")(tasks)
here(epilog="Example: derelay export latest -o head.safetensors --report report")(export)
here(epilog="Example: derelay devnet --state chain.json")(devnet)
here(epilog="Example: derelay network --nodes 8 --heads 3 --json")(network)
app.add_typer(bench, name="bench", rich_help_panel="On this machine")

CHAIN = "A relay on a chain"
there = partial(app.command, rich_help_panel=CHAIN)
there(epilog="Example: derelay create digits --chain http://127.0.0.1:8545 --wallet wallet.json")(create)
there(epilog="Example: derelay cost INVITATION --chain http://127.0.0.1:8545")(cost)
there(epilog="Example: derelay join INVITATION --data cases.npz --wallet wallet.json --maintain")(join)
there(epilog="Example: derelay status INVITATION --chain http://127.0.0.1:8545 --wallet wallet.json")(status)
there(epilog="Example: derelay heads INVITATION --chain http://127.0.0.1:8545 --json")(heads)
there(epilog="Example: derelay batons --wallet wallet.json")(batons)
there(epilog="Example: derelay pull latest -o head.safetensors --wallet wallet.json")(pull)
there(epilog="Example: derelay withdraw --wallet wallet.json")(withdraw)
there(epilog="Example: derelay leave --wallet wallet.json")(leave)
app.add_typer(wallet, name="wallet", rich_help_panel=CHAIN)
app.add_typer(keys, name="keys", rich_help_panel=CHAIN)

simulate.command(epilog="Example: derelay simulate relay --mix honest=20,taker=4 --out relay")(relay)
simulate.command(epilog="Example: derelay simulate game --strategies taker,lazy --out games")(game)
app.add_typer(simulate, name="simulate", rich_help_panel="Simulations")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"derelay {derelay.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Run the command line, and end the program.

    Expected errors are one line on standard error; bad input gives exit code 2.
    """
    try:
        sys.exit(app(arguments, standalone_mode=False))
    except typer.TyperException as error:
        if error.format_message():
            print(f"derelay: {error.format_message()}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:  # a directory that cannot be looked into, a full disk, a name too long
        said = f"{error.filename or 'output'}: {error.strerror}: name another place"
        print(f"derelay: {said if error.errno else error}", file=sys.stderr)  # a task's own says what to do
        sys.exit(BadInput.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        print("derelay: stopped, nothing was written", file=sys.stderr)
        sys.exit(STOPPED)
