"""Saying what goes wrong once, though it is tried again at each block."""

from __future__ import annotations

import logging
from collections.abc import Hashable


class Once:
    """Warnings, each of which is given once a round.

    Parameters
    ----------
    log
        Where they go.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._said: set[Hashable] = set()

    def warn(self, about: Hashable, message: str) -> None:
        """Say what goes wrong with something, unless that was said."""
        if about not in self._said:
            self._log.warning("%s", message)
        self._said.add(about)

    def forget(self) -> None:
        """Let everything be said again: another round has begun."""
        self._said.clear()
