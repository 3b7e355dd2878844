from pathlib import Path

import pytest
import torch

from derelay.baton.baton import Baton
from derelay.baton.errors import BatonError

ORIGIN = {"task": "digits", "task_hash": bytes(32), "parents": [], "version": 0}


def test_the_id_is_fixed_by_the_weights_alone(state, baton):
    again = {name: state[name].clone() for name in reversed(state)}  # other order, other memory
    twin = Baton.build(again, **{**ORIGIN, "parents": baton.manifest.parents, "version": 3})
    assert twin.id == baton.id
    again["head.bias"][0] += 1
    assert Baton.build(again, **{**ORIGIN, "parents": baton.manifest.parents, "version": 3}).id != baton.id


def test_training_on_does_not_change_a_baton():
    model = torch.nn.Linear(2, 2)
    baton = Baton.build(model.state_dict(), **ORIGIN)
    with torch.no_grad():
        model.weight.add_(1)
    baton.check({"weight": ("F32", (2, 2)), "bias": ("F32", (2,))})


def test_a_model_takes_the_tensors_back():
    model, other = torch.nn.BatchNorm1d(3), torch.nn.BatchNorm1d(3)
    model(torch.arange(6.0).reshape(2, 3))
    other.load_state_dict(Baton.build(model.state_dict(), **ORIGIN).tensors)
    assert torch.equal(other.running_mean, model.running_mean)
    assert other.num_batches_tracked == 1


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_nan_and_infinity_are_refused(bad, dtype):
    weight = torch.ones(100, dtype=dtype)
    weight[42] = bad
    with pytest.raises(BatonError, match="tensor 'weight' holds NaN or infinity"):
        Baton.build({"weight": weight}, **ORIGIN)


@pytest.mark.parametrize(
    "tensor",
    [
        torch.ones(2, dtype=torch.complex64),
        torch.ones(2, 2).to_sparse(),
        torch.empty(0),
        torch.empty(2, device="meta"),
    ],
)
def test_what_cannot_be_handed_on_is_refused(tensor):
    with pytest.raises(BatonError, match=r"tensor 'weight'.*cannot be handed on"):
        Baton.build({"weight": tensor}, **ORIGIN)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ({"weight": ("F32", (2, 3))}, r"tensor 'weight' is F32 \[3, 2\], expected F32 \[2, 3\]"),
        ({"weight": ("F16", (3, 2))}, r"is F32 \[3, 2\], expected F16"),
        ({"weight": ("F32", (3, 2)), "bias": ("F32", (3,))}, "tensor 'bias' is missing"),
        ({}, "tensor 'weight' is not part of the model"),
    ],
)
def test_another_layout_than_the_template_is_refused(template, reason):
    baton = Baton.build({"weight": torch.ones(3, 2)}, **ORIGIN)
    with pytest.raises(BatonError, match=reason):
        baton.check(template)


def test_tensors_that_are_not_the_manifests_are_refused(baton, template):
    baton.check(template)
    changed = dict(baton.tensors, **{"head.bias": baton.tensors["head.bias"] * 2})
    with pytest.raises(BatonError, match=r"tensor 'head\.bias' has another hash"):
        Baton(baton.manifest, changed).check(template)


def test_a_file_brings_the_same_baton_back(baton, template, tmp_path: Path):
    baton.save(tmp_path / "head.safetensors")
    again = Baton.load(tmp_path / "head.safetensors", template)
    assert again.manifest == baton.manifest
    assert all(torch.equal(again.tensors[name], baton.tensors[name]) for name in template)
    assert list(again.tensors) == list(baton.tensors)
