# pragma version 0.4.3
# pragma evm-version cancun
# What none of the relay's contracts may do.


@external
@payable
def escape(to: address, data: Bytes[32]) -> address:
    assert msg.sender == tx.origin
    raw_call(to, data, is_delegate_call=True)
    send(to, self.balance)
    return create_minimal_proxy_to(to, salt=block.prevrandao)
