import re
import threading
import time
from collections.abc import Sequence

import dag_cbor
import pytest
from multiformats import CID
from trees import links

from derelay.baton.blocks import DAG_CBOR, MissingBlock
from derelay.store.directory import DirectoryStore
from derelay.store.fetch import fetch

BLOCKS = [b"one" * 100, b"two" * 100, b"three" * 100]


class Peer:
    """Another participant's store as it looks from afar: it may be cut off after some blocks, and counts."""

    def __init__(self, store: DirectoryStore, patience: int = 1000) -> None:
        self.store, self.left, self.given = store, patience, []

    def get(self, cid: CID) -> bytes:
        if not self.left:
            raise ConnectionResetError("connection reset")
        self.left -= 1
        self.given.append(cid)
        return self.store.get(cid)


class Liar:
    def __init__(self) -> None:
        self.asked = 0

    def get(self, cid: CID) -> bytes:
        self.asked += 1
        return b"something else"


@pytest.fixture
def root(theirs) -> CID:
    return theirs.put(dag_cbor.encode([theirs.put(block) for block in BLOCKS]), DAG_CBOR)


def test_everything_arrives_and_is_counted(root, theirs, mine):
    fetched = fetch(root, mine, {"them": theirs}, links)
    assert [mine.get(cid) for cid in links(mine.get(root))] == BLOCKS
    assert fetched.total_bytes == fetched.bytes_from["them"] == theirs.size()
    assert fetched.present == 0


def test_it_goes_on_where_it_stopped(root, theirs, mine):
    with pytest.raises(MissingBlock, match="them: connection reset"):
        fetch(root, mine, {"them": Peer(theirs, patience=2)}, links)
    peer = Peer(theirs)
    fetched = fetch(root, mine, {"them": peer}, links)
    assert fetched.present == 2
    assert len(peer.given) == 2
    assert fetch(root, mine, {}, links).present == 4  # nobody need be asked any more


class Sleeper(Peer):
    """Gives nothing more once its patience is over, and does not say so."""

    def __init__(self, store: DirectoryStore, patience: int) -> None:
        super().__init__(store, patience)
        self.awake = threading.Event()

    def get(self, cid: CID) -> bytes:
        if not self.left:
            self.awake.wait(60)
        return super().get(cid)


def test_it_gives_up_in_time_and_goes_on_where_it_stopped(root, theirs, mine):
    sleeper = Sleeper(theirs, patience=2)
    woken = threading.Timer(1.0, sleeper.awake.set)  # a line over HTTP is cut; this one has to end by itself
    woken.start()
    with pytest.raises(MissingBlock, match="not all of 3 blocks came in time from them"):
        fetch(root, mine, {"them": sleeper}, links, until=time.monotonic() + 0.3)
    assert fetch(root, mine, {"them": theirs}, links).present >= 2


def test_a_liar_is_skipped_and_named(root, theirs, mine):
    liar = Liar()
    fetched = fetch(root, mine, {"liar": liar, "them": theirs}, links)
    assert mine.get(root) == theirs.get(root)
    assert liar.asked == 1
    assert list(fetched.liars) == ["liar"]
    assert list(fetched.bytes_from) == ["them"]


def test_holders_of_parts_complete_each_other(root, theirs, mine, tmp_path):
    other = DirectoryStore(tmp_path / "other")
    cids = links(theirs.get(root))
    other.put(BLOCKS[0])
    theirs.delete(cids[0])
    fetched = fetch(root, mine, {"them": theirs, "other": other}, links)
    assert fetched.bytes_from["other"] == len(BLOCKS[0])
    assert all(mine.has(cid) for cid in cids)


def test_what_nobody_has_is_named_and_so_is_who_was_asked(root, theirs, mine):
    cid = links(theirs.get(root))[1]
    theirs.delete(cid)
    with pytest.raises(MissingBlock, match=rf"{cid} could not be had") as error:
        fetch(root, mine, {"them": theirs, "liar": Liar()}, links)
    for reason in ("them: block .* is not in", "liar: .*another hash"):
        assert re.search(reason, str(error.value))
    with pytest.raises(MissingBlock, match="asked were nobody"):
        fetch(cid, mine, {}, links)


def test_a_damaged_block_at_a_peer_is_no_lie(root, theirs, mine, tmp_path):
    for file in (tmp_path / "theirs").rglob("b*"):
        if file.read_bytes() == BLOCKS[0]:
            file.write_bytes(b"damaged")
    with pytest.raises(MissingBlock, match="them: block"):
        fetch(root, mine, {"them": theirs}, links)
    theirs.put(BLOCKS[0])
    assert fetch(root, mine, {"them": theirs}, links).liars == {}


def test_what_the_links_refuse_is_not_fetched(root, theirs, mine):
    def refuse(block: bytes) -> Sequence[CID]:
        raise ValueError("too much")

    with pytest.raises(ValueError, match="too much"):
        fetch(root, mine, {"them": theirs}, refuse)
    assert mine.size() == len(theirs.get(root))
