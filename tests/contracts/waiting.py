"""Calls that wait for a block, one of each that changes anything, and who copies them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from eth_typing import ChecksumAddress
from harness.relay import BOND, LEAVE_DELAY, MAINTAINER_BOND
from harness.rounds import KEY
from scene import Scene, scene

from derelay.chain.chain import Reverted
from derelay.rules.phases import Phase

X, Y = b"\x01" * 32, b"\x02" * 32
COIN = 10**15


@dataclass(frozen=True)
class Call:
    """A call that waits for its block.

    Attributes
    ----------
    copied
        Who sends the same data first, and the reason why that is refused; "" if it goes through.
    again
        Why its sender cannot send it twice; "" where it can.
    counts
        What in its events says only how many came before.
    """

    scene: Scene
    sender: ChecksumAddress
    function: str
    args: tuple[Any, ...]
    copied: Mapping[ChecksumAddress, str]
    again: str = ""
    value: int = 0
    to: str = "rounds"
    counts: str = ""

    def send(self, sender: ChecksumAddress | None = None) -> list[Any]:
        relay = self.scene.relay
        contract = getattr(relay, self.to)
        return relay.send(sender or self.sender, self.function, *self.args, value=self.value, to=contract)

    def refused(self, reason: str, sender: ChecksumAddress | None = None) -> None:
        with pytest.raises(Reverted) as error:
            self.send(sender)
        assert error.value.reason == reason

    def attempt(self, reason: str, sender: ChecksumAddress | None = None) -> None:
        if reason:
            self.refused(reason, sender)
        else:
            self.send(sender)

    def effect(self) -> tuple[Any, ...]:
        """Return what the call does: its events, and its sender's wei and coins."""
        relay = self.scene.relay
        with relay.machine.tried():
            events = [(event.name, event.values | {self.counts: None}) for event in self.send()]
            wei, coins = relay.machine.balance(self.sender), relay.coin.read("balanceOf", self.sender)
        return events, wei, coins


CASES: dict[str, Callable[[], Call]] = {}


def case(make: Callable[[], Call]) -> Callable[[], Call]:
    contract, function = make.__name__.split("__")
    CASES[f"{contract}.{function}"] = make
    return make


# ---- rounds


@case
def rounds__enter() -> Call:
    s = scene(Phase.ENTER)
    ada, bob, _ = s.newcomers
    hashed = s.relay.context(ada).to_secret(s.round.secret(ada, "secret"))
    copied = {s.stranger: "no full bond", bob: ""}
    return Call(s, ada, "enter", (hashed,), copied, "entered already", value=sum(s.relay.price_of(ada)))


@case
def rounds__grant() -> Call:
    s = scene(Phase.TRAIN)
    ada, bob, _ = s.newcomers
    server = s.round.server_of(ada)
    other = next(owner for owner in s.owners if owner != server)
    copied = {s.stranger: "not a holder", bob: "not a holder", ada: "not a holder", other: "not entitled"}
    return Call(s, server, "grant", (s.head, X, [ada], [KEY]), copied)


@case
def rounds__ask() -> Call:
    s = scene(Phase.TRAIN)
    ada, bob, _ = s.newcomers
    return Call(s, ada, "ask", (s.head,), {s.stranger: "not on duty", bob: ""})


@case
def rounds__commit() -> Call:
    s = scene(Phase.TRAIN)
    ada, bob, _ = s.newcomers
    copied = {s.stranger: "not admitted", bob: ""}
    return Call(s, ada, "commit", (s.child_of(ada),), copied, "committed already", counts="child")


@case
def rounds__disclose() -> Call:
    s = scene(Phase.DISCLOSE)
    ada, bob, _ = s.newcomers
    copied = {s.stranger: "nothing to disclose for", bob: "wrong secret"}
    return Call(s, ada, "disclose", (s.round.secret(ada, "secret"),), copied, "wrong secret")


@case
def rounds__hand_in() -> Call:
    s = scene(Phase.SEAL)
    ada, bob, _ = s.newcomers
    keys = [KEY] * s.relay.round.seats
    args = (s.round.child(ada), X, s.round.secret(ada, "salt"), keys)
    copied = {s.stranger: "no commitment", bob: "child other than committed"}
    return Call(s, ada, "hand_in", args, copied, "baton seen before")


@case
def rounds__score() -> Call:
    s = scene(Phase.SCORE)
    tess, tom = s.testers[:2]
    return Call(s, tess, "score", (s.scores_of(tess),), {s.stranger: "not drawn", tom: ""}, "scored already")


@case
def rounds__reveal() -> Call:
    s = scene(Phase.REVEAL)
    tess, tom = s.testers[:2]
    copied = dict.fromkeys((s.stranger, tom), "scores other than committed")
    return Call(
        s, tess, "reveal", (s.round.words_of(tess), s.round.secret(tess, "salt")), copied, "revealed already"
    )


