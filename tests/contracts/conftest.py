import pytest
from harness import Machine
from harness.code import Deployed


@pytest.fixture(scope="session")
def probe() -> Deployed:
    """The contracts' rules, each callable by itself."""
    return Deployed(Machine(), "probe")
