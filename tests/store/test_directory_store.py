import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, CorruptBlock, MissingBlock, cid_of
from derelay.store.directory import DirectoryStore
from derelay.store.store import StoreError


@pytest.fixture
def store(tmp_path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "blocks")


def only_file(store_path):
    (file,) = (path for path in store_path.rglob("*") if path.is_file())
    return file


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=100), st.sampled_from(["raw", "dag-cbor"]))
def test_a_block_comes_back_under_its_identifier(store, block, codec):
    cid = store.put(block, codec)
    assert cid == cid_of(block, codec)
    assert store.has(cid)
    assert store.get(cid) == block


def test_blocks_outlive_the_process(store, tmp_path):
    cid = store.put(b"block")
    assert DirectoryStore(tmp_path / "blocks").get(cid) == b"block"


def test_any_base_of_an_identifier_names_the_same_block(store):
    cid = store.put(b"block")
    assert store.get(CID("base64", 1, "raw", cid.digest)) == b"block"  # base 64 has a slash in its alphabet


def test_what_is_not_here_is_missing(store):
    with pytest.raises(MissingBlock, match=r"is not in .*blocks"):
        store.get(cid_of(b"block"))
    assert not store.has(cid_of(b"block"))


def test_a_damaged_block_is_not_given_out_and_can_be_put_again(store, tmp_path):
    cid = store.put(b"block")
    only_file(tmp_path / "blocks").write_bytes(b"blocK")
    with pytest.raises(CorruptBlock, match=str(cid)):
        store.get(cid)
    assert not store.has(cid)
    store.put(b"block")
    assert store.get(cid) == b"block"


def test_delete_and_size(store):
    cid = store.put(b"12345")
    store.put(b"123")
    store.put(b"12345")
    assert store.size() == 8
    store.delete(cid)
    store.delete(cid)
    assert store.size() == 3


def test_blocks_are_for_their_owner_only(store, tmp_path):
    store.put(b"block")
    file = only_file(tmp_path / "blocks")
    assert file.stat().st_mode & 0o777 == 0o600
    assert all(path.stat().st_mode & 0o777 == 0o700 for path in (file.parent, file.parent.parent))


def test_a_block_too_large_for_peers_is_refused(store):
    with pytest.raises(StoreError, match="larger than 1048576"):
        store.put(bytes(BLOCK_BYTES + 1))


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=f"store {tmp_path}/file/blocks cannot be made"):
        DirectoryStore(tmp_path / "file" / "blocks")
    store = DirectoryStore(tmp_path / "blocks")
    (tmp_path / "blocks").rmdir()
    with pytest.raises(StoreError, match="cannot be written"):
        store.put(b"block")
