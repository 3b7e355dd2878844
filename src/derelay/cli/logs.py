"""What a long-running command says: lines for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

REPEATED_AFTER = 600.0
"""Seconds for which the same words of the same logger are not said again."""
_STYLES = {logging.WARNING: "yellow", logging.ERROR: "red"}


class PlainLines(logging.Handler):
    """Prints the time and the words, above whatever the console shows live."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record, with nothing in it that a terminal would obey: others' addresses are in some."""
        moment = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        words = "".join(each if each.isprintable() else "�" for each in record.getMessage())
        line = Text.assemble((f"{moment}  ", "dim"), (words, _STYLES.get(record.levelno, "")))
        self._console.print(line, soft_wrap=True)


class JsonLines(logging.Formatter):
    """Formats a record as a JSON object: time, level, logger, message, and what is in its ``fields``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(entry | getattr(record, "fields", {}))


class Once(logging.Filter):
    """Keeps what is found anew at every block from being said at every block."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether it was not said lately."""
        now = time.monotonic()
        self._said = {words: at for words, at in self._said.items() if now - at < REPEATED_AFTER}
        words = record.name, record.getMessage()
        is_new = words not in self._said
        self._said.setdefault(words, now)
        return is_new


def start_logging(console: Console, log_format: str) -> None:
    """Let everything in the package say what it does, in one of the formats of the settings."""
    handler: logging.Handler
    if log_format == "json":
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(JsonLines())
    else:
        handler = PlainLines(console)
    handler.addFilter(Once())
    logger = logging.getLogger("derelay")
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
