"""The state machine: histories of a relay, in which everything happens that can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import ClassVar

from eth_utils import keccak
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from derelay.contracts import NAMES, Artifact
from derelay.rules.parameters import LONGEST
from histories import terms
from histories.play import Play
from histories.players import Players
from histories.stage import Call

WHIMS = st.integers(0, 2**32 - 1)
"""Seeds of what a rule leaves open."""

FAST = 2 * 10**17


class Histories(RuleBasedStateMachine):
    """One relay, and later maybe its successor, among all kinds of participants."""

    artifacts: ClassVar[Mapping[str, Artifact] | None] = None
    seen: ClassVar[Counter[str]] = Counter()
    failed: ClassVar[list[Play]] = []

    def __init__(self) -> None:
        super().__init__()
        self.random = Random()
        self.aged = 0

    # ---- what happens

    @initialize(whim=WHIMS)
    def a_relay_begins(self, whim: int) -> None:
        self.random.seed(whim)
        cast = self.random.randint(3, 10), self.random.randint(0, 3)
        self.play = Play(cast, self.artifacts, self.seen)
        self._begin(keccak(b"genesis"), None)

    @rule(whim=WHIMS)
    def a_round_goes_by(self, whim: int) -> None:
        self.random.seed(whim)
        self.players.play_round(diligence=1.0, meddling=0.0)

    @rule(meddling=st.sampled_from([0.1, 0.3, 0.5]), whim=WHIMS)
    def a_round_of_the_careless_goes_by(self, meddling: float, whim: int) -> None:
        self.random.seed(whim)
        self.players.play_round(0.8, meddling)

    @precondition(lambda self: self.players.pair.model.terms.decay < FAST and self.aged < 3)
    @rule(whim=WHIMS)
    def the_relay_grows_old(self, whim: int) -> None:
        """So many heads that the royalties' product, if it decays fast, is rescaled."""
        self.random.seed(whim)
        self.players.play_good_rounds(10)
        self.aged += 1

    @rule(diligence=st.sampled_from([1.0, 0.5, 0.0]), whim=WHIMS)
    def a_phase_goes_by(self, diligence: float, whim: int) -> None:
        self.random.seed(whim)
        self.players.play_phase(diligence, meddling=0.1)

    @rule(whim=WHIMS)
    def somebody_does_a_duty(self, whim: int) -> None:
        self.random.seed(whim)
        for call in self.players.duties.due()[:1]:
            self.players.send(call)

    @rule(times=st.integers(1, 8), whim=WHIMS)
    def people_meddle(self, times: int, whim: int) -> None:
        self.random.seed(whim)
        for _ in range(times):
            self.players.meddle()

    @rule(whim=WHIMS)
    def intruders_are_paid(self, whim: int) -> None:
        self.random.seed(whim)
        for intruder in self.play.stage.intruders:
            self.players.arm(intruder)
            if self.random.random() < 0.3:
                self.players.leave(intruder)
            self.players.send(Call(intruder, self.random.choice(["withdraw", "take_bond"])))

    @rule(seconds=st.sampled_from([0, 1, 9, 10, LONGEST]), blocks=st.sampled_from([0, 1, 2, 257, 1000]))
    def time_passes(self, seconds: int, blocks: int) -> None:
        self.play.do("pass_time", seconds, blocks)

    @rule(contract=st.sampled_from(NAMES), amount=st.sampled_from([1, 10**18]))
    def money_is_forced_upon_a_contract(self, contract: str, amount: int) -> None:
        self.play.do("force", len(self.play.relays) - 1, contract, amount)

    @precondition(lambda self: len(self.play.relays) == 1 and self.play.relays[0].course.number > 2)
    @rule(whim=WHIMS)
    def a_successor_begins(self, whim: int) -> None:
        self.random.seed(whim)
        pair = self.play.relays[-1].pair
        version, head = self.random.choice(list(pair.model.state.heads.items()))
        chain_id = self.play.stage.machine.chain_id + self.random.choice([0, 0, 1])  # this one, or another
        self._begin(head, (chain_id, pair.at["rounds"], version))

    @rule()
    def views_are_compared(self) -> None:
        self.play.do("compare_views", len(self.play.relays) - 1)

    # ---- what holds (the invariants of the protocol, section 8)

    @invariant()
    def money_is_conserved(self) -> None:
        self.play.hold([watched.money.check_conservation for watched in self.play.relays])

    @invariant()
    def everything_is_settled_once(self) -> None:
        self.play.hold([watched.money.check_once for watched in self.play.relays])

    @invariant()
    def coins_are_bounded_by_improvement(self) -> None:
        self.play.hold([watched.money.check_coins for watched in self.play.relays])

    @invariant()
    def heads_reach_genesis(self) -> None:
        self.play.hold([watched.course.check_heads for watched in self.play.relays])

    def teardown(self) -> None:
        """Whoever stops, at whatever step, the round ends, and everybody gets what is theirs."""
        try:
            for relay in range(len(self.play.relays)) if self.play.is_sound else ():
                self.play.do("end", relay)
        finally:
            if not self.play.is_sound:
                self.failed.append(self.play)
        self._count()

    def _begin(self, genesis: bytes, origin: tuple[int, str, int] | None) -> None:
        stage = self.play.stage
        creator = self.random.choice([who for who in stage.people if who not in stage.intruders])
        self.play.do("begin", creator, terms.drawn(self.random, stage.people, genesis, origin))
        self.players = Players(self.play, self.random)
        self.players.join()

    def _count(self) -> None:
        self.seen["histories"] += 1
        for watched in self.play.relays:
            self.seen["calls"] += len(watched.pair.calls)
            self.seen["rounds"] += watched.course.number
        for intruder in self.play.stage.intruders.values():
            self.seen["re-entries"] += intruder.attempts
            self.seen["re-entries that went through"] += intruder.successes
