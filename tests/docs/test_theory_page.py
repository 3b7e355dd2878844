"""The page of lemmas prints what it shows, and every lemma has a test."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/theory.md").read_text()
RUNS = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def test_what_the_page_shows_is_what_its_code_prints(capsys):
    shown = RUNS.findall(PAGE)
    assert len(shown) == PAGE.count("```python")
    for code, output in shown:
        exec(code, {})
        assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
            line.rstrip() for line in output.splitlines()
        ]


def test_every_lemma_names_a_test_that_is_there():
    lemmas = re.split(r"^### \d+\. ", PAGE, flags=re.MULTILINE)[1:]
    assert len(lemmas) == len(re.findall(r"^\| \d+ \|", PAGE, re.MULTILINE))
    for lemma in lemmas:
        named = re.findall(r"\*Checked\* by `(test_theory_\w+\.py)`", lemma)
        assert named, lemma.splitlines()[0]
        assert all((ROOT / "tests/sim/theory" / name).is_file() for name in named)
