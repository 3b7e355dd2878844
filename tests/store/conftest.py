from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

import dag_cbor
import pytest
from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, DAG_CBOR
from derelay.store.directory import DirectoryStore
from derelay.store.gateway import Gateway
from derelay.store.store import Store


def links(block: bytes) -> Sequence[CID]:
    return dag_cbor.decode(block)


@dataclass
class Tree:
    """A root block, and full blocks that it links to."""

    root: CID
    blocks: list[CID]

    @classmethod
    def grown(cls, store: Store, blocks: int, size: int = BLOCK_BYTES) -> "Tree":
        random = Random(blocks)
        cids = [store.put(random.randbytes(size)) for _ in range(blocks)]
        return cls(store.put(dag_cbor.encode(cids), DAG_CBOR), cids)


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
