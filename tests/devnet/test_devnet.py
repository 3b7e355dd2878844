"""A local chain: funded accounts, state that outlives it, a clean end, errors with the way out."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from derelay.chain.connect import connect
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet
from derelay.cli.app import main
from derelay.local.anvil import find_anvil
from derelay.local.devnet import ETHER, Devnet, DevnetError

SOMEBODY = Wallet((5).to_bytes(32)).address


def pay(url: str, wallet: Wallet, wei: int) -> bytes:
    chain = connect(url)
    sent = Sender(chain, wallet).send(SOMEBODY, value=wei, gas=21_000)
    while chain.receipt(sent) is None:
        pass
    return sent


def test_every_account_can_pay():
    with Devnet(accounts=3) as devnet:
        chain = connect(devnet.url)
        assert [chain.balance(address) for address in devnet.addresses()] == [ETHER * 10**18] * 3
        for wallet in devnet.wallets():
            pay(devnet.url, wallet, 1)
        assert connect(devnet.url).balance(SOMEBODY) == 3


def test_blocks_come_by_themselves_where_a_time_is_given():
    with Devnet(block_time=1) as devnet:
        chain = connect(devnet.url)
        began, start = chain.height(), chain.timestamp()
        while chain.height() < began + 2:
            pass
        assert chain.timestamp() > start


def test_the_chain_goes_on_where_it_was(tmp_path):
    state = tmp_path / "chain.json"
    hashes = []
    for number in range(3):
        with Devnet(state=state) as devnet:
            sent = pay(devnet.url, devnet.wallets()[0], 7)
            chain = connect(devnet.url)
            assert chain.height() == number + 1
            assert chain.balance(SOMEBODY) == 7 * (number + 1)
            hashes.append(chain.block_hash(number + 1))
            assert [chain.block_hash(height + 1) for height in range(number + 1)] == hashes
            assert chain.receipt(sent).block == number + 1


def test_it_has_one_beginning_however_often_it_was_started(tmp_path):
    state = tmp_path / "chain.json"
    with Devnet(state=state) as devnet:
        pay(devnet.url, devnet.wallets()[0], 7)
        beginning = connect(devnet.url).block_hash(0)
    kept = json.loads(state.read_text())
    later = next(block for block in kept["blocks"] if block["header"]["number"] == "0x0")
    later = {**later, "header": {**later["header"], "timestamp": "0x7b000000"}}
    state.write_text(json.dumps({**kept, "blocks": [*kept["blocks"], later]}))  # as anvil does
    with Devnet(state=state) as devnet:
        assert connect(devnet.url).block_hash(0) == beginning


def test_a_chain_that_ended_by_itself_is_noticed():
    with Devnet() as devnet:
        assert devnet.is_running()
        devnet._process.kill()
        devnet._process.wait()
        assert not devnet.is_running()


def test_what_cannot_be_is_refused_with_the_way_out(tmp_path, monkeypatch):
    damaged = tmp_path / "damaged.json"
    damaged.write_text('{"block":')
    with Devnet() as devnet, pytest.raises(DevnetError, match="is in use, perhaps by another devnet"):
        Devnet(int(devnet.url.rpartition(":")[2]))
    with pytest.raises(DevnetError, match=r"damaged.json is no state of a devnet, or damaged"):
        Devnet(state=damaged)
    assert damaged.read_text() == '{"block":'
    for place in (tmp_path, tmp_path / "nowhere" / "chain.json"):
        with pytest.raises(DevnetError, match="name a file in a folder that is there"):
            Devnet(state=place)
    monkeypatch.setenv("DERELAY_ANVIL", "no-such-program")
    with pytest.raises(DevnetError, match="no-such-program, which is no program"):
        Devnet()


def test_anvil_is_found_where_npm_puts_it_and_missed_with_the_way_to_get_it(tmp_path, monkeypatch):
    real = find_anvil()
    monkeypatch.delenv("DERELAY_ANVIL", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DevnetError, match="npm install @foundry-rs/anvil"):
        find_anvil()
    place = tmp_path / "node_modules/@foundry-rs/anvil-linux-amd64/bin"
    place.mkdir(parents=True)
    (place / "anvil").symlink_to(real)
    assert Path(find_anvil()) == place / "anvil"
    monkeypatch.setenv("DERELAY_ANVIL", real)
    assert find_anvil() == real


def test_the_command_says_what_one_needs_and_stops_cleanly(tmp_path):
    state = tmp_path / "chain.json"
    command = [sys.executable, "-m", "derelay", "devnet", "--port", "0", "--block-time", "0", "--json"]
    with subprocess.Popen(
        [*command, "--accounts", "2", "--state", str(state)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = ""
        while not said.endswith("\n}\n"):
            said += process.stdout.readline()
        told = json.loads(said)
        assert told["chain"] == 31337
        wallet = Wallet(bytes.fromhex(told["accounts"][1]["key"][2:]))
        assert wallet.address == told["accounts"][1]["address"]
        pay(told["url"], wallet, 9)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    with Devnet(state=state) as again:
        assert connect(again.url).balance(SOMEBODY) == 9


def test_the_command_refuses_numbers_that_make_no_sense(capsys):
    for option, value in (("--port", 65_536), ("--block-time", -1), ("--accounts", 0)):
        with pytest.raises(SystemExit) as ended:
            main(["devnet", option, str(value)])
        assert ended.value.code == 2
        assert f"{option} {value}: give" in capsys.readouterr().err
