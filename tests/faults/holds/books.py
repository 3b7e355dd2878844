"""The books of a relay, read from outside: nothing is made, nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence

from eth_typing import ChecksumAddress

from derelay.chain.relay import Relay
from derelay.rules.minting import COIN
from derelay.rules.phases import Phase

DUST = 10**9
"""Wei, and parts of a coin, that rounding may leave with the accounts."""


def check_books(relay: Relay, people: Sequence[ChecksumAddress]) -> list[str]:
    """Return what does not add up while a relay rests; ``people`` are all who ever registered."""
    accounts = relay.accounts.address
    before = relay.view()
    in_rounds, in_registry, in_accounts = (
        relay.chain.balance(each.address) for each in (relay.rounds, relay.registry, relay.accounts)
    )
    kept = sum(relay.rounds.read_now("money"))
    bonds = sum(relay.member(who).bond for who in people)
    owed = [relay.owed(who) for who in people]
    waiting = relay.accounts.read("unallocated")
    supply = relay.coin.read("totalSupply")
    coins = {who: relay.coin.read("balanceOf", who) for who in (*people, accounts)}
    heads = [event.values for event in relay.history.named("HeadChanged")]
    most = sum(min(COIN, max(0, head["gain"]) * COIN // relay.parameters.g_ref) for head in heads)
    after = relay.view()
    if before.phase is not Phase.REST or (before.round, before.head) != (after.round, after.head):
        return ["the books were not read in one rest: the machine is too busy"]
    found = []
    if in_registry != bonds:
        found.append(f"bonds: {in_registry} wei are held, {bonds} are owed")
    if in_rounds != kept:
        found.append(f"rounds: {in_rounds} wei are held, {kept} are accounted for")
    owed_wei, owed_coins = (sum(amounts) for amounts in zip(*owed, strict=True))
    dust = in_accounts - waiting - owed_wei, coins[accounts] - owed_coins
    found += [f"credits: {left} are left over" for left in dust if not 0 <= left <= DUST]
    if supply != sum(coins.values()):
        found.append(f"coins: {supply} were minted, {sum(coins.values())} are held")
    if supply > most:
        found.append(f"coins: {supply} were minted, the gains are worth {most}")
    return found
