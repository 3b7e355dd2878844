"""Compile the contracts: ``python -m derelay.contracts.compile`` writes the artifacts (dev extra)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak
from vyper.cli.vyper_compile import compile_files

from derelay.contracts import NAMES

FORMATS = ["abi", "bytecode", "bytecode_runtime", "layout"]
_FOLDER = Path(__file__).parent


def compiled(name: str) -> dict[str, Any]:
    """Compile one contract to the content of its artifact."""
    source = _FOLDER / f"{name}.vy"
    outputs = next(iter(compile_files([source], FORMATS).values()))
    runtime = bytes.fromhex(outputs["bytecode_runtime"].removeprefix("0x"))
    immutables = _lengths(outputs["layout"].get("code_layout", {}))
    return {
        "contract": name,
        "compiler": "vyper 0.4.3",
        "abi": outputs["abi"],
        "bytecode": outputs["bytecode"].removeprefix("0x"),
        "runtime_size": len(runtime),
        "runtime_hash": keccak(runtime).hex(),
        "immutables_size": sum(immutables),
    }


def _lengths(layout: dict[str, Any]) -> Iterator[int]:
    """Return the bytes of each immutable; those of modules are one level down."""
    for item in layout.values():
        if "length" in item:
            yield item["length"]
        else:
            yield from _lengths(item)


def main() -> None:
    """Write all artifacts."""
    for name in NAMES:
        result = compiled(name)
        target = _FOLDER / "artifacts" / f"{name}.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(result, indent=1) + "\n")
        print(f"{name}: {result['runtime_size'] + result['immutables_size']} bytes")


if __name__ == "__main__":
    main()
