"""Events of a relay's contracts, decoded fast: values of one word each, addresses as plain numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from eth_utils.abi import event_abi_to_log_topic

from derelay.contracts import NAMES, artifact

WORDS = ("address", "bytes32", "bool", "uint256", "int256")
"""Types whose value is one word."""


def _known() -> dict[str, tuple[str, list[tuple[str, str]], list[tuple[str, str]]]]:
    known = {}
    for contract in NAMES:
        for entry in artifact(contract).abi:
            if entry["type"] != "event" or any(each["type"] not in WORDS for each in entry["inputs"]):
                continue
            abi: Any = entry
            topic = "0x" + event_abi_to_log_topic(abi).hex()
            indexed = [(each["name"], each["type"]) for each in entry["inputs"] if each["indexed"]]
            plain = [(each["name"], each["type"]) for each in entry["inputs"] if not each["indexed"]]
            known[topic] = entry["name"], indexed, plain
    return known


_KNOWN = _known()


def events(raw: Iterable[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and values of each event that the machine tells of, in order.

    Whole numbers and addresses are numbers, hashes bytes. Events with longer values are passed over.
    """
    for log in raw:
        topics = log.topics
        known = _KNOWN.get(topics[0])
        if known is None:
            continue
        name, indexed, plain = known
        values = {}
        for (field, kind), topic in zip(indexed, topics[1:], strict=True):
            values[field] = bytes.fromhex(topic[2:]) if kind == "bytes32" else int(topic, 16)
        data = bytes(log.data[1])
        for i, (field, kind) in enumerate(plain):
            piece = data[32 * i : 32 * i + 32]
            values[field] = (
                piece if kind == "bytes32" else int.from_bytes(piece, "big", signed=kind == "int256")
            )
        yield name, values
