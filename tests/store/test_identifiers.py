import pytest
from hypothesis import given
from hypothesis import strategies as st
from multiformats import CID

from derelay.baton.blocks import cid_of, cid_text, parse_cid

CODECS = st.sampled_from(["raw", "dag-cbor"])


@given(st.binary(max_size=50), CODECS)
def test_an_identifier_is_written_as_others_write_it_and_read_back(block, codec):
    cid = cid_of(block, codec)
    assert cid_text(cid) == str(cid)
    assert parse_cid(cid_text(cid)) == cid


@given(st.binary(max_size=50), CODECS, st.sampled_from(["base58btc", "base64", "base16", "base36"]))
def test_whatever_base_it_came_in(block, codec, base):
    cid = cid_of(block, codec)
    assert cid_text(CID(base, 1, codec, cid.digest)) == cid_text(cid)


@given(
    st.text(max_size=100)
    | st.text("abcdefgz234567ABQm=", min_size=40, max_size=80).map(lambda rest: "b" + rest)
)
def test_what_is_read_is_what_was_written(text):
    try:
        cid = parse_cid(text)
    except ValueError:
        return
    assert cid_text(cid) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "b",
        "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG",  # version 0
        str(CID("base58btc", 1, "raw", cid_of(b"x").digest)),
        str(cid_of(b"x")).upper(),
        str(cid_of(b"x")) + "=",
        str(cid_of(b"x"))[:-1] + "7",  # bits beyond the last byte
        str(CID("base32", 1, "dag-pb", cid_of(b"x").digest)),
        str(CID("base32", 1, "raw", ("identity", b"x" * 32))),
        str(CID("base32", 1, "raw", ("sha3-256", b"x" * 32))),
        "bafkqaaa",
        "b" + "a" * 10_000,
    ],
)
def test_other_identifiers_are_refused(text):
    with pytest.raises(ValueError, match="not the identifier of a block"):
        parse_cid(text)
