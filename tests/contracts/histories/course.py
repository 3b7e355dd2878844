"""Invariants of a round's course, in the contracts' own terms; none asks the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from model import EMPTY, Event

from derelay.rules.commitment import Context
from derelay.rules.phases import WINDOWS, Phase
from derelay.rules.score import unpack
from derelay.rules.verdict import Verdict
from histories.pair import Pair
from histories.stage import Call

NEXT: dict[Phase, set[Phase]] = {
    Phase.REST: {Phase.ENTER},
    Phase.ENTER: {Phase.ADMIT, Phase.REST},
    Phase.ADMIT: {Phase.TRAIN, Phase.REST},
    Phase.TRAIN: {Phase.DISCLOSE, Phase.JUDGE},
    Phase.DISCLOSE: {Phase.DRAW, Phase.JUDGE},
    Phase.DRAW: {Phase.SEAL},
    Phase.SEAL: {Phase.SCORE},
    Phase.SCORE: {Phase.REVEAL},
    Phase.REVEAL: {Phase.JUDGE},
    Phase.JUDGE: {Phase.POOL, Phase.SETTLE},
    Phase.POOL: {Phase.SETTLE},
    Phase.SETTLE: {Phase.REST},
}
OWN_PHASE = {
    "Entered": Phase.ENTER,
    "Committed": Phase.TRAIN,
    "Disclosed": Phase.DISCLOSE,
    "HandedIn": Phase.SEAL,
    "ScoresCommitted": Phase.SCORE,
    "ScoresRevealed": Phase.REVEAL,
    "Voted": Phase.POOL,
}


class Course:
    """How the rounds of a relay went, by the calls that went through and by what the contracts logged."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.rule = pair.model.terms.parameters
        self.number, self.phase = 0, Phase.REST
        self.opened = pair.stage.machine.timestamp(), pair.stage.machine.height()
        self.made: dict[tuple[int, str, str], bytes] = {}  # commitments, by round, sender and what of
        self.measured: Counter[int] = Counter()  # seats that measured a child, by child
        self.committed: list[str] = []
        self.admitted: set[str] = set()
        self.drawn: list[str] = []
        self.alive: set[bytes] = set()  # this round's children that did not fail
        self.named: Counter[bytes] = Counter()  # by voters of this round
        first = pair.model.state.genesis_version
        self.heads = {first: pair.model.terms.genesis}

    def take(self, call: Call, events: Sequence[Event]) -> None:
        """Follow a call that went through, and what an intruder called when that paid it."""
        intruder = self.pair.stage.intruders.get(call.who)
        if intruder is not None and intruder.armed is not None and call.function in ("withdraw", "take_bond"):
            _, call = intruder.armed
        for _, _, name, values in events:
            if name in OWN_PHASE:
                assert self.phase is OWN_PHASE[name], f"{name} in {self.phase.name}"
            match name, values:
                case "PhaseChanged", (number, phase, _):
                    self._go_on(number, Phase(phase))
                case "Entered", _:
                    self.made[self.number, call.who, "secret"] = call.args[0]
                case "Disclosed", (_, trainer, secret):
                    self._open("secret", trainer, self._context(trainer).to_secret(secret))
                case "Committed", (_, trainer, _, commitment):
                    self.made[self.number, trainer, "child"] = commitment
                    self.committed.append(trainer)
                case "Admitted", (_, trainer, _):
                    self.admitted.add(trainer)
                case "Drawn", (_, tester, _):
                    assert tester not in self.drawn
                    self.drawn.append(tester)
                case "HandedIn", (_, trainer, id, _, _):
                    self._open("child", trainer, self._context(trainer).to_child(id, call.args[2]))
                case "ScoresCommitted", (_, tester):
                    self.made[self.number, tester, "scores"] = call.args[0]
                case "ScoresRevealed", (_, tester, scores):
                    self._open("scores", tester, self._context(tester).to_scores(scores, call.args[1]))
                    self._measure(tester, scores)
                case "Judged", (_, trainer, id, verdict, *_):
                    self._judge(trainer, id, verdict)
                case "Voted", (_, _, pool, passed, _):
                    self.named.update({pool, passed})
                case "HeadChanged", (_, id, version, *_):
                    self._elect(id, version)

    def check_heads(self) -> None:
        """Every head's chain reaches genesis."""
        first, last = min(self.heads), self.pair.current("version")
        assert sorted(self.heads) == list(range(first, last + 1)), "a version is missing"
        said = [self.pair.read("rounds", "head_of", version)[0] for version in sorted(self.heads)]
        assert said == [int.from_bytes(self.heads[version], "big") for version in sorted(self.heads)]
        assert len({*said}) == len(said), "a head twice"

    def _go_on(self, number: int, phase: Phase) -> None:
        """Windows only move forward, and none before its time."""
        assert phase in NEXT[self.phase], f"{phase.name} after {self.phase.name}"
        assert number == self.number + (phase is Phase.ENTER), "rounds are counted"
        now = self.pair.stage.machine.timestamp(), self.pair.stage.machine.height()
        if self.phase in WINDOWS:
            window = WINDOWS.index(self.phase)
            least = self.rule.window_seconds[window], self.rule.window_blocks[window]
            assert all(now[i] - self.opened[i] >= least[i] for i in range(2)), "closed before its time"
        if phase is Phase.ENTER:
            self.measured, self.named, self.alive = Counter(), Counter(), set()
            self.committed, self.admitted, self.drawn = [], set(), []
        if phase is Phase.SEAL:
            self._check_draw()
        self.number, self.phase, self.opened = number, phase, now

    def _check_draw(self) -> None:
        """Each child has as many testers as it has seats, and nobody has more children than it may."""
        seats = self.pair.current("seats")
        assert len(self.drawn) >= seats >= self.rule.min_seats, "a tester has two seats of one child"
        loads = [
            len(range(card, len(self.committed) * seats, len(self.drawn))) for card in range(len(self.drawn))
        ]
        assert max(loads) <= self.rule.load, "more children than a tester takes"
        assert not self.admitted & set(self.drawn), "who trains tests"

    def _context(self, who: str) -> Context:
        return Context(self.pair.stage.machine.chain_id, self.pair.at["rounds"], self.number, who)

    def _open(self, what: str, who: str, opened: bytes) -> None:
        """A commitment opens only to what was committed, by who committed it, once, in this round."""
        assert self.made.pop((self.number, who, what), None) == opened, f"{who} opened other than its {what}"

    def _measure(self, tester: str, scores: Sequence[int]) -> None:
        deck, seats = len(self.drawn), self.pair.current("seats")
        for seat, word in zip(
            range(self.drawn.index(tester), len(self.committed) * seats, deck), scores, strict=True
        ):
            self.measured[seat // seats] += unpack(word) is not None

    def _judge(self, trainer: str, id: bytes, verdict: int) -> None:
        """No child passes with fewer than half of its seats present."""
        if verdict == Verdict.PASS:
            seats = self.pair.current("seats")
            assert 2 * self.measured[self.committed.index(trainer)] >= seats, "passed by too few"
        if verdict in (Verdict.PASS, Verdict.UNDECIDED):
            assert id != EMPTY
            self.alive.add(id)

    def _elect(self, id: bytes, version: int) -> None:
        """A head is a child of the round that did not fail, or named by more than half of the voters."""
        voters = min(self.rule.voters, len(self.drawn))
        assert id in self.alive or 2 * self.named[id] > voters, "a head that nobody made or named"
        assert id not in (EMPTY, *self.heads.values()), "a head that was one before"
        assert version == max(self.heads) + 1
        self.heads[version] = id
