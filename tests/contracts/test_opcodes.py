"""What the contracts can do at all, read from their opcodes: whom they call, what they see of the world."""

from collections import Counter
from collections.abc import Iterator

import dag_cbor
import pytest
from eth.vm.forks.cancun.opcodes import CANCUN_OPCODES
from eth_utils import keccak
from harness.code import compiled

from derelay.contracts import NAMES, artifact

PLAIN = {
    *range(0x00, 0x21),  # arithmetic, comparison, bits, hash
    *range(0x33, 0x3A),  # who calls, with what value and data; the code itself
    *(0x3D, 0x3E),  # what a call returned
    *range(0x50, 0x58),  # memory, storage, jumps
    *(0x5B, 0x5E),  # where jumps lead; copying in memory
    *range(0x5F, 0xA5),  # stack, logs
    *(0xF3, 0xFD),  # return, revert
} & set(CANCUN_OPCODES)
"""Opcodes that compute with what one was sent, on one's own storage, and log."""
SIGHTS = {
    "coin": {"ADDRESS"},  # coins cannot be sent to the coin
    "accounts": {"ADDRESS", "TLOAD", "TSTORE", "EXTCODESIZE", "GAS"},  # mints to itself; the lock; calls
    "registry": {"TIMESTAMP", "TLOAD", "TSTORE", "GAS"},  # when a bond may be taken back; the lock; calls
    "rounds": {
        *("ADDRESS", "CHAINID"),  # what commitments are bound to
        *("TIMESTAMP", "NUMBER"),  # windows
        "BLOCKHASH",  # the draws
        *("EXTCODESIZE", "GAS"),  # calls
    },
}
CALLS = {
    "coin": {},
    # coin.mint twice, coin.transfer; money to who withdraws
    "accounts": {"CALL": 4},
    # money to who takes its bond back, and to rounds; rounds.frozen, rounds.on_duty
    "registry": {"CALL": 2, "STATICCALL": 2},
    # accounts: credit, reward twice, pay_royalty, age, pause, resume; registry: slash; what is
    # burned. Looked up: registry's may_enter, maintains, maintainer, maintainer_count; the origin's newest
    "rounds": {"CALL": 9, "STATICCALL": 5},
}
"""Every call that each contract has in its code, none of them by DELEGATECALL."""


def runtime_of(creation: bytes) -> tuple[bytes, int]:
    """Return what creation code deploys, without immutables, and how much of it, at the end, is data.

    Vyper says both in CBOR at the end: hash of the sources, size of the code, sizes of the data, ...
    """
    size = int.from_bytes(creation[-2:], "big")
    _, length, data, *_ = dag_cbor.decode(creation[-size:-2])
    return creation[-size - length : -size], sum(data)


def opcodes(code: bytes) -> Iterator[int]:
    """Yield the opcodes of code, and not what PUSH1 (0x60) to PUSH32 push."""
    at = 0
    while at < len(code):
        yield code[at]
        at += 1 + (code[at] - 0x5F if 0x60 <= code[at] <= 0x7F else 0)


def unusual(creation: bytes) -> Counter[str]:
    """Return the mnemonics that are not plain; what is no opcode raises KeyError."""
    runtime, data = runtime_of(creation)
    found = opcodes(runtime[: len(runtime) - data])
    return Counter(CANCUN_OPCODES[opcode].mnemonic for opcode in found if opcode not in PLAIN)


@pytest.mark.parametrize("name", NAMES)
def test_a_contract_sees_and_calls_what_it_must_and_nothing_else(name):
    creation = artifact(name).bytecode
    assert keccak(runtime_of(creation)[0]) == artifact(name).runtime_hash
    found = unusual(creation)
    calls = {opcode: count for opcode, count in found.items() if "CALL" in opcode}
    assert calls == CALLS[name]
    assert set(found) - set(calls) == SIGHTS[name]


def test_nothing_of_the_kind_escapes_notice():
    _, creation = compiled("escapes")
    assert set(unusual(creation)) >= {
        "ORIGIN",
        "PREVRANDAO",
        "SELFBALANCE",
        "DELEGATECALL",
        "CALL",
        "CREATE2",
    }
