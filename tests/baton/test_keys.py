import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from derelay.baton.errors import SealError
from derelay.baton.keys import open_key, pool_key, seal_key

KEYS = st.binary(min_size=32, max_size=32)


@given(key=KEYS, private=KEYS, ephemeral=KEYS)
def test_libsodium_opens_what_is_sealed(key, private, ephemeral):
    reader = PrivateKey(private)
    sealed = seal_key(key, bytes(reader.public_key), lambda size: ephemeral[:size])
    assert len(sealed) == 80
    assert SealedBox(reader).decrypt(sealed) == key
    assert open_key(sealed, private) == key


@given(key=KEYS, private=KEYS)
def test_what_libsodium_seals_is_opened(key, private):
    sealed = SealedBox(PrivateKey(private).public_key).encrypt(key)
    assert open_key(sealed, private) == key


@given(KEYS, st.integers(0, 79), st.integers(1, 255))
def test_a_changed_sealed_key_does_not_open(key, at, change):
    reader = PrivateKey(b"r" * 32)
    sealed = bytearray(seal_key(key, bytes(reader.public_key), os.urandom))
    sealed[at] ^= change
    with pytest.raises(SealError, match="ask for another grant"):
        open_key(bytes(sealed), bytes(reader))


def test_the_same_entropy_seals_to_the_same_bytes():
    public = bytes(PrivateKey(b"r" * 32).public_key)
    first, again = (seal_key(b"k" * 32, public, lambda size: b"e" * size) for _ in range(2))
    assert first == again
    assert seal_key(b"k" * 32, public, os.urandom) != first


def test_another_reader_does_not_open():
    sealed = seal_key(b"k" * 32, bytes(PrivateKey(b"r" * 32).public_key), os.urandom)
    with pytest.raises(SealError, match="another reader"):
        open_key(sealed, b"x" * 32)


def test_a_public_key_that_hides_nothing_is_refused():
    for weak in (bytes(32), b"\x01" + bytes(31)):
        with pytest.raises(SealError, match="must register another"):
            seal_key(b"k" * 32, weak, os.urandom)


@pytest.mark.parametrize("sealed", [b"", bytes(79), bytes(81)])
def test_other_lengths_are_refused(sealed):
    with pytest.raises(SealError, match=f"{len(sealed)} bytes"):
        open_key(sealed, b"r" * 32)


@given(st.dictionaries(KEYS, KEYS, min_size=1, max_size=4), KEYS, st.randoms(use_true_random=False))
def test_whoever_holds_the_childrens_keys_derives_the_pools(keys, head, random):
    shuffled = list(keys.items())
    random.shuffle(shuffled)
    assert pool_key(dict(shuffled), head) == pool_key(keys, head)


@given(st.dictionaries(KEYS, KEYS, min_size=1, max_size=4), KEYS, KEYS)
def test_nobody_derives_it_from_less_or_for_another_head(keys, head, other):
    child = min(keys)
    if other not in (keys[child], head):
        assert pool_key({**keys, child: other}, head) != pool_key(keys, head)
        assert pool_key(keys, other) != pool_key(keys, head)
    fewer = {id: key for id, key in keys.items() if id != child}
    if fewer:
        assert pool_key(fewer, head) != pool_key(keys, head)


def test_a_pool_of_nobody_has_no_key():
    with pytest.raises(SealError, match="no children"):
        pool_key({}, b"h" * 32)
