"""A whole baton in one answer: its blocks one after the other, as a CAR (content-addressable archive).

https://ipld.io/specs/transport/car/carv1/
https://specs.ipfs.tech/http-gateways/trustless-gateway/#car-responses-application-vnd-ipld-car
"""

from collections.abc import Callable, Iterator

import dag_cbor
from multiformats import CID

from derelay.baton.blocks import DAG_CBOR, BlockError, cid_text
from derelay.store.answer import Answer
from derelay.store.links import links_of
from derelay.store.request import Request

CAR = "application/vnd.ipld.car"
"""Media type of an archive of blocks."""

FORM = f"{CAR}; version=1; order=dfs; dups=n"
"""The one form that is sent: depth first, each block once. That is what a client sees in the answer."""

SCOPES = {"block": False, "entity": False, "all": True}
"""What of a DAG a client may ask for, and whether links are followed: an entity is a block, but for files."""

MOST_DEPTH = 4
"""Blocks on the way from the root to what is sent, but for the last: a baton has one."""

GetBlock = Callable[[CID], bytes]


def wants_car(request: Request) -> bool:
    """Say whether a client takes an archive of version 1; ``format`` in the query precedes the header."""
    wanted = request.query.get("format")
    kinds = request.headers.get("accept", "").split(",")
    asked = next((kind for kind in kinds if kind.strip().startswith(CAR)), "")
    is_first = request.query.get("car-version", "1") == "1" and "version=2" not in asked
    return is_first and (wanted == "car" if wanted is not None else bool(asked))


def sections(root: CID, get: GetBlock, scope: str) -> Iterator[bytes]:
    """Yield the parts of an archive: its header, then for each block what precedes it, and the block.

    In memory are one block, its ancestors, and the identifiers of those that were sent.

    Raises
    ------
    BlockError
        If a block cannot be had.
    ValueError
        If one that says it links to others is not dag-cbor, or they go deeper than `MOST_DEPTH`.
    """
    yield _framed(dag_cbor.encode({"roots": [root], "version": 1}))
    seen: set[CID] = set()
    pending = [iter([root])]
    while pending:
        cid = next(pending[-1], None)
        if cid is None:
            pending.pop()
        elif cid not in seen:
            seen.add(cid)
            block = get(cid)
            yield _length(len(bytes(cid)) + len(block)) + bytes(cid)
            yield block
            if SCOPES[scope] and cid.codec.name == DAG_CBOR:
                if len(pending) > MOST_DEPTH:
                    raise ValueError(f"blocks link to others more than {MOST_DEPTH} deep")
                pending.append(links_of(block))


def car_answer(request: Request, root: CID, get: GetBlock, scope: str) -> Answer:
    """Answer with an archive; where a block turns out to be missing it is cut off, as the protocol has it."""
    name = cid_text(root)
    etag = f'W/"{name}.car.{scope}"'
    headers = {
        "Content-Type": FORM,
        "Content-Disposition": f'attachment; filename="{name}.car"',
        "Cache-Control": "public, max-age=29030400, immutable",
        "ETag": etag,
        "Accept-Ranges": "none",
        "X-Content-Type-Options": "nosniff",
    }
    if etag.removeprefix("W/") in request.headers.get("if-none-match", ""):
        return Answer(304, headers)
    return Answer(200, headers, _or_cut_off(sections(root, get, scope)))


def _or_cut_off(parts: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from parts
    except (BlockError, ValueError) as error:
        raise ConnectionError("a block of the archive cannot be had") from error


def _framed(part: bytes) -> bytes:
    return _length(len(part)) + part


def _length(number: int) -> bytes:
    """Return a number as an unsigned varint: seven bits a byte, the lowest first."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])
