from collections.abc import Callable, Iterator

import pytest

from derelay.store.directory import DirectoryStore
from derelay.store.gateway import Gateway


@pytest.fixture
def theirs(tmp_path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "theirs")


@pytest.fixture
def mine(tmp_path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "mine")


@pytest.fixture
def gateway(theirs) -> Iterator[Gateway]:
    with Gateway(theirs, patience=5) as serving:
        yield serving


@pytest.fixture
def serving(theirs) -> Iterator[Callable[..., Gateway]]:
    """Serves their store, with settings of the test's own."""
    opened = []

    def start(**settings) -> Gateway:
        opened.append(Gateway(theirs, **settings).start())
        return opened[-1]

    yield start
    for each in opened:
        each.close()
