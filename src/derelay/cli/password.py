"""The password of a keystore: from a file, the environment or a prompt; never from the command line."""

from __future__ import annotations

import os
import sys
from getpass import getpass
from pathlib import Path

from derelay.cli.errors import BadInput

VARIABLE = "DERELAY_PASSWORD"


def password(file: Path | None, what: Path, *, new: bool = False) -> str:
    """Return the password of a keystore.

    Parameters
    ----------
    file
        Holds it in its first line, if not None.
    what
        The keystore, to name in a prompt.
    new
        Ask twice.

    Raises
    ------
    BadInput
        If there is none to be had, or the two that were typed differ.
    """
    found = _told(file)
    if found is None:
        found = _asked(what, new)
    if not found:
        raise BadInput("the password is empty: choose one")
    return found


def _told(file: Path | None) -> str | None:
    if file is None:
        return os.environ.get(VARIABLE)
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0].removesuffix("\r")
    except OSError as error:
        raise BadInput(f"password file {file} cannot be read ({error.strerror}): name another") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"password file {file} is no text: name another") from error


def _asked(what: Path, new: bool) -> str:
    if not sys.stdin.isatty():
        raise BadInput(f"no password for {what}: give --password-file, or set {VARIABLE}")
    found = getpass(f"Password of {what}: ")
    if new and getpass("Once more: ") != found:
        raise BadInput("the two passwords differ: try again")
    return found
