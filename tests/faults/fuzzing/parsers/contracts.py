"""What reads what contracts say, or an endpoint in their name: views, events, reverts."""

from __future__ import annotations

from typing import Any, cast

from eth_abi.abi import encode as abi
from eth_utils.crypto import keccak

from derelay.chain.chain import Chain, ChainError, Log, revert_reason
from derelay.chain.contract import Contract
from derelay.chain.history import History
from derelay.contracts import NAMES, artifact
from faults.fuzzing.parser import Parser

_ADDRESS = "0x" + "cd" * 20
_WORDS = (bytes(32), b"\xff" * 32, (32).to_bytes(32), (1 << 255).to_bytes(32), (64).to_bytes(32))
_ERROR, _PANIC = b"\x08\xc3\x79\xa0", b"\x4e\x48\x7b\x71"


def parsers() -> list[Parser]:
    """Return them."""
    chain = _Silent()
    contracts = [Contract(cast(Chain, chain), cast(Any, _ADDRESS), name) for name in NAMES]
    reverts = (
        _ERROR + abi(["string"], ["no"]),
        _ERROR + abi(["bytes"], [b"\xff\xfe"]),
        _ERROR + (32).to_bytes(32) + (1 << 255).to_bytes(32),
        _PANIC + bytes(32),
    )
    return [
        Parser("revert", revert_reason, (), reverts, _WORDS),
        Parser(
            "answer of a contract",
            lambda data: _views(contracts, chain, data),
            (ChainError,),
            _view_answers(),
            _WORDS,
        ),
        Parser("event", lambda data: _event(contracts, data), (ChainError,), _events(), _WORDS),
    ]


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
