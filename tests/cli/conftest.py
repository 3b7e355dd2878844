from collections.abc import Callable
from dataclasses import dataclass

import pytest

from derelay.cli import main


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def derelay(tmp_path, monkeypatch, capsys) -> Callable[..., Done]:
    """Run the command in an empty directory, in this process: importing PyTorch anew takes seconds."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Done:
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        return Done(end.value.code or 0, *capsys.readouterr())

    return run
