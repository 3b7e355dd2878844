"""Where a node lives: a folder for each wallet in each relay."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eth_typing import ChecksumAddress

from derelay.baton.files import whole_file
from derelay.chain.chain import Chain
from derelay.cli.errors import BadInput


class Home:
    """A node's folder, for its owner's eyes only: made when first asked for.

    Parameters
    ----------
    folder
        Where all nodes live.
    rounds, wallet
        Addresses of the relay and of the participant.
    """

    def __init__(self, folder: Path, rounds: ChecksumAddress, wallet: ChecksumAddress) -> None:
        self.path = folder / rounds / wallet
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"folder {folder} cannot be used ({error.strerror}): name another") from error

    @property
    def journal(self) -> Path:
        """The file of its journal."""
        return self.path / "journal.sqlite"

    @property
    def blocks(self) -> Path:
        """The folder of its sealed blobs."""
        return self.path / "blocks"

    def belong_to(self, chain: Chain, block: int) -> None:
        """Tie the home to one chain: by the hash of a block that was final when the node came here.

        A devnet begun anew has the same number as before, and a relay at the same address; what a journal
        says of the old one would be wrong of the new.

        Raises
        ------
        BadInput
            If the home belongs to another chain.
        """
        mark = self.path / "chain"
        if not mark.exists():
            with whole_file(mark, durable=True) as file:
                file.write(f"{block} {chain.block_hash(block).hex()}\n".encode())
        number, hash = mark.read_text().split()
        if int(number) > chain.height() or chain.block_hash(int(number)).hex() != hash:
            raise BadInput(
                f"{self.path} belongs to a relay on another chain of the same number, perhaps a devnet that "
                "was begun anew since: remove it, or give another --folder"
            )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from acting as this node: two would send with the same nonces.

        The operating system lets go when the process dies, however it dies.

        Raises
        ------
        BadInput
            If another process holds it.
        """
        lock = sqlite3.connect(self.path / "lock.sqlite", isolation_level=None, timeout=0)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            lock.close()
            raise BadInput(
                f"a node is at work in {self.path}: stop it first (Ctrl-C); it goes on where it was"
            ) from error
        try:
            yield
        finally:
            lock.close()
