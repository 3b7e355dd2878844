# pragma version 0.4.3
# pragma evm-version cancun
# The rules as the contracts have them, each callable by itself.

from rules import draw
from rules import minting
from rules import parameters
from rules import price
from rules import verdict


@external
@pure
def deposit(unit: uint256, head_version: uint256, newest: uint256, cap: uint256) -> uint256:
    return price.deposit(unit, head_version, newest, cap)


@external
@pure
def word(seed: bytes32, i: uint256) -> uint256:
    return draw.word(seed, i)


@external
@pure
def admit(seed: bytes32, entries: uint256, places: uint256) -> DynArray[uint256, 64]:
    admitted: DynArray[uint256, 64] = []
    for i: uint256 in range(entries, bound=64):
        if draw.is_admitted(seed, i, places - len(admitted), entries - i):
            admitted.append(i)
    return admitted


@external
@pure
def places(
    entrants: uint256, maintaining: uint256, maintainers: uint256, seats: uint256, load: uint256, min_seats: uint256
) -> (uint256, uint256):
    return draw.places(entrants, maintaining, maintainers, seats, load, min_seats)


@external
@pure
def minted(lower: int256, g_ref: int256) -> uint256:
    return minting.minted(lower, g_ref)


@external
@pure
def most(middle: int256, g_min: int256) -> uint256:
    return minting.most(middle, g_min)


@external
@pure
def part(coins: uint256, share: uint256, gain: uint256, total: uint256) -> uint256:
    return minting.part(coins, share, gain, total)


@external
@pure
def is_score(score: uint256) -> bool:
    return verdict.is_score(score)


@external
@pure
def unpack(score: uint256) -> (int256, uint256):
    return verdict.gain_of(score), verdict.error_of(score)


@external
@pure
def agrees(score: uint256, result: uint256, g_min: int256) -> bool:
    return verdict.agrees(score, result, g_min)


@external
@pure
def robust_gain(scores: DynArray[uint256, 32], clip: int256, trim: uint256) -> (int256, uint256):
    return verdict.robust_gain(scores, clip, trim)


@external
@pure
def judge(
    scores: DynArray[uint256, 32], clip: int256, trim: uint256, z_pass: uint256, z_fail: uint256, g_min: int256
) -> (uint256, int256, uint256):
    return verdict.verdict(scores, clip, trim, z_pass, z_fail, g_min)


@external
@pure
def check(p: parameters.Parameters):
    parameters.check(p)
