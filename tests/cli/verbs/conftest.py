"""A relay that was just created, on a chain that commands find by its URL."""

import pytest
from eth_account import Account

from cli.verbs.scene import PASSWORD, URL, Played, PromptChain, Scene, keystore, play_a_round, reach
from derelay.baton.baton import Baton
from derelay.chain.charter import Charter, create_relay
from derelay.chain.invitation import Invitation
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet
from derelay.cli.password import VARIABLE
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


@pytest.fixture(scope="module")
def _after_a_round(tmp_path_factory) -> Played:
    return play_a_round(tmp_path_factory.mktemp("round"))


@pytest.fixture
def played(_after_a_round, monkeypatch) -> Played:
    """A relay after a round, the same for all tests of a module: each lets somebody else act."""
    reach(monkeypatch, _after_a_round.chain)
    return _after_a_round


@pytest.fixture
def ask(derelay, played):
    """Run a verb in the relay as one of its people; None for somebody without a wallet."""

    def run(verb, person, *arguments):
        common = [str(played.invitation), "--chain", URL, *arguments]
        return derelay(*verb.split(), *common, *(["--wallet", played.wallet(person)] if person else []))

    return run


@pytest.fixture
def quick_keystores(monkeypatch):
    """Let keystores that commands write open quickly, too."""
    monkeypatch.setenv(VARIABLE, PASSWORD)
    encrypt = Account.encrypt

    def quick(key, password, kdf=None, iterations=None):
        return encrypt(key, password, kdf="pbkdf2", iterations=1)

    monkeypatch.setattr(Account, "encrypt", quick)
