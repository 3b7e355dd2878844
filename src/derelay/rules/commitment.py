"""What participants commit to before they may open it.

Each commitment binds the chain, the relay, the round and the sender: it opens once, for whoever made
it, and replays nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak


@dataclass(frozen=True)
class Context:
    """Where a commitment holds: chain id, address of the relay's rounds, round, sender."""

    chain_id: int
    relay: str
    round: int
    sender: str

    def _hash(self, types: Sequence[str], values: Sequence[Any]) -> bytes:
        head = ("uint256", "address", "uint256", "address")
        return keccak(encode([*head, *types], [self.chain_id, self.relay, self.round, self.sender, *values]))

    def to_secret(self, secret: bytes) -> bytes:
        """Commit an entry to its secret (32 bytes), which is disclosed once all children are committed to."""
        return self._hash(["bytes32"], [secret])

    def to_child(self, child: bytes, salt: bytes) -> bytes:
        """Commit a trainer to the id of its child."""
        return self._hash(["bytes32", "bytes32"], [child, salt])

    def to_scores(self, scores: Sequence[int], salt: bytes) -> bytes:
        """Commit a tester to its scores, one word for each of its seats (`derelay.rules.score`)."""
        return self._hash(["uint256[]", "bytes32"], [list(scores), salt])
