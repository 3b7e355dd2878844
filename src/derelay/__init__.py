"""Decentralized relay learning: one model, trained by being handed on.

>>> import derelay as dr
>>> result = dr.demo("digits", rounds=8)
>>> result.plot()
"""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derelay.learn.cases import Cases as Cases
    from derelay.learn.loading import load_task as load_task
    from derelay.learn.supervised import Supervised as Supervised
    from derelay.learn.task import Task as Task
    from derelay.local.demo import demo as demo
    from derelay.local.result import Result as Result

# Imported when first asked for: PyTorch takes a second that `derelay --help` need not spend.
_HOMES = {
    "Cases": "derelay.learn.cases",
    "Result": "derelay.local.result",
    "Supervised": "derelay.learn.supervised",
    "Task": "derelay.learn.task",
    "demo": "derelay.local.demo",
    "load_task": "derelay.learn.loading",
}

__version__ = metadata.version("derelay")
__all__ = ["Cases", "Result", "Supervised", "Task", "__version__", "demo", "load_task"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'derelay' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
