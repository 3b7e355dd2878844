import json
import pickle
import resource
from base64 import b64encode
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from derelay.baton.baton import Baton
from derelay.baton.container import ID_KEY, MANIFEST_KEY, header_bytes, header_limit
from derelay.baton.errors import BatonError
from derelay.baton.manifest import MAX_PARENTS, Manifest
from derelay.baton.tensors import digest, layout_of
from derelay.baton.tensorspec import TensorSpec
from derelay.rules.protocol import PROTOCOL_VERSION


@pytest.fixture(scope="module")
def small() -> Baton:
    state = {"weight": torch.arange(6.0).reshape(2, 3), "bias": torch.ones(2)}
    return Baton.build(state, task="digits", task_hash=bytes(32), parents=[], version=0)


@pytest.fixture
def file(small, tmp_path) -> Path:
    small.save(tmp_path / "head.safetensors")
    return tmp_path / "head.safetensors"


def refused(path: Path, reason: str | None = None, template=None) -> None:
    with pytest.raises(BatonError, match=reason) as error:
        Baton.load(path, template)
    assert str(path) in str(error.value)


def rewrite(path: Path, change) -> None:
    """Change the header of a file, its data left as it is."""
    data = path.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    entries = json.loads(data[8:end])
    header = json.dumps(change(entries) or entries).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + data[end:])


def test_the_longest_header_that_is_written_is_one_that_is_read(small):
    specs = [TensorSpec('"' * 199 + letter, "U8", (1,) * 7 + (1 << 39,), b"h" * 32) for letter in "ab"]
    manifest = replace(
        small.manifest, task='"' * 200, parents=(b"p" * 32,) * MAX_PARENTS, tensors=tuple(specs)
    )
    assert len(header_bytes(manifest, manifest.layout)) <= header_limit(2)


