"""What the page about simulated relays shows can be run."""

import re
from pathlib import Path

from derelay.sim.strategies import STRATEGIES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/how-to/simulate-a-relay.md").read_text()


def test_the_scripts_run(capsys):
    scripts = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(scripts) == 2
    names: dict[str, object] = {}
    for script in scripts:
        exec(script, names)
    lost, head, _ = capsys.readouterr().out.splitlines()
    assert lost.endswith("deposits lost: True")
    assert head.startswith("head ")


def test_every_strategy_has_its_own_name_and_words():
    assert len({strategy.about for strategy in STRATEGIES.values()}) == len(STRATEGIES)
    assert all(name == strategy.name for name, strategy in STRATEGIES.items())
