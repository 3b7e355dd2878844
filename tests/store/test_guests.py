import os
import threading
import time
from pathlib import Path

import pytest

from derelay.baton.blocks import BLOCK_BYTES, MissingBlock, cid_of
from derelay.patience import STEP_BYTES
from derelay.store.guests import Allowance, Guests
from derelay.store.store import StoreError

ALICE, BOB = "0x" + "a" * 40, "0x" + "b" * 40


def block(number: int) -> bytes:
    return number.to_bytes(4, "big") * (BLOCK_BYTES // 4)


def bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("b*") if file.is_file())


def here(guests: Guests, cid) -> bool:
    try:
        guests.get(cid)
    except MissingBlock:
        return False
    return True


@pytest.fixture
def guests(tmp_path) -> Guests:
    return Guests(tmp_path, Allowance(each=3 << 20, total=5 << 20))


def test_of_who_leaves_too_much_the_oldest_goes(guests, tmp_path):
    cids = [guests.put(ALICE, block(number)) for number in range(5)]
    for cid in cids[:2]:
        with pytest.raises(MissingBlock):
            guests.get(cid)
    assert [guests.get(cid) for cid in cids[2:]] == [block(2), block(3), block(4)]
    assert bytes_in(tmp_path) == 3 << 20


def test_what_is_left_again_is_young_again_and_counts_once(guests):
    first = guests.put(ALICE, block(0))
    guests.put(ALICE, block(1))
    guests.put(ALICE, block(0))
    guests.put(ALICE, block(2))
    guests.put(ALICE, block(3))
    assert guests.get(first) == block(0)


def test_all_together_leave_no_more_than_the_total_and_nobody_drives_others_out(guests, tmp_path):
    cids = [guests.put(ALICE, block(number)) for number in range(3)]
    guests.put(BOB, block(10))
    guests.put(BOB, block(11))
    with pytest.raises(StoreError, match="no room"):
        guests.put(BOB, block(12))
    assert bytes_in(tmp_path) == 5 << 20
    assert [guests.get(cid) for cid in cids] == [block(0), block(1), block(2)]


def test_a_block_that_two_left_stays_until_both_are_gone(guests):
    cid = guests.put(ALICE, block(0))
    guests.put(BOB, block(0))
    for number in range(1, 4):
        guests.put(ALICE, block(number))
    assert guests.get(cid) == block(0)


def test_tiny_blocks_count_for_more(tmp_path):
    guests = Guests(tmp_path, Allowance(each=4 * STEP_BYTES, total=8 * STEP_BYTES))
    cids = [guests.put(ALICE, bytes([number])) for number in range(6)]
    assert [here(guests, cid) for cid in cids] == [False, False, True, True, True, True]


def test_what_was_left_is_known_after_a_restart(guests, tmp_path):
    cids = [guests.put(ALICE, block(number)) for number in range(3)]
    for age, cid in enumerate(reversed(cids)):
        (file,) = tmp_path.rglob(str(cid))
        os.utime(file, (time.time() - age, time.time() - age))
    again = Guests(tmp_path, Allowance(each=3 << 20, total=5 << 20))
    again.put(ALICE, block(9))
    assert [here(again, cid) for cid in cids] == [False, True, True]


def test_what_is_too_old_is_swept(guests, tmp_path):
    cid = guests.put(ALICE, block(0))
    guests.sweep()
    assert guests.get(cid) == block(0)
    old = Guests(tmp_path, Allowance(age=0.0))
    old.sweep()
    assert bytes_in(tmp_path) == 0
    with pytest.raises(MissingBlock, match=str(cid)):
        old.get(cid)


def test_many_at_once(guests, tmp_path):
    def leave(sender: str, first: int) -> None:
        for number in range(first, first + 10):
            guests.put(sender, block(number))

    threads = [threading.Thread(target=leave, args=(who, at)) for who, at in ((ALICE, 0), (ALICE, 5))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bytes_in(tmp_path) == 3 << 20
    assert sum(here(guests, cid_of(block(number))) for number in range(15)) == 3
