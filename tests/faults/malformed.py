"""Batons as nobody honest makes them: each kind sealed so that all that can be right about it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from derelay.baton.baton import Baton
from derelay.baton.blocks import BLOCK_BYTES, DAG_CBOR, Sink, cid_of
from derelay.baton.canonical import decode, encode
from derelay.baton.cipher import Cipher
from derelay.baton.codec import Form
from derelay.baton.container import pieces
from derelay.baton.encoding import WHOLE
from derelay.baton.manifest import Manifest
from derelay.baton.root import CHUNK_BYTES, Root, block_count
from derelay.baton.tensorspec import TensorSpec
from derelay.node import participant
from derelay.rules.protocol import PROTOCOL_VERSION

Kind = Callable[[Baton, bytes, Sink], tuple[bytes, bytes]]
"""Puts a baton's blocks under a key into a store, and returns the ids of baton and blob."""

_PATHS = ("../../../../etc/passwd", "/etc/passwd", "..\\..\\x", "con", "a" * 200)


def kinds() -> Iterator[tuple[str, Kind]]:
    """Yield them, by name."""
    for number, path in enumerate(_PATHS):
        yield f"path trick {number}", _manifest(lambda m, path=path: _renamed(m, path))
    yield "absurd size", _manifest(lambda m: _respec(m, shape=(1 << 36,)))
    yield "absurd dimensions", _manifest(lambda m: _respec(m, shape=(1 << 5,) * 7))
    yield "wrong hash", _manifest(lambda m: _respec(m, sha256=bytes(32)))
    yield "another dtype", _manifest(lambda m: _respec(m, dtype="I8"))
    yield "fewer tensors", _manifest(lambda m: replace(m, tensors=m.tensors[:1]))
    yield "another manifest", _container(lambda data: data.replace(b"derelay.id", b"derelay.ix"))
    yield "deep nesting", _container(lambda data: _headed(b'{"__metadata__":' + b"[" * 30_000, data))
    yield "header without end", _container(lambda data: (1 << 62).to_bytes(8, "little") + data[8:])
    yield "negative places", _container(lambda data: _placed(data, [-8, 0]))
    yield "places that overlap", _container(lambda data: _placed(data, [0, 8]))
    yield "pickle", _container(lambda data: b"\x80\x04cos\nsystem\n(S'true'\ntR." + data)
    yield "cut short", _container(lambda data: data[:-1])
    yield "too long", _container(lambda data: data + b"\0")
    yield "nothing", _container(lambda data: b"\0")
    yield "NaN", _container(lambda data: data[:-4] + b"\xff\xff\xff\xff")
    yield "root that claims a terabyte", _root(lambda size, links: Root(1 << 40, links).encode())
    yield "root with a link too many", _root(lambda size, links: Root(size, (*links, links[0])).encode())
    yield "root without links", _root(lambda size, links: Root(size, ()).encode())
    yield (
        "root with links to nowhere",
        _root(lambda size, links: Root(size, tuple(cid_of(b"x") for _ in links)).encode()),
    )
    yield "root of another protocol", _root(_other_protocol)
    yield "root that is nested", _root(lambda size, links: b"\x81" * 1000 + b"\0")
    yield "root that is full", _root(lambda size, links: bytes(BLOCK_BYTES))
    yield "blocks of the wrong length", _blocks(lambda block: block[:-1])
    yield "blocks of nothing", _blocks(lambda block: b"")
    yield "blocks of another key", _blocks(lambda block: bytes(len(block)))


def seal_bytes(
    data: bytes, id: bytes, key: bytes, sink: Sink, change: Callable[[bytes], bytes] = bytes
) -> tuple[Any, ...]:
    """Seal any bytes as a container of a baton; return the links to its blocks."""
    cipher = Cipher(key, id, block_count(len(data)))
    chunks = [data[at : at + CHUNK_BYTES] for at in range(0, len(data), CHUNK_BYTES)]
    return tuple(sink.put(change(cipher.seal(index, chunk))) for index, chunk in enumerate(chunks))


def _content(sink: Sink, root: bytes) -> bytes:
    return bytes(sink.put(root, DAG_CBOR).raw_digest)


def _manifest(change: Callable[[Manifest], Manifest]) -> Kind:
    def seal(baton: Baton, key: bytes, sink: Sink) -> tuple[bytes, bytes]:
        manifest = change(baton.manifest)
        data = b"".join(pieces(manifest, baton.tensors))
        links = seal_bytes(data, manifest.id, key, sink)
        return manifest.id, _content(sink, Root(len(data), links).encode())

    return seal


def _container(change: Callable[[bytes], bytes]) -> Kind:
    def seal(baton: Baton, key: bytes, sink: Sink) -> tuple[bytes, bytes]:
        data = change(b"".join(pieces(baton.manifest, baton.tensors)))
        links = seal_bytes(data, baton.id, key, sink)
        return baton.id, _content(sink, Root(len(data), links).encode())

    return seal


def _root(write: Callable[[int, Any], bytes]) -> Kind:
    def seal(baton: Baton, key: bytes, sink: Sink) -> tuple[bytes, bytes]:
        data = b"".join(pieces(baton.manifest, baton.tensors))
        return baton.id, _content(sink, write(len(data), seal_bytes(data, baton.id, key, sink)))

    return seal


def _blocks(change: Callable[[bytes], bytes]) -> Kind:
    def seal(baton: Baton, key: bytes, sink: Sink) -> tuple[bytes, bytes]:
        data = b"".join(pieces(baton.manifest, baton.tensors))
        links = seal_bytes(data, baton.id, key, sink, change)
        return baton.id, _content(sink, Root(len(data), links, WHOLE).encode())

    return seal


def _renamed(manifest: Manifest, name: str) -> Manifest:
    first, *others = manifest.tensors
    return replace(
        manifest, tensors=tuple(sorted([replace(first, name=name), *others], key=lambda spec: spec.name))
    )


def _respec(manifest: Manifest, **fields: Any) -> Manifest:
    first, *others = manifest.tensors
    spec: TensorSpec = replace(first, **fields)
    return replace(manifest, tensors=(spec, *others))


def _headed(header: bytes, data: bytes) -> bytes:
    end = 8 + int.from_bytes(data[:8], "little")
    return len(header).to_bytes(8, "little") + header + data[end:]


def _placed(data: bytes, place: list[int]) -> bytes:
    end = 8 + int.from_bytes(data[:8], "little")
    entries = json.loads(data[8:end])
    for name in entries.keys() - {"__metadata__"}:
        entries[name]["data_offsets"] = place
    return _headed(json.dumps(entries).encode(), data)


def _other_protocol(size: int, links: Any) -> bytes:
    root = Root(size, links).encode()
    value: Any = decode(root, max_bytes=BLOCK_BYTES, max_items=100, max_depth=3)
    return encode({**value, "protocol": PROTOCOL_VERSION + 1})


def hand_in_malformed(number: int) -> None:
    """Let a node seal each child in another malformed way: a twist."""
    honest = participant.seal
    ways = islice(cycle(kind for name, kind in kinds() if name in _SAME_ID), number, None)

    def seal(baton: Baton, key: bytes, sink: Sink, form: Form | None = None) -> bytes:
        is_child = len(baton.manifest.parents) == 1
        return next(ways)(baton, key, sink)[1] if is_child else honest(baton, key, sink, form)

    participant.seal = seal


_SAME_ID = ("cut short", "root that claims a terabyte", "deep nesting", "blocks of nothing", "pickle")
"""Kinds that change nothing of the manifest, so that its id can be committed to."""
