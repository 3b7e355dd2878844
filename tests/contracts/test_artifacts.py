import json
import re
from collections import Counter
from pathlib import Path

import pytest
from harness import Relay

import derelay.contracts
from derelay.contracts import NAMES
from derelay.contracts.compile import compiled
from derelay.rules.protocol import PROTOCOL_VERSION

SOURCES = Path(derelay.contracts.__file__).parent
LIMIT = 24_576  # bytes of code at one address (EIP-170)


@pytest.mark.parametrize("name", NAMES)
def test_artifacts_are_what_the_sources_compile_to(name):
    committed = json.loads((SOURCES / "artifacts" / f"{name}.json").read_text())
    assert committed == json.loads(json.dumps(compiled(name)))


def test_every_contract_fits_the_chain():
    relay = Relay()
    for contract in (relay.coin, relay.accounts, relay.registry, relay.rounds):
        assert 0 < len(relay.machine.code(contract.address)) < LIMIT


def test_each_cause_has_its_own_reason():
    found = re.compile(r'(?:assert|require\()[^#\n]*"([^"]+)"\)?$', re.MULTILINE)
    reasons = Counter(reason for path in SOURCES.rglob("*.vy") for reason in found.findall(path.read_text()))
    assert len(reasons) > 50
    assert [reason for reason, count in reasons.items() if count > 1] == []
    assert all(len(reason) <= 40 for reason in reasons)


def test_the_contract_speaks_the_protocol_of_the_package():
    assert Relay().rounds.read("PROTOCOL_VERSION") == PROTOCOL_VERSION
