"""`derelay join` in this process, with a block for each of its waits."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from cli.conftest import Done, derelay  # noqa: F401 (a fixture)
from cli.verbs.scene import URL, keystore, reach
from derelay.baton.baton import Baton
from derelay.chain.charter import Charter, create_relay
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.invitation import Invitation
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet
from derelay.cli.home import Home
from derelay.learn.archive import write_cases
from derelay.learn.loading import load_task, task_hash
from derelay.node.stop import Stop
from derelay.rules.parameters import OPEN

WAITS = 20
"""After which Ctrl-C is pressed."""


@dataclass(frozen=True)
class Scene:
    chain: EmbeddedChain
    invitation: str
    folder: Path
    run: Callable[..., Done]

    def join(self, *arguments: object) -> Done:
        common = [self.invitation, "--chain", URL, "--wallet", self.folder / "wallet.json"]
        return self.run("join", *common, "--folder", self.folder / "nodes", *arguments)


@pytest.fixture
def scene(derelay: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:  # noqa: F811
    chain = EmbeddedChain(seed=1)
    reach(monkeypatch, chain)
    waits = count(1)

    def wait(stop: Stop, seconds: float) -> bool:
        chain.mine()
        if next(waits) % WAITS == 0:
            signal.raise_signal(signal.SIGINT)
        return stop.is_set()

    monkeypatch.setattr(Stop, "wait", wait)
    creator = Wallet((7).to_bytes(32))
    chain.fund(creator.address, 10**18)
    chain.mine()
    task = load_task("digits")
    hash = task_hash(task)
    state = task.model().state_dict()
    genesis = Baton.build(state, task=task.name, task_hash=hash, parents=[], version=0)
    relay = create_relay(Sender(chain, creator), Charter(task.name, hash, genesis.id, OPEN), chain.mine)
    keystore(tmp_path / "wallet.json", creator)
    write_cases(task.cases()[0].take(slice(0, 100)), tmp_path / "cases.npz")
    return Scene(chain, str(Invitation.to(relay, 0)), tmp_path, derelay)


def test_it_says_why_it_waits_stops_at_ctrl_c_and_goes_on(scene: Scene) -> None:
    first = scene.join("--data", "cases.npz", "--maintain")
    assert first.returncode == 0, first.stderr
    for said in ("register in round 0", "maintain in round 0", "waits for maintainers: 1 of 3 are there"):
        assert said in first.stdout
    assert "others cannot fetch from http://127.0.0.1:" in first.stdout
    assert "stopped; nothing is due from it" in first.stdout
    again = scene.join("--data", "cases.npz", "--maintain", "--log-format", "json")
    said = [json.loads(line)["message"] for line in again.stdout.splitlines()]
    assert again.returncode == 0
    assert not any("register" in text for text in said)
    assert said[0].startswith("relay 0x")


def test_settings_come_from_a_file_and_flags_override_them(scene: Scene) -> None:
    text = (
        f'data = "cases.npz"\nchain = "{URL}"\nwallet = "wallet.json"\nlog_format = "json"\nmaintain = true\n'
    )
    Path("mine.toml").write_text(f'{text}invitation = "{scene.invitation}"\nfolder = "nodes"\n')
    done = scene.run("join", "--config", "mine.toml", "--no-maintain")
    said = [json.loads(line)["message"] for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert "register in round 0" in said
    assert "maintain in round 0" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no data is given: name it by --data"),
        (["--data", "none.npz"], "none.npz: cannot be read"),
        (["--data", "cases.npz", "--listen", "4001"], "give HOST:PORT"),
        (["--data", "cases.npz", "--listen", "localhost:99999"], "give HOST:PORT"),
        (["--data", "cases.npz", "--metrics", "99999"], "give a number from 0 to 65535"),
        (["--data", "cases.npz", "--publish-to", "ftp://x"], "publish-to: "),
        (["--data", "cases.npz", "--url", "my.name:4001"], "url: "),
        (["--data", "cases.npz", "--rounds", "0"], "give a number from 1 to"),
    ],
)
def test_what_people_can_mend_is_one_line(scene: Scene, arguments: list[str], said: str) -> None:
    done = scene.join(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_named(scene: Scene) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        where = f"127.0.0.1:{other.getsockname()[1]}"
        done = scene.join("--data", "cases.npz", "--listen", where)
    assert done.returncode == 2
    assert f"cannot listen on {where}" in done.stderr


def test_one_wallet_is_one_node(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[Home] = []
    init = Home.__init__

    def watch(home: Home, *args: object, **kwargs: object) -> None:
        init(home, *args, **kwargs)
        held.append(home)

    monkeypatch.setattr(Home, "__init__", watch)
    assert scene.join("--data", "cases.npz").returncode == 0
    with held[0].held():
        done = scene.join("--data", "cases.npz")
    assert done.returncode == 2
    assert "a node is at work" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--nodes", "3"], "--nodes 3: give 4 to 64"),
        (["--seats", "2"], "--seats 2: give 3 to 32"),
        (["--rounds", "0"], "--rounds 0: give at least 1"),
        (["--port", "80"], "--port 80: give 1024 to 64999"),
        (["--prepare", "x.json"], "--prepare needs a folder"),
        (["--prepare", "x.json", "--folder", "net"], "give what derelay devnet --json printed"),
        (["--folder", "full"], "--folder full is not empty"),
    ],
)
def test_networks_that_cannot_be_are_refused(
    derelay: Callable[..., Done],  # noqa: F811
    tmp_path: Path,
    arguments: list[str],
    said: str,
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    done = derelay("network", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
