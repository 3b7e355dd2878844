"""Say a tree of Vyper 0.4 as Vyper 0.3.7 would say it, the only one that slither reads: without modules.

What a module ``state`` declares is called ``state_...`` in the flat contract. Every node keeps its place in
the source. Four things are said by what comes near, because 0.3.7 or slither has no better: ``^=`` by ``|=``,
the hash of a block by that of the last one, ``x in names`` by ``x == names[0]``, a range by one from zero on.
"""

from __future__ import annotations

from typing import Any

from vyper.ast import nodes

Tree = dict[str, Any]

DROPPED = ("Import", "ImportFrom", "InitializesDecl", "UsesDecl", "ExportsDecl", "ImplementsDecl")
_NOBODY = "0x" + "00" * 20
_OPERATORS = {"FloorDiv": "Div", "BitXor": "BitOr", "RShift": "Shr", "LShift": "Shl"}


class Lowering:
    """Lowers what one module declares.

    Parameters
    ----------
    module
        As the compiler has annotated it.
    prefix
        What the names that it declares begin with; empty for the contract itself.
    """

    def __init__(self, module: nodes.Module, prefix: str) -> None:
        self._prefix = prefix
        self._modules = {alias: info.module_t._module for alias, info in modules_of(module).items()}
        self._interfaces = [interface.alias for interface in interfaces_of(module)]
        self._kept, self._by_name = _declared(module)
        self._special = {
            "Name": self._name,
            "Attribute": self._attribute,
            "Call": self._call,
            "Subscript": self._subscript,
            "BoolOp": self._bool_op,
            "Compare": self._compare,
            "For": self._for,
            "VariableDecl": self._variable,
            "FunctionDef": self._function,
            **dict.fromkeys(("StaticCall", "ExtCall"), lambda tree: self.lower(tree["value"])),
            **dict.fromkeys(("EventDef", "StructDef", "InterfaceDef"), self._declaration),
        }

    def lower(self, tree: Any) -> Any:
        """Return a part of the compiler's JSON lowered, if it is a tree or a list of trees."""
        if isinstance(tree, list):
            return [self.lower(item) for item in tree]
        if not isinstance(tree, dict) or "ast_type" not in tree:
            return tree
        return self._special.get(tree["ast_type"], self._parts)(tree)

    def _parts(self, tree: Tree) -> Tree:
        kind = _OPERATORS.get(tree["ast_type"], tree["ast_type"])
        return {key: self.lower(part) for key, part in tree.items()} | {"ast_type": kind}

    def _flat(self, name: str) -> str:
        return f"{self._prefix}{name}"

    def _name(self, tree: Tree) -> Tree:
        name = "_abi_encode" if tree["id"] == "abi_encode" else tree["id"]
        return tree | {"id": self._flat(name) if name in self._by_name else name}

    def _attribute(self, tree: Tree) -> Tree:
        value, attr = tree["value"], tree["attr"]
        of = value.get("id")
        if of == "self" and attr in self._kept:
            return tree | {"attr": self._flat(attr)}
        if of in self._modules:
            flat = prefix_of(self._modules[of]) + attr
            if attr in _declared(self._modules[of])[0]:
                return tree | {"value": value | {"id": "self"}, "attr": flat}
            return value | {"id": flat}
        if of in self._interfaces:
            return value | {"id": f"{of}_{attr}"}
        return self._parts(tree)

    def _call(self, tree: Tree) -> Tree:
        if tree["func"].get("id") == "blockhash":
            block = tree["func"] | {"id": "block"}
            return _at(tree, "Attribute", value=block, attr="prevhash")
        if tree["func"].get("id") == "empty" and tree["args"][0].get("id") == "address":
            return _at(tree, "Hex", value=_NOBODY)
        lowered = self._parts(tree) | {"keyword": None}
        if not lowered["args"] and all(each["arg"] != "value" for each in lowered["keywords"]):
            lowered |= {"args": [each["value"] for each in lowered["keywords"]], "keywords": []}
        return lowered

    def _subscript(self, tree: Tree) -> Tree:
        lowered = self._parts(tree)
        return lowered | {"slice": _at(tree, "Index", value=lowered["slice"])}

    def _bool_op(self, tree: Tree) -> Tree:
        first, *rest = tree["values"]
        if len(rest) > 1:
            rest = [tree | {"values": rest}]
        return self._parts(tree | {"values": [first, *rest]})

    def _compare(self, tree: Tree) -> Tree:
        lowered = self._parts(tree)
        if tree["op"]["ast_type"] in ("In", "NotIn") and tree["right"]["ast_type"] != "List":
            first = _at(tree, "Index", value=_at(tree, "Int", value=0))
            lowered["op"] = tree["op"] | {"ast_type": "Eq"}
            lowered["right"] = _at(tree, "Subscript", value=lowered["right"], slice=first)
        return lowered

    def _for(self, tree: Tree) -> Tree:
        lowered = self._parts(tree)
        if lowered["iter"]["ast_type"] == "Call":
            lowered["iter"]["args"] = lowered["iter"]["args"][-1:]
        return lowered | {"target": lowered["target"]["target"]}

    def _variable(self, tree: Tree) -> Tree:
        return self._parts(tree) | {"target": tree["target"] | {"id": self._flat(tree["target"]["id"])}}

    def _function(self, tree: Tree) -> Tree:
        lowered = self._parts(tree) | {"pos": None}
        words = {each["id"]: each for each in lowered["decorator_list"]}
        if "deploy" in words:
            words["deploy"]["id"] = "internal" if self._prefix else "external"
        if "nonreentrant" in words:
            key = _at(tree, "Str", value="lock")
            words["nonreentrant"] = _at(
                tree, "Call", func=words["nonreentrant"], args=[key], keyword=None, keywords=[]
            )
        if "external" not in words:
            lowered["name"] = self._flat(tree["name"])
        return lowered | {"decorator_list": list(words.values())}

    def _declaration(self, tree: Tree) -> Tree:
        members = [
            each | {"annotation": self.lower(each["annotation"])}
            for each in tree["body"]
            if "annotation" in each
        ]
        functions = [self._parts(each) | {"pos": None} for each in tree["body"] if "annotation" not in each]
        return tree | {"name": self._flat(tree["name"]), "body": members + functions, "doc_string": None}


