"""Compile the contracts: ``python -m derelay.contracts.compile`` writes the artifacts (dev extra)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vyper.cli.vyper_compile import compile_files

from derelay.contracts import NAMES

_FOLDER = Path(__file__).parent


def compiled(name: str) -> dict[str, Any]:
    """Compile one contract to the content of its artifact."""
    source = _FOLDER / f"{name}.vy"
    outputs = next(iter(compile_files([source], ["abi", "bytecode", "bytecode_runtime"]).values()))
    return {
        "contract": name,
        "compiler": "vyper 0.4.3",
        "abi": outputs["abi"],
        "bytecode": outputs["bytecode"].removeprefix("0x"),
        "runtime_size": len(outputs["bytecode_runtime"].removeprefix("0x")) // 2,
    }


def main() -> None:
    """Write all artifacts."""
    for name in NAMES:
        result = compiled(name)
        target = _FOLDER / "artifacts" / f"{name}.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(result, indent=1) + "\n")
        print(f"{name}: {result['runtime_size']} bytes")


if __name__ == "__main__":
    main()
