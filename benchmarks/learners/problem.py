"""What is learned: cases to share out, cases to test by, and the network that fits them."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from derelay.learn import Cases, load_task

FASHION = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package dataset-fashion-mnist puts it."""
WORDS = 1000
"""Most frequent words of a review that are looked at."""


@dataclass(frozen=True)
class Problem:
    """A data set and its network.

    Attributes
    ----------
    natural
        Which of the shares that the data came in each case of the pool is from; None if they came as one.
    """

    name: str
    network: str
    classes: int
    pool: Cases
    test: Cases
    natural: Tensor | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one input."""
        return tuple(self.pool.inputs.shape[1:])


def load(name: str, folder: Path) -> Problem:
    """Return a problem: "fashion", "digits", "imdb", "heart", or the path of an ``.npz`` file of images.

    Parameters
    ----------
    folder
        Where ``imdb/imdb_idx20k.npz`` and ``heart_disease/heart_disease.npz`` are.

    Raises
    ------
    FileNotFoundError
        If the data are not there.
    """
    known: dict[str, Callable[[], Problem]] = {
        "fashion": _fashion,
        "digits": _digits,
        "imdb": lambda: _imdb(folder / "imdb" / "imdb_idx20k.npz"),
        "heart": lambda: _heart(folder / "heart_disease" / "heart_disease.npz"),
    }
    return known[name]() if name in known else _images(Path(name))


def _cases(inputs: Tensor, targets: NDArray[np.integer]) -> Cases:
    labels = torch.tensor(targets.astype(np.int64))
    return Cases(inputs, labels, strata=labels)


def _fashion() -> Problem:
    if not FASHION.is_dir():
        raise FileNotFoundError(f"no {FASHION}: apt-get install dataset-fashion-mnist")

    def read(name: str, header: int) -> NDArray[np.uint8]:
        return np.frombuffer(gzip.decompress((FASHION / name).read_bytes()), np.uint8, offset=header)

    def cases(part: str) -> Cases:
        pixels = read(f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
        return _cases(_pixels(pixels), read(f"{part}-labels-idx1-ubyte.gz", 8))

    return Problem("fashion", "images-groupnorm", 10, cases("train"), cases("t10k"))


def _digits() -> Problem:
    pool, test = load_task("digits").cases()
    return Problem("digits", "images-groupnorm", 10, pool, test)


def _images(path: Path) -> Problem:
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in ("train_x", "train_y", "test_x", "test_y")}
    classes = int(arrays["train_y"].max()) + 1
    train = _cases(_pixels(arrays["train_x"]), arrays["train_y"])
    test = _cases(_pixels(arrays["test_x"]), arrays["test_y"])
    return Problem(path.stem, "images-groupnorm", classes, train, test)


def _pixels(images: NDArray[np.uint8]) -> Tensor:
    """Return ``[n, h, w]`` or ``[n, h, w, channels]`` as ``[n, channels, h, w]`` from 0 to 1."""
    with_channels = images if images.ndim == 4 else images[..., None]
    return torch.tensor(np.ascontiguousarray(with_channels.transpose(0, 3, 1, 2)), dtype=torch.float32) / 255


def _imdb(path: Path) -> Problem:
    """Return reviews as the set of their frequent words."""
    with np.load(path, allow_pickle=False) as file:
        parts = {
            part: _cases(_bags(file[f"{part}_tokens"], file[f"{part}_offsets"]), file[f"{part}_label"])
            for part in ("train", "test")
        }
    return Problem("imdb", "features", 2, parts["train"], parts["test"])


def _bags(words: NDArray[np.integer], borders: NDArray[np.integer]) -> Tensor:
    bags = torch.zeros(len(borders) - 1, WORDS)
    review = np.repeat(np.arange(len(borders) - 1), np.diff(borders.astype(np.int64)))
    frequent = words < WORDS
    bags[review[frequent], words[frequent].astype(np.int64)] = 1.0
    return bags


def _heart(path: Path) -> Problem:
    """Return patients of four hospitals, what was not measured at the mean; every fifth is for the test."""
    with np.load(path, allow_pickle=False) as file:
        measured, hospital, ill = file["x"], file["hospital"], file["y"]
    mean, deviation = np.nanmean(measured, axis=0), np.nanstd(measured, axis=0)
    inputs = torch.tensor(np.nan_to_num((measured - mean) / deviation), dtype=torch.float32)
    order = torch.randperm(len(inputs), generator=torch.Generator().manual_seed(0))
    test, train = order[: len(order) // 5], order[len(order) // 5 :]
    patients = _cases(inputs, ill)
    natural = torch.tensor(hospital.astype(np.int64))[train]
    return Problem("heart", "features", 2, patients.take(train), patients.take(test), natural)
