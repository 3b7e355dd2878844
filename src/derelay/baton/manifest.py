"""The manifest: what a baton is, in a canonical encoding whose hash is the baton's id."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from dag_cbor.ipld import IPLDKind
from multiformats import CID

from derelay.baton.blocks import DAG_CBOR, cid_from_digest
from derelay.baton.canonical import CanonicalError, decode, encode, expect_fields
from derelay.baton.checks import check, check_count, check_digest, check_name, check_size, refused
from derelay.baton.layout import MAX_DIMENSIONS, Layout, layout_bytes
from derelay.baton.tensorspec import TensorSpec
from derelay.rules.protocol import PROTOCOL_VERSION

MAX_TENSORS = 1 << 14
MAX_PARENTS = 256
MAX_MANIFEST_BYTES = 1 << 23

_TENSOR_FIELDS = {"name": str, "dtype": str, "shape": list, "sha256": bytes}
_MANIFEST_FIELDS = {
    "protocol": int,
    "task": str,
    "task_hash": bytes,
    "parents": list,
    "version": int,
    "tensors": list,
}
_MAX_ITEMS = 32 + MAX_PARENTS + MAX_TENSORS * (1 + 2 * len(_TENSOR_FIELDS) + MAX_DIMENSIONS)
_MAX_DEPTH = 4  # manifest, list of tensors, tensor, shape


@dataclass(frozen=True)
class Manifest:
    """What a baton is. Two batons with the same manifest have the same weights, bit for bit.

    Parameters
    ----------
    protocol : int
        `PROTOCOL_VERSION` of whoever made it.
    task, task_hash : str, bytes
        The task that builds and scores the model, and the sha-256 of its source.
    parents : tuple of bytes
        Ids of the batons it was made from: none at genesis, the head for a child, the children for a pool.
    version : int
        0 at genesis.
    tensors : tuple of TensorSpec
        Sorted by name: those that a receiver reconstructs, however they were stored and sent.

    Raises
    ------
    BatonError
        If a value is out of bounds, in the constructor as in `decode`.
    """

    protocol: int
    task: str
    task_hash: bytes
    parents: tuple[bytes, ...]
    version: int
    tensors: tuple[TensorSpec, ...]

    def __post_init__(self) -> None:
        check(
            self.protocol == PROTOCOL_VERSION,
            f"protocol {self.protocol!r}, spoken here is {PROTOCOL_VERSION}",
        )
        check_name("task", self.task)
        check_digest("task_hash", self.task_hash)
        check(len(self.parents) <= MAX_PARENTS, f"more than {MAX_PARENTS} parents")
        for parent in self.parents:
            check_digest("parent", parent)
        check_count("version", self.version)
        check(
            0 < len(self.tensors) <= MAX_TENSORS,
            f"{len(self.tensors)} tensors, allowed are 1 to {MAX_TENSORS}",
        )
        names = [spec.name for spec in self.tensors]
        check(names == sorted(set(names)), "tensors are not sorted by name, or one is there twice")
        check_size("model", layout_bytes(self.layout))

    @cached_property
    def layout(self) -> Layout:
        """Names, dtypes and shapes."""
        return {spec.name: (spec.dtype, spec.shape) for spec in self.tensors}

    @cached_property
    def id(self) -> bytes:
        """The baton's id: sha-256 of the encoding, 32 bytes, as it stands on chain."""
        return sha256(self.encode()).digest()

    @property
    def cid(self) -> CID:
        """The same id as a content identifier."""
        return cid_from_digest(self.id, DAG_CBOR)

    def encode(self) -> bytes:
        """Return the canonical encoding: a dag-cbor map."""
        tensors: list[IPLDKind] = [
            {"name": spec.name, "dtype": spec.dtype, "shape": list(spec.shape), "sha256": spec.sha256}
            for spec in self.tensors
        ]
        return encode(
            {
                "protocol": self.protocol,
                "task": self.task,
                "task_hash": self.task_hash,
                "parents": list(self.parents),
                "version": self.version,
                "tensors": tensors,
            }
        )

    @staticmethod
    def decode(data: bytes) -> "Manifest":
        """Return the manifest that `data`, from anyone, encodes.

        Raises
        ------
        BatonError
            If it is not the canonical encoding of a manifest within bounds.
        """
        try:
            value = decode(data, max_bytes=MAX_MANIFEST_BYTES, max_items=_MAX_ITEMS, max_depth=_MAX_DEPTH)
            fields = expect_fields(value, _MANIFEST_FIELDS)
            tensors = [expect_fields(tensor, _TENSOR_FIELDS) for tensor in fields["tensors"]]
        except CanonicalError as error:
            raise refused(str(error)) from error
        specs = tuple(TensorSpec(**{**tensor, "shape": tuple(tensor["shape"])}) for tensor in tensors)
        manifest = Manifest(**{**fields, "parents": tuple(fields["parents"]), "tensors": specs})
        vars(manifest)["id"] = sha256(data).digest()  # there is one encoding, so this is it
        return manifest
