"""A copy of the project with a fault in its contracts, in which tests run as they do in the original."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from eth_utils import keccak
from vyper.cli.vyper_compile import compile_files
from vyper.exceptions import VyperException

from derelay.contracts import Artifact, artifact
from mutants.fault import Fault

ROOT = Path(__file__).parents[2]
CONTRACTS = Path("src/derelay/contracts")
FORMATS = ["bytecode", "bytecode_runtime"]
LIMIT = 900  # seconds; the tests take about one minute
_NOT_COPIED = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info")
_FAILED = re.compile(r"^(?:FAILED|ERROR) tests/([^\s\[]+)", re.MULTILINE)


class Project:
    """The copy.

    Attributes
    ----------
    artifact
        The contract of the fault, compiled with it.
    """

    def __init__(self, folder: Path, fault: Fault) -> None:
        self.folder, self.fault = folder, fault
        for each in ("src", "tests"):
            shutil.copytree(ROOT / each, folder / each, ignore=_NOT_COPIED)
        shutil.copy(ROOT / "pyproject.toml", folder)
        source = folder / CONTRACTS / f"{fault.source}.vy"
        source.write_text(fault.applied(source.read_text()))
        self.artifact = self._compiled(fault.contract)

    def _compiled(self, name: str) -> Artifact:
        """Compile a contract, and let the copy have it as its artifact: no fault changes an interface."""
        try:
            (output,) = compile_files([self.folder / CONTRACTS / f"{name}.vy"], FORMATS).values()
        except VyperException as error:
            raise ValueError(f"{self.fault.id}: does not compile: {error}") from error
        code, runtime = (bytes.fromhex(output[each].removeprefix("0x")) for each in FORMATS)
        path = self.folder / CONTRACTS / "artifacts" / f"{name}.json"
        changes = {
            "bytecode": code.hex(),
            "runtime_size": len(runtime),
            "runtime_hash": keccak(runtime).hex(),
        }
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))
        return replace(artifact(name), bytecode=code, runtime_size=len(runtime), runtime_hash=keccak(runtime))

    def failing(self, tests: list[str]) -> str | None:
        """Run tests up to the first that fails; return its name."""
        files = [f"tests/{name}.py" for name in tests]
        command = [sys.executable, "-m", "pytest", "-x", "--tb=no", "-p", "no:cacheprovider", *files]
        path = os.pathsep.join(str(self.folder / each) for each in ("src", "tests"))
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": path},
                capture_output=True,
                text=True,
                timeout=LIMIT,
            )
        except subprocess.TimeoutExpired:
            return f"tests that did not end within {LIMIT} s"
        if done.returncode == 0:
            return None
        found = _FAILED.search(done.stdout)
        if done.returncode != 1 or found is None:
            raise RuntimeError(f"pytest could not run: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return found[1]
