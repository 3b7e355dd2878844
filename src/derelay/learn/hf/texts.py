"""Texts as cases: from a file or a folder, cut into windows of tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch

from derelay.learn.archive import ArchiveError
from derelay.learn.cases import Cases

_SUFFIXES = (".txt", ".jsonl")


def read_documents(path: Path) -> list[str]:
    """Return the documents of a .txt file (one), a .jsonl file (the ``text`` of each line), or a folder.

    Raises
    ------
    ArchiveError
        If it is no such file, or a folder without any.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    known = [file for file in files if file.suffix in _SUFFIXES]
    if not known:
        raise ArchiveError(f"{path}: no text is there; name a .txt or .jsonl file, or a folder of them")
    return [document for file in known for document in _documents(file)]


def windows(tokens: Sequence[int], length: int, stratum: int) -> Cases:
    """Cut ``tokens`` into cases that each foretell ``length`` tokens, from those before in the window.

    No two share a token; what is left at the end is dropped.
    """
    count = len(tokens) // (length + 1)
    rows = torch.tensor(tokens[: count * (length + 1)], dtype=torch.int64).view(count, length + 1)
    return Cases(rows[:, :-1], rows[:, 1:], torch.full((count,), stratum))


def _documents(file: Path) -> list[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{file}: cannot be read as UTF-8 text ({error}); correct the file") from error
    if file.suffix == ".txt":
        return [text]
    return [_text(line, f"{file}, line {number}") for number, line in enumerate(text.splitlines(), 1)]


def _text(line: str, place: str) -> str:
    try:
        text = json.loads(line)["text"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ArchiveError(f'{place}: not of the form {{"text": "..."}} ({error}); correct it') from error
    if not isinstance(text, str):
        raise ArchiveError(f"{place}: its text is {type(text).__name__}, not a string; correct it")
    return text
