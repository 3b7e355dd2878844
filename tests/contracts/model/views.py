"""What the contracts must say when they are asked: every view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from derelay.rules.protocol import PROTOCOL_VERSION
from model.relay import Model
from model.world import EMPTY, NOBODY, fields

View = tuple[str, str, tuple[Any, ...], tuple[Any, ...]]
"""Contract, view, arguments, what it says."""
_FROM_SCRATCH = (0, NOBODY, 0)


def views(model: Model, people: Sequence[str]) -> Iterator[View]:
    """Ask everything."""
    parts = (_coin(model, people), _accounts(model, people), _registry(model, people), _relay(model, people))
    for contract, part in zip(("coin", "accounts", "registry", "rounds"), parts, strict=True):
        for view, args, values in part:
            yield contract, view, args, values


Part = Iterator[tuple[str, tuple[Any, ...], tuple[Any, ...]]]


def _coin(model: Model, people: Sequence[str]) -> Part:
    coin = model.coin
    yield "name", (), ("Relay coin",)
    yield "symbol", (), ("RELAY",)
    yield "decimals", (), (18,)
    yield "MINTER", (), (coin.minter,)
    yield "totalSupply", (), (coin.supply,)
    for who in people:
        yield "balanceOf", (who,), (coin.balances[who],)
    for owner, spender in coin.allowances:
        yield "allowance", (owner, spender), (coin.allowances[owner, spender],)


def _accounts(model: Model, people: Sequence[str]) -> Part:
    accounts = model.accounts
    native, coins = accounts.native, accounts.coins
    yield "ROUNDS", (), (accounts.relay,)
    yield "COIN", (), (accounts.coin.at,)
    yield "DECAY", (), (native.decay,)
    yield "product", (), (native.product,)
    yield "scale", (), (native.scale,)
    yield "total", (), (native.total,)
    yield "unallocated", (), (native.unallocated,)
    for who in people:
        position = native.positions[who]
        sums = position.paid, coins.positions[who].paid
        touched = (position.weight, position.product, position.scale, *sums)
        yield "position", (who,), (touched if who in accounts.touched else (0,) * 5,)
        yield "owed", (who,), accounts.owed(who)
        yield "weight_of", (who,), (native.weight_of(who),)
        yield "paused", (who,), (who in native.paused,)


def _registry(model: Model, people: Sequence[str]) -> Part:
    registry = model.registry
    count = len(registry.maintainers)
    yield "ROUNDS", (), (registry.relay,)
    yield "BOND", (), (registry.bond,)
    yield "MAINTAINER_BOND", (), (registry.maintainer_bond,)
    yield "LEAVE_DELAY", (), (registry.leave_delay,)
    yield "TRUSTED", (), (len(registry.committee) > 0,)
    yield "maintainer_count", (), (count,)
    for place, who in enumerate([*registry.maintainers, NOBODY]):
        yield "maintainer", (place,), (who,)
    for who in people:
        yield "trusted", (who,), (who in registry.committee,)
        yield "member", (who,), (fields(registry.members[who]),)
        yield "may_enter", (who,), (registry.may_enter(who),)
        yield "maintains", (who,), (registry.maintains(who),)


def _relay(model: Model, people: Sequence[str]) -> Part:
    state, terms = model.state, model.terms
    yield "PROTOCOL_VERSION", (), (PROTOCOL_VERSION,)
    yield "task_name", (), (terms.task[0],)
    yield "task_hash", (), (terms.task[1],)
    yield "settings", (), (fields(state.rule),)
    yield "origin", (), (terms.origin or _FROM_SCRATCH,)
    yield "contracts", (), (model.registry.at, model.accounts.at)
    yield "current", (), (fields(state.round), fields(state.head), state.owners, state.pool)
    yield "money", (), (state.purse, state.forfeits, state.votes, state.burned)
    yield "frozen", (), (model.rounds.frozen(),)
    for version in [*state.heads, state.head.version + 1]:
        yield "head_of", (version,), (state.heads.get(version, EMPTY),)
    for who in people:
        yield "price_of", (who,), (state.deposit_of(who), state.rule.entry_fee)
        yield "newest", (who,), (state.newest_of(who),)
        yield "on_duty", (who,), (model.rounds.on_duty(who),)
    for baton in state.child_of:
        for who in people:
            yield "holds", (baton, who), ((baton, who) in state.holds,)
    for number in range(state.round.number + 2):
        yield from _book(model, number)


def _book(model: Model, number: int) -> Part:
    book = model.state.books[number]
    deck = [
        (who, who in book.committed, who in book.revealed, card in book.ballots)
        for card, who in enumerate(book.deck)
    ]
    for start in (0, 1):
        yield "entries_of", (number, start), ([fields(each) for each in book.entries[start:]],)
        yield "children_of", (number, start), ([fields(each) for each in book.children[start:]],)
        yield "deck_of", (number, start), (deck[start:],)
