"""A language model of 260 thousand weights, trained in full: the five domains of smollm2.py, in seconds.

    pip install 'derelay[hf]'
    STORIES260K=FOLDER derelay demo --task examples/stories260k.py --participants 5 --dishonest 0 --alpha 0

FOLDER holds stories260K of karpathy/tinyllamas in the layout of Hugging Face (config.json,
model.safetensors), and tok512.json: its 512 pieces of text with their scores.
"""

import json
import os
from pathlib import Path

from tokenizers import Tokenizer, decoders, normalizers
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

from derelay.learn.hf import CausalLanguageTask
from derelay.learn.loading import load_task

SPACE = "▁"


class Stories260K(CausalLanguageTask):
    """A model that has read little but tales for children, and learns five domains of another kind."""

    name = "stories260k"
    batch = 8
    learning_rate = 1e-3
    steps = 20
    rounds = 10
    held_out = 0.15

    @property
    def base(self):
        """Return the folder that the variable STORIES260K names."""
        if "STORIES260K" not in os.environ:
            raise FileNotFoundError("set STORIES260K to the folder with stories260K and tok512.json")
        return Path(os.environ["STORIES260K"])

    def files(self):
        """Return the model's files, its pieces of text included."""
        return (*super().files(), self.base / "tok512.json")

    def tokenizer(self):
        """Return what joins pieces by the order of their scores, as SentencePiece does."""
        pieces = json.loads((self.base / "tok512.json").read_text())
        texts = [piece.encode("latin-1").decode().replace(" ", SPACE) for piece, _ in pieces]
        place = {text: index for index, text in enumerate(texts)}
        merges = [
            (text[:cut], text[cut:])
            for text in texts[259:]  # after the special ones and the single bytes: best first
            for cut in range(1, len(text))
            if text[:cut] in place and text[cut:] in place
        ]
        tokens = Tokenizer(BPE(place, merges, unk_token="<unk>", byte_fallback=True))
        tokens.normalizer = normalizers.Replace(" ", SPACE)
        tokens.decoder = decoders.Sequence([decoders.Replace(SPACE, " "), decoders.ByteFallback()])
        return PreTrainedTokenizerFast(tokenizer_object=tokens, eos_token=texts[2])

    def texts(self):
        """Return what lies on every machine with derelay on it."""
        return load_task(str(Path(__file__).with_name("smollm2.py"))).texts()
