"""Wallets: made from entropy, kept in keystores that only their password opens."""

import json

import pytest
from eth_account import Account
from eth_keys import KeyAPI
from eth_keys.backends import CoinCurveECCBackend

from derelay.chain.wallet import Wallet, WalletError


def test_the_same_entropy_makes_the_same_account():
    assert Wallet.create(lambda size: b"\x11" * size).address == Wallet(b"\x11" * 32).address
    assert Wallet(bytes(31) + b"\x01").address == "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"


@pytest.mark.parametrize("key", [bytes(32), b"\xff" * 32, b"\x01" * 31, b""])
def test_a_key_outside_the_curve_is_refused(key):
    with pytest.raises(WalletError, match="private key"):
        Wallet(key)


def test_a_wallet_never_shows_its_key():
    wallet = Wallet(b"\x11" * 32)
    assert f"{wallet} {wallet!r}" == f"Wallet({wallet.address}) Wallet({wallet.address})"


def test_signatures_use_the_fast_curve():
    assert isinstance(KeyAPI().backend, CoinCurveECCBackend)
    assert isinstance(Account._keys.backend, CoinCurveECCBackend)


@pytest.fixture(scope="module")
def keystore(tmp_path_factory):
    path = tmp_path_factory.mktemp("wallet") / "me.json"
    Wallet(b"\x11" * 32).save(path, "open sesame")
    return path


def test_a_keystore_gives_the_wallet_back_to_its_password_alone(keystore):
    assert keystore.stat().st_mode & 0o777 == 0o600
    assert "11" * 32 not in keystore.read_text()
    assert Wallet.load(keystore, "open sesame").address == Wallet(b"\x11" * 32).address
    with pytest.raises(WalletError, match=r"me\.json: another password"):
        Wallet.load(keystore, "open barley")


def test_a_keystore_is_never_overwritten(keystore):
    before = keystore.read_bytes()
    with pytest.raises(WalletError, match=r"me\.json: exists already.*another path"):
        Wallet(b"\x22" * 32).save(keystore, "x")
    assert keystore.read_bytes() == before


def test_a_keystore_needs_a_place_to_be(tmp_path):
    with pytest.raises(WalletError, match=r"cannot be written \(No such file"):
        Wallet(b"\x11" * 32).save(tmp_path / "nowhere" / "me.json", "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"[]", b"{}", b'"text"', b'{"address": "0x0"}'])
def test_other_files_are_no_keystores(tmp_path, content):
    path = tmp_path / "me.json"
    path.write_bytes(content)
    with pytest.raises(WalletError, match=r"me\.json: not a keystore"):
        Wallet.load(path, "x")


@pytest.mark.parametrize("damage", ["ciphertext", "kdfparams"])
def test_a_damaged_keystore_is_told_from_a_wrong_password(tmp_path, keystore, damage):
    document = json.loads(keystore.read_text())
    del document["crypto"][damage]
    path = tmp_path / "me.json"
    path.write_text(json.dumps(document))
    with pytest.raises(WalletError, match=r"me\.json: a damaged keystore"):
        Wallet.load(path, "open sesame")


def test_a_missing_keystore_is_named(tmp_path):
    with pytest.raises(WalletError, match=r"gone\.json: cannot be read \(No such file"):
        Wallet.load(tmp_path / "gone.json", "x")
