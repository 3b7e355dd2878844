"""How JSON-RPC writes things; what cannot be read raises KeyError, TypeError or ValueError."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from derelay.chain.chain import Log

MOST_THINGS, MOST_WEI = 1 << 63, 1 << 128
"""Below these are all numbers that a chain can mean, and all that we can keep or send on."""


@dataclass(frozen=True)
class Block:
    """A block's header; ``base_fee`` is None before EIP-1559."""

    number: int
    hash: bytes
    timestamp: int
    base_fee: int | None


@dataclass(frozen=True)
class Sent:
    """A transaction in or before a block, as a call."""

    call: dict[str, Any]
    gas: int
    price: int


@dataclass(frozen=True)
class Mined:
    """A receipt; ``price`` is None where the node does not say it."""

    block: int
    ok: bool
    gas_used: int
    price: int | None
    logs: tuple[Log, ...]
    contract: ChecksumAddress | None


def anything(answer: Any) -> Any:
    """Take an answer as it is."""
    return answer


def quantity(answer: Any) -> int:
    """Read a number: of anything but money."""
    return _below(MOST_THINGS, answer)


def amount(answer: Any) -> int:
    """Read an amount of wei."""
    return _below(MOST_WEI, answer)


def data(answer: Any) -> bytes:
    """Read bytes."""
    if not answer.startswith("0x"):
        raise ValueError("no hexadecimal data")
    return bytes.fromhex(answer[2:])


def to_data(raw: bytes) -> str:
    """Write bytes."""
    return "0x" + raw.hex()


def block(answer: Any) -> Block:
    """Read a block."""
    base = answer.get("baseFeePerGas")
    return Block(
        number=quantity(answer["number"]),
        hash=_hash(answer["hash"]),
        timestamp=quantity(answer["timestamp"]),
        base_fee=None if base is None else amount(base),
    )


def sent(answer: Any) -> Sent | None:
    """Read a transaction; None where there is none."""
    if answer is None:
        return None
    fields = ("from", "to", "gas", "value")
    call = {name: answer[name] for name in fields if answer.get(name) is not None}
    call["data"] = to_data(data(answer["input"]))
    return Sent(call, quantity(answer["gas"]), amount(answer.get("gasPrice", "0x0")))


def mined(answer: Any) -> Mined | None:
    """Read a receipt; None where there is none."""
    if answer is None:
        return None
    price, contract = answer.get("effectiveGasPrice"), answer.get("contractAddress")
    return Mined(
        block=quantity(answer["blockNumber"]),
        ok=quantity(answer["status"]) == 1,
        gas_used=quantity(answer["gasUsed"]),
        price=None if price is None else amount(price),
        logs=tuple(logs(answer["logs"])),
        contract=None if contract is None else to_checksum_address(contract),
    )


def logs(answer: Any) -> list[Log]:
    """Read events."""
    return [
        Log(
            address=to_checksum_address(entry["address"]),
            topics=tuple(_hash(topic) for topic in entry["topics"]),
            data=data(entry["data"]),
            block=quantity(entry["blockNumber"]),
            index=quantity(entry["logIndex"]),
            transaction=_hash(entry["transactionHash"]),
        )
        for entry in answer
    ]


def _below(most: int, answer: Any) -> int:
    number = int(answer, 16)
    if not 0 <= number < most:
        raise ValueError("no number that a chain can mean")
    return number


def _hash(answer: Any) -> bytes:
    read = data(answer)
    if len(read) != 32:
        raise ValueError("no hash")
    return read
