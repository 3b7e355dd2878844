"""Strict dag-cbor: one encoding per value, bounded before anything is built from it.

`dag_cbor` checks the form of what it decodes, but recurses as deep as the input says and can be made to build
many small objects from few bytes; so the heads of all items are walked first.
https://ipld.io/specs/codecs/dag-cbor/spec/
"""

from collections.abc import Mapping
from typing import Any

import dag_cbor
from dag_cbor.decoding.err import CBORDecodingError
from dag_cbor.ipld import IPLDKind


class CanonicalError(ValueError):
    """The bytes are not the canonical encoding of an admissible value."""


def encode(value: IPLDKind) -> bytes:
    """Return the canonical dag-cbor encoding of `value` (ints, strings, bytes, links, lists, maps)."""
    return dag_cbor.encode(value)


def decode(data: bytes, *, max_bytes: int, max_items: int, max_depth: int) -> IPLDKind:
    """Return the value that `data` encodes, if `data` is its one canonical encoding.

    Parameters
    ----------
    data : bytes
        From anyone.
    max_bytes, max_items, max_depth : int
        Bounds on the encoding's length, on the number of items in it (keys included) and on nesting.

    Raises
    ------
    CanonicalError
        Over a bound, malformed, or encoded in another way than `encode` does.
    """
    if len(data) > max_bytes:
        raise CanonicalError(f"{len(data)} bytes where at most {max_bytes} are allowed")
    _walk(data, max_items, max_depth)
    try:
        value = dag_cbor.decode(data)
        again = encode(value)
    except (CBORDecodingError, ValueError, LookupError) as error:
        raise CanonicalError(f"not dag-cbor ({str(error).splitlines()[0]})") from error
    if again != data:
        raise CanonicalError("not in canonical form")
    return value


def expect_fields(value: IPLDKind, types: Mapping[str, type]) -> dict[str, Any]:
    """Return `value` if it is a map of exactly these keys and types; raise `CanonicalError` if not."""
    if not isinstance(value, dict) or {key: type(item) for key, item in value.items()} != types:
        raise CanonicalError(f"expected a map of {', '.join(types)}")
    return value


def item_head(data: bytes, at: int) -> tuple[int, int, int]:
    """Return the major type of the item whose head begins at ``at``, its argument, and where the head ends.

    Raises
    ------
    CanonicalError
        If its length is indefinite.
    """
    major, argument = divmod(data[at], 32)
    at += 1
    if argument > 27:
        raise CanonicalError("an item of indefinite length")
    if argument >= 24:
        width = 1 << (argument - 24)
        argument = int.from_bytes(data[at : at + width], "big")
        at += width
    return major, argument, at


def _walk(data: bytes, max_items: int, max_depth: int) -> None:
    """Walk the head of every item, without recursion and without building anything."""
    at = items = 0
    pending = [1]  # items still to come in each open container, outermost first
    while pending:
        if pending[-1] == 0:
            pending.pop()
            continue
        pending[-1] -= 1
        items += 1
        if items > max_items:
            raise CanonicalError(f"more than {max_items} items")
        if at >= len(data):
            raise CanonicalError("truncated")
        major, argument, at = item_head(data, at)
        if major in (2, 3):  # byte string, text: the argument is its length
            at += argument
        elif major in (4, 5, 6):  # list, map (a key and a value each), tag (a link)
            pending.append({4: argument, 5: 2 * argument, 6: 1}[major])
            if len(pending) > max_depth + 1:
                raise CanonicalError(f"nested deeper than {max_depth}")
        if at > len(data):
            raise CanonicalError("truncated")
