"""derelay wallet: keystores made, shown and imported; secrets never said."""

import json
import stat

import pytest

from cli.verbs.scene import PASSWORD, URL
from derelay.chain.wallet import Wallet
from derelay.cli.amounts import native
from derelay.cli.password import VARIABLE

KEY = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
ADDRESS = "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23"


pytestmark = pytest.mark.usefixtures("quick_keystores")


def type_in(monkeypatch, *lines: str) -> None:
    answers = iter(lines)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("derelay.cli.wallet.getpass", lambda prompt: next(answers))
    monkeypatch.setattr("derelay.cli.password.getpass", lambda prompt: next(answers))


def test_a_new_wallet_is_encrypted_for_its_owner_alone_and_is_shown(derelay, tmp_path):
    made = json.loads(derelay("wallet", "new", "me.json", "--json").stdout)
    file = tmp_path / "me.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Wallet.load(file, PASSWORD).address == made["address"]
    assert made["address"] in derelay("wallet", "show", "me.json").stdout
    assert json.loads(derelay("wallet", "show", "me.json", "--json").stdout) == {"address": made["address"]}


def test_what_it_holds_is_shown_where_a_chain_is_given(derelay, scene):
    shown = json.loads(derelay("wallet", "show", scene.wallet, "--chain", URL, "--json").stdout)
    assert shown["wei"] == scene.chain.balance(scene.creator.address)
    assert native(shown["wei"]) in derelay("wallet", "show", scene.wallet, "--chain", URL).stdout


@pytest.mark.parametrize("typed", [KEY, f"0x{KEY}"])
def test_a_key_is_imported_from_a_prompt(derelay, tmp_path, monkeypatch, typed):
    monkeypatch.delenv(VARIABLE)
    type_in(monkeypatch, typed, PASSWORD, PASSWORD)
    done = derelay("wallet", "import", "me.json")
    assert done.returncode == 0, done.stderr
    assert ADDRESS in done.stdout
    assert KEY not in done.stdout + done.stderr + (tmp_path / "me.json").read_text()
    assert Wallet.load(tmp_path / "me.json", PASSWORD).address == ADDRESS


@pytest.mark.parametrize("typed", ["", KEY[:-1], KEY + "00", "zz" * 32, "0" * 64, "é" * 64])
def test_what_is_no_key_is_refused_and_not_repeated(derelay, tmp_path, monkeypatch, typed):
    type_in(monkeypatch, typed)
    done = derelay("wallet", "import", "me.json")
    assert done.returncode == 2
    assert "private key" in done.stderr
    assert not typed or typed not in done.stderr
    assert not (tmp_path / "me.json").exists()


def test_two_passwords_must_agree_and_none_may_be_empty(derelay, tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    type_in(monkeypatch, "one", "two")
    assert "the two passwords differ: try again" in derelay("wallet", "new", "me.json").stderr
    type_in(monkeypatch, "", "")
    assert "the password is empty: choose one" in derelay("wallet", "new", "me.json").stderr
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_never_written_over(derelay, tmp_path):
    (tmp_path / "me.json").write_text("mine")
    done = derelay("wallet", "new", "me.json")
    assert done.returncode == 2
    assert "me.json is there already and may hold a key" in done.stderr
    assert (tmp_path / "me.json").read_text() == "mine"


def test_a_wallet_must_be_named(derelay):
    for verb in ("new", "show", "import"):
        assert "no wallet is given" in derelay("wallet", verb).stderr
