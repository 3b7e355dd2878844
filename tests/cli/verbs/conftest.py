"""A relay that was just created, on a chain that commands find by its URL."""

import pytest

from cli.verbs.scene import PromptChain, Scene, keystore, reach
from derelay.baton.baton import Baton
from derelay.chain.charter import Charter, create_relay
from derelay.chain.invitation import Invitation
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet
from derelay.learn.loading import load_task, task_hash
from derelay.rules.parameters import OPEN


@pytest.fixture
def scene(tmp_path, monkeypatch) -> Scene:
    chain = PromptChain(seed=1)
    reach(monkeypatch, chain)
    creator = Wallet((7).to_bytes(32))
    chain.fund(creator.address, 10**18)
    task = load_task("digits")
    genesis = Baton.build(
        task.model().state_dict(), task=task.name, task_hash=task_hash(task), parents=[], version=0
    )
    block = chain.height()
    charter = Charter(task.name, task_hash(task), genesis.id, OPEN)
    relay = create_relay(Sender(chain, creator), charter, chain.mine)
    invitation = Invitation.to(relay, block)
    return Scene(chain, keystore(tmp_path / "wallet.json", creator), creator, invitation)
