"""A pretrained model on one's own disk: what it is, and how it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig, PreTrainedTokenizerBase
from transformers.utils import logging

from derelay.learn.task import TaskError

logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # a node says by itself what it does

_WEIGHTS = "*.safetensors"
_IDENTITY = (
    "config.json",
    _WEIGHTS,
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "vocab.*",
    "merges.txt",
)


@dataclass(frozen=True)
class Pretrained:
    """A model that participants install by themselves: a Hugging Face folder, or a GGUF file.

    Weights come from safetensors or GGUF, never from a pickle; no code of the folder is run; nothing is
    downloaded.
    """

    path: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that make it the model that it is: configuration, weights, tokenizer.

        Raises
        ------
        TaskError
            If there is no such model.
        """
        if self._is_gguf and self.path.is_file():
            return (self.path,)
        found = tuple(file for name in _IDENTITY for file in sorted(self.path.glob(name)))
        if not any(file.match(_WEIGHTS) for file in found):
            raise TaskError(
                f"{self.path}: no model is there; name a folder with config.json and .safetensors (no pickle "
                "is ever opened), or a .gguf file"
            )
        return found

    def model(self, dtype: torch.dtype) -> nn.Module:
        """Return the causal language model, its weights as ``dtype``.

        Raises
        ------
        TaskError
            If transformers cannot open it.
        """
        how: dict[str, Any] = {"use_safetensors": True}
        if self._is_gguf:  # weights left packed are not to be trained, and want a kernel from elsewhere
            how = {"quantization_config": GgufConfig(dequantize=True)}
        model: nn.Module = self._open(AutoModelForCausalLM, dtype=dtype, **how)
        return model

    def tokenizer(self) -> PreTrainedTokenizerBase:
        """Return the tokenizer that lies beside the weights, or in them.

        Raises
        ------
        TaskError
            If there is none.
        """
        tokenizer: PreTrainedTokenizerBase = self._open(AutoTokenizer)
        return tokenizer

    @property
    def _is_gguf(self) -> bool:
        return self.path.suffix == ".gguf"

    def _open(self, kind: Any, **options: Any) -> Any:
        _ = self.files
        folder = self.path.parent if self._is_gguf else self.path
        options |= {"gguf_file": self.path.name} if self._is_gguf else {}
        try:
            return kind.from_pretrained(folder, local_files_only=True, trust_remote_code=False, **options)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise TaskError(
                f"{self.path}: transformers cannot open it ({str(error).partition(chr(10))[0]}); install the "
                "model anew"
            ) from error
