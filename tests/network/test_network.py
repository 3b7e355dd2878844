"""A small network of real processes, started by the commands that people use; one of them is killed."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from derelay.local.network import Network
from derelay.local.network_result import NetworkResult
from derelay.local.network_setting import Setting
from derelay.local.node_process import NodeProcess
from derelay.node.stop import Stop
from network.tiny import TASK

pytestmark = pytest.mark.alone

FIRST_PORT = 25_000
PATIENCE = 120.0


@dataclass(frozen=True)
class Played:
    folder: Path
    result: NetworkResult
    before: dict[str, float]
    after: dict[str, float]
    exits: list[int]


def again(node: NodeProcess) -> dict[str, float]:
    """Return the metrics of a node that was started again, once it has seen the chain."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            metrics = node.metrics()
        except OSError:
            metrics = {}
        if "derelay_head_version" in metrics:
            return metrics
        time.sleep(0.2)
    raise AssertionError(node.last_words())


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("network")
    with Network(Setting(str(TASK), nodes=4, first_port=FIRST_PORT), folder) as network:
        result = network.run(1, 4, Stop())
        victim = network.nodes[2]
        before = victim.metrics()
        victim.kill()
        victim.start()
        after = again(victim)
        for node in network.nodes:
            node.tell_to_stop()
        exits = [node.wait() for node in network.nodes]
    return Played(folder, result, before, after, exits)


def test_processes_make_a_head_together(played: Played) -> None:
    assert played.result.heads == 1
    last = played.result.rounds[-1]
    assert (last.version, last.admitted, last.passed) == (1, 1, 1)
    assert last.gain > 0
    assert last.training > 0
    assert last.scoring > 0
    assert last.seconds >= played.result.windows - 2  # the first counts from its opening, after a rest


def test_phases_add_up_to_the_round(played: Played) -> None:
    for each in played.result.rounds:
        phases = sum(seconds for name, seconds in each.phases.items() if name != "rest")
        assert phases == each.seconds if each.number == 1 else phases < each.seconds
    elected = set(played.result.rounds[-1].phases)
    assert {"enter", "train", "seal", "score", "reveal", "pool", "settle"} <= elected


def test_whoever_was_killed_goes_on_where_it_was(played: Played) -> None:
    same = ("derelay_registered", "derelay_maintains", "derelay_bond_native", "derelay_steps_total")
    assert {name: played.after[name] for name in same} == {name: played.before[name] for name in same}
    assert played.after["derelay_head_version"] >= played.before["derelay_head_version"]
    said = [json.loads(line)["message"] for line in (played.folder / "cleo" / "log.jsonl").open()]
    assert said.count("register in round 0") == 1
    assert sum(text.startswith("relay ") for text in said) == 2


def test_all_stop_cleanly_and_say_nothing_but_json(played: Played) -> None:
    assert played.exits == [0, 0, 0, 0]
    for log in played.folder.glob("*/log.jsonl"):
        records = [json.loads(line) for line in log.open()]
        assert {"time", "level", "logger", "message"} <= set(records[0])
        assert records[-1]["message"].startswith("stopped; ")


def test_no_port_is_held_and_no_key_was_said(played: Played) -> None:
    for port in range(FIRST_PORT, FIRST_PORT + 9):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
    for log in played.folder.glob("*/log.jsonl"):
        text = log.read_text().lower()
        assert "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80" not in text  # ada's
        assert "devnet" not in text  # the password
