"""What nodes write is read strictly: what is malformed is an error, which endpoints take for no answer."""

import pytest

from derelay.chain import rpc_format
from derelay.chain.chain import Log

HASH, ADDRESS = "0x" + "ab" * 32, "0x" + "cd" * 20
BLOCK = {"number": "0x5", "hash": HASH, "timestamp": "0x10", "baseFeePerGas": "0x7"}
LOG = {
    "address": ADDRESS,
    "topics": [HASH],
    "data": "0x01",
    "blockNumber": "0x5",
    "logIndex": "0x2",
    "transactionHash": HASH,
}
RECEIPT = {
    "blockNumber": "0x5",
    "status": "0x1",
    "gasUsed": "0x64",
    "effectiveGasPrice": "0x2",
    "logs": [LOG],
    "contractAddress": None,
}
SENT = {"from": ADDRESS, "to": None, "gas": "0x64", "value": "0x0", "input": "0x", "gasPrice": "0x2"}


def test_what_is_well_written_is_read():
    log = Log(rpc_format.logs([LOG])[0].address, (b"\xab" * 32,), b"\x01", 5, 2, b"\xab" * 32)
    assert rpc_format.logs([LOG]) == [log]
    assert rpc_format.block(BLOCK) == rpc_format.Block(5, b"\xab" * 32, 16, 7)
    assert rpc_format.mined(RECEIPT) == rpc_format.Mined(5, True, 100, 2, (log,), None)
    creation = {"from": ADDRESS, "gas": "0x64", "value": "0x0", "data": "0x"}
    assert rpc_format.sent(SENT) == rpc_format.Sent(creation, 100, 2)


@pytest.mark.parametrize(
    ("read", "written", "field", "value"),
    [
        (rpc_format.block, BLOCK, "hash", "0x01"),
        (rpc_format.block, BLOCK, "hash", None),
        (rpc_format.block, BLOCK, "hash", "ab" * 32),
        (rpc_format.block, BLOCK, "number", 5),
        (rpc_format.block, BLOCK, "number", None),  # as of a block that is being made
        (rpc_format.mined, RECEIPT, "status", None),
        (rpc_format.mined, RECEIPT, "contractAddress", "0x01"),
        (rpc_format.mined, RECEIPT, "logs", [{}]),
        (rpc_format.logs, LOG, "topics", ["0xab"]),
        (rpc_format.logs, LOG, "address", "0xab"),
        (rpc_format.logs, LOG, "data", "0xa"),
        (rpc_format.logs, LOG, "transactionHash", "0x" + "ab" * 33),
        (rpc_format.sent, SENT, "gas", "much"),
        (rpc_format.sent, SENT, "input", 7),
    ],
)
def test_what_is_not_is_refused(read, written, field, value):
    changed = {**written, field: value}
    with pytest.raises((AttributeError, KeyError, TypeError, ValueError)):
        read([changed] if read is rpc_format.logs else changed)
