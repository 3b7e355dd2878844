"""`derelay batons`: the versions of the model that a wallet may open."""

from __future__ import annotations

from dataclasses import asdict

from derelay.cli.errors import plain_errors
from derelay.cli.options import ChainOption, ConfigOption, InvitationArgument, JsonOption, WalletOption


def batons(
    invitation: InvitationArgument = None,
    chain: ChainOption = None,
    wallet: WalletOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """List the batons that this wallet made or was granted the key of: what derelay pull can open.

    Needs no password.
    """
    from derelay.cli.answer import answer_all
    from derelay.cli.holdings import holdings
    from derelay.cli.member import open_relay, wallet_address
    from derelay.cli.settings import Settings

    with plain_errors():
        settings = Settings.read(config, invitation=invitation, chain=chain, wallet=wallet)
        settings.need("wallet")
        _, relay = open_relay(settings)
        address = wallet_address(settings)
        assert address is not None
        found = holdings(relay, address)
    cells = [
        (
            each.id.hex(),
            "" if each.version is None else f"v{each.version}",
            "" if each.round is None else str(each.round),
            "made" if each.granter == address else f"granted by {each.granter}",
        )
        for each in found
    ]
    rows = [asdict(each) | {"id": each.id.hex()} for each in found]
    answer_all(rows, ("id", "head", "round", "how"), cells, json=json)
