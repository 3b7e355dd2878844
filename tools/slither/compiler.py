"""The stand-in for ``vyper --standard-json`` that slither calls: Vyper 0.4, said as 0.3.7 (`lower`)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from lower import DROPPED, Lowering, Tree, interfaces_of, modules_of, prefix_of
from vyper.ast import nodes
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.phases import CompilerData

ORDER = ("StructDef", "EventDef", "InterfaceDef", "VariableDecl", "FunctionDef")


def flat(source: Path) -> dict[str, Tree]:
    """Return a contract's tree, with what its modules declare, and an empty tree of each of their files."""
    bundle = FilesystemInputBundle([source.parent])
    contract = CompilerData(bundle.load_file(source), bundle).annotated_vyper_module
    files = {module.resolved_path: module for module in [*_imported(contract), contract]}
    body = [tree for module in files.values() for tree in _body(module, module is contract)]
    body.sort(key=lambda tree: ORDER.index(tree["ast_type"]))
    trees = {path: module.to_dict() | {"name": module.path, "body": []} for path, module in files.items()}
    trees[contract.resolved_path]["body"] = body
    return {path: {"id": tree["source_id"], "ast": tree} for path, tree in trees.items()}


def _imported(module: nodes.Module) -> Iterator[nodes.Module]:
    for info in modules_of(module).values():
        yield from _imported(info.module_t._module)
        yield info.module_t._module


def _body(module: nodes.Module, is_contract: bool) -> Iterator[Tree]:
    lowering = Lowering(module, "" if is_contract else prefix_of(module))
    for interface in interfaces_of(module):
        for event in interface.parsed.get_children(nodes.EventDef):
            place = {"name": f"{interface.alias}_{event.name}", "src": module.to_dict()["src"]}
            yield lowering.lower(event.to_dict() | place)
    for node in module.body:
        tree = node.to_dict()
        if tree["ast_type"] not in DROPPED:
            yield lowering.lower(tree)


def main() -> None:
    """Answer the request on standard input."""
    sources = [Path(name).resolve() for name in json.load(sys.stdin)["sources"]]
    trees = {path: tree for source in sources for path, tree in flat(source).items()}
    json.dump({"compiler": "vyper-0.3.7", "contracts": {}, "sources": trees}, sys.stdout)


if __name__ == "__main__":
    main()
