"""A local chain for the tests of one file: `from devnets import devnet`."""

from collections.abc import Iterator

import pytest

from derelay.local.devnet import Devnet


@pytest.fixture(scope="module")
def devnet() -> Iterator[Devnet]:
    """A block with each transaction, and none without."""
    with Devnet() as running:
        yield running
