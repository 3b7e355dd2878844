"""The next character of English and Python: the documentation topics that every CPython carries."""

from __future__ import annotations

import math
from pydoc_data.topics import topics

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, pad, scaled_dot_product_attention

from derelay.learn.cases import Cases
from derelay.learn.supervised import Supervised

ALPHABET = "\n" + "".join(map(chr, range(32, 127)))
OTHER = len(ALPHABET)
"""Class of every character outside `ALPHABET`."""

WINDOW = 32
"""Characters that a case predicts, each from those before it in the window."""

PUBLIC_TEST = 0.1
WIDTH = 64
HEADS = 2
NEAR = 4
"""Characters that a convolution looks at first: spelling is learned in far fewer steps with it."""


class Text(Supervised):
    """What comes next in a window of text, told by a small character transformer."""

    name = "text"
    classes = len(ALPHABET) + 1
    steps = 120
    batch = 4
    held_out = 0.2
    learning_rate = 0.02
    course_weight = 0.0

    def network(self) -> nn.Module:
        """Return a causal transformer of about 65,000 weights."""
        return CharacterTransformer(self.classes)

    def cases(self) -> tuple[Cases, Cases]:
        """Return about 14,000 windows, a tenth of them for the public test; no two share a character.

        A window's stratum is its topic: a participant knows some topics well and others not at all.
        """
        parts = [_windows(text, stratum) for stratum, (_, text) in enumerate(sorted(topics.items()))]
        windows = Cases.concat(parts)
        order = torch.randperm(len(windows), generator=torch.Generator().manual_seed(0))
        test = round(PUBLIC_TEST * len(windows))
        return windows.take(order[test:]), windows.take(order[:test])

    def optimizer(self, model: nn.Module) -> torch.optim.Optimizer:
        """Return AdamW: a transformer learns poorly by plain gradient descent."""
        return torch.optim.AdamW(model.parameters(), lr=self.learning_rate, betas=(0.9, 0.98), fused=True)

    def prior(self, targets: Tensor) -> Tensor:
        """Return zeros: characters are not equally frequent anywhere, so there is nothing to even out."""
        return torch.zeros(self.classes)

    def metrics(self, model: nn.Module, cases: Cases) -> dict[str, float]:
        """Return the share of characters foretold, and the bits that each costs."""
        bits = -float(self.score(model, cases).mean()) / math.log(2)
        return super().metrics(model, cases) | {"bits_per_character": bits}


class CharacterTransformer(nn.Module):
    """Characters ``[n, WINDOW]`` to logits ``[n, WINDOW, classes]``."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(classes, WIDTH)
        self.place = nn.Parameter(torch.zeros(WINDOW, WIDTH))
        self.near = nn.Conv1d(WIDTH, WIDTH, NEAR)
        self.block = Block()
        self.norm = nn.LayerNorm(WIDTH)
        self.out = nn.Linear(WIDTH, classes)

    def forward(self, characters: Tensor) -> Tensor:
        """Return the logits of the character after each."""
        hidden = self.embed(characters)
        hidden = hidden + gelu(self.near(pad(hidden.transpose(1, 2), (NEAR - 1, 0)))).transpose(1, 2)
        hidden = self.block(hidden + self.place[: characters.shape[1]])
        logits: Tensor = self.out(self.norm(hidden))
        return logits


class Block(nn.Module):
    """Causal attention and a two-layer perceptron, each added to what came in."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.attention = nn.Linear(WIDTH, 3 * WIDTH)
        self.mix = nn.Linear(WIDTH, WIDTH)
        self.perceptron = nn.Sequential(
            nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, WIDTH)
        )

    def forward(self, hidden: Tensor) -> Tensor:
        """Return ``hidden``, ``[n, length, WIDTH]``, having looked back."""
        heads = self.attention(self.norm(hidden)).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
        seen = scaled_dot_product_attention(heads[0], heads[1], heads[2], is_causal=True)
        hidden = hidden + self.mix(seen.transpose(1, 2).flatten(-2))
        thought: Tensor = self.perceptron(hidden)
        return hidden + thought


def _windows(text: str, stratum: int) -> Cases:
    """Cut ``text`` into windows of ``WINDOW + 1`` characters (the first is only seen); drop the rest."""
    codes = [ALPHABET.find(character) for character in text]
    count = len(codes) // (WINDOW + 1)
    rows = torch.tensor([code if code >= 0 else OTHER for code in codes[: count * (WINDOW + 1)]])
    rows = rows.to(torch.int64).view(count, WINDOW + 1)
    return Cases(rows[:, :-1], rows[:, 1:], torch.full((count,), stratum))
