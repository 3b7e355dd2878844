"""Vyper of the tests' own: the rules laid bare, and an intruder."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from eth_abi import decode, encode
from eth_utils.abi import function_abi_to_4byte_selector, get_abi_input_types, get_abi_output_types
from vyper.cli.vyper_compile import compile_files

from harness.machine import Machine

TESTS = Path(__file__).parents[1]
SOURCES = TESTS.parents[1] / "src" / "derelay" / "contracts"


@cache
def compiled(name: str) -> tuple[dict[str, Any], bytes]:
    """Compile a contract beside the tests; return its functions' ABI by name, and its creation code."""
    outputs = compile_files([TESTS / f"{name}.vy"], ["abi", "bytecode"], paths=[str(SOURCES)])
    (output,) = outputs.values()
    functions = {entry["name"]: entry for entry in output["abi"] if entry["type"] == "function"}
    return functions, bytes.fromhex(output["bytecode"].removeprefix("0x"))


class Deployed:
    """A contract of the tests in a machine."""

    def __init__(self, machine: Machine, name: str) -> None:
        self.machine = machine
        self._functions, code = compiled(name)
        self.address = machine.deploy(machine.account(), code)

    def encode(self, function: str, *args: Any) -> bytes:
        """Return the call data of a function."""
        abi = self._functions[function]
        return function_abi_to_4byte_selector(abi) + encode(get_abi_input_types(abi), args)

    def read(self, function: str, *args: Any) -> Any:
        """Call a view; one value, or a tuple of several."""
        outputs = get_abi_output_types(self._functions[function])
        values = decode(outputs, self.machine.call(self.address, self.encode(function, *args)))
        return values[0] if len(values) == 1 else values
