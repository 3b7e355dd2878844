"""The ABI's encoding, fast: what the model predicts is compared with what the EVM says as bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from eth_abi.grammar import parse

Encoder = Callable[[Any], bytes]


@cache
def word_of(address: str) -> bytes:
    """Return an address as a word."""
    return bytes(12) + bytes.fromhex(address[2:])


def encode(kinds: Sequence[str], values: Sequence[Any]) -> bytes:
    """Encode values one after the other, as arguments, outputs and the data of events are."""
    return _tuple(tuple(kinds))[0](values)


@cache
def _tuple(kinds: tuple[str, ...]) -> tuple[Encoder, int]:
    """Return how a tuple is encoded, and its length in bytes; 0 if that depends on the value."""
    parts = [_encoder(kind) for kind in kinds]
    head = sum(size or 32 for _, size in parts)
    if all(size for _, size in parts):
        encoders = [each for each, _ in parts]
        return lambda values: b"".join([e(v) for e, v in zip(encoders, values, strict=True)]), head

    def encode(values: Sequence[Any]) -> bytes:
        heads, tails, at = [], [], head
        for (each, size), value in zip(parts, values, strict=True):
            encoded = each(value)
            if size:
                heads.append(encoded)
            else:
                heads.append(at.to_bytes(32, "big"))
                tails.append(encoded)
                at += len(encoded)
        return b"".join(heads + tails)

    return encode, 0


@cache
def _encoder(kind: str) -> tuple[Encoder, int]:
    if kind.endswith("[]"):
        return _list(kind[:-2]), 0
    if kind.endswith("]"):
        of, count = kind[:-1].rsplit("[", 1)
        return _tuple((of,) * int(count))
    if kind.startswith("("):
        return _tuple(tuple(part.to_type_str() for part in parse(kind).components))
    return _SIMPLE[kind]


def _list(of: str) -> Encoder:
    each, size = _encoder(of)
    if size:
        return lambda values: _number(len(values)) + b"".join(map(each, values))
    return lambda values: _number(len(values)) + encode([of] * len(values), values)


def _number(value: int) -> bytes:
    return (value % 2**256).to_bytes(32, "big")


def _padded(value: bytes) -> bytes:
    return _number(len(value)) + value + bytes(-len(value) % 32)


_SIMPLE: dict[str, tuple[Encoder, int]] = {
    "address": (word_of, 32),
    "bool": (_number, 32),
    "bytes": (_padded, 0),
    "bytes32": (bytes, 32),
    "int256": (_number, 32),
    "string": (lambda value: _padded(value.encode()), 0),
    "uint256": (_number, 32),
    "uint8": (_number, 32),
}
