"""A safetensors file with the manifest in its metadata: what is saved, and what is sealed.

Written here and not by the safetensors library, because holders of one baton must produce the same bytes
whatever version of the library they have; read here, because nothing may be allocated before it is checked.
Any safetensors reader opens the file. https://github.com/huggingface/safetensors#format
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

import torch

from derelay.baton.errors import BatonError
from derelay.baton.layout import ITEM_BYTES, Layout, admissible, layout_bytes, tensor_bytes
from derelay.baton.manifest import MAX_TENSORS, Manifest
from derelay.baton.pieces import PIECE_BYTES
from derelay.baton.tensors import DTYPES, State, layout_of, memory

NOTHING: Mapping[str, str] = MappingProxyType({})
MANIFEST_KEY, ID_KEY = "derelay.manifest", "derelay.id"
LENGTH_BYTES = 8
"""Of the little-endian length that the header follows."""


class Readable(Protocol):
    """What a container is read from: an open file, or blocks opened one by one."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill a part of the buffer and return how much; 0 at the end."""
        ...


def header_limit(tensors: int = MAX_TENSORS) -> int:
    """Return the most bytes that the header for a model of so many tensors may have."""
    return (1 << 16) + (1 << 11) * tensors


def container_limit(template: Layout) -> int:
    """Return the most bytes that a model of this layout may be stored in."""
    return LENGTH_BYTES + header_limit(len(template)) + layout_bytes(template)


def header_bytes(manifest: Manifest, stored: Layout, about: Mapping[str, str] = NOTHING) -> bytes:
    """Return the length and header of the container, always the same for the same arguments.

    Parameters
    ----------
    about : mapping of str to str
        What else stands in the metadata, for people; whoever reads the baton takes no notice of it.
    """
    metadata = {MANIFEST_KEY: b64encode(manifest.encode()).decode(), ID_KEY: manifest.id.hex()}
    entries: dict[str, object] = {"__metadata__": {**about, **metadata}}
    at = 0
    for name in _order(stored):
        dtype, shape = stored[name]
        end = at + tensor_bytes(dtype, shape)
        entries[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, end]}
        at = end
    header = json.dumps(entries, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(LENGTH_BYTES, "little") + header


def pieces(manifest: Manifest, stored: State, about: Mapping[str, str] = NOTHING) -> Iterator[memoryview]:
    """Yield the bytes of the container: its header, then each tensor's memory."""
    layout = layout_of(stored)
    yield memoryview(header_bytes(manifest, layout, about))
    for name in _order(layout):
        yield memory(stored[name])


def read_header(stream: Readable, size: int, limit: int) -> tuple[Manifest, Layout]:
    """Read the header of a container of `size` bytes, the header's part at most `limit`.

    Returns
    -------
    manifest : Manifest
        Checked for form and bounds, not yet against what it should be.
    stored : Layout
        The stored tensors in the order of the bytes that follow, which have exactly their size.

    Raises
    ------
    BatonError
        If it is not such a header, or the sizes do not add up.
    """
    length = int.from_bytes(_take(stream, LENGTH_BYTES), "little") if size >= LENGTH_BYTES else 0
    if not 2 <= length <= min(limit, size - LENGTH_BYTES):
        raise BatonError("not a safetensors file (no pickle is ever opened), or cut short; ask for it again")
    try:
        entries = json.loads(_take(stream, length))
        metadata = entries.pop("__metadata__")
        encoded, declared_id = b64decode(metadata[MANIFEST_KEY], validate=True), metadata[ID_KEY]
        spans = {
            name: (e["dtype"], tuple(e["shape"]), tuple(e["data_offsets"])) for name, e in entries.items()
        }
        order = sorted(spans, key=lambda name: spans[name][2])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BatonError(
            f"no safetensors header with derelay's manifest ({type(error).__name__}); take one that it saved"
        ) from error
    at = 0
    for name in order:
        dtype, shape, span = spans[name]
        if not admissible(dtype, shape):
            raise BatonError(f"tensor {name[:200]!r}: its dtype or shape is none that a baton may have")
        end = at + tensor_bytes(dtype, shape)
        if span != (at, end):
            raise BatonError(
                f"tensor {name[:200]!r}: its place does not fit its dtype and shape; ask for it again"
            )
        at = end
    if LENGTH_BYTES + length + at != size:
        raise BatonError(f"declares {LENGTH_BYTES + length + at} bytes and has {size}; ask for it again")
    manifest = Manifest.decode(encoded)
    if manifest.id.hex() != declared_id:
        raise BatonError("its manifest is not the one of the id beside it; ask for it again")
    return manifest, {name: spans[name][:2] for name in order}


def read_tensors(stream: Readable, stored: Layout) -> State:
    """Read the tensors that follow the header, straight into their memory."""
    state = {}
    for name, (dtype, shape) in stored.items():
        state[name] = torch.empty(shape, dtype=DTYPES[dtype])
        _fill(stream, memory(state[name]))
    return state


def _order(stored: Layout) -> list[str]:
    # Wide elements first, so that each tensor lies at a multiple of its own width and can be mapped; small
    # tensors before large ones, so that few blocks of a published baton are small.
    def place(name: str) -> tuple[int, bool, str]:
        dtype, shape = stored[name]
        return -ITEM_BYTES[dtype], tensor_bytes(dtype, shape) >= PIECE_BYTES, name

    return sorted(stored, key=place)


def _take(stream: Readable, size: int) -> bytes:
    buffer = bytearray(size)
    _fill(stream, memoryview(buffer))
    return bytes(buffer)


def _fill(stream: Readable, view: memoryview) -> None:
    while view:
        count = stream.readinto(view)
        if not count:
            raise BatonError(f"cut short: {len(view)} bytes are missing; ask for it again")
        view = view[count:]
