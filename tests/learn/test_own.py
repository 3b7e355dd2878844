import numpy as np
import pytest
import torch

from derelay.learn import Cases, TaskError, load_task, own_share, write_cases

DIGITS = load_task("digits")
POOL = DIGITS.cases()[0].take(torch.arange(200))


def rows(cases: Cases) -> set[bytes]:
    return {row.numpy().tobytes() for row in cases.inputs}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.npz"
    write_cases(POOL, path)
    return path


def test_own_cases_are_parted_into_what_is_trained_on_and_what_is_tested_with(file):
    share = own_share(DIGITS, file)
    assert len(share.train) + len(share.held_out) == len(POOL)
    assert rows(share.train) | rows(share.held_out) == rows(POOL)
    assert not rows(share.train) & rows(share.held_out)
    assert 0.2 < len(share.held_out) / len(POOL) < 0.4


def test_what_was_trained_on_is_never_tested_with_also_when_the_file_changes(file):
    before = own_share(DIGITS, file)
    more = DIGITS.cases()[0].take(torch.arange(400))
    shuffled = Cases.concat([more, POOL]).take(
        torch.randperm(600, generator=torch.Generator().manual_seed(1))
    )
    write_cases(shuffled, file)
    after = own_share(DIGITS, file)
    assert rows(before.train) <= rows(after.train)
    assert rows(before.held_out) <= rows(after.held_out)
    assert not rows(after.train) & rows(after.held_out)


def test_numbers_of_other_types_are_taken(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(
        path, inputs=POOL.inputs.numpy().astype(np.float64), targets=POOL.targets.numpy().astype(np.uint8)
    )
    share = own_share(DIGITS, path)
    assert share.train.inputs.dtype == torch.float32
    assert share.train.targets.dtype == torch.int64
    assert rows(share.train) | rows(share.held_out) == rows(POOL)


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"inputs": POOL.inputs.numpy()}, "holds no targets; save both"),
        ({"inputs": POOL.inputs.numpy(), "targets": np.arange(7) % 10}, "as many inputs as targets"),
        ({"inputs": POOL.inputs.numpy(), "targets": np.full(200, 10)}, "do not fit task 'digits'"),
        ({"inputs": np.zeros((200, 3)), "targets": np.zeros(200, int)}, "do not fit task 'digits'"),
        ({"inputs": POOL.inputs.numpy() * np.nan, "targets": np.zeros(200, int)}, "no finite likelihood"),
        ({"inputs": POOL.inputs.numpy()[:9], "targets": np.zeros(9, int)}, "9 cases, .* are too few"),
        ({"inputs": POOL.inputs.numpy()[:0], "targets": np.zeros(0, int)}, "holds no case"),
        ({"inputs": np.array(["a"]), "targets": np.zeros(1, int)}, "not an .npz file of numbers"),
        ({"inputs": np.array([{}]), "targets": np.zeros(1, int)}, "not an .npz file of numbers"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path, arrays, reason):
    path = tmp_path / "mine.npz"
    np.savez(path, **arrays)
    with pytest.raises(TaskError, match=f"mine.npz: .*{reason}|mine.npz: {reason}"):
        own_share(DIGITS, path)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 not really", b"inputs,targets\n1,2\n"])
def test_a_file_that_is_no_archive_is_named(tmp_path, content):
    path = tmp_path / "mine.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TaskError, match=r"mine.npz: (cannot be read|not an .npz file)"):
        own_share(DIGITS, path)
