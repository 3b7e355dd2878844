"""What reads files that somebody wrote for its own node, or was given: settings, cases."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np

from derelay.cli.assembly import check_addresses
from derelay.cli.errors import BadInput
from derelay.cli.settings import Settings
from derelay.learn.archive import ArchiveError, read_cases
from faults.fuzzing.parser import Parser

_SETTINGS = b"""chain = "http://127.0.0.1:8545"
invitation = "derelay1z"
wallet = "wallet.json"
password_file = "~/password"
task = "digits"
data = "cases.npz"
folder = "node"
listen = "127.0.0.1:0"
url = "http://one.example:4001"
mirror = 3
private_addresses = true
patience = 30
maintain = true
rounds = 7
metrics = 0
log_format = "json"
"""
_TOML = (
    b"\n",
    b'"',
    b"=",
    b"[",
    b"{",
    b'"""',
    b"~nobody/",
    b"\\u0000",
    b"99999999999999999999999",
    b"9" * 5000,
    b"1979-05-27",
    b"inf",
    b"patience = -1\n",
)


def parsers(folder: Path) -> list[Parser]:
    """Return them; the files that they read go into ``folder``."""
    return [
        Parser(
            "settings",
            lambda data: _settings(folder / "derelay.toml", data),
            (BadInput,),
            (_SETTINGS,),
            _TOML,
            (b"a = " + b"[" * 1500, b"a = " + b"{b=" * 1500),
        ),
        Parser(
            "cases",
            lambda data: _cases(folder / "cases.npz", data),
            (ArchiveError,),
            _archives(),
            (b"PK\x03\x04",),
        ),
        Parser("array", lambda data: _array(folder / "cases.npz", data), (ArchiveError,), _arrays(), _SHAPES),
    ]


_SHAPES = (
    b"(1 << 40,)",
    b"(99999999999999,)",
    b"'|O'",
    b"'<f8'",
    b"'<U9999999'",
    b"True",
    b"(",
    b"'V8'",
    b"'<M8[s]'",
    b"'<c16'",
)


def _settings(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    check_addresses(Settings.read(file))


def _cases(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    read_cases(file)


def _archives() -> tuple[bytes, ...]:
    rows = {"inputs": np.ones((4, 3), np.float32), "targets": np.arange(4), "strata": np.arange(4)}
    plain, small = io.BytesIO(), io.BytesIO()
    np.savez(plain, **rows)
    np.savez_compressed(small, **rows)
    single = io.BytesIO()
    np.save(single, rows["inputs"])
    return plain.getvalue(), small.getvalue(), single.getvalue(), b"\x80\x04cos\nsystem\n"


def _array(file: Path, data: bytes) -> None:
    """Read an archive whose checksums are right, one array of which is anything."""
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inputs.npy", data)
        archive.writestr("targets.npy", _arrays()[1])
    read_cases(file)


def _arrays() -> tuple[bytes, ...]:
    found = []
    for array in (np.ones((4, 3), np.float32), np.arange(4), np.array([b"x"] * 4), np.zeros(4, "M8[s]")):
        file = io.BytesIO()
        np.save(file, array)
        found.append(file.getvalue())
    return tuple(found)
