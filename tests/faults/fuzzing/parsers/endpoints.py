"""What reads what endpoints say: HTTP, and JSON-RPC in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from web3.providers.base import JSONBaseProvider

from derelay.chain import rpc_format
from derelay.chain.chain import ChainError
from derelay.chain.endpoint import Endpoint
from derelay.chain.rpc_http import HttpProvider
from faults.fuzzing.parser import Parser
from faults.fuzzing.wire import Wire

_ADDRESS, _HASH = "0x" + "cd" * 20, "0x" + "ab" * 32
_LOG = {
    "address": _ADDRESS,
    "topics": [_HASH],
    "data": "0x01",
    "blockNumber": "0x5",
    "logIndex": "0x2",
    "transactionHash": _HASH,
}
_RECEIPT = {
    "blockNumber": "0x5",
    "status": "0x1",
    "gasUsed": "0x64",
    "effectiveGasPrice": "0x2",
    "logs": [_LOG],
}
_SENT = {"from": _ADDRESS, "to": None, "gas": "0x64", "value": "0x0", "input": "0x", "gasPrice": "0x2"}
_BLOCK = {"number": "0x5", "hash": _HASH, "timestamp": "0x10", "baseFeePerGas": "0x7"}
_READERS: dict[Callable[[Any], Any], Any] = {
    rpc_format.quantity: "0x5",
    rpc_format.amount: "0x5",
    rpc_format.data: "0x0102",
    rpc_format.block: _BLOCK,
    rpc_format.sent: _SENT,
    rpc_format.mined: _RECEIPT,
    rpc_format.logs: [_LOG],
}
_JSON = (
    b"[",
    b"{",
    b"]",
    b"}",
    b'"',
    b",",
    b":",
    b"null",
    b"-0x1",
    b"0x" + b"f" * 70,
    b"1e999",
    b'"\\ud800"',
    b"[" * 990,
)
_HTTP = (
    b"\r\n",
    b"Content-Length: ",
    b"Transfer-Encoding: chunked\r\n",
    b"-1",
    b"-5\r\n",
    b"HTTP/1.1 ",
    b"\x00",
    b"Connection: close\r\n",
)


def parsers() -> list[Parser]:
    """Return them."""
    return [
        Parser("JSON-RPC", _json_rpc, (ChainError,), _answers(), _JSON, _bombs()),
        Parser("JSON-RPC over HTTP", _http, (ChainError,), _http_answers(), _HTTP),
    ]


class _Canned(JSONBaseProvider):
    """Answers everything with the same bytes."""

    body = b""

    def make_request(self, method: Any, params: Any) -> Any:
        return json.loads(self.body)


def _json_rpc(data: bytes) -> None:
    """Read one answer as each kind of thing that may be asked for; refused if none accepts it."""
    endpoint = Endpoint("http://127.0.0.1:9")
    endpoint._provider = _Canned()
    endpoint._provider.body = data
    refused = []
    for read in _READERS:
        try:
            endpoint.ask(read, "eth_method")
        except ChainError as error:
            refused.append(error)
    if len(refused) == len(_READERS):
        raise refused[0]


def _answers() -> tuple[bytes, ...]:
    whole = [{"jsonrpc": "2.0", "id": 0, "result": result} for result in _READERS.values()]
    errors: list[Any] = [
        {"code": 3, "message": "execution reverted: no", "data": "0x08c379a0"},
        {"code": -32000, "message": "x", "data": {"data": {"data": "0x"}}},
    ]
    whole += [{"jsonrpc": "2.0", "id": 0, "error": error} for error in errors]
    return (*(json.dumps(answer).encode() for answer in whole), b"<html>")


def _bombs() -> tuple[bytes, ...]:
    nested = b'{"error":{"message":"reverted","data":' + b'{"data":' * 900 + b"1" + b"}" * 900 + b"}}"
    return (
        nested,
        b"[" * 60_000,
        b'{"result":"0x' + b"f" * 60_000 + b'"}',
        b'{"result":' + b"9" * 60_000 + b"}",
    )


def _http(data: bytes) -> Any:
    endpoint = Endpoint("http://127.0.0.1:9")
    provider = cast(HttpProvider, endpoint._provider)
    provider._connection._create_connection = lambda *_: Wire(data)  # type: ignore[attr-defined]
    return endpoint.ask(rpc_format.quantity, "eth_chainId")


def _http_answers() -> tuple[bytes, ...]:
    body = b'{"jsonrpc":"2.0","id":0,"result":"0x7a69"}'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    return (
        head + b"Content-Length: %d\r\n\r\n" % len(body) + body,
        head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n",
        head + b"\r\n" + body,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
        b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n",
    )
