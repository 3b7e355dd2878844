"""A local chain for several processes: anvil, started and stopped from here."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from eth_account import Account
from eth_typing import ChecksumAddress

from derelay.chain.wallet import Wallet
from derelay.local.anvil import DevnetError as DevnetError
from derelay.local.anvil import find_anvil, plain
from derelay.local.devnet_state import check_state

ETHER = 10_000
"""Of each account."""
_LISTENING = re.compile(r"Listening on (\S+)")
_STATES = 256  # of past blocks, kept in memory: more than any reorganization reaches back
_SAVE_SECONDS = 5  # between two writings of the state: what a crash of anvil itself may lose
_STOP_SECONDS = 20
_MNEMONIC = "test test test test test test test test test test test junk"
"""The one that all local chains use: anyone knows its keys."""


class Devnet:
    """A chain that runs as long as this object is open.

    Its accounts' keys are known to everyone: nothing on it is worth anything, and nothing should be.

    Parameters
    ----------
    port : int
        To listen on; 0 for any that is free.
    state : Path, optional
        File that the chain goes on from, if it is there, and is kept in: when it is closed and every few
        seconds.
    block_time : int, optional
        Seconds between blocks; None for a block with each transaction, and none without.
    accounts : int
        That have `ETHER` each.
    host : str
        Address to listen on; others than this machine's own let other machines in.
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
        *,
        host: str = "127.0.0.1",
        ipc: Path | None = None,
    ) -> None:
        command = [find_anvil(), "--host", host, "--port", str(port), "--accounts", str(accounts)]
        command += ["--balance", str(ETHER), "--mnemonic", _MNEMONIC, "--color", "never"]
        command += ["--prune-history", str(_STATES)]
        if state is not None:
            check_state(state)
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
            errors="replace",
            start_new_session=True,  # Ctrl-C in a terminal reaches us, and we stop it
        )
        self._last: deque[str] = deque(maxlen=20)
        address = self._wait()
        if address is None:
            raise DevnetError(plain(list(self._last), port, state))
        self.address = address
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

    def is_running(self) -> bool:
        """Whether the chain has not ended by itself."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the chain without warning, as a power failure would: of its state stays what was kept last."""
        os.killpg(self._process.pid, signal.SIGKILL)  # with npm's starter between us, anvil is not the child
        self._process.wait()
        self._reader.join(_STOP_SECONDS)

    def close(self) -> None:
        """Stop the chain, its state written."""
        if self.is_running():
            self._process.terminate()
        self._reader.join(_STOP_SECONDS)  # ends with the last writer: npm's starter ends before anvil does
        self._process.wait(_STOP_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _wait(self) -> str | None:
        """Return where it listens; None if it ended."""
        for line in self._lines():
            listening = _LISTENING.search(line)
            if listening:
                return listening[1]
        self._process.wait()
        return None

    def _drain(self) -> None:
        """Read on, so that it never waits for a reader."""
        for _ in self._lines():
            pass

    def _lines(self) -> Iterator[str]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._last.append(line.strip())
            yield line


def _key(number: int) -> bytes:
    Account.enable_unaudited_hdwallet_features()
    return bytes(Account.from_mnemonic(_MNEMONIC, account_path=f"m/44'/60'/0'/0/{number}").key)
