import math

import numpy as np
import pytest
import torch
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from test_sealing import KEY, Holder, opened
from torch import Tensor

from derelay.baton.baton import Baton
from derelay.baton.codec import Codec, Form
from derelay.baton.codecs import CODECS
from derelay.baton.codecs.frame import Frame, compressed, frame_limit
from derelay.baton.codecs.quantized import LEVELS, STEPS
from derelay.baton.encoding import Encoding
from derelay.baton.errors import BatonError
from derelay.baton.sealing import seal
from derelay.baton.tensors import State, digest, layout_of

SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=6)
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


def numbers(shape: tuple[int, ...]) -> st.SearchStrategy:
    return st.one_of(
        hnp.arrays(np.float32, shape, elements=FLOATS),
        hnp.arrays(
            np.float32, shape, elements=st.sampled_from([0.0, -0.0, 1e-45, 1e-39, 3.4e38, -3.4e38, 1.0])
        ),
        hnp.arrays(np.float32, shape, elements=st.floats(-1, 1, width=32)),
    )


@st.composite
def pairs(draw) -> tuple[State, State]:
    """A state and its base: float32 tensors of any finite values, an integer and a mask."""
    shapes = draw(st.lists(SHAPES, min_size=1, max_size=3))
    state, base = (
        {f"t{i}": torch.from_numpy(np.array(draw(numbers(shape)))) for i, shape in enumerate(shapes)}
        | {
            "count": torch.tensor(draw(st.integers(-(2**63), 2**63 - 1))),
            "mask": torch.tensor([draw(st.booleans())]),
        }
        for _ in range(2)
    )
    return state, base


def bits(state: State) -> dict[str, bytes]:
    return {name: digest(tensor.contiguous()) for name, tensor in state.items()}


def learned(seed: int, m: int = 60, n: int = 40) -> tuple[State, State]:
    """A child and its head, as legs make them: changes of many sizes, rows that nothing happened to."""
    draw = torch.Generator().manual_seed(seed)
    scale = torch.logspace(-4, 0, m).unsqueeze(1)
    head = {"w": torch.randn(m, n, generator=draw), "b": torch.randn(m, generator=draw)}
    change = torch.randn(m, n, generator=draw) ** 3 * scale
    change[::7] = 0
    child = {"w": head["w"] + change, "b": head["b"] + 0.1 * torch.randn(m, generator=draw)}
    return child, head


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
@settings(max_examples=60, deadline=None)
@given(pairs())
def test_any_finite_model_comes_back_within_the_stated_error(codec, pair):
    state, base = pair
    stored = codec.encode(state, base)
    codec.admit(layout_of(stored), layout_of(state))
    again = codec.decode(stored, layout_of(state), base)
    assert layout_of(again) == layout_of(state)
    assert torch.equal(again["count"], state["count"])
    assert torch.equal(again["mask"], state["mask"])
    for name in (name for name in state if name.startswith("t")):
        new, old, start = (each[name].double() for each in (again, state, base))
        assert bool(((new - old).abs() <= bound(codec, stored, name, old, start, state)).all())


def bound(codec: Codec, stored: State, name: str, old: Tensor, start: Tensor, state: State) -> Tensor:
    """The most that a weight may be off by what is said of each codec, and what float32 rounds by itself."""
    rounding = 2.0**-23 * (old.abs() + start.abs()) + 2.0**-149
    half = 2.0**-8
    if codec.name == "full" or f"whole:{name}" in stored:
        return torch.zeros(())
    if codec.name == "bf16":
        return half * old.abs() + 2.0**-134
    if f"dense:{name}" in stored:
        return half * (old - start).abs() + 2.0**-134 + rounding
    if codec.name == "rank":
        return torch.linalg.norm(old - start) * (1 + 4 * half) + rounding
    step = steps_of(stored, state)[name].double()
    return step.view(-1, *[1] * max(old.dim() - 1, 0)) / 2 * (1 + 2.0**-20) + rounding


def steps_of(stored: State, state: State) -> dict[str, Tensor]:
    """The steps of each tensor that is stored in steps: one for each row."""
    names = [name for name in sorted(state) if f"whole:{name}" not in stored]
    if not names:
        return {}
    counts = [len(state[name]) if state[name].dim() > 1 else 1 for name in names]
    return dict(zip(names, stored[STEPS].split(counts), strict=True))


