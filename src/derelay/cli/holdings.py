"""What batons somebody may open, by what the chain says."""

from __future__ import annotations

from dataclasses import dataclass

from eth_typing import ChecksumAddress

from derelay.chain.relay import Relay
from derelay.cli.errors import BadInput

SHORTEST = 4
"""Digits of an id that are enough, if they fit one baton only."""


@dataclass(frozen=True)
class Holding:
    """A baton that somebody may open.

    Attributes
    ----------
    version
        None for a child that is no head.
    round
        In which it was handed in or elected; None for the relay's first head.
    granter
        Who granted the key; the holder itself if it made the baton.
    """

    id: bytes
    version: int | None
    round: int | None
    granter: ChecksumAddress


def holdings(relay: Relay, who: ChecksumAddress) -> list[Holding]:
    """Return the batons that somebody may open, as they came."""
    first = relay.origin.version if relay.origin else 0
    versions: dict[bytes, tuple[int | None, int | None]] = {relay.genesis: (first, None)}
    granters: dict[bytes, ChecksumAddress] = {}
    for event in relay.history.named("HandedIn", "HeadChanged"):
        versions[event.values["id"]] = event.values.get("version"), event.values["round"]
    for baton in versions:
        if who in relay.history.makers(baton) and relay.holds(baton, who):
            granters[baton] = who
        elif grants := relay.history.grants(baton, who):
            granters[baton] = grants[0].granter
    return [Holding(baton, *versions[baton], granter) for baton, granter in granters.items()]


def find(relay: Relay, who: ChecksumAddress, name: str) -> Holding:
    """Return the baton called ``name``: "latest", a version ("3" or "v3"), or the first digits of an id.

    Raises
    ------
    BadInput
        If there is none that ``who`` may open, or more than one.
    """
    mine = holdings(relay, who)
    heads = {each.version: each for each in mine if each.version is not None}
    digits = name.removeprefix("v")
    if name == "latest" and heads:
        return heads[max(heads)]
    if digits.isdecimal() and int(digits) in heads:
        return heads[int(digits)]
    text = name.lower().removeprefix("0x")
    found = [each for each in mine if len(text) >= SHORTEST and each.id.hex().startswith(text)]
    if len(found) > 1:
        raise BadInput(f"{len(found)} batons begin with {name!r}: give more digits")
    if not found:
        raise BadInput(
            f"there is no baton {name!r} that this wallet may open: see derelay batons. Who trains, tests or "
            "has made a part of the head is granted its key"
        )
    return found[0]
