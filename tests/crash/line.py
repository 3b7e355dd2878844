"""A chain that lives in another process, at the other end of a pipe."""

from __future__ import annotations

from collections.abc import Collection
from multiprocessing.connection import Connection
from typing import Any

from eth_typing import ChecksumAddress
from web3 import Web3

from derelay.chain.chain import Chain, ChainError, Log, Receipt, Reverted


class DistantChain(Chain):
    """Asks for everything; the other end answers with `answer`."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def _ask(self, name: str, *args: Any) -> Any:
        self._pipe.send(("chain", name, args))
        error, value = self._pipe.recv()
        if error is not None:
            raise error(value)
        return value

    @property
    def w3(self) -> Web3:
        raise ChainError("a distant chain has no web3")

    @property
    def chain_id(self) -> int:
        return self._ask("chain_id")

    def height(self) -> int:
        return self._ask("height")

    def timestamp(self) -> int:
        return self._ask("timestamp")

    def block_hash(self, height: int) -> bytes:
        return self._ask("block_hash", height)

    def balance(self, address: ChecksumAddress) -> int:
        return self._ask("balance", address)

    def code(self, address: ChecksumAddress) -> bytes:
        return self._ask("code", address)

    def nonce(self, address: ChecksumAddress) -> int:
        return self._ask("nonce", address)

    def fees(self) -> dict[str, int]:
        return self._ask("fees")

    def call(self, to: ChecksumAddress, data: bytes) -> bytes:
        return self._ask("call", to, data)

    def logs(self, addresses: Collection[ChecksumAddress], from_block: int, to_block: int) -> list[Log]:
        return self._ask("logs", list(addresses), from_block, to_block)

    def submit(self, raw: bytes) -> bytes:
        return self._ask("submit", raw)

    def receipt(self, transaction: bytes) -> Receipt | None:
        return self._ask("receipt", transaction)

    def knows(self, transaction: bytes) -> bool:
        return self._ask("knows", transaction)


def answer(chain: Chain, name: str, args: tuple[Any, ...]) -> tuple[type[ChainError] | None, Any]:
    """Return what a chain answers to a distant one."""
    asked = getattr(chain, name)
    try:
        return None, asked(*args) if callable(asked) else asked
    except Reverted as error:
        return Reverted, error.reason
    except ChainError as error:
        return ChainError, str(error)
