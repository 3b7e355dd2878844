"""Measure what the contracts cost in gas, by real transactions on the embedded chain.

- calls: the most that any transaction of a kind needed, with so many entries in a round, all of new people;
- steps: how many items of a list one call worked off below 10 M gas, going by the dearest so far;
- extremes: the largest committees, lists of readers and pools that parameters allow, the costliest items;
- age: the same people in round 3 and in round 300, real rounds between;
- creation: gas and bytes of the four contracts.

``python benchmarks/gas.py`` prints Markdown tables, ``--json`` one JSON line for each row. It takes about ten
minutes on one core; ``--entries 8 32 --rounds 30`` is a shorter one.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crowd import FITTING, Call, Crowd

from derelay.chain.charter import Charter, create_relay
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet
from derelay.contracts import NAMES
from derelay.rules.parameters import MAX_LOAD, MAX_SEATS, OPEN
from derelay.rules.phases import Phase

LATE = "withdraw, absent since round 3"
CODE_LIMIT = 24_576
"""Bytes of code at one address (EIP-170)."""
LARGEST = {
    "grant": "32 readers who never held a head",
    "hand_in": "32 keys",
    "reveal": "32 words",
    "vote": "32 voters",
    "advance ADMIT, 1 item": "more entries than places",
    "advance ADMIT, 2 items": "the same",
    "advance DRAW, 1 item": "a tester never drawn before",
    "advance DRAW, 2 items": "the same",
    "advance JUDGE, 1 item": "32 seats, scores in the worst order",
    "advance JUDGE, 2 items": "the same",
    "advance SETTLE, 1 item": "an election by 32 voters, 8 trainers paid who earn for the first time",
    "advance SETTLE, 2 items": "testers who revealed and did not vote: paid, slashed, retired",
}
FEW = 8
START = time.monotonic()

Row = dict[str, Any]


def say(what: str) -> None:
    """Show progress."""
    print(f"{time.monotonic() - START:5.0f} s  {what}", file=sys.stderr, flush=True)


def withdraw(crowd: Crowd, people: Sequence[Sender], kind: str = "") -> None:
    """Let those withdraw who are owed anything."""
    owed = [each for each in people if any(crowd.relay.owed(each.address))]
    crowd.send(Call(each, "withdraw", to="accounts", kind=kind) for each in owed)


def registry_calls(crowd: Crowd, people: Sequence[Sender]) -> None:
    """Let some who are not on duty do what can be done between rounds; the maintainers among them leave."""
    key, url = bytes(range(32)), "https://relay.example/elsewhere"
    crowd.send(Call(each, "raise_bond", value=1, to="registry") for each in people)
    crowd.send(Call(each, "rotate_key", (key,), to="registry") for each in people)
    crowd.send(Call(each, "move", (url,), to="registry") for each in people)
    crowd.send(Call(each, "ask", (key,)) for each in people)
    withdraw(crowd, people)
    maintaining = [each for each in people if crowd.relay.member(each.address).place]
    crowd.send(Call(each, "retire", to="registry") for each in maintaining[::2])
    crowd.send(Call(each, "leave", to="registry") for each in people)
    crowd.send(Call(each, "take_bond", to="registry") for each in people)


def calls(sizes: Sequence[int]) -> tuple[list[Row], list[Row]]:
    """Return the most gas of each kind of call at each size, and the items that fit into a call."""
    gas: dict[str, dict[int, int]] = {}
    most: dict[Phase, tuple[int, int]] = {}
    for entries in sizes:
        crowd = Crowd(OPEN)
        testers = crowd.join(max(OPEN.seats, -(-entries * OPEN.seats // OPEN.load)), maintaining=True)
        crowd.play(crowd.join(FEW))  # so that the head has owners, and no price is that of genesis
        trainers = crowd.join(entries)
        say(f"{entries} entries: {len(testers)} maintainers, all registered")
        crowd.play(trainers)
        registry_calls(crowd, [*trainers[:FEW], *testers[:FEW]])
        say(f"{entries} entries: a round of {sum(map(sum, crowd.gas.values())):,} gas")
        for kind, each in crowd.gas.items():
            gas.setdefault(kind, {})[entries] = max(each)
        most |= {phase: max(most.get(phase, (0, 0)), found) for phase, found in crowd.most.items()}
    rows = [
        {"call": kind} | {f"{n} entries": each.get(n) for n in sizes}
        for kind, each in gas.items()
        if not kind.endswith(FITTING)
    ]
    steps = [{"step": phase.name, "items": n, "gas": each} for phase, (n, each) in most.items()]
    return rows, steps


def extremes() -> list[Row]:
    """Return the costliest single items: everything as large as it may be, everybody new."""
    largest = replace(
        OPEN, seats=MAX_SEATS, min_seats=MAX_SEATS, voters=MAX_SEATS, load=MAX_LOAD, trim=0, vote_trim=0
    )
    crowd = Crowd(largest, steps=2, decay=10**17)
    testers = crowd.join(MAX_SEATS, maintaining=True)
    for number in range(12):  # so that the accumulator has changed its scale
        crowd.play(crowd.join(1))
        say(f"extremes: {number + 1} of 14 rounds")
    crowd.send(Call(each, "retire", to="registry") for each in testers)
    testers = crowd.join(MAX_SEATS, maintaining=True)
    crowd.play(crowd.join(MAX_LOAD + FEW))  # more than there are places for
    withdraw(crowd, testers)
    crowd.play(crowd.join(MAX_LOAD), voting=False)
    say("extremes: 14 of 14 rounds")
    return [{"call": kind, "with": what, "gas": max(crowd.gas[kind])} for kind, what in LARGEST.items()]


def age(last: int) -> list[Row]:
    """Return what each kind of call costs the same people in round 3 and in round ``last``."""
    crowd = Crowd(replace(OPEN, seat_fee=10 * OPEN.seat_fee))  # the purse is full from the first round on
    testers = crowd.join(OPEN.seats, maintaining=True)
    trainers, absent, before = (crowd.join(FEW) for _ in range(3))
    playing = {1: trainers, 2: absent, 3: trainers, last - 1: before, last: trainers}
    found: dict[int, dict[str, int]] = {}
    for number in range(1, last + 1):
        if number in (3, last):
            withdraw(crowd, [crowd.creator, *trainers, *testers])  # so that nobody is owed anything
        crowd.gas.clear()
        crowd.play(playing.get(number, before[:1]))
        if number in (3, last):
            withdraw(crowd, [*trainers, *testers])
            found[number] = {kind: max(each) for kind, each in crowd.gas.items()}
        if number in (4, last):
            withdraw(crowd, absent[number == last :: 2], LATE)
            found[last if number == last else 3][LATE] = max(crowd.gas[LATE])
        if number % 50 == 0:
            say(f"age: {number} of {last} rounds")
    return [
        {
            "call": kind,
            "round 3": gas,
            f"round {last}": found[last][kind],
            "change": f"{found[last][kind] / gas - 1:+.3%}",
        }
        for kind, gas in found[3].items()
    ]


def creation() -> list[Row]:
    """Return what creating a relay costs, and the bytes of its contracts."""
    chain = EmbeddedChain()
    creator = _Noting(chain, Wallet(bytes(31) + b"\2"))
    chain.fund(creator.address, 10**20)
    chain.mine()
    relay = create_relay(creator, Charter("none", bytes(32), bytes(31) + b"\1", OPEN), chain.mine)
    rows: list[Row] = []
    for name, transaction in zip(NAMES, creator.sent, strict=True):
        receipt = chain.receipt(transaction)
        assert receipt is not None
        size = len(chain.code(getattr(relay, name).address))
        rows.append({"contract": name, "bytes": size, "share": f"{size / CODE_LIMIT:.0%}"})
        rows[-1]["gas"] = receipt.gas_used
    return rows


class _Noting(Sender):
    """A sender that notes what it sent."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.sent: list[bytes] = []

    def send(self, *args: Any, **kwargs: Any) -> bytes:
        self.sent.append(super().send(*args, **kwargs))
        return self.sent[-1]


