"""Those who play: everybody joins, does duties or not, meddles."""

from __future__ import annotations

from random import Random

from eth_utils import keccak

from derelay.rules.phases import Phase
from histories.clockwork import go_on, phase_of, wait
from histories.duties import Duties
from histories.meddling import Meddling
from histories.play import MOST_CALLS, Play
from histories.stage import Call

SPENDS = 0.5
"""Chance that somebody withdraws what it is owed, or uses its coins once more."""
TWICE = 0.04
"""Chance that somebody does the same again."""


class Players:
    """The people of the play's youngest relay.

    Parameters
    ----------
    random
        Where their whims come from.
    """

    def __init__(self, play: Play, random: Random) -> None:
        self.play, self.random = play, random
        self.relay = len(play.relays) - 1
        self.pair = play.relays[-1].pair
        self.duties = Duties(self.pair, random, deviant=random.choice([0.0, 0.05, 0.15]))
        self.meddling = Meddling([watched.pair for watched in play.relays], random)

    @property
    def phase(self) -> Phase:
        return phase_of(self.pair.model)

    def send(self, call: Call) -> bool:
        """Make a call; return whether it went through."""
        return bool(self.play.do("send", self.relay, call))

    def join(self) -> None:
        """Let everybody register, and some or all of them maintain."""
        share = self.random.choice([0.4, 0.7, 1.0])
        for who in self.play.stage.people:
            if self.random.random() < 0.15:
                self.send(self.meddling.call(who, "register"))
            bond = self.random.choice(self.pair.model.terms.bonds)
            self.send(Call(who, "register", (keccak(text=who), "url"), bond))
            if self.random.random() < share:
                self.send(Call(who, "maintain"))

    def meddle(self) -> None:
        """Let somebody do something, which need not make sense."""
        self.send(self.meddling.any())

    def play_phase(self, diligence: float, meddling: float, entrants: int | None = None) -> None:
        """Let each one do its duty, or not; then let time pass, and somebody end the phase."""
        random, before = self.random, self.phase
        if random.random() < 0.2:
            self._wait_a_part()
        due = self.duties.due()
        for call in due[:entrants] if before is Phase.ENTER else due:
            if random.random() < diligence:
                self.send(call)
                if random.random() < TWICE:
                    self.send(call)
            while random.random() < meddling:
                self.meddle()
        steps = random.choice([1, 2, 3, 256])
        for _ in range(MOST_CALLS):
            self._wait()
            who = random.choice(self.play.stage.everybody)
            if not self.send(go_on(self.pair.model, who, steps)) or self.phase is not before:
                break

    def _wait(self) -> None:
        """Let pass what must: sometimes nothing, sometimes more than block hashes last."""
        seconds, blocks = wait(self.pair.model)
        whim = self.random.random()
        if whim < 0.15 and self.phase in (Phase.ADMIT, Phase.DRAW):
            blocks += 300
        if whim < 0.95 and seconds + blocks > 0:
            self.play.do("pass_time", seconds, blocks)

    def _wait_a_part(self) -> None:
        """Let about a half or three quarters of what is left of a window pass."""
        quarters = self.random.choice([2, 3])
        left = wait(self.pair.model)
        seconds, blocks = (max(each * quarters // 4 - self.random.randint(0, 1), 0) for each in left)
        self.play.do("pass_time", seconds, blocks)

    def play_round(self, diligence: float, meddling: float) -> None:
        """Play on until the round has ended; then let some be paid, and use their coins."""
        self._play_on(diligence, meddling)
        model = self.pair.model
        for who in self.play.stage.everybody:
            if any(model.accounts.owed(who)) and self.random.random() < SPENDS:
                self.send(Call(who, "withdraw"))
            while model.coin.balances[who] and self.random.random() < SPENDS:
                self.send(self.meddling.use_coins(who))

    def play_good_rounds(self, count: int) -> None:
        """Play rounds in which one trainer enters and makes the next head: a relay grows old."""
        opinions = self.duties.testers.opinions
        opinions.all_good = True
        for _ in range(count):
            self._play_on(diligence=1.0, meddling=0.0, entrants=1)
        opinions.all_good = False

    def _play_on(self, diligence: float, meddling: float, entrants: int | None = None) -> None:
        for _ in Phase:
            self.play_phase(diligence, meddling, entrants)
            if self.phase is Phase.REST:
                break

    def leave(self, who: str) -> None:
        """Let somebody leave, and wait until it may take its bond."""
        if self.send(Call(who, "leave")):
            self.play.do("pass_time", self.pair.model.terms.leave_delay, 1)

    def arm(self, intruder: str) -> None:
        """Let an intruder choose what it will call when it is paid: to be paid again, a duty, or anything."""
        own = [call for call in self.duties.due() if call.who == intruder]
        again = [Call(intruder, "withdraw"), Call(intruder, "take_bond")]
        closing = go_on(self.pair.model, intruder, 256)
        call = self.random.choice([*again, closing, self.meddling.any(), self.meddling.again(), *own])
        self.play.do("arm", intruder, self.relay, call)
