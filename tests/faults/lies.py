"""What an endpoint of the chain can say instead of the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from derelay.chain.endpoint import Endpoint
from derelay.chain.relay import Relay
from derelay.chain.rpc_format import anything, quantity
from gate import Gate

LAG = 8
HUGE = 100 << 20
"""Bytes of an answer that is too long."""


@dataclass(frozen=True)
class Lie:
    """One way to answer falsely.

    Attributes
    ----------
    words
        That a node says of it; empty where it cannot know.
    begin
        Lets a door lie, until `tell_the_truth`.
    """

    name: str
    words: str
    begin: Callable[[Gate, Endpoint, Relay], None]


def tell_the_truth(gate: Gate) -> None:
    """Let a door be a door."""
    gate.status, gate.body, gate.change, gate.is_endless = 200, None, None, False


def _status(gate: Gate, true: Endpoint, relay: Relay) -> None:
    gate.status = 503


def _body(body: bytes, gate: Gate, true: Endpoint, relay: Relay) -> None:
    gate.body = body


def _huge(gate: Gate, true: Endpoint, relay: Relay) -> None:
    gate.body = b'{"jsonrpc":"2.0","id":0,"result":"0x' + bytes(HUGE) + b'"}'


def _endless(gate: Gate, true: Endpoint, relay: Relay) -> None:
    gate.is_endless = True


def _change(change: Callable[..., Any], gate: Gate, true: Endpoint, relay: Relay) -> None:
    block = true.ask(quantity, "eth_blockNumber") + 1
    gate.change = partial(change, true, relay, block)


def _other_id(true: Endpoint, relay: Relay, block: int, method: str, params: list[Any], answer: Any) -> Any:
    return {**answer, "id": answer["id"] + 1}


def _null(true: Endpoint, relay: Relay, block: int, method: str, params: list[Any], answer: Any) -> Any:
    return {**answer, "result": None}


def _lag(true: Endpoint, relay: Relay, block: int, method: str, params: list[Any], answer: Any) -> Any:
    if method == "eth_getBlockByNumber" and params[0] == "latest":
        seen = hex(int(answer["result"]["number"], 16) - LAG)
        return {**answer, "result": true.ask(anything, method, seen, False)}
    return answer


def _hash(true: Endpoint, relay: Relay, block: int, method: str, params: list[Any], answer: Any) -> Any:
    if method == "eth_getBlockByNumber" and answer["result"] and int(answer["result"]["number"], 16) == block:
        answer["result"]["hash"] = "0x" + "5" * 64
    return answer


def _events(true: Endpoint, relay: Relay, block: int, method: str, params: list[Any], answer: Any) -> Any:
    if method == "eth_getLogs":
        answer["result"] = [log for log in answer["result"] if int(log["blockNumber"], 16) < block]
    return answer


def _storage(true: Endpoint, relay: Relay, block: int, method: str, params: list[Any], answer: Any) -> Any:
    """Count seven children more than there are."""
    asked = "0x" + relay.rounds.encode("current").hex()
    if method == "eth_call" and params[0]["data"] == asked:
        words = bytearray.fromhex(answer["result"][2:])
        words[12 * 32 - 1] += 7
        answer["result"] = "0x" + words.hex()
    return answer


LIES = (
    Lie("503", "answers with HTTP 503", _status),
    Lie(
        "a page of HTML", "does not answer in JSON-RPC", partial(_body, b"<html><body>Sign in</body></html>")
    ),
    Lie("half an answer", "does not answer in JSON-RPC", partial(_body, b'{"jsonrpc":"2.0","id":1,"resu')),
    Lie("null", "does not have what was asked for", partial(_change, _null)),
    Lie("answers to others", "does not answer in JSON-RPC", partial(_change, _other_id)),
    Lie("100 MiB", "cannot be reached", _huge),
    Lie("bytes without end", "gives no answer within", _endless),
    Lie("another hash of one block", "", partial(_change, _hash)),
    Lie("no new events", "", partial(_change, _events)),
    Lie("a false count in storage", "of them listed", partial(_change, _storage)),
    Lie(f"{LAG} blocks behind", "blocks behind", partial(_change, _lag)),
)
