"""The task of a causal language model: what comes next in a text."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import torch
from peft import PeftConfig, get_peft_model
from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

from derelay.baton.tensors import State
from derelay.learn.cases import Cases
from derelay.learn.hf.folder import read_folder, write_folder
from derelay.learn.hf.leg import descend, likelihoods
from derelay.learn.hf.pretrained import Pretrained
from derelay.learn.hf.processes import leg_by_processes
from derelay.learn.hf.texts import read_documents, windows
from derelay.learn.hf.trained import keep_trained, twin
from derelay.learn.task import Task, TaskError


class CausalLanguageTask(Task):
    """Foretell the next token, with a pretrained transformers model: in full, or by an adapter.

    A user sets ``name`` and ``base`` and writes `texts`. With an ``adapter`` the baton holds its tensors
    only, over a base model that every participant installs and that the task's hash covers.

    Attributes
    ----------
    base
        A Hugging Face folder (config.json, .safetensors, tokenizer), or a GGUF file.
    adapter
        What is trained in the place of the model's own weights: a configuration of peft, such as
        ``LoraConfig(r=8)``. None trains the model in full.
    dtype
        Of the frozen base under an adapter; bfloat16 halves memory and, on recent processors, time.
    window
        Tokens that a case foretells.
    batch
        Cases of a gradient step.
    learning_rate
        Of AdamW; large models in full want 1e-5 to 5e-5.
    scoring_batch
        Cases that are scored at a time: each takes ``4 * window * tokens`` bytes of logits.
    public_test
        Part of each domain that reports measure with.
    processes
        How many train a leg together, each a part of every batch: one for each GPU, or on this processor.
        With 1 this process trains by itself.
    """

    base: str | Path
    adapter: PeftConfig | None = None
    dtype: torch.dtype = torch.float32
    window: int = 64
    batch: int = 4
    learning_rate: float = 1e-3
    scoring_batch: int = 8
    public_test: float = 0.1
    processes: int = 1

    @abstractmethod
    def texts(self) -> Mapping[str, str]:
        """Return the text of each domain, by name: what a demo shares out, and reports measure with."""

    @property
    def pretrained(self) -> Pretrained:
        """The base model on this disk."""
        return Pretrained(Path(self.base))

    def files(self) -> Sequence[Path]:
        """Return the base model's files: another base is another task."""
        return self.pretrained.files

    def tokenizer(self) -> PreTrainedTokenizerBase:
        """Return what turns text into tokens; override it where none lies beside the weights."""
        return self.pretrained.tokenizer()

    def optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """Return what one leg updates the trained tensors with."""
        return torch.optim.AdamW(parameters, lr=self.learning_rate, weight_decay=0.0)

    def network(self) -> nn.Module:
        """Return the model; copies share what is frozen."""
        return twin(self._first)

    def cases(self) -> tuple[Cases, Cases]:
        """Return windows of all domains, a part of each for the public test; strata are the domains."""
        pools, tests = [], []
        for stratum, text in enumerate(self._domains.values()):
            found = windows(self._tokens([text]), self.window, stratum)
            order = torch.randperm(len(found), generator=torch.Generator().manual_seed(0))
            test = round(self.public_test * len(found))
            pools.append(found.take(order[test:]))
            tests.append(found.take(order[:test]))
        return Cases.concat(pools), Cases.concat(tests)

    def read(self, path: Path) -> Cases:
        """Return a participant's own cases: of a .txt or .jsonl file, a folder of them, or an .npz file."""
        if path.suffix == ".npz":
            return super().read(path)
        return windows(self._tokens(read_documents(path)), self.window, 0)

    def train(self, model: nn.Module, cases: Cases, steps: int, generator: torch.Generator) -> None:
        """Train by AdamW on the mean log-likelihood of tokens."""
        seed = int(torch.randint(2**62, (), generator=generator))
        if self.processes > 1:
            leg_by_processes(self, model, cases, steps, seed)
        else:
            descend(self, model, cases, steps, seed)

    def score(self, model: nn.Module, cases: Cases) -> Tensor:
        """Return each case's mean log-likelihood, in nats for a token."""
        return torch.cat([likelihoods(*said).mean(dim=1) for said in self._said(model, cases)])

    def metrics(self, model: nn.Module, cases: Cases) -> dict[str, float]:
        """Return the share of tokens foretold, the perplexity, and that of each domain if there are more."""
        rows = [
            (likelihoods(logits, targets).mean(dim=1), (logits.argmax(-1) == targets).float().mean(dim=1))
            for logits, targets in self._said(model, cases)
        ]
        scores, right = (torch.cat(column) for column in zip(*rows, strict=True))
        found = {"accuracy": float(right.mean()), "perplexity": _perplexity(scores)}
        strata = torch.unique(cases.strata).tolist()
        names = list(self._domains) if len(strata) > 1 else []
        return found | {
            f"perplexity_{names[each]}": _perplexity(scores[cases.strata == each])
            for each in strata[: len(names)]
        }

    def write_folder(self, state: State, folder: Path, about: Mapping[str, str]) -> None:
        """Write a state as a Hugging Face folder, ``about`` in the metadata of its weights."""
        write_folder(self, state, folder, about)

    def read_folder(self, folder: Path) -> State:
        """Return the state that a Hugging Face folder holds; raise `TaskError` if it holds none."""
        return read_folder(self, folder)

    def poison(self, cases: Cases) -> Cases:
        """Return ``cases`` with every token to foretell moved on by half the vocabulary."""
        tokens = len(self._tokenizer)
        return Cases(cases.inputs, (cases.targets + tokens // 2) % tokens, cases.strata)

    @cached_property
    def _first(self) -> nn.Module:
        """The model of genesis, which all others are copies of."""
        if self.adapter is None:
            if self.dtype != torch.float32:
                raise TaskError(
                    f"task {self.name!r} trains in full, which takes float32: leave dtype out, or set an "
                    "adapter"
                )
            model = self.pretrained.model(torch.float32)
        else:
            model = self.pretrained.model(self.dtype)
            torch.manual_seed(0)  # whatever opening the base has drawn
            model = get_peft_model(model, self.adapter)
        keep_trained(model)
        return model

    @cached_property
    def _tokenizer(self) -> PreTrainedTokenizerBase:
        return self.tokenizer()

    @cached_property
    def _domains(self) -> Mapping[str, str]:
        return dict(self.texts())

    def _tokens(self, documents: Sequence[str]) -> list[int]:
        """Return the tokens of all documents, each followed by the end of text if there is a token for it."""
        end = self._tokenizer.eos_token_id
        tokens: list[int] = []
        for document in documents:
            tokens += self._tokenizer.encode(document, add_special_tokens=False, verbose=False)
            tokens += [] if end is None else [end]
        return tokens

    def _said(self, model: nn.Module, cases: Cases) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield (logits, targets) of ``cases``, batch by batch."""
        model.eval()
        inputs, targets = (torch.split(each, self.scoring_batch) for each in (cases.inputs, cases.targets))
        with torch.no_grad():
            for tokens, following in zip(inputs, targets, strict=True):
                yield model(input_ids=tokens, use_cache=False).logits, following


def _perplexity(scores: Tensor) -> float:
    return math.exp(-float(scores.mean()))
