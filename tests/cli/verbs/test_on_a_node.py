"""The verbs through JSON-RPC, on anvil: one participant from its wallet to its bond."""

import io
import json

import pytest

from derelay.chain.connect import connect
from derelay.chain.invitation import Invitation
from derelay.chain.relay import Relay
from derelay.chain.sender import Sender
from devnets import devnet  # noqa: F401 (a fixture)


@pytest.fixture
def run(derelay, devnet, tmp_path, quick_keystores):  # noqa: F811
    """Run a verb with settings from a file, and return what it says."""
    (tmp_path / "derelay.toml").write_text(f'chain = "{devnet.url}"\nwallet = "me.json"\nfolder = "nodes"\n')

    def run(*arguments):
        done = derelay(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_from_a_wallet_to_the_bond(run, devnet, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setattr("sys.stdin", io.StringIO(devnet.keys()[0].hex()))
    me = devnet.wallets()[0]
    assert run("wallet", "import")["address"] == me.address
    before = run("wallet", "show")["wei"]
    created = run("create", "digits", "--param", "leave_delay=3600")
    assert created["cost"] == before - run("wallet", "show")["wei"] > 0
    with (tmp_path / "derelay.toml").open("a") as settings:
        settings.write(f'invitation = "{created["invitation"]}"\n')

    assert [head["id"] for head in run("heads")] == [created["genesis"]]
    assert [baton["granter"] for baton in run("batons")] == [me.address]
    assert run("pull", "latest", "-o", "head.safetensors")["id"] == created["genesis"]
    bond = run("cost")["joining"]["bond"]
    assert not run("status")["wallet"]["registered"]

    chain = connect(devnet.url)
    invitation = Invitation.read(created["invitation"])
    registry = Relay(chain, invitation.rounds, invitation.block).registry
    register = registry.encode("register", bytes([1]) * 32, "http://127.0.0.1:1")
    Sender(chain, me).send(registry.address, register, value=bond, gas=400_000)
    assert run("status")["wallet"]["bond"] == bond
    assert run("keys", "rotate")["key"] == registry.read("member", me.address)[0].hex()
    assert run("withdraw")["gas"] == 0
    assert run("leave")["state"] == "left"
    assert run("leave")["state"] == "waiting"
    chain.w3.provider.make_request("evm_increaseTime", [3600])
    chain.w3.provider.make_request("evm_mine", [])
    assert run("leave")["state"] == "done"
    assert not run("status")["wallet"]["registered"]
