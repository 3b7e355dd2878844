"""Changes of a node's process from inside, before it begins."""

from __future__ import annotations

import ctypes
import os
import sys
import time

HOUR = 3600.0
_VERSION, _OVERRIDE, _SEARCH = 0x20080522, 1, 2
"""Of capset(2): its third version, CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""


def an_hour_ahead() -> None:
    """Let the clock be fast by an hour; what the disk says of files stays right."""
    _shift(HOUR)


def an_hour_behind() -> None:
    """Let the clock be slow by an hour."""
    _shift(-HOUR)


def obey_permissions() -> None:
    """Give up what lets root write anywhere, so that a folder can be read-only to everyone."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, data = (ctypes.c_uint32 * 2)(_VERSION, 0), (ctypes.c_uint32 * 6)()
    if libc.capget(header, data):
        raise OSError(ctypes.get_errno(), "capget")
    for place in (0, 1):  # effective, permitted
        data[place] &= ~(1 << _OVERRIDE | 1 << _SEARCH)
    if libc.capset(header, data):
        raise OSError(ctypes.get_errno(), "capset")


def _shift(seconds: float) -> None:
    true = time.time
    time.time = lambda: true() + seconds
