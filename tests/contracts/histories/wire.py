"""Calls and events of the four contracts, as bytes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from eth_utils.abi import (
    event_abi_to_log_topic,
    function_abi_to_4byte_selector,
    get_abi_input_types,
    get_abi_output_types,
)
from harness.words import encode
from model import Event

from derelay.contracts import NAMES, artifact

Raw = tuple[str, list[str], bytes]
"""A log as the EVM gives it: address, topics in hex, data."""


def call_data(function: str, args: Sequence[Any], contract: str | None = None) -> bytes:
    """Return the call data of a function; of `receive`, none. A view's contract must be named."""
    selector, inputs, _ = _functions()[contract, function]
    return selector + encode(inputs, args)


def output(contract: str, view: str, values: Sequence[Any]) -> bytes:
    """Return what a view says if it says these values."""
    return encode(_functions()[contract, view][2], values)


def inputs_of(function: str) -> tuple[str, ...]:
    """Return the types of the arguments of a function that is no view."""
    return _functions()[None, function][1]


def logs_of(events: Sequence[Event]) -> list[Raw]:
    """Return the logs of events."""
    logs = []
    for at, contract, name, values in events:
        topic, indexed, plain, kinds = _events()[contract, name]
        topics = [topic, *("0x" + encode((kind,), (values[i],)).hex() for i, kind in indexed)]
        logs.append((at, topics, encode(kinds, [values[i] for i in plain])))
    return logs


@cache
def _functions() -> dict[tuple[str | None, str], tuple[bytes, tuple[str, ...], tuple[str, ...]]]:
    functions: dict[tuple[str | None, str], tuple[bytes, tuple[str, ...], tuple[str, ...]]] = {
        (None, "receive"): (b"", (), ())
    }
    for contract in NAMES:
        for entry in artifact(contract).abi:
            if entry["type"] == "function":
                abi: Any = entry
                known = (
                    function_abi_to_4byte_selector(abi),
                    tuple(get_abi_input_types(abi)),
                    tuple(get_abi_output_types(abi)),
                )
                functions[contract, entry["name"]] = known
                if entry["stateMutability"] in ("payable", "nonpayable"):
                    functions[None, entry["name"]] = known
    return functions


@cache
def _events() -> dict[tuple[str, str], tuple[str, list[tuple[int, str]], list[int], tuple[str, ...]]]:
    events = {}
    for contract in NAMES:
        for entry in artifact(contract).abi:
            if entry["type"] == "event":
                abi: Any = entry
                kinds = get_abi_input_types(abi)
                flags = [each["indexed"] for each in entry["inputs"]]
                events[contract, entry["name"]] = (
                    "0x" + event_abi_to_log_topic(abi).hex(),
                    [(i, kind) for i, kind in enumerate(kinds) if flags[i]],
                    [i for i in range(len(kinds)) if not flags[i]],
                    tuple(kind for i, kind in enumerate(kinds) if not flags[i]),
                )
    return events
