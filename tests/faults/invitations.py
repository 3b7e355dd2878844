"""Invitations that cannot be used, though each is whole by its checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from multiformats import multibase

from derelay.baton.canonical import encode
from derelay.chain.invitation import PREFIX, Invitation
from derelay.rules.protocol import PROTOCOL_VERSION


def unusable(good: Invitation) -> Iterator[tuple[str, str]]:
    """Yield them, by what is wrong."""
    address = bytes.fromhex(good.rounds[2:])
    fields: list[Any] = [PROTOCOL_VERSION, good.chain_id, address, good.block, good.task, good.task_hash, []]
    yield "another protocol version", _written([PROTOCOL_VERSION + 1, *fields[1:]])
    yield "the protocol of the day before", _written([0, *fields[1:]])
    yield "no fields", _written([])
    yield "a field more", _written([*fields, 1])
    yield "a short address", _written([*fields[:2], b"short", *fields[3:]])
    yield "a short hash", _written([*fields[:5], b"short", []])
    yield "a control character", _written([*fields[:4], "\x1b[2J", *fields[5:]])
    yield "too many holders", _written([*fields[:6], ["http://x"] * 9])
    yield "a long holder", _written([*fields[:6], ["http://" + "x" * 200]])
    yield "holders that are none", _written([*fields[:6], [b"x"]])
    yield "chain zero", _written([fields[0], 0, *fields[2:]])
    yield "a map", _written({"protocol": 1})
    yield "a character less", str(good)[:-1]
    yield "another prefix", str(good).replace("derelay1", "derelay2")
    yield "100,000 characters", PREFIX + "z" * 100_000


def _written(value: Any) -> str:
    data = encode(value)
    checksum = hashlib.sha256(PREFIX.encode() + data).digest()[:4]
    return PREFIX + multibase.encode(data + checksum, "base58btc")[1:]
