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
    try:
        yield
    except _for_people() as error:
        raise BadInput(str(error)) from error


def _for_people() -> tuple[type[Exception], ...]:
    """Return the errors that people can mend; asked for only when there is one: importing them takes long."""
    from derelay.baton.blocks import BlockError
    from derelay.baton.errors import BatonError
    from derelay.chain.chain import ChainError
    from derelay.chain.invitation import InvitationError
    from derelay.chain.wallet import WalletError
    from derelay.learn.task import TaskError
    from derelay.local.anvil import DevnetError
    from derelay.local.demo import SettingError
    from derelay.local.report.folder import ReportError
    from derelay.node.journal import JournalError
    from derelay.rules.parameters import ParameterError

    return (
        BatonError,
        BlockError,
        ChainError,
        DevnetError,
        InvitationError,
        JournalError,
        ParameterError,
        ReportError,
        SettingError,
        TaskError,
        WalletError,
    )
