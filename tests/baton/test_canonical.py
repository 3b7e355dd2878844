import pytest
from hypothesis import given
from hypothesis import strategies as st

from derelay.baton.blocks import cid_of
from derelay.baton.canonical import CanonicalError, decode, encode

BOUNDS = {"max_bytes": 1000, "max_items": 100, "max_depth": 5}
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.text(max_size=9)
    | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_encoded_decodes_to_the_same(value):
    assert decode(encode(value), max_bytes=1000, max_items=100, max_depth=20) == value


@given(st.binary(max_size=60))
def test_bytes_from_anyone_are_the_one_encoding_of_a_value_or_refused(data):
    try:
        value = decode(data, **BOUNDS)
    except CanonicalError:
        return
    assert encode(value) == data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "truncated"),
        (b"\x00\x00", "not dag-cbor"),  # a second item
        (b"\x18\x01", "not dag-cbor"),  # 1 in two bytes
        (b"\xa2\x61b\x01\x61a\x02", "not dag-cbor"),  # keys out of order
        (b"\xa2\x61a\x01\x61a\x02", "not dag-cbor"),  # a key twice
        (b"\x9f\x00\xff", "indefinite length"),
        (b"\x5b" + b"\xff" * 8, "truncated"),  # 16 EiB of bytes in nine
        (b"\x9b" + b"\xff" * 8, "truncated"),
        (b"\x81" * 900 + b"\x00", "nested deeper than 5"),
        (b"\xd8\x2a" * 400 + b"\x00", "nested deeper than 5"),
        (b"\x98\xff" + bytes(255), "more than 100 items"),
        (bytes(1001), "1001 bytes"),
        (b"\xd8\x2a\x40", "not dag-cbor"),  # a link without an identifier
        (b"\xd8\x2a\x43\x00\x99\x99", "not dag-cbor"),
    ],
)
def test_refused_with_the_reason(data, reason):
    with pytest.raises(CanonicalError, match=reason):
        decode(data, **BOUNDS)


def test_links_survive():
    cid = cid_of(b"block")
    assert decode(encode([cid]), **BOUNDS) == [cid]
