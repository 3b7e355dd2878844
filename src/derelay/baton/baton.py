"""A baton: one model version as it is handed on."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from derelay.baton.codec import Codec
from derelay.baton.codecs import FULL
from derelay.baton.container import NOTHING, Readable, header_limit, pieces, read_header, read_tensors
from derelay.baton.errors import BatonError
from derelay.baton.files import whole_file
from derelay.baton.layout import Layout, difference
from derelay.baton.manifest import MAX_TENSORS, Manifest
from derelay.baton.tensors import State, digest, flaw, layout_of
from derelay.baton.tensorspec import TensorSpec
from derelay.rules.protocol import PROTOCOL_VERSION


@dataclass(frozen=True)
class Baton:
    """A manifest and the tensors that it describes."""

    manifest: Manifest
    tensors: State

    @property
    def id(self) -> bytes:
        """The id: sha-256 of the manifest, 32 bytes. It fixes the weights."""
        return self.manifest.id

    @staticmethod
    def build(
        state: Mapping[str, Tensor], *, task: str, task_hash: bytes, parents: Sequence[bytes], version: int
    ) -> "Baton":
        """Make a baton of a copy of a model's state.

        Raises
        ------
        BatonError
            If the state holds NaN, infinity or a tensor that cannot be handed on, or an argument is out of
            bounds.
        """
        layout = layout_of(state)
        tensors = {name: state[name].detach().to("cpu", copy=True).contiguous() for name in sorted(state)}
        for name, tensor in tensors.items():
            refuse_flaw(name, tensor)
        specs = tuple(TensorSpec(name, *layout[name], digest(tensor)) for name, tensor in tensors.items())
        manifest = Manifest(PROTOCOL_VERSION, task, task_hash, tuple(parents), version, specs)
        return Baton(manifest, tensors)

    def check(self, template: Layout) -> None:
        """Raise `BatonError` unless the tensors fit the template, are finite and the manifest's."""
        _refuse_other_layout(layout_of(self.tensors), template)
        _refuse_other_layout(self.manifest.layout, template)
        self._verify()

    def save(self, path: Path, about: Mapping[str, str] = NOTHING) -> None:
        """Write a plain .safetensors file, the manifest in its metadata, readable by its owner only.

        Parameters
        ----------
        path : Path
            Where.
        about : mapping of str to str
            What else goes into the metadata: see `derelay.baton.provenance`.

        Raises
        ------
        BatonError
            If it cannot be written; whatever stood at `path` still stands there.
        """
        try:
            with whole_file(path) as file:
                file.writelines(pieces(self.manifest, self.tensors, about))
        except OSError as error:
            raise BatonError(
                f"{path}: cannot be written ({error.strerror}); name a place that can be"
            ) from error

    @staticmethod
    def load(path: Path, template: Layout | None = None) -> "Baton":
        """Read a file that `save` wrote. No more memory is taken than the file, or the template, is large.

        Raises
        ------
        BatonError
            If the file is not a sound baton, or one of another layout than the template.
        """
        try:
            if not path.is_file():  # a pipe would keep the reader waiting for ever
                raise BatonError("no such file; name a .safetensors file")
            with path.open("rb") as file:
                return Baton.read(file, os.fstat(file.fileno()).st_size, template)
        except OSError as error:
            raise BatonError(f"{path}: cannot be read ({error.strerror}); name a file that can be") from error
        except BatonError as error:
            raise BatonError(f"{path}: {error}") from error

    @staticmethod
    def read(
        stream: Readable,
        size: int,
        template: Layout | None = None,
        expect_id: bytes | None = None,
        *,
        codec: Codec = FULL,
        base: State | None = None,
    ) -> "Baton":
        """Read a container of `size` bytes from anyone, checking all that can be before taking memory for it.

        Parameters
        ----------
        stream : Readable
            Gives its bytes.
        size : int
            How many there are.
        template : Layout or None
            What the model must look like.
        expect_id : bytes or None
            The id that it must have.
        codec : Codec
            By what the tensors are stored.
        base : State or None
            What they are stored as a change to.

        Raises
        ------
        BatonError
            If it is not a sound baton, not of the template's layout, or not the one with the expected id.
        """
        manifest, stored = admitted_header(stream, size, template, expect_id, codec)
        return Baton.decoded(manifest, read_tensors(stream, stored), codec, base)

    @staticmethod
    def decoded(manifest: Manifest, stored: State, codec: Codec, base: State | None) -> "Baton":
        """Return the baton that admitted tensors stand for; `BatonError` if it is not the manifest's."""
        tensors = codec.decode(stored, manifest.layout, base)
        baton = Baton(manifest, {name: tensors[name] for name in manifest.layout})
        baton._verify()
        return baton

    def _verify(self) -> None:
        for spec in self.manifest.tensors:
            if digest(self.tensors[spec.name]) != spec.sha256:
                raise other_hash(spec.name)
            refuse_flaw(spec.name, self.tensors[spec.name])


def admitted_header(
    stream: Readable, size: int, template: Layout | None, expect_id: bytes | None, codec: Codec
) -> tuple[Manifest, Layout]:
    """Read the header of a container and refuse what is not expected; see `Baton.read`, `read_header`."""
    limit = header_limit(MAX_TENSORS if template is None else len(template))
    manifest, stored = read_header(stream, size, limit)
    if expect_id is not None and manifest.id != expect_id:
        raise BatonError(f"is baton {manifest.id.hex()}, expected {expect_id.hex()}; ask for it again")
    if template is not None:
        _refuse_other_layout(manifest.layout, template)
    codec.admit(stored, manifest.layout)
    return manifest, stored


def other_hash(name: str) -> BatonError:
    """Return the error for a tensor that is not the manifest's."""
    return BatonError(f"tensor {name!r} has another hash than in the manifest; ask for it again")


def refuse_flaw(name: str, tensor: Tensor) -> None:
    """Raise `BatonError` if the values of a tensor, or of a part of it, are unfit for a model."""
    reason = flaw(tensor)
    if reason:
        raise BatonError(f"tensor {name!r} {reason}; no model like that is handed on")


def _refuse_other_layout(found: Layout, template: Layout) -> None:
    reason = difference(found, template)
    if reason:
        raise BatonError(f"another model than this task's: {reason}; use the task that it was made for")
