"""What a relay's creator decides, from presets and `--param NAME=VALUE`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.address import is_address, to_checksum_address

from derelay.cli.errors import BadInput
from derelay.rules.parameters import DECAY_ONE, LONGEST, OPEN, TRUSTED, Parameters

PRESETS = {"open": OPEN, "trusted": TRUSTED}

_OF_RELAY = tuple(field.name for field in fields(Parameters))
_WORDS = {"name": 32, "symbol": 8}
_NUMBERS = ("bond", "maintainer_bond", "leave_delay", "decay")
_MOST_TRUSTED = 32


@dataclass(frozen=True)
class Terms:
    """Parameters of the rounds, and what else a `Charter` holds besides task and genesis."""

    parameters: Parameters
    rest: dict[str, Any]


def read_terms(preset: str, params: Sequence[str], committee: Sequence[str]) -> Terms:
    """Return the terms of a preset, changed by ``NAME=VALUE`` texts.

    Raises
    ------
    BadInput
        If there is no such preset or parameter, or a relay could not work under them.
    """
    if preset not in PRESETS:
        raise BadInput(f"no preset {preset!r}: choose from {', '.join(PRESETS)}")
    of_relay: dict[str, Any] = {}
    rest: dict[str, Any] = {"committee": _committee(preset, committee)}
    if preset == "trusted":
        rest |= {"bond": 0, "maintainer_bond": 0}
    for text in params:
        name, _, value = text.partition("=")
        if name in _OF_RELAY:
            of_relay[name] = _value(name, value)
        elif name in _WORDS:
            rest[name] = _word(name, value)
        elif name in _NUMBERS:
            rest[name] = _whole(name, value)
        else:
            known = ", ".join((*_OF_RELAY, *_NUMBERS, *_WORDS))
            raise BadInput(f"no parameter {name!r}: choose from {known}")
    _check(rest)
    return Terms(replace(PRESETS[preset], **of_relay).check(), rest)


def _committee(preset: str, committee: Sequence[str]) -> tuple[ChecksumAddress, ...]:
    for address in committee:
        if not is_address(address):
            raise BadInput(f"--committee {address!r} is no address: give 0x and 40 hexadecimal digits")
    if preset == "trusted" and not committee:
        raise BadInput("a trusted relay needs a committee: name who may maintain by --committee ADDRESS")
    if len(committee) > _MOST_TRUSTED:
        raise BadInput(f"a committee of {len(committee)}: name at most {_MOST_TRUSTED}")
    return tuple(to_checksum_address(address) for address in committee)


def _value(name: str, text: str) -> int | tuple[int, ...]:
    default = getattr(OPEN, name)
    if not isinstance(default, tuple):
        return _whole(name, text)
    parts = tuple(_whole(name, part) for part in text.split(","))
    if len(parts) != len(default):
        raise BadInput(f"{name}={text}: give {len(default)} numbers with commas between them")
    return parts


def _whole(name: str, value: str) -> int:
    if not value.strip().isdecimal():
        raise BadInput(f"{name}={value!r}: give a whole number, as the contracts have it")
    return int(value)


def _word(name: str, value: str) -> str:
    most = _WORDS[name]
    if not (0 < len(value) <= most and value.isascii() and value.isprintable()):
        raise BadInput(f"{name}={value!r}: give 1 to {most} printable ASCII characters")
    return value


def _check(rest: dict[str, Any]) -> None:
    """Refuse here what the contracts would refuse one by one, after gas was paid for the first of them."""
    from derelay.chain.charter import Charter

    bond, maintainer_bond = (
        rest.get("bond", Charter.bond),
        rest.get("maintainer_bond", Charter.maintainer_bond),
    )
    for holds, reason in (
        (bond <= maintainer_bond, f"maintainer_bond {maintainer_bond} must be at least bond {bond}"),
        (rest.get("leave_delay", 0) <= LONGEST, f"leave_delay must be at most {LONGEST}"),
        (
            DECAY_ONE // 10 <= rest.get("decay", DECAY_ONE) <= DECAY_ONE,
            f"decay must be 0.1 to 1, in parts of {DECAY_ONE}",
        ),
    ):
        if not holds:
            raise BadInput(reason)
