"""A chain that commands find by its URL, and wallets with money on it."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from eth_account import Account

import derelay.cli.member
from derelay.chain.chain import ChainError
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.invitation import Invitation
from derelay.chain.relay import Relay
from derelay.chain.wallet import Wallet
from derelay.cli.password import VARIABLE
from derelay.learn.loading import load_task
from derelay.learn.split import split
from derelay.local.cast import assemble
from derelay.node.participant import Participant
from derelay.node.stopwatch import Stopwatch
from derelay.rules.parameters import OPEN
from derelay.rules.phases import Phase
from small_relay import play

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


@dataclass(frozen=True)
class Played:
    """A relay after a round: everybody's keystore, and the folder where everybody's node lives."""

    chain: PromptChain
    relay: Relay
    people: tuple[Participant, ...]
    invitation: Invitation
    folder: Path

    def wallet(self, person: Participant) -> Path:
        """Return a person's keystore."""
        return self.folder / f"{person.address}.json"


def play_a_round(folder: Path) -> Played:
    """Let five people make version 1, each in the home that commands look for."""
    task = load_task("digits")
    chain = PromptChain(seed=5)
    shares = split(task.cases()[0], 5, 1.0, torch.Generator().manual_seed(5))
    parameters = replace(OPEN, seats=3, voters=3, min_seats=2)
    cast = assemble(chain, task, shares, (), parameters, 5, folder, Stopwatch())
    play(chain, cast, lambda relay: relay.view().phase is Phase.REST and relay.view().round.number == 1)
    people = tuple(node.me for node in cast.nodes)
    rounds = cast.relay.rounds.address
    (folder / rounds).mkdir()
    for person in people:
        keystore(folder / f"{person.address}.json", person.wallet)
        name = cast.names[person.address]
        (folder / rounds / person.address).symlink_to(folder / name)
    return Played(chain, cast.relay, people, Invitation.to(cast.relay, 0), folder)
