"""`derelay heads`: the chain of heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derelay.cli.errors import plain_errors
from derelay.cli.options import ChainOption, ConfigOption, InvitationArgument, JsonOption

if TYPE_CHECKING:
    from derelay.chain.relay import Relay


def heads(
    invitation: InvitationArgument = None,
    chain: ChainOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """List the heads of a relay, the newest last: each is a version of the model."""
    from derelay.cli.amounts import coins, nats
    from derelay.cli.answer import answer_all
    from derelay.cli.member import open_relay
    from derelay.cli.settings import Settings

    with plain_errors():
        _, relay = open_relay(Settings.read(config, invitation=invitation, chain=chain))
        rows = heads_of(relay)
    cells = [
        (
            f"v{row['version']}",
            row["id"],
            "" if row["round"] is None else str(row["round"]),
            "" if row["gain"] is None else nats(row["gain"]),
            coins(row["minted"]),
            str(row["granted"]),
        )
        for row in rows
    ]
    answer_all(rows, ("head", "id", "round", "gain, nats", "coins", "granted to"), cells, json=json)


def heads_of(relay: Relay) -> list[dict[str, Any]]:
    """Return the heads in order; of the first one neither a round nor a gain is known.

    Gains in 1e-9 nat per case, coins in 1e-18 coin; ``granted`` counts who was granted its key.
    """
    first = relay.origin.version if relay.origin else 0
    rows: list[dict[str, Any]] = [
        {"version": first, "id": relay.genesis.hex(), "round": None, "gain": None, "minted": 0}
    ]
    for event in relay.history.named("HeadChanged"):
        values = {name: event.values[name] for name in ("version", "round", "gain", "minted")}
        rows.append(values | {"id": event.values["id"].hex()})
    for row in rows:
        row["granted"] = len(set(relay.history.readers(bytes.fromhex(row["id"]))))
    return rows
