"""Hugging Face folders: a head for everybody's tools, and a model of theirs as a genesis."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from peft import PeftModel, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from derelay.baton.tensors import State
from derelay.learn.hf.pretrained import Pretrained
from derelay.learn.hf.trained import keep_trained
from derelay.learn.task import TaskError

if TYPE_CHECKING:
    from derelay.learn.hf.language import CausalLanguageTask

WEIGHTS, ADAPTER = "model.safetensors", "adapter_model.safetensors"


def write_folder(task: CausalLanguageTask, state: State, folder: Path, about: Mapping[str, str]) -> None:
    """Write what ``AutoModelForCausalLM`` opens; of an adapter, what ``PeftModel`` opens over its base.

    Parameters
    ----------
    folder
        A new one.
    about
        Goes into the metadata of the weights.
    """
    folder.mkdir()
    model = task.model()
    model.load_state_dict(state)
    metadata = {"format": "pt", **about}
    if isinstance(model, PeftModel):
        save_file(get_peft_model_state_dict(model, save_embedding_layers=False), folder / ADAPTER, metadata)
        config = model.peft_config["default"]
        config.base_model_name_or_path = Path(task.base).name  # where it lies here is nobody's business
        config.inference_mode = True
        config.save_pretrained(str(folder))
    else:
        save_file(dict(model.state_dict()), folder / WEIGHTS, metadata)
        settings: Any = model.config
        settings.save_pretrained(folder)
    task.tokenizer().save_pretrained(folder)


def read_folder(task: CausalLanguageTask, folder: Path) -> State:
    """Return the state of the task's model with the weights of a folder: a model's, or an adapter's.

    Raises
    ------
    TaskError
        If the folder holds no such weights.
    """
    model = task.model()
    if not isinstance(model, PeftModel):
        found = Pretrained(folder).model(torch.float32)
        keep_trained(found)
        return dict(found.state_dict())
    try:
        tensors = load_file(folder / ADAPTER)
        result: Any = set_peft_model_state_dict(model, tensors)
    except (OSError, SafetensorError, RuntimeError) as error:
        raise TaskError(
            f"{folder}: holds no adapter of task {task.name!r} ({str(error).splitlines()[-1].strip()}); name "
            f"a folder with its {ADAPTER}"
        ) from error
    expected = get_peft_model_state_dict(model, save_embedding_layers=False).keys()
    if result.unexpected_keys or expected != tensors.keys():
        raise TaskError(
            f"{folder}: its adapter has other tensors than that of task {task.name!r}; name one of the same "
            "configuration"
        )
    return dict(model.state_dict())
