import pytest
import torch

from derelay.baton.baton import Baton
from derelay.baton.layout import Layout
from derelay.baton.tensors import State, layout_of
from derelay.store.directory import DirectoryStore


@pytest.fixture(scope="session")
def state() -> State:
    """Three blocks' worth of model: mixed dtypes, a scalar, a transposed tensor."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(7)
    return {
        "body.weight": torch.randn(600, 1000, generator=generator).t(),
        "head.bias": torch.randn(10, generator=generator).to(torch.bfloat16),
        "norm.steps": torch.tensor(40),
        "mask": torch.ones(3, 3, dtype=torch.bool).tril(),
    }


@pytest.fixture(scope="session")
def template(state: State) -> Layout:
    return layout_of(state)


@pytest.fixture(scope="session")
def baton(state: State) -> Baton:
    return Baton.build(state, task="digits", task_hash=bytes(32), parents=[b"p" * 32, b"q" * 32], version=3)


@pytest.fixture
def store(tmp_path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "blocks")
