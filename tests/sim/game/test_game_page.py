"""What the page on games shows is what its code prints."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs/how-to/simulate-games.md"
RUNS = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def test_the_script_prints_what_is_shown(capsys):
    [(code, output)] = RUNS.findall(PAGE.read_text(encoding="utf-8"))
    exec(code, {})
    assert capsys.readouterr().out == output
