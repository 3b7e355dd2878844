"""A relay twice, on its bytecode and as the model; every call goes to both, and both must say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from harness.relay import Relay
from model import FUNCTIONS, Event, Model, Refused, Terms
from model.views import views

from derelay.chain.chain import Reverted
from derelay.chain.origin import FROM_SCRATCH
from derelay.contracts import NAMES, Artifact
from histories.census import CURRENT, differences, names, predicted, words_of
from histories.stage import Call, Stage
from histories.wire import call_data, logs_of, output

TRUE = (1).to_bytes(32, "big")
RETURNS = {"transfer": TRUE, "transferFrom": TRUE, "approve": TRUE}


class Disagreement(AssertionError):  # noqa: N818 (what it is)
    """The contracts did other than the model says."""


class Pair:
    """A relay and its model, just created.

    Parameters
    ----------
    seen
        Where to count what happens: events by name, refusals by reason.

    Attributes
    ----------
    calls
        All that were made, refused ones too.
    """

    def __init__(
        self,
        stage: Stage,
        creator: str,
        terms: Terms,
        seen: Counter[str],
        artifacts: Mapping[str, Artifact] | None = None,
        ancestor: Pair | None = None,
    ) -> None:
        self.stage, self.seen = stage, seen
        self.calls: list[Call] = []
        relay = Relay(
            terms.parameters,
            machine=stage.machine,
            bonds=terms.bonds,
            leave_delay=terms.leave_delay,
            decay=terms.decay,
            committee=terms.committee,  # type: ignore[arg-type]
            audited=False,
            genesis=terms.genesis,
            origin=terms.origin or FROM_SCRATCH,
            creator=creator,  # type: ignore[arg-type]
            artifacts=artifacts,
        )
        contracts = (relay.coin, relay.accounts, relay.registry, relay.rounds)
        self.at: dict[str, str] = {each.name: each.address for each in contracts}
        self.addresses = set(self.at.values())
        stage.world.events = created = []
        self.model = Model(stage.world, self.at, creator, terms, ancestor.model if ancestor else None)
        self._census = stage.census_data([self.at[name] for name in NAMES])
        self._expected = b"", b""
        self._compare_logs(created, "its creation")
        self._compare_state("its creation")
        self.seen.update(event.name for event in created)
        stage.pairs.append(self)

    def send(self, call: Call) -> list[Event] | None:
        """Make a call; return the events, None if it was refused."""
        self.calls.append(call)
        data = call_data(call.function, call.args)
        expected: list[Event] | str
        said: bytes | str | None
        try:
            expected = self.stage.predict(self.model, call, data)
        except Refused as refused:
            expected = refused.reason
        try:
            said = self.stage.perform(call, self.at[FUNCTIONS[call.function].contract], data)
        except Reverted as reverted:
            said = reverted.reason
        if isinstance(expected, str) or isinstance(said, str):
            if expected != said:
                raise Disagreement(f"{call}: the model says {expected!r}, the contract {said!r}")
            self.seen[f"refused: {expected}"] += 1
            self._compare_state(call, changed=len(self.stage.pairs) > 1)
            return None
        if said not in (None, RETURNS.get(call.function, b"")):
            raise Disagreement(f"{call} returns {said!r}")
        self._compare_logs(expected, call)
        changed = {event.at for event in expected}
        for pair in self.stage.pairs:
            if pair is self or changed & pair.addresses:
                pair._compare_state(call)
        self.seen["accepted"] += 1
        self.seen.update(event.name for event in expected)
        return expected

    def predict_anew(self) -> None:
        """Expect what the model says now, after something that was no call."""
        self._expected = predicted(self.model, self.stage.everybody)

    def read(self, contract: str, view: str, *args: Any) -> list[int]:
        """Return the words that a view of the contract says."""
        return words_of(self._say(contract, view, args))

    def census(self) -> list[int]:
        """Return the words of the last census that the contracts gave."""
        return words_of(self._expected[0])[2:]

    def current(self, name: str) -> int:
        """Return a word of the round, or the head's `version`, as the contract said it last."""
        i = CURRENT.index(name) * 32
        return int.from_bytes(self._expected[1][i : i + 32], "big")

    def compare_views(self) -> None:
        """Compare everything that the contracts say with the model."""
        for contract, view, args, values in views(self.model, self.stage.everybody):
            said, expected = self._say(contract, view, args), output(contract, view, values)
            if said != expected:
                raise Disagreement(f"{contract}.{view}{args}: {'; '.join(differences(said, expected))}")
        for intruder in self.stage.intruders.values():
            intruder.compare()

    def _say(self, contract: str, view: str, args: tuple[Any, ...] = ()) -> bytes:
        try:
            return self.stage.machine.call(self.at[contract], call_data(view, args, contract))  # type: ignore[arg-type]
        except Reverted as reverted:
            raise Disagreement(f"{contract}.{view}{args} reverts: {reverted.reason!r}") from reverted

    def _compare_logs(self, events: list[Event], where: object) -> None:
        expected, logged = logs_of(events), self.stage.machine.logged()
        if expected != logged:
            same = sum(1 for _ in zip(expected, logged, strict=False) if _[0] == _[1])
            raise Disagreement(f"{where} should log {events}, {same} of which it logs; it logs {logged}")

    def _compare_state(self, where: object, changed: bool = True) -> None:
        """Compare what everybody has, and where the round stands: as before, unless something has changed."""
        if changed:
            self._expected = predicted(self.model, self.stage.everybody)
        try:
            said = self.stage.census(self._census), self._say("rounds", "current")
        except Reverted as reverted:
            raise Disagreement(f"{where}: no census, {reverted.reason!r}") from reverted
        if said != self._expected:
            found = differences(said[0], self._expected[0], names(self.stage.everybody))
            found += differences(said[1], self._expected[1], CURRENT)
            raise Disagreement(f"{where}: {'; '.join(found)}")
