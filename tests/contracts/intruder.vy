# pragma version 0.4.3
# pragma evm-version cancun
# A participant that is a contract, and calls back whenever it is sent money.

target: address
data: Bytes[1024]
attempts: public(uint256)
successes: public(uint256)


@external
@payable
def act(to: address, data: Bytes[1024]):
    raw_call(to, data, value=msg.value)


@external
def arm(to: address, data: Bytes[1024]):
    self.target = to
    self.data = data


@external
@payable
def __default__():
    if self.target == empty(address):
        return
    self.attempts += 1
    if raw_call(self.target, self.data, revert_on_failure=False):
        self.successes += 1
