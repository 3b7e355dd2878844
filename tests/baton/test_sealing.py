from dataclasses import replace

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from multiformats import CID

from derelay.baton.baton import Baton
from derelay.baton.blocks import BLOCK_BYTES, DAG_CBOR, MissingBlock, cid_of
from derelay.baton.cipher import Cipher
from derelay.baton.codec import Codec, Form
from derelay.baton.codecs import CODECS
from derelay.baton.codecs.full import Full
from derelay.baton.container import pieces
from derelay.baton.encoding import WHOLE, Encoding
from derelay.baton.errors import BatonError, SealError
from derelay.baton.root import CHUNK_BYTES, Root, root_cid
from derelay.baton.sealing import open_sealed, seal, sealed_links
from derelay.baton.tensors import layout_of
from derelay.store.directory import DirectoryStore

KEY = b"k" * 32


class Holder(dict[CID, bytes]):
    """A holder that gives whatever it wants for a block."""

    def get(self, cid: CID) -> bytes:  # type: ignore[override]
        if cid not in self:
            raise MissingBlock(f"block {cid} is not here")
        return self[cid]

    def put(self, block: bytes, codec: str = "raw") -> CID:
        self[cid_of(block, codec)] = block
        return cid_of(block, codec)


def opened(holder, content, baton, key=KEY, **other) -> Baton:
    expected = {"expect_id": baton.id, "template": layout_of(baton.tensors), **other}
    return open_sealed(holder, content, key, **expected)


@settings(max_examples=30)
@given(
    lengths=st.lists(st.integers(1, 700_000), min_size=1, max_size=3),
    key=st.binary(min_size=32, max_size=32),
)
def test_who_holds_the_key_opens_what_was_sealed(lengths, key):
    state = {f"layer.{i}": torch.arange(n, dtype=torch.float32) for i, n in enumerate(lengths)}
    baton = Baton.build(state, task="t", task_hash=bytes(32), parents=[], version=0)
    holder = Holder()
    again = opened(holder, seal(baton, key, holder), baton, key)
    assert again.manifest == baton.manifest
    assert all(torch.equal(again.tensors[name], state[name]) for name in state)


def test_all_holders_seal_the_same_blob(baton, store, tmp_path):
    contents = {seal(baton, KEY, sink) for sink in (store, DirectoryStore(tmp_path / "other"))}
    assert len(contents) == 1
    assert seal(baton, b"x" * 32, store) not in contents


def test_the_blob_is_the_one_that_other_versions_seal():
    state = {"weight": torch.arange(6.0).reshape(2, 3), "steps": torch.tensor(1)}
    baton = Baton.build(state, task="digits", task_hash=bytes(32), parents=[b"p" * 32], version=1)
    assert baton.id.hex() == "2df375b6d3498a29d5813a415e611c840abce7f76bdb0c0c0d375d646d1b4a08"
    assert (
        seal(baton, KEY, Holder()).hex() == "a33140e8f80e90dddac744d4d75147cdfa9646af82dbf491e02cafd9fada0399"
    )


def test_blocks_are_as_large_as_ipfs_peers_accept(baton):
    holder = Holder()
    content = seal(baton, KEY, holder)
    root = Root.decode(holder[root_cid(content)], 1 << 30)
    sizes = [len(holder[cid]) for cid in root.links]
    assert len(sizes) == 3
    assert all(size == BLOCK_BYTES for size in sizes[:-1])
    assert sum(sizes) == root.size + 16 * len(sizes)


def test_a_block_tells_nothing_of_the_weights(baton):
    holder = Holder()
    seal(baton, KEY, holder)
    weights = baton.tensors["body.weight"].numpy().tobytes()[:1000]
    assert not any(weights[i : i + 8] in block for block in holder.values() for i in range(0, 1000, 8))
    assert not any(b"digits" in block for block in holder.values())


