"""A node in numbers, as Prometheus reads them."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from derelay.node.metrics import CONTENT_TYPE, Metrics
from derelay.node.metrics_server import MetricsServer
from derelay.node.service import Service
from network.tiny import begin

SAMPLE = re.compile(r'^([a-z_]+)(\{([a-z_]+="[^"]*",?)*\})? (-?[0-9.e+-]+)$')


@pytest.fixture
def metrics(tmp_path: Path) -> Metrics:
    chain, cast = begin(tmp_path)
    name = cast.names[cast.nodes[1].me.address]
    metrics = Metrics(cast.nodes[1], tmp_path / name / "journal.sqlite")
    service = Service(cast.nodes[1], watch=metrics.watch)
    for _ in range(3):
        service.turn()
        chain.mine()
    return metrics


@pytest.fixture
def server(metrics: Metrics) -> Iterator[MetricsServer]:
    server = MetricsServer(metrics.text)
    server.start()
    yield server
    server.close()


def samples(text: str) -> dict[str, float]:
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            match = SAMPLE.match(line)
            assert match, line
            found[match[1] + (match[2] or "")] = float(match[4])
    return found


def test_numbers_are_what_the_chain_says(metrics: Metrics) -> None:
    values = samples(metrics.text())
    assert values["derelay_registered"] == values["derelay_maintains"] == 1
    assert values["derelay_bond_native"] == 0.02
    assert 9.9 < values["derelay_balance_native"] < 9.98
    assert values['derelay_phase{phase="rest"}'] == 1
    assert values['derelay_work_seconds_total{work="training"}'] == 0
    assert values["derelay_journal_bytes"] > 0
    assert values["process_cpu_seconds_total"] > 0


def test_every_metric_says_its_type_and_its_meaning(metrics: Metrics) -> None:
    text = metrics.text()
    names = {name.partition("{")[0] for name in samples(text)}
    assert names == set(re.findall(r"^# HELP (\S+) [A-Z].+\.$", text, re.MULTILINE)) - {
        "derelay_verdicts_total"  # none yet
    }
    assert len(re.findall(r"^# TYPE \S+ (?:gauge|counter)$", text, re.MULTILINE)) == len(names) + 1


def test_they_are_served_on_loopback_and_nothing_else_is(metrics: Metrics, server: MetricsServer) -> None:
    with urlopen(server.url) as answer:
        assert answer.headers["Content-Type"] == CONTENT_TYPE
        assert samples(answer.read().decode()).keys() == samples(metrics.text()).keys()
    assert server.url.startswith("http://127.0.0.1:")
    with pytest.raises(HTTPError, match="404"):
        urlopen(server.url.replace("/metrics", "/etc/passwd"))


def test_the_port_is_free_afterwards(metrics: Metrics) -> None:
    server = MetricsServer(metrics.text)
    server.start()
    port = int(server.url.split(":")[2].split("/")[0])
    server.close()
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def test_numbers_keep_their_digits_and_labels_their_quotes(metrics: Metrics) -> None:
    from derelay.node.metrics import Metric

    assert "x 1767234675\n" in str(Metric("x", "gauge", "X.", (({}, 1767234675),)))
    text = str(Metric("x", "gauge", "X.", (({"name": 'a"b\\c\n'}, 1),)))
    assert 'x{name="a\\"b\\\\c\\n"} 1\n' in text
