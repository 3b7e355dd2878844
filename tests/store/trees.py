"""Blocks as a sealed baton has them: a root, and full blocks that it links to."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import dag_cbor
from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, DAG_CBOR
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