def test_one_key_for_two_batons_is_no_disaster(baton):
    one, other = (Cipher(KEY, id, 1).seal(0, bytes(64)) for id in (b"a" * 32, b"b" * 32))
    assert one[:64] != other[:64]  # the same key stream twice would give the difference of the weights away


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_block_is_noticed(baton, data):
    holder = Holder()
    content = seal(baton, KEY, holder)
    cid = data.draw(st.sampled_from(sorted(holder, key=str)))
    block = bytearray(holder[cid])
    match data.draw(st.sampled_from(["flip", "cut", "grow", "lose"])):
        case "flip":
            block[data.draw(st.integers(0, len(block) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        case "cut":
            del block[data.draw(st.integers(0, len(block) - 1)) :]
        case "grow":
            block += b"\0"
        case "lose":
            del holder[cid]
    if cid in holder:
        holder[cid] = bytes(block)
    with pytest.raises(SealError, match=baton.id.hex()):
        opened(holder, content, baton)


def rooted(holder: Holder, root: Root) -> bytes:
    """Publish another root over the same blocks, as its maker may."""
    return holder.put(root.encode(), DAG_CBOR).raw_digest


def test_blocks_in_another_order_do_not_open(baton):
    holder = Holder()
    root = Root.decode(holder[root_cid(seal(baton, KEY, holder))], 1 << 30)
    one, two, rest = root.links
    with pytest.raises(SealError, match="block 0 of 3 does not open"):
        opened(holder, rooted(holder, replace(root, links=(two, one, rest))), baton)


def test_fewer_or_more_blocks_do_not_open(baton):
    holder = Holder()
    root = Root.decode(holder[root_cid(seal(baton, KEY, holder))], 1 << 30)
    fewer, more = root.links[:-1], (*root.links, root.links[0])
    for links in (fewer, more):
        with pytest.raises(SealError, match=r"root block of at most|links"):
            opened(holder, rooted(holder, replace(root, links=links)), baton)
    with pytest.raises(SealError, match="block 0 of 2 does not open"):
        opened(holder, rooted(holder, Root(2 * CHUNK_BYTES, fewer)), baton)


@pytest.mark.parametrize("error", [-1, 1])
def test_a_size_that_is_not_the_batons_is_refused(baton, error):
    holder = Holder()
    root = Root.decode(holder[root_cid(seal(baton, KEY, holder))], 1 << 30)
    with pytest.raises(BatonError, match=f"declares {root.size} bytes and has {root.size + error}"):
        opened(holder, rooted(holder, replace(root, size=root.size + error)), baton)


def test_another_baton_under_this_ones_id_is_refused(baton, state):
    other = Baton.build(state, task="digits", task_hash=bytes(32), parents=[], version=99)
    container = b"".join(pieces(other.manifest, other.tensors))
    holder, cipher = Holder(), Cipher(KEY, baton.id, 3)
    chunks = [container[at : at + CHUNK_BYTES] for at in range(0, len(container), CHUNK_BYTES)]
    links = tuple(holder.put(cipher.seal(index, chunk)) for index, chunk in enumerate(chunks))
    with pytest.raises(BatonError, match=f"is baton {other.id.hex()}, expected {baton.id.hex()}"):
        opened(holder, rooted(holder, Root(len(container), links)), baton)


def test_another_root_than_the_one_on_chain_is_refused(baton):
    holder, other = Holder(), Holder()
    content = seal(baton, KEY, holder)
    holder[root_cid(content)] = other[root_cid(seal(baton, b"x" * 32, other))]
    with pytest.raises(SealError, match="another hash"):
        opened(holder, content, baton)


def test_bytes_hidden_after_the_baton_are_refused(baton):
    holder = Holder()
    root = Root.decode(holder[root_cid(seal(baton, KEY, holder))], 1 << 30)
    cipher = Cipher(KEY, baton.id, 3)
    longer = holder.put(cipher.seal(2, cipher.open(2, holder[root.links[2]]) + b"payload"))
    with pytest.raises(SealError, match=r"block 2 holds .* not what the root says"):
        opened(holder, rooted(holder, replace(root, links=(*root.links[:2], longer))), baton)


def test_another_key_or_baton_does_not_open(baton):
    holder = Holder()
    content = seal(baton, KEY, holder)
    with pytest.raises(SealError, match="does not open"):
        opened(holder, content, baton, key=b"x" * 32)
    with pytest.raises(SealError, match="does not open"):
        opened(holder, content, baton, expect_id=b"x" * 32)
    with pytest.raises(SealError, match="31 bytes"):
        opened(holder, content, baton, key=b"x" * 31)


def test_a_blob_larger_than_the_template_is_refused_by_its_root(baton):
    holder = Holder()
    content = seal(baton, KEY, holder)
    smaller = {"a": ("F32", (500_000,))}
    with pytest.raises(SealError, match=r"root block refused: .* bytes, allowed are 1 to 2067592"):
        sealed_links(holder[root_cid(content)], smaller)
    root_only = Holder({root_cid(content): holder[root_cid(content)]})
    with pytest.raises(SealError, match=r"root block refused: .* bytes, allowed are 1 to 2067592"):
        opened(root_only, content, baton, template=smaller)


def test_another_model_of_the_right_id_is_refused_as_a_baton(baton, template):
    holder = Holder()
    other = {**template, "head.bias": ("BF16", (11,))}
    with pytest.raises(BatonError, match=r"tensor 'head\.bias'") as error:
        opened(holder, seal(baton, KEY, holder), baton, template=other)
    assert type(error.value) is BatonError


def test_a_codec_not_known_here_is_named(baton):
    holder = Holder()
    root = Root.decode(holder[root_cid(seal(baton, KEY, holder))], 1 << 30)
    with pytest.raises(BatonError, match="codec 'quantum' is not known here"):
        opened(holder, rooted(holder, replace(root, encoding=Encoding("quantum"))), baton)


class Change(Full):
    """A model as the difference to its base."""

    name = "change"
    is_change = True

    def encode(self, state, base):
        return {name: tensor - base[name] for name, tensor in state.items()}

    def decode(self, stored, layout, base):
        return {name: tensor + base[name] for name, tensor in stored.items()}


@pytest.fixture
def change(monkeypatch) -> Codec:
    monkeypatch.setitem(CODECS, "change", Change())
    return CODECS["change"]


def made(weights: torch.Tensor, version: int) -> Baton:
    return Baton.build({"w": weights}, task="t", task_hash=bytes(32), parents=[], version=version)


def changed_from(head: Baton, child: Baton, codec: Codec) -> Form:
    return Form(Encoding(codec.name, head.id), codec.encode(child.tensors, head.tensors))


def test_a_baton_is_the_same_whole_and_as_a_change_to_its_base(change):
    head, child = made(torch.arange(5.0), 0), made(torch.arange(5.0) ** 2, 1)
    holder, bases = Holder(), {head.id: head.tensors}
    whole, changed = seal(child, KEY, holder), seal(child, KEY, holder, changed_from(head, child, change))
    assert whole != changed
    for content in (whole, changed):
        assert opened(holder, content, child, bases=bases.get).id == child.id
    with pytest.raises(SealError, match=f"change to baton {head.id.hex()}, which is not here"):
        opened(holder, changed, child)


def test_a_change_without_a_base_is_refused_and_so_is_a_base_of_another_model(change):
    head, child, holder = made(torch.arange(5.0), 0), made(torch.arange(5.0) ** 2, 1), Holder()
    content = seal(child, KEY, holder, changed_from(head, child, change))
    root = Root.decode(holder[root_cid(content)], 1 << 30)
    for encoding in (Encoding("change"), Encoding("full", head.id)):
        with pytest.raises(SealError, match=r"with(out)? a base"):
            opened(holder, rooted(holder, replace(root, encoding=encoding)), child)
    with pytest.raises(SealError, match="another model: tensor 'w' is"):
        opened(holder, content, child, bases=lambda id: {"w": torch.zeros(6)})


def test_two_ways_to_store_a_baton_have_no_key_stream_in_common(change):
    one, other = (Cipher(KEY, bytes(32), 1, how).seal(0, bytes(64)) for how in (WHOLE, Encoding("change")))
    assert one[:64] != other[:64]


@given(st.binary(max_size=200))
def test_no_bytes_make_a_root_by_accident(block):
    with pytest.raises(SealError):
        Root.decode(block, 1 << 30)


@pytest.mark.parametrize("root", [Root(0, ()), Root(101, (cid_of(b""),))])
def test_a_root_stands_for_something_within_its_limit(root):
    with pytest.raises(SealError, match="allowed are 1 to 100"):
        Root.decode(root.encode(), 100)


def test_a_root_links_to_raw_blocks_only():
    link = cid_of(b"another map", DAG_CBOR)
    with pytest.raises(SealError, match="link 0"):
        Root.decode(Root(10, (link,)).encode(), 100)
