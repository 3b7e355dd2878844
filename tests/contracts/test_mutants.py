"""The listed faults still fit the sources, and histories catch a few of them; `make mutants` hunts all."""

from collections import Counter

import pytest

from derelay.contracts import NAMES, artifact
from mutants.fault import listed
from mutants.hunt import FEW, goes_wrong
from mutants.project import CONTRACTS, ROOT, Project

SAMPLE = {
    "coin: allowances add up",
    "accounts: resumed before settling",
    "registry: the last in the list retires in vain",
    "round/election: the vote's fee is not booked",
}


def test_every_fault_fits_its_source():
    faults = listed()
    for fault in faults:
        fault.applied((ROOT / CONTRACTS / f"{fault.source}.vy").read_text())
    assert [id for id, count in Counter(fault.id for fault in faults).items() if count > 1] == []
    assert [path for path in _sources() if path not in {fault.source for fault in faults}] == []


@pytest.mark.parametrize("fault", [each for each in listed() if each.id in SAMPLE], ids=lambda each: each.id)
def test_histories_catch(fault, tmp_path):
    artifacts = {name: artifact(name) for name in NAMES} | {fault.contract: Project(tmp_path, fault).artifact}
    assert goes_wrong(artifacts, FEW)


def _sources() -> list[str]:
    folder = ROOT / CONTRACTS
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.vy"))
