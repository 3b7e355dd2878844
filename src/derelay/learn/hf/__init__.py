"""Tasks from transformers models: language models, trained in full or by adapters.

Needs the extra ``hf``: ``pip install 'derelay[hf]'``.
"""

from importlib.util import find_spec

if any(find_spec(name) is None for name in ("transformers", "peft", "gguf")):
    raise ModuleNotFoundError("derelay.learn.hf needs more packages: pip install 'derelay[hf]'")

from derelay.learn.hf.language import CausalLanguageTask
from derelay.learn.hf.pretrained import Pretrained

__all__ = ["CausalLanguageTask", "Pretrained"]
