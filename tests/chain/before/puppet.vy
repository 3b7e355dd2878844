# pragma version 0.4.3
# pragma evm-version cancun
# Calls what it is told, and vanishes.


@external
def act(to: address, data: Bytes[1024]):
    raw_call(to, data)


@external
def vanish():
    selfdestruct(msg.sender)
