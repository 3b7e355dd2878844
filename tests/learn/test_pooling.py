import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.learn import average, moved, pooled


def states(count: int, seed: int) -> list[dict[str, torch.Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    return [
        {name: 100 * torch.randn(shape, generator=generator) for name, shape in (("a", (7, 5)), ("b", (3,)))}
        for _ in range(count)
    ]


@settings(deadline=None)
@given(st.integers(1, 8), st.integers(0, 2**40), st.integers(1, 4), st.integers(0, 2**40))
def test_the_average_is_the_float32_mean_to_the_bit_whatever_the_threads_and_the_seed(
    count, seed, threads, other_seed
):
    given_states = states(count, seed)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    torch.manual_seed(other_seed)
    mean = average(given_states)
    torch.set_num_threads(before)
    for name, tensor in mean.items():
        total = given_states[0][name].numpy().copy()
        for state in given_states[1:]:
            total = total + state[name].numpy()
        expected = total / torch.tensor(float(count)).numpy()
        assert tensor.dtype == torch.float32
        assert tensor.numpy().tobytes() == expected.tobytes()


def test_the_average_leaves_its_members_alone():
    given_states = states(3, 1)
    average(given_states)
    for state, fresh in zip(given_states, states(3, 1), strict=True):
        assert all(torch.equal(state[name], fresh[name]) for name in state)


def test_nothing_and_strangers_cannot_be_averaged():
    with pytest.raises(ValueError, match="at least one model"):
        average([])
    with pytest.raises(ValueError, match="names differ"):
        average([{"a": torch.zeros(1)}, {"b": torch.zeros(1)}])


def test_a_full_step_arrives_at_the_child_and_none_stays_at_the_head():
    head, child = states(2, 3)
    assert all(torch.equal(moved(head, child, 1.0)[name], child[name]) for name in head)
    assert all(torch.equal(moved(head, child, 0.0)[name], head[name]) for name in head)
    half = moved(head, child, 0.5)
    assert all(torch.allclose(half[name], (head[name] + child[name]) / 2, atol=1e-4) for name in head)


@given(st.integers(1, 8), st.integers(0, 2**31))
def test_no_child_weighs_more_in_a_pool_than_the_step_at_which_it_was_judged(count, seed):
    generator = torch.Generator().manual_seed(seed)
    head, *children = [{"w": torch.randn(5, generator=generator)} for _ in range(count + 1)]
    share = min(1 / count, 0.25)
    expected = head["w"].double() + sum(share * (child["w"].double() - head["w"]) for child in children)
    found = pooled(head, children, 0.25)["w"]
    assert found.dtype == torch.float32
    assert torch.allclose(found.double(), expected, atol=1e-5)
    assert torch.equal(found, pooled(head, children, 0.25)["w"])


def test_a_pool_of_enough_children_is_their_average():
    states = [{"w": torch.tensor([float(number)])} for number in range(5)]
    assert torch.equal(pooled(states[0], states[1:], 0.25)["w"], average(states[1:])["w"])
