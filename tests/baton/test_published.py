import random
import threading
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load

from derelay.baton.baton import Baton
from derelay.baton.blocks import BLOCK_BYTES, MissingBlock, cid_of
from derelay.baton.container import pieces
from derelay.baton.errors import BatonError, SealError
from derelay.baton.opening import Opening
from derelay.baton.published_root import PublishedRoot
from derelay.baton.publishing import PublishedOpening, open_published, publish
from derelay.baton.root import root_cid
from derelay.baton.sealing import seal
from derelay.baton.tensors import layout_of
from derelay.store.directory import DirectoryStore

KEY = b"k" * 32


@pytest.fixture(scope="module")
def large() -> Baton:
    """Tensors of less than a block, of one exactly, and of several and a rest, in two widths."""
    generator = torch.Generator().manual_seed(3)
    state = {
        "a.bias": torch.randn(100, generator=generator),
        "b.weight": torch.randn(512, 512, generator=generator),
        "c.weight": torch.randn(900, 1000, generator=generator),
        "d.half": torch.randn(700, 1000, generator=generator).to(torch.bfloat16),
        "e.steps": torch.tensor(7),
    }
    return Baton.build(state, task="t", task_hash=bytes(32), parents=[], version=0)


@pytest.fixture
def root(large, store) -> PublishedRoot:
    content = publish(large, store)
    return PublishedRoot.decode(store.get(root_cid(content)), 1 << 30)


def opened(baton: Baton, store, content: bytes, **other) -> Baton:
    return open_published(
        store, content, **{"expect_id": baton.id, "template": layout_of(baton.tensors), **other}
    )


def same(one: Baton, other: Baton) -> bool:
    return one.manifest == other.manifest and all(
        torch.equal(one.tensors[name], other.tensors[name]) for name in other.tensors
    )


def test_anyone_opens_what_was_published(large, store):
    assert same(opened(large, store, publish(large, store)), large)


def test_all_publish_the_same_blocks(large, store, tmp_path):
    assert publish(large, store) == publish(large, DirectoryStore(tmp_path / "other"))


def test_the_blocks_are_the_safetensors_file(large, store, root):
    file = b"".join(store.get(cid) for cid in root.links)
    assert file == b"".join(pieces(large.manifest, large.tensors))
    assert all(torch.equal(tensor, large.tensors[name]) for name, tensor in load(file).items())


def test_large_tensors_fill_blocks_of_their_own_and_small_ones_share(root):
    kib = [-(-size // 1024) for size in root.sizes]
    assert kib[1:] == [1024, 1024, 1024, 1024, 444, 1024, 344]
    assert max(root.sizes) == BLOCK_BYTES


def test_a_baton_comes_together_in_any_order_from_several_threads(large, store):
    template = layout_of(large.tensors)
    for content, opening in (
        (seal(large, KEY, store), Opening(KEY, expect_id=large.id, template=template)),
        (publish(large, store), PublishedOpening(expect_id=large.id, template=template)),
    ):
        links = list(enumerate(opening.begin(store.get(root_cid(content)))))
        random.Random(1).shuffle(links)
        threads = [
            threading.Thread(
                target=lambda part=part, opening=opening: [opening.take(i, store.get(cid)) for i, cid in part]
            )
            for part in (links[::2], links[1::2])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert same(opening.baton(), large)


def test_its_tensors_can_be_trained_in_place_and_written_anew(large, store, tmp_path):
    baton = opened(large, store, publish(large, store))
    baton.tensors["b.weight"].add_(1)
    assert torch.equal(baton.tensors["b.weight"], large.tensors["b.weight"] + 1)
    assert torch.equal(baton.tensors["c.weight"], large.tensors["c.weight"])


def test_a_baton_that_is_not_all_here_does_not_open(large, store):
    content = publish(large, store)
    opening = PublishedOpening(expect_id=large.id, template=layout_of(large.tensors))
    links = opening.begin(store.get(root_cid(content)))
    for index, cid in enumerate(links[:-1]):
        opening.take(index, store.get(cid))
    with pytest.raises(BatonError, match="1 of 8 blocks are missing"):
        opening.baton()
    store.delete(links[-1])
    with pytest.raises(SealError, match=rf"published baton {large.id.hex()}: block .* is not in"):
        opened(large, store, content)


class Lying(dict):
    """Gives other blocks than it is asked for."""

    def get(self, cid):
        if cid not in self:
            raise MissingBlock(str(cid))
        return self[cid]


def test_changed_blocks_are_noticed(large, store, root):
    content = publish(large, store)
    for cid in (root_cid(content), *root.links[:2]):
        holder = Lying({each: store.get(each) for each in (root_cid(content), *root.links)})
        holder[cid] = bytes(len(holder[cid]))
        with pytest.raises(SealError, match="another hash"):
            opened(large, holder, content)


def test_another_baton_under_this_ones_id_is_refused(large, store):
    other = Baton.build(large.tensors, task="t", task_hash=bytes(32), parents=[], version=9)
    with pytest.raises(BatonError, match=f"is baton {other.id.hex()}, expected {large.id.hex()}"):
        opened(large, store, publish(other, store), expect_id=large.id)


def test_tensors_that_are_not_the_manifests_are_refused(large, store):
    tensors = {name: tensor.clone() for name, tensor in large.tensors.items()}
    tensors["c.weight"][0, 0] += 1
    with pytest.raises(BatonError, match=r"tensor 'c\.weight' has another hash"):
        opened(large, store, publish(replace(large, tensors=tensors), store))
    tensors["c.weight"][0, 0] = torch.nan
    with pytest.raises(BatonError, match=r"tensor 'c\.weight' holds NaN"):
        opened(large, store, publish(replace(large, tensors=tensors), store))


def test_what_is_larger_than_the_template_is_refused_by_its_root(large, store):
    with pytest.raises(SealError, match="allowed are 1 to"):
        opened(large, store, publish(large, store), template={"a": ("F32", (1,))})


@pytest.mark.parametrize("sizes", [(0,), (BLOCK_BYTES + 1,), (1, 1), ()])
def test_roots_with_other_sizes_are_refused(sizes):
    links = (cid_of(b"x"),) * (1 if sizes else 0)
    with pytest.raises(SealError, match="refused"):
        PublishedRoot.decode(PublishedRoot(sizes, links).encode(), 1 << 30)


def test_a_sealed_root_is_no_published_one(large, store):
    content = seal(large, KEY, store)
    with pytest.raises(SealError, match="root block of a published baton refused"):
        opened(large, store, content)
