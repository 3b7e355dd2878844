"""The rounds contract's view `current`, read word by word."""

from __future__ import annotations

from typing import Any

from derelay.contracts import artifact


def _places() -> dict[str, int]:
    """Return where each value of the round stands, in words."""
    abi: Any = next(entry for entry in artifact("rounds").abi if entry.get("name") == "current")
    return {field["name"]: place for place, field in enumerate(abi["outputs"][0]["components"])}


_PLACES = _places()
_HEAD = 3
_OWNERS = 1


class Current:
    """The round (its values by name), and the children in the pool, by place."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __getitem__(self, name: str) -> int:
        return self._word(_PLACES[name])

    @property
    def pool(self) -> list[int]:
        """The children that did not fail, best first."""
        start = self._word(len(_PLACES) + _HEAD + _OWNERS) // 32  # the head and an offset stand before it
        return [self._word(start + 1 + i) for i in range(self._word(start))]

    def _word(self, place: int) -> int:
        return int.from_bytes(self._data[32 * place : 32 * place + 32], "big")
