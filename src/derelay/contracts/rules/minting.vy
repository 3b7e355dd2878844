# pragma version 0.4.3
# @title Coins for a measured improvement (derelay.rules.minting)
# @license Apache-2.0

COIN: constant(uint256) = 10**18
SHARE_ONE: constant(uint256) = 10_000


@internal
@pure
def minted(lower: int256, g_ref: int256) -> uint256:
    """
    @param lower Lower end of the new head's gain over the old one, in 1e-9 nat.
    @return min(1, lower / g_ref) coins; none for no gain.
    """
    if lower <= 0:
        return 0
    return min(COIN, convert(lower, uint256) * COIN // convert(g_ref, uint256))


@internal
@pure
def most(middle: int256, g_min: int256) -> uint256:
    """
    @param middle Gain of the child in the middle of the pool.
    @return What the gain of one child may count for at most when coins are split: twice the middle one, or g_min.
    """
    return 2 * convert(max(middle, max(g_min, 1)), uint256)


@internal
@pure
def part(coins: uint256, share: uint256, gain: uint256, total: uint256) -> uint256:
    """
    @notice What one of several contributors gets of a share of the coins, by gain; rounded down.
    @param share In parts of SHARE_ONE.
    @param total Sum of all gains; zero if nobody gained anything.
    """
    if total == 0:
        return 0
    return coins * share * gain // (total * SHARE_ONE)
