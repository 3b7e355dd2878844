from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derelay.baton.canonical import encode
from derelay.baton.errors import BatonError
from derelay.baton.layout import ITEM_BYTES
from derelay.baton.manifest import MAX_PARENTS, Manifest
from derelay.baton.tensorspec import TensorSpec
from derelay.rules.protocol import PROTOCOL_VERSION

DIGESTS = st.binary(min_size=32, max_size=32)
PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)
NAMES = st.text(PRINTABLE, min_size=1, max_size=20).filter(lambda name: name != "__metadata__")
SHAPES = st.lists(st.integers(1, 8), max_size=8).map(tuple)
SPECS = st.builds(TensorSpec, NAMES, st.sampled_from(list(ITEM_BYTES)), SHAPES, DIGESTS)
MANIFESTS = st.builds(
    Manifest,
    protocol=st.just(PROTOCOL_VERSION),
    task=NAMES,
    task_hash=DIGESTS,
    parents=st.lists(DIGESTS, max_size=3).map(tuple),
    version=st.integers(0, 2**63 - 1),
    tensors=st.lists(SPECS, min_size=1, max_size=4, unique_by=lambda s: s.name).map(
        lambda specs: tuple(sorted(specs, key=lambda s: s.name))
    ),
)
SPEC = TensorSpec("weight", "F32", (2, 3), b"h" * 32)
MANIFEST = Manifest(PROTOCOL_VERSION, "digits", b"t" * 32, (b"p" * 32,), 1, (SPEC,))


@given(MANIFESTS)
def test_a_manifest_survives_its_encoding(manifest):
    again = Manifest.decode(manifest.encode())
    assert again == manifest
    assert again.id == manifest.id


@given(MANIFESTS, st.data())
def test_a_changed_byte_never_passes_for_the_same_baton(manifest, data):
    encoded = bytearray(manifest.encode())
    at = data.draw(st.integers(0, len(encoded) - 1))
    encoded[at] ^= data.draw(st.integers(1, 255))
    try:
        other = Manifest.decode(bytes(encoded))
    except BatonError:
        return
    assert other.id != manifest.id


def test_the_id_is_the_one_that_other_implementations_compute():
    assert MANIFEST.id.hex() == "c89f3fe7b9a2a8b11f6d08ab9912beefe7066a53084af9c2bba2e625c41445ed"
    assert MANIFEST.cid.raw_digest == MANIFEST.id
    assert str(MANIFEST.cid).startswith("bafyrei")  # how any IPFS tool shows a dag-cbor block


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"protocol": PROTOCOL_VERSION + 1}, "protocol 2"),
        ({"task": ""}, "task name"),
        ({"task": "x\x1b[2J"}, "task name"),
        ({"task_hash": b"short"}, "task_hash is not 32 bytes"),
        ({"parents": (b"short",)}, "parent is not 32 bytes"),
        ({"parents": (b"p" * 32,) * (MAX_PARENTS + 1)}, "parents"),
        ({"version": -1}, "not a count"),
        ({"version": True}, "not a count"),
        ({"tensors": ()}, "0 tensors"),
        ({"tensors": (SPEC, SPEC)}, "twice"),
        ({"tensors": (SPEC, replace(SPEC, name="bias"))}, "not sorted"),
        ({"tensors": tuple(replace(SPEC, name=n, shape=(1 << 37,)) for n in "abc")}, "model declares"),
    ],
)
def test_out_of_bounds_is_refused(change, reason):
    with pytest.raises(BatonError, match=reason):
        replace(MANIFEST, **change)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "../../etc/passwd\n"}, "tensor name"),
        ({"name": "n" * 201}, "tensor name"),
        ({"name": "__metadata__"}, "tensor name"),
        ({"dtype": "O"}, "positive dimensions of"),
        ({"shape": (1,) * 9}, "at most 8"),
        ({"shape": (0,)}, "positive dimensions"),
        ({"shape": (1 << 40,)}, "declares 4398046511104 bytes"),
        ({"shape": (1 << 62,) * 8}, "declares"),
        ({"sha256": b""}, "sha256 of tensor 'weight' is not 32 bytes"),
    ],
)
def test_a_tensor_out_of_bounds_is_refused(change, reason):
    with pytest.raises(BatonError, match=reason):
        replace(SPEC, **change)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"protocol": 1},
        {
            "protocol": True,
            "task": "",
            "task_hash": b"",
            "parents": [],
            "version": 0,
            "tensors": [],
        },
        {
            "protocol": 1,
            "task": "",
            "task_hash": b"",
            "parents": [],
            "version": 0,
            "tensors": [1],
        },
        {
            "protocol": 1,
            "task": "t",
            "task_hash": b"",
            "parents": [7],
            "version": 0,
            "tensors": [],
        },
    ],
)
def test_what_is_no_manifest_is_refused(value):
    with pytest.raises(BatonError, match="manifest"):
        Manifest.decode(encode(value))
