"""Blocks from several holders at a time, over real sockets: slow ones, liars, and some that die."""

from contextlib import ExitStack

import pytest
from trees import Tree, links
from wire import Holder, server

from derelay.baton.blocks import BLOCK_BYTES, MissingBlock, cid_text
from derelay.store.fetch import fetch
from derelay.store.http_source import HttpSource
from derelay.store.passing import Passing
from derelay.store.schedule import MOST_LINES

SLOW = 40e6  # bytes a second: a block takes 26 ms


@pytest.fixture
def tree(theirs) -> Tree:
    return Tree.grown(theirs, 40)


@pytest.fixture
def blocks(theirs, tree) -> dict[str, bytes]:
    return {cid_text(cid): theirs.get(cid) for cid in (tree.root, *tree.blocks)}


@pytest.fixture
def fetched_from(tree, mine):
    """Fetches a tree from holders, by name."""
    with ExitStack() as stack:

        def fetched(holders: dict[str, Holder], patience: float = 5.0, into=None):
            sources = {}
            for name, holder in holders.items():
                url = stack.enter_context(server(holder.serve, at_once=True))
                sources[name] = HttpSource(url, patience, allow_private=True)
                stack.callback(sources[name].close)
            return fetch(tree.root, mine if into is None else into, sources, links)

        yield fetched


def test_slow_holders_share_the_work(fetched_from, blocks, mine, theirs):
    done = fetched_from({name: Holder(blocks, SLOW) for name in "abc"})
    assert mine.size() == theirs.size() == done.total_bytes
    assert all(0.2 < done.bytes_from[name] / theirs.size() < 0.5 for name in "abc")


def test_the_faster_one_gives_more(fetched_from, blocks, theirs):
    done = fetched_from({"slow": Holder(blocks, SLOW / 4), "fast": Holder(blocks, 2 * SLOW)})
    assert done.bytes_from["fast"] > 3 * done.bytes_from["slow"] > 0


def test_one_corrupted_block_in_a_hundred_costs_one_block(fetched_from, blocks, tree, mine, theirs):
    bad = Holder(blocks, SLOW, lies=[cid_text(tree.blocks[5])])
    holders = {"good": Holder(blocks, SLOW), "bad": bad, "other": Holder(blocks, SLOW)}
    done = fetched_from(holders)
    assert mine.size() == theirs.size()
    assert set(done.liars) <= {"bad"}
    assert sum(holder.sent for holder in holders.values()) <= theirs.size() + MOST_LINES * BLOCK_BYTES
    for cid in tree.blocks:
        assert mine.get(cid) == theirs.get(cid)


def test_a_liar_is_asked_for_nothing_more(fetched_from, blocks, tree, mine, theirs):
    bad = Holder(blocks, lies=blocks.keys() - {cid_text(tree.root)})
    done = fetched_from({"bad": bad, "good": Holder(blocks, SLOW)})
    assert list(done.liars) == ["bad"]
    assert len(bad.asked) == 2  # the root, which was sound, and one
    assert mine.size() == theirs.size()


def test_what_a_holder_that_dies_was_asked_for_others_give_at_once(fetched_from, blocks, mine, theirs):
    dying = Holder(blocks, SLOW, silent_after=4)
    done = fetched_from({"dying": dying, "good": Holder(blocks, SLOW)}, patience=600.0)
    assert mine.size() == theirs.size()
    assert done.bytes_from["good"] > done.bytes_from["dying"] > 0


def test_four_holders_that_lack_a_block_do_not_hide_a_fifth(fetched_from, blocks, tree, mine, theirs):
    class Lacking(Holder):
        def serve(self, connection) -> None:
            self._blocks = {**self._blocks, cid_text(tree.blocks[7]): b"?"}
            super().serve(connection)

    holders = {name: Lacking(blocks, SLOW) for name in "abcd"}
    fetched_from({**holders, "fifth": Holder(blocks, SLOW)})
    assert mine.size() == theirs.size()


def test_who_takes_what_comes_gets_each_block_once_and_its_error_ends_it(blocks, tree, theirs):
    taken: list[int] = []
    with server(Holder(blocks).serve, at_once=True) as url:
        source = HttpSource(url, 5.0, allow_private=True)
        fetch(tree.root, Passing(), {"them": source}, links, lambda place, _: taken.append(place))
        assert sorted(taken) == list(range(40))

        def refuse(place: int, block: memoryview) -> None:
            raise ValueError("not this one")

        with pytest.raises(ValueError, match="not this one"):
            fetch(tree.root, Passing(), {"them": source}, links, refuse)
        source.close()


def test_a_block_that_nobody_gives_sound_is_an_error_that_names_the_liar(fetched_from, blocks, tree):
    with pytest.raises(MissingBlock, match=r"could not be had; asked were a: .*another hash"):
        fetched_from({"a": Holder(blocks, lies=[cid_text(tree.blocks[3])])})
