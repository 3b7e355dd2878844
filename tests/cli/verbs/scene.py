"""A chain that commands find by its URL, and wallets with money on it."""

import json
from dataclasses import dataclass
from pathlib import Path

from eth_account import Account

import derelay.cli.member
from derelay.chain.chain import ChainError
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.invitation import Invitation
from derelay.chain.wallet import Wallet
from derelay.cli.password import VARIABLE

URL = "http://chain.test"
PASSWORD = "open sesame"


class PromptChain(EmbeddedChain):
    """Makes a block of every transaction at once, as a development node does."""

    def submit(self, raw: bytes) -> bytes:
        transaction = super().submit(raw)
        self.mine()
        return transaction


@dataclass(frozen=True)
class Scene:
    """A relay that was just created."""

    chain: PromptChain
    wallet: Path
    creator: Wallet
    invitation: Invitation


def keystore(path: Path, wallet: Wallet) -> Path:
    """Write a keystore that opens quickly: hard to guess costs a second each."""
    encrypted = Account.encrypt(wallet._account.key, PASSWORD, kdf="pbkdf2", iterations=1)
    path.write_text(json.dumps(encrypted))
    return path


def reach(monkeypatch, chain: EmbeddedChain) -> None:
    """Let commands find a chain at `URL`."""

    def connect(url, seed=0):
        if url != URL:
            raise ChainError(f"chain {url!r} cannot be reached")
        return chain

    monkeypatch.setattr(derelay.cli.member, "connect", connect)
    monkeypatch.setenv(VARIABLE, PASSWORD)
