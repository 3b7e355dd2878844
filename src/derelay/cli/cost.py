"""`derelay cost`: what taking part costs here and now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eth_typing import ChecksumAddress, HexAddress, HexStr

from derelay.cli.amounts import gwei, native, seconds
from derelay.cli.errors import plain_errors
from derelay.cli.gas import GRANT_GAS, JOINING, KEEPING_GAS, MAINTAINING, TESTING, TRAINING, gas_of, price_now
from derelay.cli.options import ChainOption, ConfigOption, InvitationArgument, JsonOption, WalletOption
from derelay.rules.phases import Phase

if TYPE_CHECKING:
    from derelay.chain.relay import Relay

NOBODY = ChecksumAddress(HexAddress(HexStr("0x" + "00" * 20)))
"""Pays what newcomers pay."""
PAID_PHASES = len(Phase) - 1
"""Whoever opens a round is paid nothing for it; for each later phase, who makes it begin."""


def cost(
    invitation: InvitationArgument = None,
    chain: ChainOption = None,
    wallet: WalletOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show what joining and a round cost, as trainer and as tester, in the chain's native currency.

    For a newcomer, or for your wallet if one is given (needs no password). Gas is at the price of now.
    """
    from derelay.cli.answer import answer
    from derelay.cli.member import open_relay, wallet_address
    from derelay.cli.settings import Settings

    with plain_errors():
        settings = Settings.read(config, invitation=invitation, chain=chain, wallet=wallet)
        _, relay = open_relay(settings)
        values = _costs(relay, wallet_address(settings) or NOBODY)
    answer(values, _lines(values), json=json)


def _costs(relay: Relay, who: ChecksumAddress) -> dict[str, Any]:
    """Return all amounts in wei, by who pays them."""
    price = price_now(relay.chain.fees())
    p = relay.parameters
    deposit, fee = relay.price_of(who)
    return {
        "chain": relay.chain.chain_id,
        "gas_price": price,
        "joining": {
            "bond": relay.bond,
            "maintainer_bond": relay.maintainer_bond,
            "leave_delay": relay.registry.read("LEAVE_DELAY"),
            "gas": price * gas_of(JOINING),
            "maintainer_gas": price * gas_of(MAINTAINING),
        },
        "trainer": {"deposit": deposit, "fee": fee, "gas": price * gas_of(TRAINING)},
        "tester": {
            "gas": price * gas_of(TESTING),
            "seat_fee": p.seat_fee,
            "children": p.load,
            "slash": p.slash,
        },
        "owner": {"grant_gas": price * GRANT_GAS},
        "maintainers": {
            "keeping_gas": price * KEEPING_GAS,
            "closing_fee": p.closing_fee,
            "phases": PAID_PHASES,
        },
    }


def _lines(values: dict[str, Any]) -> list[tuple[str, str]]:
    joining, trainer, tester = values["joining"], values["trainer"], values["tester"]
    keeping = values["maintainers"]
    gas = native(keeping["keeping_gas"])
    delay = f"comes back {seconds(joining['leave_delay'])} after leaving"
    return [
        ("gas price", f"{gwei(values['gas_price'])} on chain {values['chain']}, now"),
        ("", ""),
        ("to join", f"{native(joining['bond'])} bond, {delay}"),
        ("", f"{native(joining['gas'])} gas"),
        ("to maintain, too", f"{native(joining['maintainer_bond'])} bond in its place, {delay}"),
        ("", f"{native(joining['maintainer_gas'])} gas, with that of joining"),
        ("", ""),
        ("a round as trainer", f"{native(trainer['deposit'])} deposit, comes back if your child passes"),
        ("", f"{native(trainer['fee'])} fee for being tested"),
        ("", f"{native(trainer['gas'])} gas"),
        ("", ""),
        ("a round as tester", f"{native(tester['gas'])} gas"),
        (
            "",
            f"earns {native(tester['seat_fee'])} for each child that you judge as the committee does "
            f"(at most {tester['children']}), and a share of the fees for the vote",
        ),
        (
            "",
            f"{native(tester['slash'])} of the bond, and the price of the versions that it was granted, "
            "is lost by who is drawn and stays silent",
        ),
        ("", ""),
        ("a round as owner", f"{native(values['owner']['grant_gas'])} gas for each key that you grant"),
        ("all who maintain", f"{gas} gas to close the windows of a round of eight entries, by turns"),
        ("", f"{native(keeping['closing_fee'])} is credited for each of its {keeping['phases']} phases"),
    ]
