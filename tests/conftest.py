"""What all tests share.

Property tests draw the same examples each time, and are not timed: the machine may be busy.
"""

import logging
from collections.abc import Iterator

import pytest
import torch
from hypothesis import settings

pytest_plugins = ("imagined",)

settings.register_profile("derelay", derandomize=True, deadline=None)
settings.load_profile("derelay")

torch.set_num_threads(1)  # small models train slower on more, many times so on busy machines


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """Take back where a command that ran in this process has let its log go."""
    logger = logging.getLogger("derelay")
    before = logger.handlers, logger.level, logger.propagate
    yield
    logger.handlers, logger.level, logger.propagate = before
