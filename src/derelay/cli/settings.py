"""Settings of a participant: one file, `derelay.toml`, that flags override."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import NoneType
from typing import Any, Self, get_args, get_type_hints

from derelay.cli.errors import BadInput

FILE = Path("derelay.toml")
"""Read where a command is run, unless `--config` names another."""

LOG_FORMATS = ("text", "json")
_BOUNDS = (("patience", 1, 86_400), ("rounds", 1, 1 << 31), ("metrics", 0, 65_535), ("mirror", 1, 1 << 20))
"""The least and the most of numbers."""


@dataclass(frozen=True)
class Settings:
    """What a participant decides for itself. None stands for what nobody has said.

    Attributes
    ----------
    chain
        Endpoints of the chain, separated by commas; see `derelay.chain.connect`.
    invitation
        To the relay.
    wallet
        Keystore file.
    password_file
        Holds the keystore's password, in the place of a prompt or the environment.
    task
        An installed task or a Python file; by default what the invitation names, if it is installed.
    data
        One's own cases.
    folder
        Where nodes keep journals and blobs, each in a folder of its own.
    listen
        HOST:PORT on which blobs are served; port 0 takes a free one.
    url
        Where others reach this; by default what it listens on.
    publish_to
        Address of a holder that serves one's blobs in one's place.
    mirror
        GiB of others' sealed blobs to keep; None for none.
    gateway
        Addresses of IPFS trustless gateways to ask after the holders, separated by commas.
    private_addresses
        Whether holders at private and loopback addresses are asked for blobs.
    patience
        Seconds without progress after which a transfer is given up.
    maintain
        Whether to test and vote, with the larger bond.
    rounds
        How many rounds to take part in.
    log_format
        One of `LOG_FORMATS`.
    metrics
        Port of Prometheus' metrics, on loopback.
    """

    chain: str | None = None
    invitation: str | None = None
    wallet: Path | None = None
    password_file: Path | None = None
    task: str | None = None
    data: Path | None = None
    folder: Path = Path.home() / ".derelay"
    listen: str = "127.0.0.1:0"
    url: str | None = None
    publish_to: str | None = None
    mirror: int | None = None
    gateway: str | None = None
    private_addresses: bool = False
    patience: int = 30
    maintain: bool = False
    rounds: int | None = None
    log_format: str = "text"
    metrics: int | None = None

    def __post_init__(self) -> None:
        if self.log_format not in LOG_FORMATS:
            raise BadInput(f"log_format {self.log_format!r}: choose from {', '.join(LOG_FORMATS)}")
        for name, least, most in _BOUNDS:
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise BadInput(f"{name} {value}: give a number from {least} to {most}")

    @classmethod
    def read(cls, file: Path | None = None, **flags: Any) -> Self:
        """Return the settings of a file, overridden by those flags that are not None.

        Parameters
        ----------
        file
            None for `FILE`, which need not be there.

        Raises
        ------
        BadInput
            If the file cannot be read, or a setting in it is unknown or of another type.
        """
        values = _of_file(file) if file is not None else _of_file(FILE) if FILE.exists() else {}
        return cls(**values | {name: value for name, value in flags.items() if value is not None})

    def need(self, name: str) -> Any:
        """Return a setting that a command cannot do without.

        Raises
        ------
        BadInput
            If nobody has said it.
        """
        value = getattr(self, name)
        if value is None:
            what = name.replace("_", "-")
            raise BadInput(f"no {what} is given: name it by --{what}, or as {name} = … in {FILE}")
        return value


def _of_file(file: Path) -> dict[str, Any]:
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"settings {file} cannot be read ({error.strerror}): name another file") from error
    except (RecursionError, ValueError) as error:  # no TOML, no text, a number without end
        raise BadInput(f"settings {file}: {error}; correct the file") from error
    kinds = _kinds()
    return {name: _checked(file, kinds, name, value) for name, value in read.items()}


def _checked(file: Path, kinds: Mapping[str, type], name: str, value: object) -> Any:
    kind = kinds.get(name)
    if kind is None:
        raise BadInput(f"settings {file}: there is no setting {name!r}; there are {', '.join(kinds)}")
    if kind is Path and isinstance(value, str):
        return file.parent / Path(value).expanduser()
    if type(value) is not kind:
        raise BadInput(f"settings {file}: {name} is {value!r}; give {_TYPES[kind]}")
    return value


_TYPES = {str: "a text in quotes", Path: "a path in quotes", int: "a whole number", bool: "true or false"}


def _kinds() -> dict[str, type]:
    """Return the type of each setting, without None."""
    hints = get_type_hints(Settings)
    return {
        field.name: next(
            kind for kind in get_args(hints[field.name]) or (hints[field.name],) if kind is not NoneType
        )
        for field in fields(Settings)
    }