def test_any_safetensors_reader_opens_it(baton, tmp_path):
    baton.save(tmp_path / "head.safetensors")
    with safe_open(tmp_path / "head.safetensors", framework="pt") as opened:
        assert set(opened.keys()) == set(baton.tensors)
        assert all(torch.equal(opened.get_tensor(name), baton.tensors[name]) for name in baton.tensors)
        assert opened.metadata()[MANIFEST_KEY] == b64encode(baton.manifest.encode()).decode()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_flipped_bit_is_refused_or_harmless(small, file, data):
    sound = file.read_bytes()
    broken = bytearray(sound)
    broken[data.draw(st.integers(0, len(sound) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    file.write_bytes(broken)
    try:
        assert Baton.load(file).id == small.id  # as where a bit of base64 does not count
    except BatonError:
        pass
    finally:
        file.write_bytes(sound)


def test_a_flipped_bit_in_a_tensor_names_the_tensor(file):
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    refused(file, "tensor 'weight' has another hash")


@pytest.mark.parametrize("length", [0, 7, 8, 100, -1])
def test_a_truncated_file_is_refused(file, length):
    file.write_bytes(file.read_bytes()[:length])
    refused(file, "cut short|declares")


def test_bytes_after_the_end_are_refused(file):
    file.write_bytes(file.read_bytes() + b"\0")
    refused(file, "declares")


def forge(name: str, tensor: torch.Tensor, path: Path) -> None:
    """Write what `build` refuses to make: a manifest that fits unsound values."""
    layout = layout_of({name: tensor})[name]
    spec = TensorSpec(name, *layout, digest(tensor))
    manifest = Manifest(PROTOCOL_VERSION, "digits", bytes(32), (), 0, (spec,))
    Baton(manifest, {name: tensor}).save(path)


def test_nan_under_a_fitting_hash_is_refused(file):
    forge("weight", torch.tensor([1.0, float("nan")]), file)
    refused(file, "tensor 'weight' holds NaN")


def test_a_boolean_that_is_neither_is_refused(file):
    forge("mask", torch.tensor([1, 2], dtype=torch.uint8).view(torch.bool), file)
    refused(file, "tensor 'mask' holds bytes that are neither true nor false")


def test_another_models_file_is_refused(file):
    refused(
        file,
        r"another model than this task's: tensor 'bias' is F32 \[2\], expected F32 \[3\]",
        {"bias": ("F32", (3,)), "weight": ("F32", (2, 3))},
    )


class Bomb:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("write", [lambda b, p: p.write_bytes(pickle.dumps(b)), torch.save])
def test_a_pickle_is_refused_and_not_executed(tmp_path, write):
    write(Bomb(tmp_path / "executed"), tmp_path / "head.safetensors")
    refused(tmp_path / "head.safetensors", "no pickle is ever opened")
    assert not (tmp_path / "executed").exists()


def test_a_pickle_for_a_manifest_is_refused_and_not_executed(file, tmp_path):
    bomb = b64encode(pickle.dumps(Bomb(tmp_path / "executed"))).decode()
    rewrite(file, lambda entries: entries.update(__metadata__={MANIFEST_KEY: bomb, ID_KEY: ""}))
    refused(file, "manifest")
    assert not (tmp_path / "executed").exists()


def test_a_gigabyte_declared_in_a_small_file_is_refused(file):
    rewrite(file, lambda e: e["weight"].update(shape=[2, 1 << 27], data_offsets=[8, 8 + (1 << 30)]))
    refused(file, "declares 1073742")


def test_a_gigabyte_of_another_model_is_refused_before_memory_is_taken(file):
    rewrite(file, lambda e: e["weight"].update(shape=[2, 1 << 27], data_offsets=[8, 8 + (1 << 30)]))
    with file.open("r+b") as sparse:
        sparse.truncate(8 + int.from_bytes(sparse.read(8), "little") + 8 + (1 << 30))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(file, r"what is stored is not the manifest's: tensor 'weight'")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + (100 << 10)


@pytest.mark.parametrize(
    "change",
    [
        lambda e: e.pop("__metadata__") and None,
        lambda e: [e],
        lambda e: e.update(__metadata__={MANIFEST_KEY: "not base 64", ID_KEY: ""}),
        lambda e: e.update(weight=7),
        lambda e: e["weight"].update(dtype=["F32"]),
        lambda e: e["weight"].update(dtype="F8_E4M3"),
        lambda e: e["weight"].update(shape=[2.0, 3]),
        lambda e: e["weight"].update(shape=[1] * 50_000),
        lambda e: e["weight"].update(shape=[-2, -3]),
        lambda e: e["weight"].update(data_offsets=[4, 28]),
        lambda e: e["weight"].update(data_offsets=["a", None]),
        lambda e: e.update(extra=e["weight"]),
    ],
)
def test_a_header_that_does_not_add_up_is_refused(file, change):
    rewrite(file, change)
    refused(file)


def test_a_header_longer_than_the_model_needs_is_refused(small, file):
    data = file.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    header = data[8:end] + b" " * (1 << 20)
    file.write_bytes(len(header).to_bytes(8, "little") + header + data[end:])
    refused(file, "not a safetensors file", small.manifest.layout)


def test_another_provenance_under_the_same_id_is_refused(small, file):
    other = replace(small.manifest, version=7)
    text = b64encode(other.encode()).decode()
    rewrite(file, lambda e: e["__metadata__"].update({MANIFEST_KEY: text}))
    refused(file, "not the one of the id beside it")


def test_a_header_nested_without_end_is_refused(file):
    header = b"[" * 100_000
    file.write_bytes(len(header).to_bytes(8, "little") + header)
    refused(file, "header")


def test_what_cannot_be_read_is_named(tmp_path):
    refused(tmp_path / "absent.safetensors", "no such file")
    refused(tmp_path, "no such file")


def test_what_cannot_be_written_is_named(small, file):
    for path in (file / "below-a-file", file.parent / "absent" / "head.safetensors", file.parent):
        with pytest.raises(BatonError, match=f"{path}: cannot be written"):
            small.save(path)


@contextmanager
def full_disk(size: int):
    """No file may grow beyond `size` bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_failed_write_leaves_what_was_there(baton, file):
    before = file.read_bytes()
    with full_disk(100_000), pytest.raises(BatonError, match="cannot be written"):
        baton.save(file)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_a_file_is_for_its_owner_only(file):
    assert file.stat().st_mode & 0o777 == 0o600
