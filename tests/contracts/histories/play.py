"""A play: relays on one stage, and all that is done there, as a script that can be played again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from model import EMPTY, Terms

from derelay.contracts import Artifact
from derelay.rules.phases import Phase
from histories.clockwork import go_on, phase_of, wait
from histories.course import Course
from histories.money import Money
from histories.pair import Pair
from histories.stage import Call, Stage

Step = tuple[str, tuple[Any, ...]]
"""What was done (a method of `Play`, without its underscore), and with what."""
MOST_CALLS = 40
"""More than it takes to end a round of the few who are here, a new pivot included."""


class Watched(NamedTuple):
    """A relay, its model, and the invariants that it must hold."""

    pair: Pair
    money: Money
    course: Course

    def checks(self) -> list[Callable[[], None]]:
        money, course = self.money, self.course
        return [money.check_conservation, money.check_once, money.check_coins, course.check_heads]


class Play:
    """A chain, its people, and the relays that they begin.

    Parameters
    ----------
    cast
        How many accounts and how many intruders take part.

    Attributes
    ----------
    is_sound
        Whether nothing has gone wrong so far.
    seen
        How often what happened: events by name, refusals by reason, verdicts, candidates.
    """

    def __init__(
        self, cast: tuple[int, int], artifacts: Mapping[str, Artifact] | None, seen: Counter[str]
    ) -> None:
        self.cast, self.artifacts, self.seen = cast, artifacts, seen
        self.stage = Stage(*cast)
        self.relays: list[Watched] = []
        self.script: list[Step] = []
        self.is_sound = True

    def do(self, what: str, *args: Any) -> Any:
        """Do one thing, and keep it in the script."""
        self.script.append((what, args))
        self.is_sound = False
        result = getattr(self, f"_{what}")(*args)
        self.is_sound = True
        return result

    def hold(self, checks: Sequence[Callable[[], None]]) -> None:
        """Check invariants."""
        self.is_sound = False
        for check in checks:
            check()
        self.is_sound = True

    def _begin(self, creator: str, terms: Terms) -> None:
        is_here = terms.origin is not None and terms.origin[0] == self.stage.machine.chain_id
        ancestor = self.relays[-1].pair if is_here else None
        pair = Pair(self.stage, creator, terms, self.seen, self.artifacts, ancestor)
        self.relays.append(Watched(pair, Money(pair), Course(pair)))

    def _pass_time(self, seconds: int, blocks: int) -> None:
        self.stage.pass_time(seconds, blocks)

    def _force(self, relay: int, contract: str, amount: int) -> None:
        pair, money, _ = self.relays[relay]
        self.stage.force(pair.at[contract], amount)
        money.forced[contract] += amount
        pair.predict_anew()

    def _arm(self, intruder: str, relay: int, call: Call) -> None:
        self.stage.intruders[intruder].arm(self.relays[relay].pair.model, call)

    def _compare_views(self, relay: int) -> None:
        self.relays[relay].pair.compare_views()

    def _send(self, relay: int, call: Call) -> bool:
        """Make a call if its sender can afford it; return whether it went through."""
        if not self.stage.can_afford(call):
            return False
        events = self.relays[relay].pair.send(call)
        for pair, money, course in self.relays if events else ():
            own = [event for event in events or () if event.at in pair.addresses]
            money.take(own)
            course.take(call, own)
            for event in own:
                if event.name == "Judged":
                    self.seen[f"verdict {event.values[3]}"] += 1
                elif event.name == "HeadChanged":
                    self.seen[f"candidate {event.values[3]}"] += 1
        return events is not None

    def _end(self, relay: int) -> None:
        """Let a lone stranger end the round; then everybody leaves, and only what is nobody's stays."""
        watched = self.relays[relay]
        model, stage = watched.pair.model, self.stage
        for intruder in stage.intruders.values():
            intruder.disarm()
        for _ in range(MOST_CALLS):
            if phase_of(model) is Phase.REST:
                break
            stage.pass_time(*wait(model))
            self._must(relay, go_on(model, stage.stranger, 256))
        assert phase_of(model) is Phase.REST, "the round does not end"
        members = model.registry.members
        for who in stage.everybody:
            if members[who].key != EMPTY and not members[who].leaves_at:
                self._must(relay, Call(who, "leave"))
        stage.pass_time(model.terms.leave_delay, 1)
        for who in stage.everybody:
            if members[who].leaves_at:
                self._must(relay, Call(who, "take_bond"))
            if any(model.accounts.owed(who)):
                self._must(relay, Call(who, "withdraw"))
        self.hold([*watched.checks(), watched.money.check_end, watched.pair.compare_views])

    def _must(self, relay: int, call: Call) -> None:
        assert self._send(relay, call), f"{call} is refused"
