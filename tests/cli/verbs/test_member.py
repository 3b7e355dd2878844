"""From settings to a relay and a wallet: what fits is opened, what does not is named."""

import stat
import subprocess
import sys
from dataclasses import replace

import pytest

from cli.verbs.scene import PASSWORD, URL
from derelay.chain.chain import ChainError
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.wallet import WalletError
from derelay.cli.errors import BadInput
from derelay.cli.home import Home
from derelay.cli.member import open_member, open_relay, wallet_address
from derelay.cli.password import VARIABLE
from derelay.cli.settings import Settings


@pytest.fixture
def settings(scene, tmp_path):
    folder = tmp_path / "nodes"
    return Settings(chain=URL, invitation=str(scene.invitation), wallet=scene.wallet, folder=folder)


def test_a_member_is_opened_from_settings(scene, settings):
    member = open_member(settings)
    assert member.address == scene.creator.address
    assert member.relay.rounds.address == scene.invitation.rounds
    assert member.task.name == "digits"
    assert wallet_address(settings) == scene.creator.address


@pytest.mark.parametrize(
    ("change", "error", "reason"),
    [
        ({"chain": None}, BadInput, "no chain is given: name it by --chain, or as chain = "),
        ({"wallet": None}, BadInput, "no wallet is given"),
        ({"invitation": None}, BadInput, "no invitation is given"),
        ({"chain": "http://gone"}, ChainError, "cannot be reached"),
        (
            {"chain": "embedded:"},
            BadInput,
            "lives in one process, and ends with it: start one by derelay devnet",
        ),
        ({"task": "text"}, BadInput, "task 'text' here has the hash"),
    ],
)
def test_what_does_not_fit_is_named(settings, change, error, reason):
    with pytest.raises(error, match=reason):
        _ = open_member(replace(settings, **change)).task


@pytest.mark.parametrize(
    ("change", "error", "reason"),
    [
        ({"chain_id": 5}, BadInput, "the invitation is to chain 5: give an endpoint of that one"),
        ({"task": "text"}, BadInput, "the invitation says other things"),
        ({"task_hash": bytes(32)}, BadInput, "the invitation says other things"),
        ({"block": 1000}, BadInput, "the invitation says other things"),
        ({"rounds": "0x" + "11" * 20}, ChainError, "there is no contract at"),
    ],
)
def test_an_invitation_that_lies_is_found_out(scene, settings, change, error, reason):
    other = replace(scene.invitation, **change)
    with pytest.raises(error, match=reason):
        open_relay(replace(settings, invitation=str(other)))


def test_an_invitation_never_makes_a_file_run(settings, tmp_path, scene):
    trap = tmp_path / "trap.py"
    trap.write_text("raise SystemExit('ran')")
    member = open_member(settings)
    invited = replace(member, invitation=replace(scene.invitation, task=str(trap)[:64]))
    with pytest.raises(BadInput, match="is not installed here"):
        _ = invited.task


def test_passwords_come_from_file_or_environment_and_are_told_to_nobody(settings, tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(BadInput, match="give --password-file, or set DERELAY_PASSWORD"):
        open_member(settings)
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\r\nnot this line\n")
    with_file = replace(settings, password_file=file)
    assert open_member(with_file).address == wallet_address(settings)
    file.write_text("another secret")
    with pytest.raises(WalletError, match="another password opens it") as error:
        open_member(with_file)
    assert "another secret" not in str(error.value)


def test_a_wallet_that_is_none_is_named(settings, tmp_path):
    file = tmp_path / "none.json"
    file.write_text('{"address": "0x12"}')
    with pytest.raises(BadInput, match="is no address"):
        wallet_address(replace(settings, wallet=file))
    with pytest.raises(WalletError, match="cannot be read"):
        wallet_address(replace(settings, wallet=tmp_path / "gone.json"))


def test_two_nodes_never_live_in_one_home_at_once(settings):
    home = open_member(settings).home
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    with home.held(), pytest.raises(BadInput, match=r"a node is at work in .*: stop it first"), home.held():
        pass
    code = (
        "import sys; from pathlib import Path; from derelay.cli.home import Home\n"
        "home = Home(*[kind(word) for kind, word in zip((Path, str, str), sys.argv[1:])])\n"
        "with home.held(): print('held', flush=True); sys.stdin.read()"
    )
    relay, wallet = home.path.parent.name, home.path.name
    command = [sys.executable, "-c", code, home.path.parents[1], relay, wallet]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "held\n"
    with pytest.raises(BadInput, match="at work"), home.held():
        pass
    other.kill()
    other.wait()
    with Home(home.path.parents[1], relay, wallet).held():
        pass


def test_a_home_belongs_to_one_relay(settings):
    member = open_member(settings)
    chain, created = member.relay.chain, member.relay.history.named("Created")[0].block
    assert member.home.is_taken
    anew = EmbeddedChain(seed=2)
    anew.advance(created, created)
    with pytest.raises(BadInput, match=r"of a devnet that was begun anew since: remove it"):
        member.home.belong_to(anew, created)
    member.home.belong_to(chain, created)
