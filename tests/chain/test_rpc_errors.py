"""How nodes report a revert: each in its own shape, all read as the contract's own words."""

import pytest

from derelay.chain.rpc_errors import RefusedError

TOO_LITTLE = "0x08c379a0" + "20".rjust(64, "0") + "0a".rjust(64, "0") + b"too little".hex().ljust(64, "0")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        # geth, anvil, Erigon, Reth
        ({"code": 3, "message": "execution reverted: too little", "data": TOO_LITTLE}, "too little"),
        ({"code": 3, "message": "execution reverted", "data": "0x"}, ""),
        ({"code": -32000, "message": "execution reverted"}, ""),
        # Besu
        ({"code": -32000, "message": "Execution reverted", "data": TOO_LITTLE}, "too little"),
        # Nethermind
        ({"code": -32015, "message": "VM execution error.", "data": f"Reverted {TOO_LITTLE}"}, "too little"),
        ({"code": -32015, "message": "VM execution error.", "data": "Reverted 0x"}, ""),
        # Hardhat
        (
            {
                "code": -32603,
                "message": "Error: VM Exception while processing: reverted with reason string 'too little'",
                "data": {"message": "...", "data": TOO_LITTLE},
            },
            "too little",
        ),
        (
            {"code": -32603, "message": "VM Exception: reverted with reason string 'it's so'", "data": {}},
            "it's so",
        ),
        # an error of the contract's own, one that cannot be decoded, the compiler's checks
        ({"code": 3, "message": "execution reverted", "data": "0xdeadbeef"}, "0xdeadbeef"),
        ({"code": 3, "message": "execution reverted", "data": "0x08c379a0ff"}, "0x08c379a0ff"),
        ({"code": 3, "message": "execution reverted", "data": "0x123"}, ""),
        (
            {"code": 3, "message": "execution reverted", "data": "0x4e487b71" + "11".rjust(64, "0")},
            "panic 0x11",
        ),
        # failures without a revert
        ({"code": -32000, "message": "out of gas"}, "out of gas"),
        ({"code": -32003, "message": "EVM error InvalidFEOpcode"}, "EVM error InvalidFEOpcode"),
        ({"code": -32000, "message": "invalid opcode: INVALID"}, "invalid opcode: INVALID"),
    ],
)
def test_a_revert_is_read_from_every_shape(error, reason):
    reverted = RefusedError("http://node", error).reverted()
    assert reverted is not None
    assert reverted.reason == reason


@pytest.mark.parametrize(
    "error",
    [
        {"code": -32000, "message": "header not found"},
        {"code": -32602, "message": "BlockOutOfRangeError: block height is 0 but requested was 99"},
        {"code": -32000, "message": "missing trie node 77"},
        {"code": -32005, "message": "daily request count exceeded, request rate limited"},
        {"code": -32601, "message": "Method not found"},
        {},
    ],
)
def test_what_could_not_be_run_is_no_revert(error):
    refused = RefusedError("http://node", error)
    assert refused.reverted() is None
    assert "http://node refuses: " in str(refused)
