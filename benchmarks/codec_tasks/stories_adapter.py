"""The same model, trained on by an adapter of 4,480 weights."""

import importlib.util
import sys
from pathlib import Path

from peft import LoraConfig

_FILE = Path(__file__).with_name("stories.py")


def _stories():
    """Return the class of the file beside this one, which is no package's."""
    spec = importlib.util.spec_from_file_location("stories", _FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["stories"] = module
    spec.loader.exec_module(module)
    return module.Stories


class StoriesAdapter(_stories()):
    """Plays and reviews, by an adapter."""

    name = "stories-adapter"
    adapter = LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"])
    learning_rate = 1e-2
