"""What reads batons: manifests, root blocks, containers in each codec, keys."""

from __future__ import annotations

from io import BytesIO

import torch
from nacl.public import PrivateKey

from derelay.baton.baton import Baton
from derelay.baton.blocks import cid_of, cid_text, parse_cid
from derelay.baton.canonical import encode
from derelay.baton.codec import Codec
from derelay.baton.codecs import CODECS
from derelay.baton.container import pieces
from derelay.baton.errors import BatonError, SealError
from derelay.baton.keys import open_key, seal_key
from derelay.baton.manifest import Manifest
from derelay.baton.root import Root
from derelay.baton.tensors import State, layout_of
from faults.fuzzing.parser import Parser

_PRIVATE = bytes(range(32))
_LIMIT = 1 << 26
_CBOR = (
    b"\xd8\x2aX%\x00",
    b"\x9b" + b"\xff" * 8,
    b"\xbb\x00\x00\x00\x01",
    b"\x81" * 64,
    b"\xa1a",
    b"\x5f",
    b"\xfb",
)
_JSON = (
    b"[",
    b"{",
    b"]",
    b"}",
    b'"',
    b",",
    b":",
    b"-1",
    b"1e999",
    b"NaN",
    b"null",
    b"9" * 5000,
    b'"\\ud800"',
)


def parsers() -> list[Parser]:
    """Return them."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(7)
    base: State = {
        "a.weight": torch.randn(8, 6, generator=generator),
        "b.bias": torch.randn(5, generator=generator).to(torch.bfloat16),
        "c.steps": torch.tensor(40),
    }
    state = {name: tensor + 1 for name, tensor in base.items()}
    baton = _baton(state)
    whole = b"".join(pieces(baton.manifest, baton.tensors))
    links = tuple(cid_of(bytes([i])) for i in range(3))
    root = Root(2 * (1 << 20) + 5, links).encode()
    deep = b"\x81" * 60_000 + b"\x00"
    return [
        Parser(
            "manifest", Manifest.decode, (BatonError,), (baton.manifest.encode(), encode({})), _CBOR, (deep,)
        ),
        Parser("root block", lambda data: Root.decode(data, _LIMIT), (SealError,), (root,), _CBOR, (deep,)),
        Parser("container", _read_file, (BatonError,), (whole, b"\x80\x04cos\nsystem\n"), _JSON),
        *(parser for name, codec in CODECS.items() for parser in _codec(name, codec, state, base)),
        Parser("granted key", lambda data: open_key(data, _PRIVATE), (SealError,), (_sealed(),)),
        Parser(
            "reader's key", lambda data: seal_key(bytes(32), data, bytes), (SealError,), (_PRIVATE, bytes(32))
        ),
        Parser(
            "identifier", lambda data: parse_cid(data.decode(errors="replace")), (ValueError,), _identifiers()
        ),
    ]


def _baton(state: State) -> Baton:
    return Baton.build(state, task="digits", task_hash=bytes(32), parents=[b"p" * 32], version=3)


def _read_file(data: bytes) -> Baton:
    return Baton.read(BytesIO(data), len(data))


def _codec(name: str, codec: Codec, state: State, base: State) -> tuple[Parser, Parser]:
    base_of = base if codec.is_change else None
    stored = codec.encode(state, base_of)
    baton = _baton(codec.decode(stored, layout_of(base), base_of))
    container = b"".join(pieces(baton.manifest, stored))
    end = 8 + int.from_bytes(container[:8], "little")
    header, tensors = container[8:end], container[end:]

    def read(header: bytes, tensors: bytes) -> Baton:
        """Read a container whose lengths fit: else most inputs would end at that."""
        data = len(header).to_bytes(8, "little") + header + tensors
        return Baton.read(BytesIO(data), len(data), layout_of(base), codec=codec, base=base_of)

    nested = b'{"__metadata__":{}' + b"[" * 30_000
    size = len(tensors)
    return (
        Parser(
            f"header of {name}", lambda data: read(data, tensors), (BatonError,), (header,), _JSON, (nested,)
        ),
        Parser(
            f"tensors of {name}",
            lambda data: read(header, data[:size].ljust(size, b"\xff")),
            (BatonError,),
            (tensors, bytes(size)),
        ),
    )


def _sealed() -> bytes:
    return seal_key(bytes(32), bytes(PrivateKey(_PRIVATE).public_key), lambda size: b"e" * size)


def _identifiers() -> tuple[bytes, ...]:
    text = cid_text(cid_of(b""))
    return text.encode(), text.upper().encode(), b"Qm" + b"a" * 44, b"../../" + text.encode()
