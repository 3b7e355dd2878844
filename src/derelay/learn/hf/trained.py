"""Models of which only a part is trained: the rest is neither copied nor handed on."""

from __future__ import annotations

import copy
from typing import Any

from torch import nn


def keep_trained(model: nn.Module) -> None:
    """Let the state of ``model`` be what is trained of it, each tensor once.

    Frozen weights are everybody's already. Of two names for one tensor (tied embeddings) the first stays, so
    that no baton can say two things about it.
    """
    model.register_state_dict_post_hook(_forget_the_rest)  # type: ignore[no-untyped-call]
    model.register_load_state_dict_post_hook(_want_trained)  # type: ignore[no-untyped-call]


def twin(model: nn.Module) -> nn.Module:
    """Return a copy that is trained by itself, on the same frozen weights in the same memory."""
    return copy.deepcopy(model, {id(each): each for each in model.parameters() if not each.requires_grad})


def trained_names(model: nn.Module) -> set[str]:
    """Return the names of the tensors that are trained."""
    return {name for name, parameter in model.named_parameters() if parameter.requires_grad}


def _forget_the_rest(model: nn.Module, state: dict[str, Any], prefix: str, metadata: Any) -> None:
    kept = trained_names(model)
    for name in state.keys() - kept:
        del state[name]


def _want_trained(model: nn.Module, incompatible: Any) -> None:
    incompatible.missing_keys[:] = sorted(trained_names(model).intersection(incompatible.missing_keys))
