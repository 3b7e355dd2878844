"""A pretrained language model of 260,032 weights, trained on in full, from ../shared/data."""

import json
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import Unigram
from transformers import PreTrainedTokenizerFast

from derelay.learn.hf import CausalLanguageTask

DATA = Path(__file__).parents[3] / "shared/data"
LETTERS = 200_000
"""Of each domain."""


class Stories(CausalLanguageTask):
    """Plays and reviews, by a model that has read children's stories only."""

    name = "stories"
    base = DATA / "stories260k"
    learning_rate = 1e-3
    steps = 60
    batch = 8

    def texts(self):
        """Return plays and reviews."""
        return {
            name: (DATA / f"texts/{name}.txt").read_text()[:LETTERS] for name in ("shakespeare", "reviews")
        }

    def tokenizer(self):
        """Return the model's 512 pieces, the likeliest ones for each text."""
        pieces = json.loads((DATA / "stories260k/tok512.json").read_text())
        vocabulary = [(piece, score) for piece, score in pieces]
        return PreTrainedTokenizerFast(tokenizer_object=Tokenizer(Unigram(vocabulary, unk_id=0)))
