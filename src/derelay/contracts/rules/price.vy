# pragma version 0.4.3
# @title The price of the weights (derelay.rules.price)
# @license Apache-2.0


@internal
@pure
def deposit(price: uint256, head_version: uint256, newest: uint256, cap: uint256) -> uint256:
    """
    @notice The price of the versions that a trainer stands to gain: the head and those before it that it was never
            granted, and the one that it may make.
    """
    return price * min(head_version + 1 - min(newest, head_version), cap)
