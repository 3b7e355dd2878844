"""The rounds: windows that are closed, steps that are worked off, and the relay's beginning."""

from __future__ import annotations

from derelay.rules.phases import WINDOWS, Phase
from derelay.rules.protocol import PROTOCOL_VERSION
from model.children import Children
from model.election import Election
from model.entries import Entries
from model.grants import Grants
from model.settlement import Settlement
from model.state import Round, State
from model.testing import Testing
from model.world import require

GENESIS_WEIGHT = 10**17
MAX_STEPS = 256


class Rounds:
    def __init__(self, state: State) -> None:
        self.state = state
        self.grants = Grants(state)
        self.entries = Entries(state)
        self.children = Children(state, self.grants)
        self.testing = Testing(state)
        self.election = Election(state)
        self.settlement = Settlement(state, self.election)
        state.registry.frozen = self.frozen
        state.registry.on_duty = self.on_duty

    def create(self, creator: str, task: tuple[str, bytes], origin: tuple[int, str, int] | None) -> None:
        state = self.state
        state.newest[creator] = state.head.version
        state.holds.add((state.head.id, creator))
        state.owners = [creator]
        state.begin(Phase.REST, creator)
        state.accounts.found(state.at, creator, GENESIS_WEIGHT)
        state.log("Created", PROTOCOL_VERSION, creator, state.head.id, *task)
        if origin is not None:
            state.log("Succeeds", *origin)

    def close(self, sender: str) -> None:
        state, round, world = self.state, self.state.round, self.state.world
        phase = Phase(round.phase)
        require(phase in WINDOWS, "nothing to close")
        window = WINDOWS.index(phase)
        least, blocks = state.rule.window_seconds[window], state.rule.window_blocks[window]
        require(world.time >= round.opened_at + least, "window is open")
        require(world.height >= round.opened_block + blocks, "window needs blocks")
        if phase is Phase.REST:
            self._open(sender)
        elif phase is Phase.ENTER:
            self.entries.close(sender)
        elif phase is Phase.TRAIN and round.children == 0:
            state.begin(Phase.JUDGE, sender)
        elif phase is Phase.DISCLOSE:
            self.children.close_disclosure(sender)
        else:
            state.begin(Phase(phase + 1), sender)

    def advance(self, sender: str, steps: int) -> None:
        require(0 < steps <= MAX_STEPS, "steps")
        step = {
            Phase.ADMIT: self.entries.advance,
            Phase.DRAW: self.children.advance,
            Phase.JUDGE: self.testing.judge,
            Phase.SETTLE: self.settlement.advance,
        }.get(Phase(self.state.round.phase))
        require(step is not None, "nothing to advance")
        assert step is not None
        step(sender, steps)

    def receive(self, sender: str, value: int) -> None:
        require(sender == self.state.registry.at, "not the registry")

    def frozen(self) -> bool:
        return Phase.ENTER <= self.state.round.phase <= Phase.DRAW

    def on_duty(self, who: str) -> bool:
        phase = self.state.round.phase
        if phase == Phase.REST:
            return False
        entry = self.state.entry_of(who)
        trains = entry is not None and (phase <= Phase.ADMIT or entry.admitted > 0)
        return trains or who in self.state.book.card_of

    def _open(self, sender: str) -> None:
        state = self.state
        maintainers = len(state.registry.maintainers)
        require(maintainers >= state.rule.min_seats, "too few maintainers")
        state.round = Round(number=state.round.number + 1, maintainers=maintainers)
        state.begin(Phase.ENTER, sender)
