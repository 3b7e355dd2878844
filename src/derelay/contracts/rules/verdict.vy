# pragma version 0.4.3
# @title The verdict on a child (derelay.rules.verdict)
# @license Apache-2.0
# @notice Gains and standard errors are in 1e-9 nat per case. Division rounds towards zero, square roots down.
# @dev    A seat's score is one word: 0 for absent, 1 for "unavailable", else
#         (error + 1) << 128 | (gain + OFFSET) (derelay.rules.score).

# no child, because its trainer was granted nothing
VOID: constant(uint256) = 0
PASSED: constant(uint256) = 1
UNDECIDED: constant(uint256) = 2
FAILED: constant(uint256) = 3
MISSING: constant(uint256) = 4

UNAVAILABLE: constant(uint256) = 1
OFFSET: constant(uint256) = 2**127
LOW: constant(uint256) = 2**128
MAX_SEATS: constant(uint256) = 32
SHARE_ONE: constant(uint256) = 10_000


@internal
@pure
def is_score(score: uint256) -> bool:
    """
    @return Whether a word is one that a tester may reveal.
    """
    return score == UNAVAILABLE or score >= LOW


@internal
@pure
def gain_of(score: uint256) -> int256:
    return convert(score % LOW, int256) - convert(OFFSET, int256)


@internal
@pure
def error_of(score: uint256) -> uint256:
    return score // LOW - 1


@internal
@pure
def agrees(score: uint256, result: uint256, g_min: int256) -> bool:
    """
    @notice Whether a seat agrees with the committee: on the same side of g_min for a child that passed or failed,
            "unavailable" for a missing one; with an undecided verdict whoever measured does.
    """
    if result == MISSING:
        return score == UNAVAILABLE
    if score <= UNAVAILABLE:
        return False
    return result == UNDECIDED or (self.gain_of(score) > g_min) == (result == PASSED)


@internal
@pure
def robust_gain(scores: DynArray[uint256, MAX_SEATS], clip: int256, trim: uint256) -> (int256, uint256):
    """
    @notice Trimmed mean of the seats' gains, each clipped, and its standard error.
    @dev    Insertion sort: committees are small. Of the errors, as many of the largest as are dropped count as the
            next largest, so that false errors move the interval no further than the honest ones reach.
    @param trim Share of the seats dropped at either end, in parts of SHARE_ONE, rounded up.
    @param scores At least one, none of them absent or unavailable.
    """
    gains: DynArray[int256, MAX_SEATS] = []
    errors: DynArray[uint256, MAX_SEATS] = []
    for score: uint256 in scores:
        gain: int256 = max(-clip, min(clip, self.gain_of(score)))
        error: uint256 = min(convert(clip, uint256), self.error_of(score))
        gains.append(gain)
        errors.append(error)
        place: uint256 = len(gains) - 1
        for _: uint256 in range(MAX_SEATS):
            if place == 0 or gains[place - 1] <= gain:
                break
            gains[place] = gains[place - 1]
            place -= 1
        gains[place] = gain
        place = len(errors) - 1
        for _: uint256 in range(MAX_SEATS):
            if place == 0 or errors[place - 1] <= error:
                break
            errors[place] = errors[place - 1]
            place -= 1
        errors[place] = error
    count: uint256 = len(gains)
    drop: uint256 = min((count * trim + SHARE_ONE - 1) // SHARE_ONE, (count - 1) // 2)
    total: int256 = 0
    squares: uint256 = 0
    for i: uint256 in range(count, bound=MAX_SEATS):
        if i >= drop and i < count - drop:
            total += gains[i]
        squares += errors[min(i, count - 1 - drop)] ** 2
    return total // convert(count - 2 * drop, int256), isqrt(squares) // count


@internal
@pure
def lower_end(gain: int256, error: uint256, z_milli: uint256) -> int256:
    """
    @return A gain less z_milli thousandths of its standard error.
    """
    return gain - convert(z_milli * error // 1000, int256)


@internal
@pure
def verdict(
    scores: DynArray[uint256, MAX_SEATS],
    clip: int256,
    trim: uint256,
    z_pass: uint256,
    z_fail: uint256,
    g_min: int256,
) -> (uint256, int256, uint256):
    """
    @param scores One word for each seat drawn.
    @return Verdict, robust gain, its standard error.
    """
    measured: DynArray[uint256, MAX_SEATS] = []
    unavailable: uint256 = 0
    for score: uint256 in scores:
        if score == UNAVAILABLE:
            unavailable += 1
        elif score != 0:
            measured.append(score)
    if 2 * unavailable > len(scores):
        return MISSING, 0, 0
    if len(measured) == 0 or 2 * len(measured) < len(scores):
        return UNDECIDED, 0, 0
    gain: int256 = 0
    error: uint256 = 0
    gain, error = self.robust_gain(measured, clip, trim)
    if self.lower_end(gain, error, z_pass) > g_min:
        return PASSED, gain, error
    if gain + convert(z_fail * error // 1000, int256) < g_min:
        return FAILED, gain, error
    return UNDECIDED, gain, error
