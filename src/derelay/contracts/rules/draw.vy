# pragma version 0.4.3
# @title Who is drawn (derelay.rules.draw)
# @license Apache-2.0


@internal
@pure
def word(seed: bytes32, i: uint256) -> uint256:
    """
    @return The i-th random number of a seed.
    """
    return convert(keccak256(concat(seed, convert(i, bytes32))), uint256)


@internal
@pure
def is_admitted(seed: bytes32, i: uint256, places_left: uint256, entries_left: uint256) -> bool:
    """
    @notice Selection sampling (Knuth, algorithm S): one pass over the entries admits exactly as many as there are
            places, every subset equally likely.
    @param entries_left The i-th entry included.
    """
    return self.word(seed, i) % entries_left < places_left


@internal
@pure
def places(
    entrants: uint256, maintaining: uint256, maintainers: uint256, seats: uint256, load: uint256, min_seats: uint256
) -> (uint256, uint256):
    """
    @notice How many entrants may be admitted so that enough maintainers stay free to test, whoever is admitted.
    @param maintaining Entrants who are maintainers, too: as trainers they cannot test.
    @return Places (0: the round cannot take place) and seats of a child's committee.
    """
    most: uint256 = maintainers
    if maintaining > 0 and maintainers > 0:
        most = maintainers - 1
    size: uint256 = min(seats, most)
    if entrants == 0 or size < min_seats:
        return 0, 0
    tight: uint256 = min(maintainers - size, load * maintainers // (size + load))
    if tight < maintaining:
        return tight, size
    return min(entrants, load * (maintainers - maintaining) // size), size
