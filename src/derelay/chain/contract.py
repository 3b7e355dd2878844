"""A contract at an address: calls encoded, answers and events decoded, by its ABI."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_abi.abi import encode
from eth_abi.codec import ABIDecoder
from eth_abi.decoding import StringDecoder
from eth_abi.exceptions import DecodingError
from eth_abi.registry import BaseEquals
from eth_abi.registry import registry as abi_types
from eth_typing import ChecksumAddress
from eth_utils.abi import (
    event_abi_to_log_topic,
    function_abi_to_4byte_selector,
    get_abi_input_names,
    get_abi_input_types,
    get_abi_output_types,
)
from eth_utils.address import to_checksum_address

from derelay.chain.chain import Chain, Log, UnreadableError
from derelay.contracts import NAMES, artifact


@dataclass(frozen=True)
class Event:
    """A decoded event: its name, its values by name, and where it stands on chain."""

    name: str
    values: dict[str, Any]
    block: int
    transaction: bytes


class Contract:
    """One of our contracts.

    Parameters
    ----------
    name
        Of the artifact.
    """

    def __init__(self, chain: Chain, address: ChecksumAddress, name: str) -> None:
        self.chain = chain
        self.address = address
        self.name = name
        self._interface = _interface(name)

    def encode(self, function: str, *args: Any) -> bytes:
        """Return the call data of ``function``."""
        selector, inputs, _ = self._interface.functions[function]
        return selector + encode(inputs, args)

    def read(self, function: str, *args: Any) -> Any:
        """Call a view as of the newest block; one value, or a tuple of several. Addresses are checksummed.

        Raises
        ------
        Reverted
            With the contract's reason.
        UnreadableError
            If the answer is none of this contract's.
        """
        outputs = self._interface.functions[function][2]
        answer = self.chain.call(self.address, self.encode(function, *args))
        values = self._decoded(outputs, answer, function)
        plain = tuple(_checksummed(kind, value) for kind, value in zip(outputs, values, strict=True))
        return plain[0] if len(plain) == 1 else plain

    def event(self, log: Log) -> Event | None:
        """Decode an event; None if it is not one of this contract's.

        Raises
        ------
        UnreadableError
            If it says that it is, and is not.
        """
        known = self._interface.events.get(log.topics[0]) if log.topics else None
        if known is None or log.address != self.address:
            return None
        name, indexed, plain = known
        found = self._decoded([kind for _, kind in indexed], b"".join(log.topics[1:]), name)
        found += self._decoded([kind for _, kind in plain], log.data, name)
        fields = [*indexed, *plain]
        values = {
            field: _checksummed(kind, value) for (field, kind), value in zip(fields, found, strict=True)
        }
        return Event(name, values, log.block, log.transaction)

    def _decoded(self, kinds: list[str], data: bytes, what: str) -> tuple[Any, ...]:
        try:
            return _DECODER.decode(kinds, data)
        except (DecodingError, OverflowError) as error:
            raise UnreadableError(
                f"{self.name} {self.address}: {what} is not as that contract says it; name another endpoint"
            ) from error


def function_of(data: bytes) -> str | None:
    """Return the name of the function of our contracts that call data calls."""
    return _selectors().get(data[:4])


@cache
def _selectors() -> dict[bytes, str]:
    return {
        selector: function
        for name in NAMES
        for function, (selector, _, _) in _interface(name).functions.items()
    }


@dataclass(frozen=True)
class _Interface:
    functions: dict[str, tuple[bytes, list[str], list[str]]]
    events: dict[bytes, tuple[str, list[tuple[str, str]], list[tuple[str, str]]]]


@cache
def _interface(name: str) -> _Interface:
    functions = {}
    events = {}
    for entry in artifact(name).abi:
        abi: Any = entry
        if entry["type"] == "function":
            functions[entry["name"]] = (
                function_abi_to_4byte_selector(abi),
                get_abi_input_types(abi),
                get_abi_output_types(abi),
            )
        elif entry["type"] == "event":
            fields = list(zip(get_abi_input_names(abi), get_abi_input_types(abi), strict=True))
            flags = [field["indexed"] for field in entry["inputs"]]
            events[event_abi_to_log_topic(abi)] = (
                entry["name"],
                [(str(n), t) for (n, t), indexed in zip(fields, flags, strict=True) if indexed],
                [(str(n), t) for (n, t), indexed in zip(fields, flags, strict=True) if not indexed],
            )
    return _Interface(functions, events)


def _checksummed(kind: str, value: Any) -> Any:
    """Give the addresses within a decoded value their checksum, by the value's ABI type."""
    if kind == "address":
        return to_checksum_address(value)
    if "address" not in kind:
        return value
    if kind.endswith("]"):
        inner = kind[: kind.rindex("[")]
        return tuple(_checksummed(inner, item) for item in value)
    parts = _split(kind)
    return tuple(_checksummed(part, item) for part, item in zip(parts, value, strict=True))


@cache
def _split(kind: str) -> tuple[str, ...]:
    """Split a tuple type, ``(address,(bool,uint256)[])``, into its members'."""
    parts, depth, start = [], 0, 1
    for i, character in enumerate(kind[1:-1], start=1):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(kind[start:i])
            start = i + 1
    return (*parts, kind[start:-1])


def _decoder() -> ABIDecoder:
    """Return a decoder that reads every text: contracts let anyone register bytes that are none."""
    types: Any = abi_types.copy()  # type: ignore[no-untyped-call]
    types.unregister_decoder("string")
    text, any_text = BaseEquals("string", with_sub=False), StringDecoder("replace")  # type: ignore[no-untyped-call]
    types.register_decoder(text, any_text, label="string")
    return ABIDecoder(types)


_DECODER = _decoder()
