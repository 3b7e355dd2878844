"""What reads what endpoints say: HTTP, JSON-RPC, answers of contracts, events; and invitations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, cast

from eth_abi.abi import encode as abi
from eth_utils.crypto import keccak
from multiformats import multibase
from web3.providers.base import JSONBaseProvider

from derelay.chain import rpc_format
from derelay.chain.chain import Chain, ChainError, Log, revert_reason
from derelay.chain.contract import Contract
from derelay.chain.endpoint import Endpoint
from derelay.chain.history import History
from derelay.chain.invitation import PREFIX, Invitation, InvitationError
from derelay.chain.rpc_http import HttpProvider
from derelay.contracts import NAMES, artifact
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
_WORDS = (bytes(32), b"\xff" * 32, (32).to_bytes(32), (1 << 255).to_bytes(32), (64).to_bytes(32))
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

_LONGEST_CONTENT = 2500
"""Bytes of what is put into an invitation, which may have 2048."""


def parsers() -> list[Parser]:
    """Return them."""
    chain = _Silent()
    contracts = [Contract(cast(Chain, chain), cast(Any, _ADDRESS), name) for name in NAMES]
    return [
        Parser(
            "invitation",
            _invitation,
            (InvitationError,),
            (str(_INVITATION).encode(),),
            bombs=(PREFIX.encode() + b"z" * 4000, PREFIX.encode() + b"1" * 60_000),
        ),
        Parser(
            "invitation's content",
            _content,
            (InvitationError,),
            (_payload(),),
            (b"\x80", b"\x9b" + b"\xff" * 8),
        ),
        Parser("JSON-RPC", _json_rpc, (ChainError,), _answers(), _JSON, _bombs()),
        Parser("JSON-RPC over HTTP", _http, (ChainError,), _http_answers(), _HTTP),
        Parser(
            "revert",
            revert_reason,
            (),
            (b"\x08\xc3\x79\xa0" + abi(["string"], ["no"]), b"\x4e\x48\x7b\x71" + bytes(32)),
        ),
        Parser(
            "answer of a contract",
            lambda data: _views(contracts, chain, data),
            (ChainError,),
            _view_answers(),
            _WORDS,
        ),
        Parser("event", lambda data: _event(contracts, data), (ChainError,), _events(), _WORDS),
    ]


_INVITATION = Invitation(
    31337, cast(Any, "0x" + "11" * 20), 5, "digits", bytes(32), ("http://one.example:4001",)
)


def _payload() -> bytes:
    return multibase.decode("z" + str(_INVITATION).removeprefix(PREFIX))[:-4]


def _invitation(data: bytes) -> Invitation:
    return Invitation.read(data.decode(errors="replace"))


def _content(data: bytes) -> Invitation:
    """Read an invitation whose checksum is right: anyone can make one."""
    data = data[:_LONGEST_CONTENT]
    checksum = hashlib.sha256(PREFIX.encode() + data).digest()[:4]
    return Invitation.read(PREFIX + multibase.encode(data + checksum, "base58btc")[1:])


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


class _Silent:
    """A chain that answers each call with the same bytes."""

    answer = b""

    def call(self, to: Any, data: bytes) -> bytes:
        return self.answer


def _views(contracts: list[Contract], chain: _Silent, data: bytes) -> None:
    """Read an answer as that of each view without arguments; refused if none accepts it."""
    chain.answer = data
    refused: list[ChainError] = []
    views = [
        (contract, *view)
        for contract in contracts
        for view in _ASKED
        if view[0] in contract._interface.functions
    ]
    for contract, name, arguments in views:
        try:
            contract.read(name, *arguments)
        except ChainError as error:
            refused.append(error)
    if len(refused) == len(views):
        raise refused[0]


_ASKED: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("current", ()),
    ("settings", ()),
    ("entries_of", (1, 0)),
    ("children_of", (1, 0)),
    ("deck_of", (1, 0)),
    ("member", (_ADDRESS,)),
    ("task_name", ()),
    ("contracts", ()),
)


def _view_answers() -> tuple[bytes, ...]:
    member = abi(["(bytes32,string,uint256,uint256,uint256)"], [(bytes(32), "http://one", 1, 1, 0)])
    entries = abi(
        ["(address,uint256,bytes32,uint256,uint256,address)[]"],
        [[(_ADDRESS, 1, bytes(32), 1, 1, _ADDRESS)] * 3],
    )
    return bytes(32 * 30), member, entries, member.replace(b"http", b"\xff\xfe\x00\x1b")


def _event(contracts: list[Contract], data: bytes) -> None:
    """Read an event: its topics, each 32 bytes, then its data; the first byte says how many topics."""
    count = data[0] % 5 if data else 0
    topics = tuple(data[at : at + 32].ljust(32, b"\0") for at in range(1, 1 + 32 * count, 32))
    for contract in contracts:
        log = Log(contract.address, topics, data[1 + 32 * count :], 1, 0, bytes(32))
        history = History(cast(Chain, _Silent()), [contract])
        event = history._read(log)
        if event is not None:
            history._take(event)


def _events() -> tuple[bytes, ...]:
    entries: list[Any] = [entry for name in NAMES for entry in artifact(name).abi if entry["type"] == "event"]
    found = []
    for entry in entries:
        kinds = ",".join(field["type"] for field in entry["inputs"])
        indexed = sum(field["indexed"] for field in entry["inputs"])
        topic = keccak(f"{entry['name']}({kinds})".encode())
        found.append(bytes([1 + indexed]) + topic + bytes(32 * indexed) + bytes(32 * 8))
    return tuple(found)
