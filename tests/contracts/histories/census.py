"""What everybody has and where the round stands, as words: those that the contracts say, those predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from itertools import zip_longest

from harness.words import encode
from model import Model
from model.world import fields as values_of

from derelay.chain.view import Round
from derelay.contracts import NAMES
from histories.wire import output

HAS = ("native", "native owed", "coins owed", "coins", "bond", "place", "time of leaving")
"""Words of census.vy for each of the people."""
TOTALS = (
    "coins waiting",
    "supply",
    "purse",
    "forfeits",
    "votes",
    "burned",
    "unallocated",
    "weight",
    "maintainers",
)
"""Its words for the relay, after the native currency of each contract."""
CURRENT = (*(each.name for each in fields(Round)), "id", "version")
"""Words of the view `current`."""


def names(everybody: Sequence[str]) -> list[str]:
    """Return the names of a census' words."""
    each = [f"{who}'s {what}" for who in everybody for what in HAS]
    return ["offset", "length", *each, *(f"native of {name}" for name in NAMES), *TOTALS]


def predicted(model: Model, everybody: Sequence[str]) -> tuple[bytes, bytes]:
    """Return what the contracts must say: the census, and `current`."""
    world, state, accounts, coin = model.world, model.state, model.accounts, model.coin
    words: list[int] = []
    for who in everybody:
        member = model.registry.members[who]
        native, coins = accounts.owed(who)
        held = coin.balances[who]
        words += (world.balances[who], native, coins, held, member.bond, member.place, member.leaves_at)
    words += (world.balances[model.at[name]] for name in NAMES)
    words += (coin.balances[accounts.at], coin.supply)
    words += (state.purse, state.forfeits, state.votes, state.burned)
    words += (accounts.native.unallocated, accounts.native.total, len(model.registry.maintainers))
    current = (values_of(state.round), values_of(state.head), state.owners, state.pool)
    return encode(("uint256[]",), (words,)), output("rounds", "current", current)


def words_of(data: bytes) -> list[int]:
    return [int.from_bytes(data[i : i + 32], "big") for i in range(0, len(data), 32)]


def differences(said: bytes, expected: bytes, names: Sequence[str] = ()) -> list[str]:
    """Say which words differ."""
    pairs = zip_longest(words_of(said), words_of(expected), fillvalue=-1)
    return [
        f"{names[i] if i < len(names) else f'word {i}'} is {one:#x}, not {other:#x}"
        for i, (one, other) in enumerate(pairs)
        if one != other
    ]
