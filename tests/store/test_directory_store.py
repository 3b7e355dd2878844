import os
import stat
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, CorruptBlock, MissingBlock, cid_of
from derelay.store.directory import PART_AGE, DirectoryStore
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


def grow_old(path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds, time.time() - seconds))


def test_what_is_old_and_not_kept_is_swept(store, tmp_path):
    kept, old, young = (store.put(block) for block in (b"kept", b"old", b"young"))
    for cid in (kept, old):
        (file,) = tmp_path.rglob(str(cid))
        grow_old(file, 100)
    assert store.sweep({kept}, age=60) == len(b"old")
    assert [store.has(cid) for cid in (kept, old, young)] == [True, False, True]
    assert store.sweep(set(), age=0) == len(b"kept") + len(b"young")
    assert store.size() == 0


def test_a_block_that_is_put_again_is_young_again(store, tmp_path):
    cid = store.put(b"block")
    grow_old(only_file(tmp_path / "blocks"), 100)
    store.put(b"block")
    assert store.sweep(set(), age=60) == 0
    assert store.has(cid)


def test_the_listing_names_blocks_their_sizes_and_since_when_they_are_here(store):
    before = time.time() - 1
    expected = {store.put(block): len(block) for block in (b"1", b"22", b"333")}
    listed = list(store.listing())
    assert {cid: size for cid, size, _ in listed} == expected
    assert all(before <= since <= time.time() + 1 for _, _, since in listed)


def test_half_a_block_of_a_process_that_died_is_swept_and_one_in_the_making_is_not(store, tmp_path):
    store.put(b"block")
    folder = only_file(tmp_path / "blocks").parent
    left, making = folder / ".left.part", folder / ".making.part"
    left.write_bytes(b"blo")
    making.write_bytes(b"blo")
    grow_old(left, PART_AGE + 1)
    DirectoryStore(tmp_path / "blocks")
    assert not left.exists()
    assert making.exists()


def test_where_asked_a_block_is_on_the_disk_before_its_name_and_its_name_before_it_is_said(
    tmp_path, monkeypatch
):
    synced = []
    fsync, replace = os.fsync, os.replace

    def note_fsync(descriptor: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "block")
        fsync(descriptor)

    def note_replace(*paths) -> None:
        synced.append("named")
        replace(*paths)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(os, "replace", note_replace)
    DirectoryStore(tmp_path / "fast").put(b"block")
    assert synced == ["named"]
    synced.clear()
    DirectoryStore(tmp_path / "durable", durable=True).put(b"block")
    assert synced == ["folder", "block", "named", "folder"]


def test_files_of_others_in_its_directory_are_left_alone(store, tmp_path):
    cid = store.put(b"block")
    folder = only_file(tmp_path / "blocks").parent
    (folder / "backup.tar").write_bytes(b"precious")
    assert [listed for listed, _, _ in store.listing()] == [cid]
    assert store.sweep(set(), age=0) == store.size() + len(b"block")
    assert (folder / "backup.tar").exists()
