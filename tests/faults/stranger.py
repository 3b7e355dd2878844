"""Somebody with an account and a client of its own, who calls what it likes when it likes."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from derelay.chain.chain import ChainError, Receipt
from derelay.chain.connect import connect
from derelay.chain.contract import Contract, function_of
from derelay.chain.endpoint import Endpoint
from derelay.chain.relay import Relay
from derelay.chain.rpc_errors import RefusedError
from derelay.chain.rpc_format import anything
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet
from derelay.rules.score import UNAVAILABLE

GAS = 600_000
RICH = 100 * 10**18
_ID, _KEY = b"i" * 32, b"k" * 80


class Stranger:
    """Sends calls that are to be refused.

    Attributes
    ----------
    refused
        How many of its calls reverted, or were not even taken.
    harmful
        Those that took effect, in words.
    """

    def __init__(self, url: str, relay: Relay, seed: int) -> None:
        self._endpoint = Endpoint(url)
        self._relay = relay
        self._sender = Sender(connect(url), Wallet(seed.to_bytes(32)))
        self._endpoint.ask(anything, "anvil_setBalance", self._sender.address, hex(RICH))
        self.refused = 0
        self.harmful: list[str] = []

    def register(self) -> None:
        """Become a participant."""
        registry = self._relay.registry
        data = registry.encode("register", b"k" * 32, "http://127.0.0.1:1")
        assert self._outcome(self._sender.send(registry.address, data, value=self._relay.bond, gas=GAS)).ok

    def move(self, urls: Iterable[bytes]) -> None:
        """Register addresses of any bytes, one after the other."""
        for url in urls:
            data = keccak(b"move(string)")[:4] + encode(["bytes"], [url])
            last = self._sender.send(self._relay.registry.address, data, gas=GAS)
        self._outcome(last)

    def call_all(self) -> None:
        """Call all that is not its business now."""
        relay = self._relay
        others = [relay.view().owners[0]]
        calls: list[tuple[Contract, str, tuple[Any, ...]]] = [
            (relay.rounds, "commit", (_ID,)),
            (relay.rounds, "disclose", (_ID,)),
            (relay.rounds, "hand_in", (_ID, _ID, _ID, [_KEY] * 3)),
            (relay.rounds, "grant", (relay.view().head.id, _ID, others, [_KEY])),
            (relay.rounds, "ask", (_ID,)),
            (relay.rounds, "score", (_ID,)),
            (relay.rounds, "reveal", ([UNAVAILABLE] * 3, _ID)),
            (relay.rounds, "vote", (_ID, _ID, [UNAVAILABLE] * 3)),
            (relay.rounds, "enter", (_ID,)),  # without its price
            (relay.registry, "slash", (others[0], 1)),
            (relay.registry, "take_bond", ()),
            (relay.registry, "maintain", ()),
            (relay.coin, "mint", (self._sender.address, 10**18)),
        ]
        self._refused(
            [(contract.address, contract.encode(name, *values), name) for contract, name, values in calls]
        )

    def repeat(self, round: int) -> None:
        """Call what others called in a round, with their arguments; hand in their transactions again."""
        seen = {
            event.transaction for event in self._relay.history.events if event.values.get("round") == round
        }
        calls = []
        for transaction in sorted(seen):
            raw = self._endpoint.ask(anything, "eth_getRawTransactionByHash", "0x" + transaction.hex())
            try:
                self._endpoint.ask(anything, "eth_sendRawTransaction", raw)
                self.harmful.append(f"transaction {transaction.hex()[:12]} was taken twice")
            except RefusedError:
                self.refused += 1
            sent = self._relay.chain.w3.eth.get_transaction(transaction)
            name = function_of(bytes(sent["input"]))
            if name in _OF_ONE:
                calls.append((sent["to"], bytes(sent["input"]), name))
        self._refused(calls)

    def _refused(self, calls: Iterable[tuple[Any, bytes, str]]) -> None:
        sent = []
        for to, data, name in calls:
            try:
                sent.append((name, self._sender.send(to, data, gas=GAS)))
            except ChainError:
                self.refused += 1
        for name, transaction in sent:
            if self._outcome(transaction).ok:
                self.harmful.append(f"{name} took effect")
            else:
                self.refused += 1

    def _outcome(self, transaction: bytes) -> Receipt:
        while (receipt := self._sender.outcome(transaction)) is None:
            time.sleep(0.2)
        return receipt


_OF_ONE = frozenset({"commit", "disclose", "hand_in", "grant", "score", "reveal", "vote"})
"""Functions that take effect for who may call them alone."""
