"""A node as a process of its own, started by the command that people use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

STOP_SECONDS = 30
"""After which a process that was told to stop is killed."""
SCRAPE_SECONDS = 5
LAST_LINES = 6
ONE_THREAD = {"OMP_NUM_THREADS": "1"}
"""Many processes share the cores: small models train slower on more threads, many times so on busy ones."""


class NodeProcess:
    """``derelay join`` in a folder of its own.

    Parameters
    ----------
    folder
        Holds `SETTINGS`; gets a log.
    metrics_port
        Of its metrics.
    """

    SETTINGS = "derelay.toml"

    def __init__(self, name: str, folder: Path, metrics_port: int) -> None:
        self.name = name
        self.folder = folder
        self.metrics_port = metrics_port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What it said, one JSON object a line."""
        return self.folder / "log.jsonl"

    def start(self) -> None:
        """Start it, or start it again."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "derelay", "join", "--config", self.SETTINGS],
                cwd=self.folder,
                env=os.environ | ONE_THREAD,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in a terminal reaches us, and we tell it to stop
            )

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The system's number of the process, which has been started."""
        assert self._process is not None
        return self._process.pid

    def tell_to_stop(self) -> None:
        """Let it stop as Ctrl-C would."""
        if self._process is not None and self.is_alive:
            self._process.terminate()

    def wait(self) -> int:
        """Return its exit status; who does not stop in time is killed."""
        assert self._process is not None
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """End it without warning, as a power failure would."""
        assert self._process is not None
        self._process.kill()
        return self._process.wait()

    def last_words(self) -> str:
        """Return the end of what it said."""
        return "\n".join(_words(line) for line in self.log.read_text().splitlines()[-LAST_LINES:])

    def metrics(self) -> dict[str, float]:
        """Return its metrics by name, labels included.

        Raises
        ------
        OSError
            If it does not answer.
        """
        with urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=SCRAPE_SECONDS) as answer:
            lines = answer.read().decode().splitlines()
        pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}


def _words(line: str) -> str:
    try:
        return str(json.loads(line)["message"])
    except (ValueError, KeyError, TypeError):  # a traceback
        return line
