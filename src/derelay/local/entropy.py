"""Randomness from a seed, so that a local run can be repeated bit by bit."""

from __future__ import annotations

from hashlib import shake_256


class SeededEntropy:
    """A stream of bytes that its seed fixes: what `os.urandom` is to a real node.

    Not secret: whoever knows the seed knows every key. For local runs only.

    Parameters
    ----------
    seed
        Of the run.
    name
        Tells the streams of one run apart.
    """

    def __init__(self, seed: int, name: str) -> None:
        self._prefix = f"derelay {seed} {name} ".encode()
        self._count = 0

    def __call__(self, length: int) -> bytes:
        """Return the next ``length`` bytes."""
        self._count += 1
        return shake_256(self._prefix + str(self._count).encode()).digest(length)