@case
def rounds__vote() -> Call:
    s = scene(Phase.POOL)
    tess, tom = s.testers[:2]
    args = (*s.round.names(), [2**128 + 2**127 + 10**7] * 3)
    return Call(s, tess, "vote", args, {s.stranger: "not a voter", tom: ""}, "voted already")


# ---- registry


@case
def registry__register() -> Call:
    s = scene(Phase.REST)
    ada, copier = s.relay.machine.account(), s.relay.machine.account()
    copied = {s.owners[0]: "registry: registered already", copier: ""}
    again = "registry: registered already"
    return Call(s, ada, "register", (X, "url"), copied, again, value=BOND, to="registry")


def by_members(function: str, *args: Any, again: str = "", value: int = 0) -> Call:
    s = scene(Phase.REST)
    ada, bob, _ = s.newcomers
    copied = {s.stranger: "registry: not registered", bob: ""}
    return Call(s, ada, function, args, copied, again, value, to="registry")


@case
def registry__raise_bond() -> Call:
    return by_members("raise_bond", value=BOND)


@case
def registry__rotate_key() -> Call:
    return by_members("rotate_key", Y)


@case
def registry__move() -> Call:
    return by_members("move", "elsewhere")


@case
def registry__leave() -> Call:
    return by_members("leave", again="registry: has left")


@cache
def with_bonds() -> Scene:
    """Newcomers who could maintain, and do not yet."""
    s = Scene(Phase.REST)
    for who in s.newcomers:
        s.relay.send(who, "raise_bond", value=MAINTAINER_BOND - BOND, to=s.relay.registry)
    return s


@case
def registry__maintain() -> Call:
    s = with_bonds()
    ada, bob, _ = s.newcomers
    copied = {
        s.stranger: "registry: not registered",
        s.testers[0]: "registry: maintains already",
        s.owners[0]: "registry: maintainer bond too small",
        bob: "",
    }
    return Call(s, ada, "maintain", (), copied, "registry: maintains already", to="registry")


@case
def registry__retire() -> Call:
    s = scene(Phase.REST)
    tess, tom = s.testers[:2]
    copied = {s.stranger: "registry: no maintainer", tom: ""}
    return Call(s, tess, "retire", (), copied, "registry: no maintainer", to="registry")


@cache
def after_leaving() -> Scene:
    """Two newcomers who left long ago, and a third who left just now."""
    s = Scene(Phase.REST)
    ada, bob, cleo = s.newcomers
    for who in (ada, bob):
        s.relay.send(who, "leave", to=s.relay.registry)
    s.relay.machine.advance(LEAVE_DELAY)
    s.relay.send(cleo, "leave", to=s.relay.registry)
    return s


@case
def registry__take_bond() -> Call:
    s = after_leaving()
    ada, bob, cleo = s.newcomers
    copied = {s.stranger: "registry: has not left", cleo: "registry: too early", bob: ""}
    return Call(s, ada, "take_bond", (), copied, "registry: has not left", to="registry")


# ---- accounts and coin


@case
def accounts__withdraw() -> Call:
    s = scene(Phase.REST)
    ada, bob, _ = s.owners
    nothing = "accounts: nothing owed"
    return Call(s, ada, "withdraw", (), {s.stranger: nothing, bob: ""}, nothing, to="accounts")


@cache
def with_coins() -> Scene:
    """Owners who withdrew their coins; the first lets the second spend of its own."""
    s = Scene(Phase.REST)
    for who in s.owners:
        s.relay.send(who, "withdraw", to=s.relay.accounts)
    s.relay.send(s.owners[0], "approve", s.owners[1], COIN, to=s.relay.coin)
    return s


@case
def coin__transfer() -> Call:
    s = with_coins()
    ada, bob, cleo = s.owners
    return Call(s, ada, "transfer", (cleo, COIN), {s.stranger: "coin: balance", bob: ""}, to="coin")


@case
def coin__transferFrom() -> Call:  # noqa: N802 (the standard's name)
    s = with_coins()
    ada, bob, cleo = s.owners
    refused = dict.fromkeys((s.stranger, ada, cleo), "coin: allowance")
    return Call(s, bob, "transferFrom", (ada, bob, COIN), refused, "coin: allowance", to="coin")


@case
def coin__approve() -> Call:
    s = with_coins()
    ada, bob, cleo = s.owners
    return Call(s, ada, "approve", (cleo, COIN), {s.stranger: "", bob: ""}, to="coin")


@case
def coin__burn() -> Call:
    s = with_coins()
    ada, bob, _ = s.owners
    copied = {s.stranger: "coin: burns more than owned", bob: ""}
    return Call(s, ada, "burn", (COIN,), copied, to="coin")