def numpy_decoded(stored: State, head: State, name: str, offset: int, levels: np.ndarray) -> np.ndarray:
    """What the documentation says of steps, in NumPy, one weight after the other."""
    base = head[name].numpy()
    flat, rows = base.reshape(-1), len(base) if base.ndim > 1 else 1
    steps = stored[STEPS].float().numpy()[offset : offset + rows]
    out = np.empty_like(flat)
    for i in range(len(flat)):
        moved = np.float32(levels[i]) * steps[i // (len(flat) // rows)]
        out[i] = flat[i] + moved
    return out.reshape(base.shape)


def numpy_levels(raw: bytes, count: int) -> tuple[np.ndarray, bytes]:
    """Read four bits a level, two bytes for each that says -8; return the levels, and what follows."""
    found = [nibble for byte in raw[: (count + 1) // 2] for nibble in (byte >> 4, byte & 15)][:count]
    rest, levels = raw[(count + 1) // 2 :], []
    for nibble in found:
        level = nibble - 16 if nibble > 7 else nibble
        if level == -8:
            level, rest = int.from_bytes(rest[:2], "little", signed=True), rest[2:]
        levels.append(level)
    return np.array(levels), rest


@pytest.mark.parametrize("name", [name for name in CODECS if name.startswith("steps")])
def test_steps_decode_to_what_a_program_without_vectors_computes(name):
    child, head = learned(1)
    stored = CODECS[name].encode(child, head)
    again = CODECS[name].decode(stored, layout_of(child), head)
    raw = zstandard.ZstdDecompressor().decompressobj().decompress(stored[LEVELS].numpy().tobytes())
    offset = 0
    for tensor in sorted(child):
        levels, raw = numpy_levels(raw, child[tensor].numel())
        assert np.array_equal(numpy_decoded(stored, head, tensor, offset, levels), again[tensor].numpy())
        offset += len(child[tensor]) if child[tensor].dim() > 1 else 1
    assert raw == b""


def test_the_products_of_low_rank_are_added_as_a_program_without_vectors_does():
    child, head = learned(2)
    stored = CODECS["rank"].encode(child, head)
    again = CODECS["rank"].decode(stored, layout_of(child), head)["w"].numpy()
    left, right = (stored[f"{side}:w"].float().numpy() for side in ("left", "right"))
    for i, j in [(0, 0), (7, 3), (59, 39), (30, 21)]:
        total = np.float32(0)
        for k in range(left.shape[1]):
            total = total + left[i, k] * right[j, k]
        assert head["w"].numpy()[i, j] + total == again[i, j]


@pytest.fixture
def threads():
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_the_bits_are_the_same_whatever_the_number_of_threads(codec, threads):
    child, head = learned(3, 300, 400)
    threads(1)
    stored = codec.encode(child, head)
    one = bits(codec.decode(stored, layout_of(child), head))
    threads(4)
    assert bits(codec.decode(stored, layout_of(child), head)) == one
    if codec.settles_alike:
        assert bits(codec.settled(child, head)) == one


def test_what_voters_encode_settles_to_the_same_bits_on_any_machine():
    head = {"w": (torch.arange(2400) * 7919 % 1009).view(60, 40).float() / 1009}
    change = (torch.arange(2400) * 104729 % 997).view(60, 40).float() / 997 - 0.5
    child = {"w": head["w"] + change * change * change}
    alike = [codec for codec in CODECS.values() if codec.settles_alike]
    assert {codec.name: digest(codec.settled(child, head)["w"]).hex()[:8] for codec in alike} == {
        "full": "6093dfb1",
        "bf16": "75e44ae4",
        "steps-2": "923c9f0c",
        "steps-1.5": "2c0e9544",
        "steps-1": "41615183",
        "steps-0.75": "d95cc12e",
        "steps-0.5": "8cde676b",
        "steps-0.25": "e1dbe01d",
    }


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_a_baton_is_sealed_and_opened_in_every_form(codec):
    child, head = learned(5)
    base = Baton.build(head, task="t", task_hash=bytes(32), parents=[], version=0)
    baton = Baton.build(
        codec.settled(child, head), task="t", task_hash=bytes(32), parents=[base.id], version=1
    )
    encoding = Encoding(codec.name, base.id if codec.is_change else b"")
    holder = Holder()
    content = seal(baton, KEY, holder, Form(encoding, codec.encode(child, head)))
    assert opened(holder, content, baton, bases={base.id: base.tensors}.get).id == baton.id


def test_a_smaller_step_is_a_smaller_error_in_more_bytes():
    child, head = learned(6, 300, 400)
    sizes, errors = [], []
    for name in (name for name in CODECS if name.startswith("steps")):
        stored = CODECS[name].encode(child, head)
        again = CODECS[name].decode(stored, layout_of(child), head)
        sizes.append(len(stored[LEVELS]))
        errors.append(float((again["w"] - child["w"]).square().sum()))
    assert sizes == sorted(sizes)
    assert errors == sorted(errors, reverse=True)
    assert sizes[-2] < 0.1 * 4 * 300 * 400


def test_low_rank_is_for_matrices_that_it_makes_smaller():
    thin = {"w": torch.randn(2, 3), "b": torch.randn(9)}
    assert set(CODECS["rank"].encode(thin, {n: torch.zeros_like(t) for n, t in thin.items()})) == {
        "dense:w",
        "dense:b",
    }
    wide = {"w": torch.randn(50, 1) * torch.randn(1, 60)}
    stored = CODECS["rank"].encode(wide, {"w": torch.zeros(50, 60)})
    assert {name: list(tensor.shape) for name, tensor in stored.items()} == {
        "left:w": [50, 1],
        "right:w": [60, 1],
    }


LAYOUT = {"w": ("F32", (60, 40)), "b": ("F32", (60,))}
GOOD = {STEPS: ("BF16", (61,)), LEVELS: ("U8", (900,))}


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("full", {"w": ("F32", (60, 40))}),
        ("bf16", {"w": ("F16", (60, 40)), "b": ("F32", (60,))}),
        ("bf16", {"w": ("BF16", (40, 60)), "b": ("F32", (60,))}),
        ("bf16", LAYOUT | {"more": ("BF16", (1,))}),
        ("steps-1", {}),
        ("steps-1", GOOD | {STEPS: ("BF16", (60,))}),
        ("steps-1", GOOD | {STEPS: ("F32", (61,))}),
        ("steps-1", GOOD | {LEVELS: ("U8", (frame_limit(2 * 2460 + 1230) + 1,))}),
        ("steps-1", GOOD | {LEVELS: ("I8", (900,))}),
        ("steps-1", GOOD | {LEVELS: ("U8", (30, 30))}),
        ("steps-1", GOOD | {"whole:w": ("F32", (60, 40))}),
        ("steps-1", GOOD | {"whole:x": ("F32", (60, 40))}),
        ("steps-1", GOOD | {"w": ("F32", (60, 40))}),
        ("rank", {"dense:w": ("BF16", (60, 40))}),
        ("rank", {"dense:w": ("F32", (60, 40)), "dense:b": ("BF16", (60,))}),
        ("rank", {"left:w": ("BF16", (60, 24)), "right:w": ("BF16", (40, 24)), "dense:b": ("BF16", (60,))}),
        ("rank", {"left:w": ("BF16", (60, 2)), "right:w": ("BF16", (40, 3)), "dense:b": ("BF16", (60,))}),
        ("rank", {"left:w": ("BF16", (60, 2)), "dense:w": ("BF16", (60, 40)), "dense:b": ("BF16", (60,))}),
        ("rank", {"left:w": ("BF16", ()), "right:w": ("BF16", ()), "dense:b": ("BF16", (60,))}),
    ],
)
def test_what_does_not_decode_to_the_model_is_refused_before_it_is_read(name, stored):
    with pytest.raises(BatonError, match="ask for it again"):
        CODECS[name].admit(stored, LAYOUT)


def test_only_floats_go_in_steps():
    layout = {"count": ("I64", ())}
    for name in ("steps-1", "rank"):
        CODECS[name].admit({"whole:count": ("I64", ())}, layout)
        with pytest.raises(BatonError, match="ask for it again"):
            CODECS[name].admit({STEPS: ("BF16", (1,)), LEVELS: ("U8", (9,))}, layout)


def test_a_change_is_not_opened_without_its_base():
    child, head = learned(7)
    for codec in (codec for codec in CODECS.values() if codec.is_change):
        with pytest.raises(BatonError, match="needs the base"):
            codec.decode(codec.encode(child, head), layout_of(child), None)


def read_all(frame: Tensor, tensor: Tensor) -> None:
    reading = Frame(frame)
    reading.fill(tensor)
    reading.end()


def test_a_frame_gives_what_is_wanted_and_neither_more_nor_less():
    sound = compressed([torch.arange(1000, dtype=torch.int16)])
    assert len(sound) <= frame_limit(2000)
    assert torch.equal(Frame(sound).fill(torch.empty(1000, dtype=torch.int16)), torch.arange(1000).short())
    for count, reason in ((999, "more than the model"), (1001, "2 bytes too early")):
        with pytest.raises(BatonError, match=reason):
            read_all(sound, torch.empty(count, dtype=torch.int16))
    with pytest.raises(BatonError, match="cannot be read"):
        Frame(torch.zeros(50, dtype=torch.uint8)).fill(torch.empty(9))


def test_a_small_frame_of_a_great_deal_is_stopped_where_the_model_ends():
    child, head = learned(8)
    bomb = compressed(torch.zeros(1 << 20, dtype=torch.uint8) for _ in range(64))
    stored = CODECS["steps-1"].encode(child, head) | {LEVELS: bomb}
    assert len(bomb) < frame_limit(2460)  # it is admitted, and costs no more memory than the model
    with pytest.raises(BatonError, match="more than the model"):
        CODECS["steps-1"].decode(stored, layout_of(child), head)


def test_a_frame_that_wants_a_great_window_is_refused():
    settings = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    packer = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    frame = torch.frombuffer(bytearray(packer.compress(bytes(100)) + packer.flush()), dtype=torch.uint8)
    with pytest.raises(BatonError, match="cannot be read"):
        Frame(frame).fill(torch.empty(25))


def test_hostile_steps_do_not_make_a_sound_baton():
    child, head = learned(9)
    codec, holder = CODECS["steps-1"], Holder()
    base = Baton.build(head, task="t", task_hash=bytes(32), parents=[], version=0)
    baton = Baton.build(codec.settled(child, head), task="t", task_hash=bytes(32), parents=[], version=1)
    for hostile in (math.nan, math.inf, 1.0):
        stored = codec.encode(child, head)
        stored = stored | {STEPS: torch.full_like(stored[STEPS], hostile)}
        content = seal(baton, KEY, holder, Form(Encoding(codec.name, base.id), stored))
        with pytest.raises(BatonError, match="another hash"):
            opened(holder, content, baton, bases={base.id: base.tensors}.get)
