import pytest
import torch


@pytest.fixture(autouse=True)
def one_thread():
    """Small models are many times faster on one thread than on several that share the cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
