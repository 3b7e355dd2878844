"""Relays created by hand, as somebody with other tools and other intentions would."""

from collections.abc import Mapping
from pathlib import Path
from shutil import copytree
from typing import Any

from vyper.cli.vyper_compile import compile_files

import derelay.contracts
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.origin import FROM_SCRATCH
from derelay.chain.sender import Sender, contract_address, deploy
from derelay.chain.wallet import Wallet
from derelay.contracts import NAMES, artifact
from derelay.rules.parameters import OPEN

GENESIS = b"g" * 32


def creator(seed: int = 3) -> Sender:
    """Return somebody rich on a new chain."""
    chain = EmbeddedChain(seed)
    wallet = Wallet((77).to_bytes(32))
    chain.fund(wallet.address, 100 * 10**18)
    chain.mine()
    return Sender(chain, wallet)


def mutated(folder: Path, file: str, old: str, new: str) -> bytes:
    """Return the creation code of `rounds` with a change in its sources."""
    sources = copytree(Path(derelay.contracts.__file__).parent, folder / "contracts")
    text = (sources / file).read_text()
    assert text.count(old) == 1
    (sources / file).write_text(text.replace(old, new))
    (output,) = compile_files([sources / "rounds.vy"], ["bytecode"], paths=[str(sources)]).values()
    return bytes.fromhex(output["bytecode"].removeprefix("0x"))


def create(sender: Sender, codes: Mapping[str, bytes] = {}, **arguments: tuple[Any, ...]) -> Any:
    """Create the four contracts, some with other code or other arguments; return the address of `rounds`."""
    at = {name: contract_address(sender.address, sender.nonce + i) for i, name in enumerate(NAMES)}
    honest: dict[str, tuple[Any, ...]] = {
        "coin": ("Coin", "C", at["accounts"]),
        "accounts": (at["rounds"], at["coin"], 9 * 10**17),
        "registry": (at["rounds"], 1, 2, 3600, []),
        "rounds": (at["registry"], at["accounts"], OPEN.as_tuple(), "task", bytes(32), GENESIS, FROM_SCRATCH),
    }
    for name in NAMES:
        ours: Any = artifact(name)
        code = codes.get(name, ours.bytecode)
        _, sent = deploy(sender, ours.abi, code, arguments.get(name, honest[name]), gas=9_000_000)
        sender.chain.mine()
        receipt = sender.outcome(sent)
        assert receipt is not None
        assert receipt.ok, receipt.reason
    return at["rounds"]
