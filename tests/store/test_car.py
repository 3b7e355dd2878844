"""A whole baton in one answer: an archive that other tools read."""

import http.client
import tracemalloc
from urllib.parse import urlsplit

import dag_cbor
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multiformats import CID, multibase, varint
from trees import Tree

from derelay.baton.blocks import BLOCK_BYTES, DAG_CBOR, BlockError, cid_from_bytes, cid_of
from derelay.store.car import MOST_DEPTH, sections
from derelay.store.links import links_of

CAR = "application/vnd.ipld.car"
LINK = b"\xd8\x2a\x58\x25\x00"
"""What precedes an identifier in dag-cbor: its tag, its length, and a zero."""


@pytest.fixture
def tree(theirs) -> Tree:
    return Tree.grown(theirs, 5, 100_000)


def ask(gateway, path, method="GET", **headers):
    connection = http.client.HTTPConnection(urlsplit(gateway.url).netloc, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


def parsed(archive):
    """Return the roots and the blocks of an archive, read as its specification says."""
    parts, at = [], 0
    while at < len(archive):
        size, used, _ = varint.decode_raw(archive[at : at + 9])
        parts.append(archive[at + used : at + used + size])
        at += used + size
    header = dag_cbor.decode(parts[0])
    assert header["version"] == 1
    return header["roots"], [(cid_from_bytes(part[:36]), part[36:]) for part in parts[1:]]


@pytest.mark.parametrize(
    "how", [{"query": "?format=car"}, {"Accept": CAR}, {"Accept": f"{CAR}; dups=y, */*"}]
)
def test_all_blocks_come_in_one_archive_the_root_first(gateway, theirs, tree, how):
    query = how.pop("query", "")
    status, headers, content = ask(gateway, f"/ipfs/{tree.root}{query}", **how)
    roots, blocks = parsed(content)
    assert (status, roots) == (200, [tree.root])
    assert [cid for cid, _ in blocks] == [tree.root, *tree.blocks]
    assert all(cid_of(block, cid.codec.name) == cid for cid, block in blocks)
    assert headers["Content-Type"] == f"{CAR}; version=1; order=dfs; dups=n"
    assert headers["Content-Disposition"] == f'attachment; filename="{tree.root}.car"'
    assert (headers["Accept-Ranges"], headers["X-Content-Type-Options"]) == ("none", "nosniff")
    assert "immutable" in headers["Cache-Control"]
    unchanged = {"If_None_Match": headers["Etag"], **how}
    assert ask(gateway, f"/ipfs/{tree.root}{query}", **unchanged)[::2] == (304, b"")


def test_a_scope_of_one_block(gateway, tree):
    for scope in ("block", "entity"):
        _, _, content = ask(gateway, f"/ipfs/{tree.root}?format=car&dag-scope={scope}")
        assert [cid for cid, _ in parsed(content)[1]] == [tree.root]
    assert ask(gateway, f"/ipfs/{tree.root}?format=car&dag-scope=some")[0] == 400
    status, headers, content = ask(gateway, f"/ipfs/{tree.root}?format=car", "HEAD")
    assert (status, headers["Content-Type"].partition(";")[0], content) == (200, CAR, b"")


def test_a_block_that_is_linked_to_twice_comes_once_and_before_what_follows_it(gateway, theirs):
    leaf, other = theirs.put(b"leaf"), theirs.put(b"other")
    inner = theirs.put(dag_cbor.encode({"of": [other, leaf]}), DAG_CBOR)
    root = theirs.put(dag_cbor.encode([inner, leaf, {"again": inner}]), DAG_CBOR)
    _, blocks = parsed(ask(gateway, f"/ipfs/{root}?format=car")[2])
    assert [cid for cid, _ in blocks] == [root, inner, other, leaf]


def test_what_cannot_be_had_whole_does_not_look_whole(gateway, theirs, tree):
    theirs.delete(tree.blocks[3])
    with pytest.raises(http.client.IncompleteRead):
        ask(gateway, f"/ipfs/{tree.root}?format=car")
    assert ask(gateway, f"/ipfs/{tree.blocks[3]}?format=car")[0] == 404
    no_cbor = theirs.put(b"\xff", DAG_CBOR)
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(gateway, f"/ipfs/{no_cbor}?format=car")
    assert ask(gateway, f"/ipfs/{tree.root}?format=raw")[0] == 200


def test_an_archive_of_another_version_is_refused(gateway, tree):
    assert ask(gateway, f"/ipfs/{tree.root}?format=car&car-version=2")[0] == 406
    assert ask(gateway, f"/ipfs/{tree.root}", Accept=f"{CAR}; version=2")[0] == 406


def test_memory_does_not_grow_with_the_archive(theirs):
    tree = Tree.grown(theirs, 24)
    tracemalloc.start()
    size = sum(map(len, sections(tree.root, theirs.get, "all")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 24 * BLOCK_BYTES
    assert peak < 4 * BLOCK_BYTES


def chained(store, levels: int, further: int) -> CID:
    """Put a block that links to one that links to one, and so on, each to so many further ones as well."""
    cid = store.put(b"leaf")
    others = b"".join(LINK + bytes(cid)[:-32] + each.to_bytes(32, "big") for each in range(further))
    for _ in range(levels):
        items = b"\x99" + (1 + further).to_bytes(2, "big")
        cid = store.put(items + LINK + bytes(cid) + others, DAG_CBOR)
    return cid


def test_a_chain_of_blocks_is_followed_to_a_depth(gateway, theirs):
    shallow, deep = chained(theirs, MOST_DEPTH, 0), chained(theirs, MOST_DEPTH + 1, 0)
    assert len(parsed(ask(gateway, f"/ipfs/{shallow}?format=car")[2])[1]) == MOST_DEPTH + 1
    with pytest.raises(http.client.IncompleteRead):
        ask(gateway, f"/ipfs/{deep}?format=car")


def test_links_take_no_memory_before_they_are_followed(theirs):
    root = chained(theirs, 1, 24_000)
    tracemalloc.start()
    with pytest.raises(BlockError):
        for _ in sections(root, theirs.get, "all"):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * BLOCK_BYTES


def test_an_identifier_in_base_36_names_the_same_block(gateway, tree):
    name = multibase.encode(bytes(tree.root), "base36")
    assert ask(gateway, f"/ipfs/{name}?format=raw")[2] == ask(gateway, f"/ipfs/{tree.root}?format=raw")[2]
    assert ask(gateway, f"/ipfs/{name[:-1]}?format=raw")[0] == 400


CIDS = st.binary(max_size=4).map(cid_of)
PLAIN = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.binary(max_size=30) | st.text(max_size=30)
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    PLAIN | NUMBERS | CIDS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
)


def links_in(value):
    if isinstance(value, (list, dict)):
        return [
            link for each in (value.values() if isinstance(value, dict) else value) for link in links_in(each)
        ]
    return [value] if type(value).__name__ == "CID" else []


@given(VALUES)
def test_links_are_found_wherever_they_stand(value):
    block = dag_cbor.encode(value)
    assert sorted(map(str, links_of(block))) == sorted(map(str, links_in(value)))


@given(st.binary(max_size=80) | st.binary(max_size=60).map(lambda rest: b"\x83\xd8\x2a\x58\x25\x00" + rest))
def test_what_is_no_dag_cbor_is_refused_or_links_to_blocks(block):
    try:
        found = list(links_of(block))
    except ValueError:
        return
    assert all(cid_from_bytes(bytes(cid)) == cid for cid in found)
