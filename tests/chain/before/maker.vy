# pragma version 0.4.3
# pragma evm-version cancun


@external
def make(code: Bytes[40000]) -> address:
    return raw_create(code)


@external
def vanish():
    selfdestruct(tx.origin)