def main() -> None:
    """Run as the module's docstring says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="+", default=[8, 32, 128, 512])
    parser.add_argument("--rounds", type=int, default=300, help="the later round, at least 5")
    parser.add_argument("--json", action="store_true", help="JSON lines instead of Markdown")
    options = parser.parse_args()
    if min(options.entries) < 1 or max(options.entries) > OPEN.max_entries:
        parser.error(f"--entries: a round has 1 to {OPEN.max_entries}")
    if options.rounds < 5:
        parser.error("--rounds: the later round is the fifth at the earliest")
    show = show_json if options.json else show_markdown
    show("creation", creation())
    show("extremes", extremes())
    by_call, by_step = calls(options.entries)
    show("calls", by_call)
    show("steps", by_step)
    show("age", age(options.rounds))


def show_json(table: str, rows: Sequence[Row]) -> None:
    """Print one line for each row."""
    for row in rows:
        print(json.dumps({"table": table} | row), flush=True)


def show_markdown(table: str, rows: Sequence[Row]) -> None:
    """Print a table; numbers to the right, with thousands separated."""
    if not rows:
        return
    columns = list(rows[0])
    print(f"\n### {table}\n\n| {' | '.join(columns)} |")
    print("|" + "".join("---|" if isinstance(cell, str) else "---:|" for cell in rows[0].values()))
    for row in rows:
        cells = (f"{cell:,}" if isinstance(cell, int) else cell or "" for cell in row.values())
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
