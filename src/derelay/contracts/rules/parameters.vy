# pragma version 0.4.3
# @title The parameters of a relay, fixed at its creation (derelay.rules.parameters)
# @license Apache-2.0

struct Parameters:
    # money, in wei
    price: uint256  # of one version of the weights
    versions_cap: uint256  # most versions that a deposit pays for
    seat_fee: uint256  # for testing one child, or for one vote
    closing_fee: uint256  # for closing a window
    slash: uint256  # for a tester who stays silent, besides the price of what it was granted
    undecided_share: uint256  # of the deposit kept for an undecided child, in parts of SHARE_ONE
    burned_share: uint256  # of what a verdict forfeits, in parts of SHARE_ONE; the rest is royalty
    # the committee
    seats: uint256
    min_seats: uint256
    load: uint256  # most children of one tester
    pool_size: uint256  # most children in the pool
    voters: uint256  # most members of the committee that votes on the pool
    max_entries: uint256
    # the verdict, gains in 1e-9 nat per case
    step: uint256  # share of the way to the child at which it is judged, in parts of SHARE_ONE
    clip: int256
    trim: uint256  # share of the seats dropped at either end, in parts of SHARE_ONE
    vote_trim: uint256  # the same for the votes on the pool
    z_pass: uint256  # how sure a pass must be, in thousandths of a standard error
    z_fail: uint256  # how sure a fail must be
    z_mint: uint256  # how sure a gain must be for which coins are minted
    g_min: int256
    g_head: int256
    g_ref: int256
    # the mint, in parts of SHARE_ONE; the rest is royalty
    trainers_share: uint256
    servers_share: uint256
    # the windows REST, ENTER, TRAIN, DISCLOSE, SEAL, SCORE, REVEAL, POOL
    window_seconds: uint256[8]
    window_blocks: uint256[8]

SHARE_ONE: constant(uint256) = 10_000
MAX_MONEY: constant(uint256) = 10**24  # wei: beyond any chain's, and far from where products would overflow
LONGEST: constant(uint256) = 31_536_000  # a year of seconds; as many blocks
MAX_SEATS: constant(uint256) = 32
MAX_LOAD: constant(uint256) = 32
MAX_POOL: constant(uint256) = 8


@internal
@pure
def check(p: Parameters):
    """
    @notice Refuse parameters under which a relay could not work.
    """
    assert max(max(p.price, p.seat_fee), max(p.closing_fee, p.slash)) <= MAX_MONEY, "parameters: money"
    assert p.versions_cap > 0, "parameters: versions cap"
    assert p.undecided_share <= SHARE_ONE, "parameters: undecided share"
    assert p.burned_share <= SHARE_ONE, "parameters: burned share"
    assert p.min_seats > 0 and p.min_seats <= p.seats and p.seats <= MAX_SEATS, "parameters: seats"
    assert p.load > 0 and p.load <= MAX_LOAD, "parameters: load"
    assert p.pool_size > 0 and p.pool_size <= MAX_POOL, "parameters: pool size"
    assert p.voters >= p.min_seats and p.voters <= MAX_SEATS, "parameters: voters"
    assert p.max_entries > 0 and p.max_entries <= 65_536, "parameters: entries"
    assert p.step > 0 and p.step <= SHARE_ONE, "parameters: step"
    assert p.clip > 0 and p.clip <= 10**12, "parameters: clip"
    assert p.trim <= SHARE_ONE and p.vote_trim <= SHARE_ONE, "parameters: trim"
    assert max(max(p.z_pass, p.z_fail), p.z_mint) <= 100_000, "parameters: certainty"
    assert p.g_min >= 0 and p.g_head >= 0 and p.g_ref > 0, "parameters: gains"
    # without a trainers' share nobody would ever earn a royalty, and what is forfeited would wait for ever
    assert p.trainers_share > 0 and p.trainers_share <= SHARE_ONE, "parameters: trainers share"
    assert p.servers_share <= SHARE_ONE - p.trainers_share, "parameters: servers share"
    # keys are granted in the first three quarters of TRAIN
    assert max(p.window_seconds[2], p.window_blocks[2]) >= 4, "parameters: time to train"
    for i: uint256 in range(8):
        # a window that never ends would keep deposits for ever
        assert p.window_seconds[i] <= LONGEST and p.window_blocks[i] <= LONGEST, "parameters: windows"
