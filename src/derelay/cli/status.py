"""`derelay status`: where a relay stands, and where one stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derelay.cli.amounts import coins, native, seconds
from derelay.cli.errors import plain_errors
from derelay.cli.options import ChainOption, ConfigOption, InvitationArgument, JsonOption, WalletOption
from derelay.rules.phases import Phase

if TYPE_CHECKING:
    from eth_typing import ChecksumAddress

    from derelay.chain.relay import Relay


def status(
    invitation: InvitationArgument = None,
    chain: ChainOption = None,
    wallet: WalletOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show where a relay stands; with a wallet (needs no password), where you stand in it, too."""
    from derelay.cli.answer import answer
    from derelay.cli.member import open_relay, wallet_address
    from derelay.cli.settings import Settings

    with plain_errors():
        settings = Settings.read(config, invitation=invitation, chain=chain, wallet=wallet)
        _, relay = open_relay(settings)
        values = _relay(relay)
        lines = _relay_lines(values)
        address = wallet_address(settings)
        if address is not None:
            values["wallet"] = _participant(relay, address)
            lines += [("", ""), *_participant_lines(values["wallet"])]
    answer(values, lines, json=json)


def _relay(relay: Relay) -> dict[str, Any]:
    view = relay.view()
    closes = view.closes_at
    return {
        "rounds": relay.rounds.address,
        "chain": relay.chain.chain_id,
        "task": relay.task_name,
        "block": view.height,
        "round": view.round.number,
        "phase": view.phase.name.lower(),
        "closes_in": None if closes is None else max(0, closes[0] - view.now),
        "head": {"version": view.head.version, "id": view.head.id.hex(), "round": view.head.round},
        "owners": list(view.owners),
        "maintainers": relay.registry.read("maintainer_count"),
        "maintainers_needed": view.parameters.min_seats,
        "entries": view.round.entries,
        "children": view.round.children,
        "testers": len(view.deck),
    }


def _relay_lines(values: dict[str, Any]) -> list[tuple[str, str]]:
    closes, head = values["closes_in"], values["head"]
    rest = "" if closes is None else f", {seconds(closes)} left" if closes else ", may be closed"
    return [
        ("relay", f"{values['rounds']} on chain {values['chain']}, block {values['block']}"),
        ("task", values["task"]),
        ("head", f"v{head['version']} {head['id']}"),
        ("round", f"{values['round']}, {values['phase']}{rest}"),
        ("", f"{values['entries']} entries, {values['children']} children, {values['testers']} testers"),
        ("maintainers", f"{values['maintainers']}, a round needs {values['maintainers_needed']}"),
    ]


def _participant(relay: Relay, who: ChecksumAddress) -> dict[str, Any]:
    view, member = relay.view(), relay.member(who)
    is_on = view.phase is not Phase.REST  # what is read in REST is of the round before
    entry, card = (view.entry_of(who), view.card_of(who)) if is_on else (None, None)
    owed, earned = relay.owed(who)
    return {
        "address": who,
        "wei": relay.chain.balance(who),
        "coins": relay.coin.read("balanceOf", who),
        "owed_wei": owed,
        "owed_coins": earned,
        "registered": any(member.key),
        "url": member.url,
        "bond": member.bond,
        "maintains": member.place > 0,
        "bond_back_in": max(0, member.leaves_at - view.now) if member.leaves_at else None,
        "owner": who in view.owners,
        "holds_head": relay.holds(view.head.id, who),
        "entered": entry is not None,
        "admitted": entry is not None and entry.admitted > 0,
        "card": card,
    }


def _participant_lines(values: dict[str, Any]) -> list[tuple[str, str]]:
    lines = [
        ("wallet", values["address"]),
        ("holds", f"{native(values['wei'])} and {coins(values['coins'])} coins"),
        ("is owed", f"{native(values['owed_wei'])} and {coins(values['owed_coins'])} coins"),
    ]
    if not values["registered"]:
        return [*lines, ("in the relay", "not registered: derelay join registers")]
    roles = [
        words
        for holds, words in (
            (values["bond_back_in"] is not None, "has left"),
            (values["maintains"], "maintains"),
            (values["owner"], "owns a part of the head"),
            (values["holds_head"], "holds the head"),
            (values["admitted"], "trains in this round"),
            (values["entered"] and not values["admitted"], "has entered this round"),
            (values["card"] is not None, "tests in this round"),
        )
        if holds
    ]
    back = values["bond_back_in"]
    delay = (
        "" if back is None else ", " + (f"back in {seconds(back)}" if back else "to be taken: derelay leave")
    )
    return [
        *lines,
        ("in the relay", ", ".join(roles) or "registered"),
        ("bond", f"{native(values['bond'])}{delay}"),
        ("serves at", values["url"]),
    ]
