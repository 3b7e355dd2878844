"""Errors that people can mend: one line each, no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer


class BadInput(typer.TyperException):
    """Something that was asked for cannot be done; the message says what, why and what to do."""

    exit_code = 2


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the rooms below raise for people into `BadInput`; anything else is a bug and stays one."""
    from derelay.baton.errors import BatonError
    from derelay.learn.task import TaskError
    from derelay.local.demo import SettingError
    from derelay.local.report.folder import ReportError

    try:
        yield
    except (BatonError, ReportError, SettingError, TaskError) as error:
        raise BadInput(str(error)) from error
