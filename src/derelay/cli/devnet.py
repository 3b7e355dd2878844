"""`derelay devnet`: a chain on this machine, for several processes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from derelay.cli.errors import BadInput, plain_errors
from derelay.cli.options import JsonOption

if TYPE_CHECKING:
    from derelay.local.devnet import Devnet

LOOK_SECONDS = 0.2
"""Between two looks whether the chain still runs."""


def devnet(
    port: Annotated[int, typer.Option(help="To listen on; 0 for any that is free.")] = 8545,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Keep the chain here, and go on from it.",
            show_default="forgotten at the end",
        ),
    ] = None,
    block_time: Annotated[
        int, typer.Option(help="Seconds between blocks; 0 for a block with each transaction, and no other.")
    ] = 1,
    accounts: Annotated[int, typer.Option(help="How many have money, 1 to 1000.")] = 10,
    host: Annotated[
        str, typer.Option(help="Address to listen on; another one lets other machines in.")
    ] = "127.0.0.1",
    json: JsonOption = False,
) -> None:
    """Run a local chain, until Ctrl-C.

    It is anvil, from npm's @foundry-rs/anvil: looked for in $DERELAY_ANVIL, on the PATH and in node_modules.
    Its accounts have money from the start; their keys are the ones that every local chain has, and known to
    everyone.
    """
    from derelay.cli.answer import answer
    from derelay.cli.stopping import stopped_by_signals
    from derelay.local.devnet import Devnet

    for name, value, least, most in (
        ("port", port, 0, 65_535),
        ("block-time", block_time, 0, 3600),
        ("accounts", accounts, 1, 1000),
    ):
        if not least <= value <= most:
            raise BadInput(f"--{name} {value}: give {least} to {most}")
    with (
        plain_errors(),
        stopped_by_signals() as stop,
        Devnet(port, state, block_time or None, accounts, host=host) as running,
    ):
        values = _values(running, state, block_time)
        answer(values, _lines(values), json=json)
        sys.stdout.flush()  # whoever reads it must not wait for the end
        while not stop.wait(LOOK_SECONDS):
            if not running.is_running():
                raise BadInput(f"the chain at {running.url} ended by itself: start it again")


def _values(running: Devnet, state: Path | None, block_time: int) -> dict[str, Any]:
    from derelay.chain.connect import connect
    from derelay.local.devnet import ETHER

    return {
        "url": running.url,
        "chain": connect(running.url).chain_id,
        "block_time": block_time,
        "state": None if state is None else str(state),
        "accounts": [
            {"address": wallet.address, "key": "0x" + key.hex(), "ether": ETHER}
            for wallet, key in zip(running.wallets(), running.keys(), strict=True)
        ],
    }


def _lines(values: dict[str, Any]) -> list[tuple[str, str]]:
    pace = f"one each {values['block_time']} s" if values["block_time"] else "one with each transaction"
    ether = values["accounts"][0]["ether"]
    return [
        ("url", values["url"]),
        ("chain", str(values["chain"])),
        ("blocks", pace),
        ("state", values["state"] or "forgotten at the end"),
        (
            "accounts",
            f"{len(values['accounts'])}, with {ether} ether each at the beginning; address and key:",
        ),
        *(("", f"{account['address']}  {account['key']}") for account in values["accounts"]),
        ("use one", "derelay wallet import wallet.json, then paste its key"),
        ("stop", "Ctrl-C"),
    ]
