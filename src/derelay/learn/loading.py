"""Finding a task: by the name it is installed under, or in a user's own file."""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from derelay.baton.codecs import ALIKE
from derelay.learn.task import Task, TaskError

GROUP = "derelay.tasks"
MAX_NAME = 64
"""Characters of a task's name, as in the contract."""


def installed_tasks() -> dict[str, EntryPoint]:
    """Return the installed tasks by name: the bundled ones and those that other packages bring."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def load_task(spec: str) -> Task:
    """Return the task named ``spec``, or defined in the Python file ``spec``.

    Loading a file runs it, as ``python FILE.py`` would: give only files of your own. Nothing that
    came over the network is ever loaded by this function.

    Raises
    ------
    TaskError
        If there is no such task or file, the file cannot be imported, or it does not define
        exactly one task.
    """
    if spec.endswith(".py"):
        return _create(_only_task(_import(Path(spec)), spec), spec)
    installed = installed_tasks()
    if spec not in installed:
        names = ", ".join(installed) or "none"
        raise TaskError(f"no task {spec!r} is installed: choose one of {names}, or give a path ending in .py")
    try:
        found = installed[spec].load()
    except Exception as error:
        raise TaskError(
            f"task {spec!r} cannot be imported: {_reason(error)}; reinstall its package"
        ) from error
    if not (inspect.isclass(found) and issubclass(found, Task)):
        raise TaskError(f"task {spec!r} points at {found!r}, not at a subclass of derelay.learn.Task")
    return _create(found, spec)


def task_hash(task: Task) -> bytes:
    """Return the SHA-256 digest of the file that defines the task's class.

    If the task names further files, it is the digest of that digest and, for each file in the order of their
    names, the digests of its name and of its content: where a file lies is of no account.

    Raises
    ------
    TaskError
        If the class was typed into an interactive session and so has no file, or a further file is missing.
    """
    path = getattr(sys.modules.get(type(task).__module__), "__file__", None)
    if path is None:
        raise TaskError(f"task {task.name!r} has no source file to take the hash of: save it as a .py file")
    source, files = _digest(Path(path)), sorted(task.files(), key=lambda file: file.name)
    parts = [hashlib.sha256(file.name.encode()).digest() + _digest(file) for file in files]
    return hashlib.sha256(source + b"".join(parts)).digest() if parts else source


def check_task(task: Task) -> None:
    """Raise `TaskError` unless a task's name and numbers are ones that a relay can run with."""
    kind, name = type(task).__name__, getattr(task, "name", None)
    if not isinstance(name, str):
        raise TaskError(f'task {kind} has no name: set name = "..." in the class')
    for holds, reason in (
        (
            0 < len(name) <= MAX_NAME and name.isascii() and name.isprintable(),
            f"name: set 1 to {MAX_NAME} printable ASCII characters",
        ),
        (task.steps > 0, f"steps {task.steps}: set at least 1"),
        (task.rounds > 0, f"rounds {task.rounds}: set at least 1"),
        (0 < task.held_out < 1, f"held_out {task.held_out}: set a part between 0 and 1"),
        (0 <= task.forgone < 1, f"forgone {task.forgone}: set a part from 0 to below 1"),
        (
            task.pool_codec in ALIKE,
            f"pool_codec {task.pool_codec!r}: set one of {', '.join(ALIKE)}",
        ),
    ):
        if not holds:
            raise TaskError(f"task {kind}, {reason}")


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _import(path: Path) -> ModuleType:
    if not path.is_file():
        raise TaskError(f"no task file {path}: check the path")
    name = f"derelay_task_{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise TaskError(f"task file {path} is not a Python source file: give one ending in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickling look a class's module up here
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a script that ends itself is no file with a task
        del sys.modules[name]
        raise TaskError(f"task file {path} cannot be imported: {_reason(error)}; correct the file") from error
    return module


def _only_task(module: ModuleType, spec: str) -> type[Task]:
    tasks = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Task) and value.__module__ == module.__name__
    ]
    if not tasks:
        raise TaskError(f"task file {spec} defines no task: define one subclass of derelay.learn.Supervised")
    if len(tasks) > 1:
        names = ", ".join(task.__name__ for task in tasks)
        raise TaskError(f"task file {spec} defines {len(tasks)} tasks ({names}): leave one in it")
    return tasks[0]


def _create(kind: type[Task], spec: str) -> Task:
    try:
        task = kind()
    except Exception as error:
        raise TaskError(
            f"task {kind.__name__} of {spec} cannot be created: {_reason(error)}; define what is missing"
        ) from error
    try:
        check_task(task)
    except TaskError as error:
        raise TaskError(f"{spec}: {error}") from error
    return task


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