def modules_of(module: nodes.Module) -> dict[str, Any]:
    """Return the modules that one imports, by the names that it uses for them."""
    imported: dict[str, Any] = module._metadata["type"].imported_modules
    return imported


def interfaces_of(module: nodes.Module) -> list[Any]:
    """Return what a module imports that is no module of ours: its `alias`, and its tree as `parsed`."""
    imported = [node._metadata.get("import_info") for node in module.body]
    return [each for each in imported if each and each.parsed.is_interface]


def prefix_of(module: nodes.Module) -> str:
    """Return what a module's names begin with in the flat contract."""
    return f"{module.path.rpartition('/')[2].removesuffix('.vy')}_"


def _declared(module: nodes.Module) -> tuple[set[str], set[str]]:
    """Return what a module calls through ``self``, state and functions, and what by its bare name."""
    kept, by_name = set(), set()
    for node in module.body:
        if isinstance(node, nodes.VariableDecl):
            (by_name if node.is_constant or node.is_immutable else kept).add(node.target.id)
        elif isinstance(node, nodes.FunctionDef):
            kept.add(node.name)
        elif isinstance(node, (nodes.EventDef, nodes.StructDef, nodes.InterfaceDef)):
            by_name.add(node.name)
    return kept, by_name


def _at(tree: Tree, kind: str, **parts: Any) -> Tree:
    """Return a node that the source does not have, in the place of one that it has."""
    return {"ast_type": kind, "src": tree["src"], "node_id": tree["node_id"], **parts}
