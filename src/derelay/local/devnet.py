"""A local chain for several processes: anvil, started and stopped from here."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

from eth_account import Account
from eth_typing import ChecksumAddress

from derelay.chain.wallet import Wallet

_LISTENING = re.compile(r"Listening on (\S+)")
_STATES = 256  # of past blocks, kept in memory: more than any reorganization reaches back
_SAVE_SECONDS = 5  # between two writings of the state: what a crash of anvil itself may lose
_STOP_SECONDS = 20
_MNEMONIC = "test test test test test test test test test test test junk"
"""The one that all local chains use: anyone knows its keys."""
ETHER = 10_000
"""Of each account."""


class DevnetError(Exception):
    """No local chain can be run like this."""


def find_anvil() -> str:
    """Return the path of anvil.

    Looked for in ``$DERELAY_ANVIL``, on the ``PATH``, and where npm puts it: ``node_modules`` here or in the
    Python environment.

    Raises
    ------
    DevnetError
        If it is nowhere; says how to get it.
    """
    named = os.environ.get("DERELAY_ANVIL")
    places = [Path("node_modules/.bin"), Path(sys.prefix, "node_modules/.bin")]
    for candidate in [named] if named else ["anvil", *(str(place / "anvil") for place in places)]:
        found = shutil.which(candidate)
        if found is not None:
            return found
    where = f"$DERELAY_ANVIL names {named}, which is no program" if named else "anvil is not installed"
    raise DevnetError(f"{where}: get it with `npm install @foundry-rs/anvil`, then run this again here")


class Devnet:
    """A chain that runs as long as this object is open; on this machine only, no other can reach it.

    Parameters
    ----------
    port : int
        To listen on; 0 for any that is free.
    state : Path, optional
        File that the chain goes on from, if it is there, and is kept in.
    block_time : int, optional
        Seconds between blocks; None for a block with each transaction, and none without.
    accounts : int
        That have `ETHER` each.
    ipc : Path, optional
        Of a socket to listen at as well.

    Raises
    ------
    DevnetError
        If anvil is missing or ends at once: the port is taken, the state is not one of anvil's.
    """

    def __init__(
        self,
        port: int = 0,
        state: Path | None = None,
        block_time: int | None = None,
        accounts: int = 10,
        ipc: Path | None = None,
    ) -> None:
        command = [find_anvil(), "--port", str(port), "--accounts", str(accounts), "--balance", str(ETHER)]
        command += ["--mnemonic", _MNEMONIC, "--prune-history", str(_STATES), "--color", "never"]
        if state is not None:
            command += ["--state", str(state), "--state-interval", str(_SAVE_SECONDS)]
        if block_time is not None:
            command += ["--block-time", str(block_time)]
        if ipc is not None:
            command += ["--ipc", str(ipc)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # Ctrl-C in a terminal reaches us, and we stop it
        )
        self._last: deque[str] = deque(maxlen=20)
        self.address = self._wait()
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()
        self._accounts = accounts

    @property
    def url(self) -> str:
        """Endpoint for `derelay.chain.connect.connect`."""
        return f"http://{self.address}"

    def keys(self) -> list[bytes]:
        """Return the private keys of the funded accounts, the same on every devnet."""
        return [_key(number) for number in range(self._accounts)]

    def wallets(self) -> list[Wallet]:
        """Return the funded accounts."""
        return [Wallet(key) for key in self.keys()]

    def addresses(self) -> list[ChecksumAddress]:
        """Return the addresses of the funded accounts."""
        return [wallet.address for wallet in self.wallets()]

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the chain ends by itself; return whether it has."""
        self._reader.join(seconds)
        return not self._reader.is_alive()

    def close(self) -> None:
        """Stop the chain, its state written."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self._reader.join(_STOP_SECONDS)  # ends with the last writer: npm's starter ends before anvil does
        self._process.wait(_STOP_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _wait(self) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._last.append(line.strip())
            listening = _LISTENING.search(line)
            if listening:
                return listening[1]
        self._process.wait()
        said = " ".join(line for line in self._last if line)
        raise DevnetError(f"anvil ended at once: {said or 'without a word'}")

    def _drain(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._last.append(line.strip())


def _key(number: int) -> bytes:
    Account.enable_unaudited_hdwallet_features()
    return bytes(Account.from_mnemonic(_MNEMONIC, account_path=f"m/44'/60'/0'/0/{number}").key)
