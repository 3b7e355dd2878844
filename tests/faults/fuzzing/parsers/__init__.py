"""Every parser there is, in the order of the table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from faults.fuzzing.parser import Parser
from faults.fuzzing.parsers import batons, contracts, endpoints, invitations, own, store


@contextmanager
def all_parsers(folder: Path) -> Iterator[list[Parser]]:
    """Return them, with whatever they read from in an empty folder."""
    with ExitStack() as stack:
        yield [
            *batons.parsers(),
            *store.parsers(folder, stack.enter_context),
            *endpoints.parsers(),
            *contracts.parsers(),
            *invitations.parsers(),
            *own.parsers(folder),
        ]
