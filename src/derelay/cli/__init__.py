"""The command `derelay`."""

from derelay.cli.app import main

__all__ = ["main"]
