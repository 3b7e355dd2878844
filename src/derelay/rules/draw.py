"""Who is drawn: places, admission, the assignment of owners, the deck of testers."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import reduce
from operator import xor

from eth_utils.crypto import keccak


def word(seed: bytes, i: int) -> int:
    """Return the ``i``-th random number (256 bits) of a 32-byte seed."""
    return int.from_bytes(keccak(seed + i.to_bytes(32, "big")), "big")


def places(
    entrants: int, maintaining: int, maintainers: int, *, seats: int, load: int, min_seats: int
) -> tuple[int, int]:
    """Return how many entrants may be admitted, and the seats of a child's committee.

    Enough maintainers stay free to test, whoever is admitted: with x places at least
    ``maintainers - min(x, maintaining)`` are free, each tests at most ``load`` children, and the
    committee is as large as one place allows.

    Parameters
    ----------
    maintaining
        Entrants who are maintainers too: as trainers they cannot test.

    Returns
    -------
    tuple of int
        (0, 0) if the round cannot take place.
    """
    most = max(maintainers - 1, 0) if maintaining else maintainers
    size = min(seats, most)
    if entrants == 0 or size < min_seats:
        return 0, 0
    tight = min(maintainers - size, load * maintainers // (size + load))
    if tight < maintaining:
        return tight, size
    return min(entrants, load * (maintainers - maintaining) // size), size


def admit(seed: bytes, entries: int, places: int) -> list[int]:
    """Return which entries are admitted, in order.

    Selection sampling (Knuth, The Art of Computer Programming 2, algorithm S): one pass, exactly
    ``min(places, entries)`` of them, every subset equally likely.
    """
    admitted: list[int] = []
    for i in range(entries):
        if word(seed, i) % (entries - i) < places - len(admitted):
            admitted.append(i)
    return admitted


def server(owners: Sequence[str], offset: int, admitted: int) -> str:
    """Return the owner assigned to a trainer by its order of admission, counted from one."""
    return owners[(offset + admitted) % len(owners)]


def draw_seed(block_hash: bytes, secrets: Sequence[bytes], again: bytes = bytes(32)) -> bytes:
    """Return the seed of the testers' draw.

    Parameters
    ----------
    block_hash
        Hash of the block at the height fixed when entering closed, the seed of the admission. It is made
        before any secret is disclosed; each secret was committed to before it.
    secrets
        Those that were disclosed, in any order: they count by exclusive or.
    again
        If not all who committed to a child disclosed, the hash of the block at the height fixed when
        disclosing closed: who withholds does not know what it chooses.
    """
    together = reduce(xor, (int.from_bytes(secret, "big") for secret in secrets), 0)
    return keccak(block_hash + together.to_bytes(32, "big") + again)


def deal(seed: bytes, maintainers: Sequence[str], training: Container[str], cards: int) -> list[str]:
    """Return the deck: up to ``cards`` distinct maintainers who do not train.

    A Fisher-Yates shuffle that stops when enough are drawn.
    """
    shuffled = list(maintainers)
    deck: list[str] = []
    for i in range(len(shuffled)):
        if len(deck) == cards:
            break
        j = i + word(seed, i) % (len(shuffled) - i)
        shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
        if shuffled[i] not in training:
            deck.append(shuffled[i])
    return deck


def committee(child: int, seats: int, deck: int) -> list[int]:
    """Return the cards that test a child, in the order of its seats: the deck is dealt round and round."""
    return [(child * seats + j) % deck for j in range(seats)]


def seats_of(card: int, children: int, seats: int, deck: int) -> list[tuple[int, int]]:
    """Return the (child, place) of each seat of a card, in the order of children."""
    return [divmod(seat, seats) for seat in range(card, children * seats, deck)]
