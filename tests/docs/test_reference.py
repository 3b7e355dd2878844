"""The reference names everything that the contracts have, with the numbers that they have."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest

import derelay.contracts
from derelay.contracts import NAMES, artifact
from derelay.rules.parameters import OPEN

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/contracts.md").read_text()
SOURCES = Path(derelay.contracts.__file__).parent
RUNS = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def test_every_function_and_event_is_listed():
    names = {entry["name"] for contract in NAMES for entry in artifact(contract).abi if "name" in entry}
    assert {name for name in names if not re.search(rf"`{name}[`(]", PAGE)} == set()


def test_every_revert_reason_is_listed():
    reason = re.compile(r'(?:assert|require\()[^#\n]*"([^"]+)"\)?$', re.MULTILINE)
    reasons = {text for path in SOURCES.rglob("*.vy") for text in reason.findall(path.read_text())}
    assert len(reasons) > 50
    assert {text for text in reasons if f"`{text}`" not in PAGE} == set()


def test_parameters_have_the_defaults_that_are_listed():
    listed = dict(re.findall(r"^\| `(\w+)` \| ([\d, ]+) \|", PAGE, re.MULTILINE))
    defaults = {
        name: ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        for name, value in asdict(OPEN).items()
    }
    assert listed == defaults


@pytest.mark.parametrize("page", ["protocol", "threat-model"])
def test_what_a_page_shows_is_what_its_code_prints(page, capsys):
    shown = RUNS.findall((ROOT / f"docs/explanation/{page}.md").read_text())
    assert shown
    for code, output in shown:
        exec(code, {})
        assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
            line.rstrip() for line in output.splitlines()
        ]
