# pragma version 0.4.3
# pragma evm-version cancun
# An origin that says of heads and holders whatever it was told to say; or it reverts, or burns all gas it is given.

flag Manner:
    ANSWERS
    REVERTS
    BURNS

head: bytes32
grants: HashMap[address, uint256]
manner: Manner


@external
def say(head: bytes32, who: address, newest: uint256):
    self.head = head
    self.grants[who] = newest
    self.manner = Manner.ANSWERS


@external
def fall_silent(burning: bool):
    self.manner = Manner.BURNS if burning else Manner.REVERTS


@external
@view
def head_of(version: uint256) -> bytes32:
    return self.head


@external
@view
def newest(who: address) -> uint256:
    assert self.manner != Manner.REVERTS
    assert self.manner != Manner.BURNS, UNREACHABLE
    return self.grants[who]
