"""A whole baton's blocks from one store into another, over real sockets."""

import json
import resource
import subprocess
import sys
from contextlib import contextmanager

import pytest
from trees import Tree, links
from wire import Proxy, request_from, server, whole

from derelay.baton.blocks import BLOCK_BYTES, MissingBlock
from derelay.store.fetch import fetch
from derelay.store.http_source import HttpSource
from derelay.store.peers import HttpPeers
from derelay.store.schedule import MOST_LINES
from derelay.store.store import StoreError


def peer(url, patience=5.0) -> HttpSource:
    return HttpSource(url, patience, allow_private=True)


@pytest.fixture
def tree(theirs) -> Tree:
    return Tree.grown(theirs, 12)


def test_everything_arrives_over_few_connections(gateway, theirs, mine, tree):
    connections = []

    def pass_on(connection) -> None:
        connections.append(connection)
        Proxy(gateway.url, cut_after=1 << 40).serve(connection)

    with server(pass_on, at_once=True) as url:
        source = peer(url)
        fetched = fetch(tree.root, mine, {"them": source}, links)
        source.close()
    assert fetched.bytes_from == {"them": theirs.size()}
    assert mine.size() == theirs.size()
    assert len(connections) <= MOST_LINES


def test_a_server_that_serves_one_connection_at_a_time_is_enough(gateway, theirs, mine, tree):
    with server(Proxy(gateway.url, cut_after=1 << 40).serve) as url:
        source = peer(url)
        fetched = fetch(tree.root, mine, {"them": source}, links)
        source.close()
    assert fetched.total_bytes == mine.size() == theirs.size()


@pytest.mark.parametrize("cut_after", [BLOCK_BYTES + 5, 3 * BLOCK_BYTES // 2, 4 * BLOCK_BYTES - 1])
def test_each_cut_costs_less_than_one_block(gateway, theirs, mine, tree, cut_after):
    proxy = Proxy(gateway.url, cut_after)
    with server(proxy.serve) as url:
        source = peer(url)
        fetched = fetch(tree.root, mine, {"them": source}, links)
        source.close()
    assert mine.size() == theirs.size() == fetched.total_bytes
    assert proxy.cuts >= 2
    assert proxy.passed - theirs.size() < proxy.cuts * BLOCK_BYTES


def test_a_receiver_killed_at_any_time_asks_for_at_most_one_block_again(
    gateway, theirs, mine, tree, tmp_path
):
    proxy = Proxy(gateway.url, cut_after=1 << 40)
    with server(proxy.serve) as url:
        script = f"""
import os
from pathlib import Path
import dag_cbor
from multiformats import CID
from derelay.store.directory import DirectoryStore
from derelay.store.fetch import fetch
from derelay.store.http_source import HttpSource

class Dying(DirectoryStore):
    def keep(self, cid, block):
        if self.size() > 5 << 20:
            os.kill(os.getpid(), 9)  # it has come, and is not kept yet
        super().keep(cid, block)

source = HttpSource({url!r}, 5, allow_private=True)
store = Dying(Path({str(tmp_path / "mine")!r}))
fetch(CID.decode({str(tree.root)!r}), store, {{"them": source}}, dag_cbor.decode)
"""
        assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
        source = peer(url)
        fetched = fetch(tree.root, mine, {"them": source}, links)
        source.close()
    assert fetched.present == 6
    assert mine.size() == theirs.size()
    assert proxy.passed <= theirs.size() + BLOCK_BYTES


def test_who_sends_other_bytes_is_named_and_the_others_are_asked(gateway, theirs, mine, tree):
    def lying(connection) -> None:
        while request_from(connection):
            connection.sendall(whole(b"something else"))

    with server(lying) as liar:
        source = peer(liar)
        fetched = fetch(tree.root, mine, {"liar": source, "them": peer(gateway.url)}, links)
        source.close()
    assert list(fetched.liars) == ["liar"]
    assert mine.size() == theirs.size()


def test_who_is_silent_costs_its_patience_once(gateway, theirs, mine, tree):
    asked = []

    def silent(connection) -> None:
        asked.append(request_from(connection))
        connection.recv(1)

    with server(silent) as dead:
        fetch(tree.root, mine, {"dead": peer(dead, patience=0.2), "them": peer(gateway.url)}, links)
    assert len(asked) == 1
    assert mine.size() == theirs.size()


def test_a_root_that_stands_for_too_much_costs_one_block(gateway, theirs, mine, tree):
    def refuse(block: bytes):
        raise ValueError("more than a model takes")

    with pytest.raises(ValueError, match="more than a model"):
        fetch(tree.root, mine, {"them": peer(gateway.url)}, refuse)
    assert mine.size() <= BLOCK_BYTES


@contextmanager
def full_disk(size: int):
    """No file may grow beyond `size` bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_is_said_and_what_is_here_stays(gateway, theirs, mine, tree, tmp_path):
    source = peer(gateway.url)
    with full_disk(BLOCK_BYTES // 2), pytest.raises(StoreError, match=r"cannot be written.*make room"):
        fetch(tree.root, mine, {"them": source}, links)
    assert mine.has(tree.root)
    assert not list((tmp_path / "mine").rglob("*.part"))
    fetched = fetch(tree.root, mine, {"them": source}, links)
    assert fetched.present == 1
    assert mine.size() == theirs.size()


def test_peers_refuse_what_leads_inside_unless_that_is_allowed(gateway, mine, tree):
    with pytest.raises(MissingBlock, match="not public"):
        fetch(tree.root, mine, {"them": HttpPeers(5.0)(gateway.url)}, links)
    peers = HttpPeers(5.0, allow_private=True)
    fetch(tree.root, mine, {"them": peers(gateway.url)}, links)
    peers.close()


MEASURED = """
import json, resource, sys
from pathlib import Path
import dag_cbor
from multiformats import CID
from derelay.store.directory import DirectoryStore
from derelay.store.fetch import fetch
from derelay.store.gateway import Gateway
from derelay.store.http_source import HttpSource

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

role, folder, url, *roots = sys.argv[1:]
store = DirectoryStore(Path(folder))
if role == "serve":
    with Gateway(store) as gateway:
        print(gateway.url, flush=True)
        for line in sys.stdin:
            print(json.dumps(peak()), flush=True)
else:
    source = HttpSource(url, 10, allow_private=True)
    peaks = []
    for root in roots:
        fetch(CID.decode(root), store, {"them": source}, dag_cbor.decode)
        peaks.append(peak())
    print(json.dumps(peaks))
"""


def test_memory_of_both_sides_does_not_grow_with_the_baton(theirs, tmp_path):
    small, large = Tree.grown(theirs, 4), Tree.grown(theirs, 96)
    run = [sys.executable, "-c", MEASURED]
    with subprocess.Popen(
        [*run, "serve", str(tmp_path / "theirs"), ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        url = holder.stdout.readline().strip()

        def received(*roots) -> list[float]:
            arguments = ["receive", str(tmp_path / "mine"), url, *map(str, roots)]
            return json.loads(subprocess.check_output([*run, *arguments]))

        def held() -> float:
            print(file=holder.stdin, flush=True)
            return json.loads(holder.stdout.readline())

        received(small.root)
        held_before = held()
        before, after = received(small.root, large.root)
        held_after = held()
        holder.stdin.close()
    assert after - before < 8  # MB, of 96
    assert held_after - held_before < 8
