"""The participants of a local run: each with its wallet, its share of the data, its store and its journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from derelay.baton.baton import Baton
from derelay.baton.blocks import Source
from derelay.chain.charter import Charter, create_relay
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.relay import Relay
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet
from derelay.learn.cases import Share
from derelay.learn.loading import task_hash
from derelay.learn.task import Task
from derelay.local.entropy import SeededEntropy
from derelay.local.names import NAMES
from derelay.node.journal import Journal
from derelay.node.node import Node
from derelay.node.participant import Participant
from derelay.node.stopwatch import Stopwatch
from derelay.node.strategy import strategy_named
from derelay.rules.parameters import Parameters
from derelay.store.directory import DirectoryStore

FUNDS = 10 * 10**18
"""Wei that everyone begins with: more than a run can cost."""


@dataclass(frozen=True)
class Cast:
    """Everyone who takes part, the first being the relay's creator."""

    relay: Relay
    nodes: tuple[Node, ...]
    names: dict[str, str]
    strategies: tuple[str, ...]


def assemble(
    chain: EmbeddedChain,
    task: Task,
    shares: Sequence[Share],
    dishonest: Sequence[str],
    parameters: Parameters,
    seed: int,
    folder: Path,
    stopwatch: Stopwatch,
) -> Cast:
    """Create a relay and its participants; the last ones of them are the dishonest.

    Parameters
    ----------
    folder
        Gets a folder for each participant.
    """
    names = NAMES[: len(shares)]
    strategies = ["honest"] * (len(shares) - len(dishonest)) + list(dishonest)
    entropies = [SeededEntropy(seed, name) for name in names]
    wallets = [Wallet.create(entropy) for entropy in entropies]
    for wallet in wallets:
        chain.fund(wallet.address, FUNDS)
    chain.mine()
    genesis = _genesis(task)
    charter = Charter(task.name, task_hash(task), genesis.id, parameters)
    relay = create_relay(Sender(chain, wallets[0]), charter, chain.mine)
    stores: dict[str, Source] = {}
    nodes = []
    for name, wallet, share, entropy, strategy in zip(
        names, wallets, shares, entropies, strategies, strict=True
    ):
        home = folder / name
        home.mkdir(parents=True, exist_ok=True)
        store = DirectoryStore(home / "blocks")
        stores[f"local:{name}"] = store
        me = Participant(
            relay=relay,
            wallet=wallet,
            task=task,
            share=share,
            strategy=strategy_named(strategy),
            store=store,
            peers=stores.get,
            url=f"local:{name}",
            journal=Journal(home / "journal.sqlite"),
            entropy=entropy,
            stopwatch=stopwatch,
        )
        nodes.append(Node(me))
    nodes[0].me.shelve(genesis, entropies[0](32))
    by_address = {str(wallet.address): name for wallet, name in zip(wallets, names, strict=True)}
    return Cast(relay, tuple(nodes), by_address, tuple(strategies))


def _genesis(task: Task) -> Baton:
    return Baton.build(
        task.model().state_dict(), task=task.name, task_hash=task_hash(task), parents=[], version=0
    )
