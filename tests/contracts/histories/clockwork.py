"""What ends a phase, and when."""

from __future__ import annotations

from model import Model

from derelay.rules.phases import WINDOWS, Phase
from histories.stage import Call


def phase_of(model: Model) -> Phase:
    """Return where the round stands."""
    return Phase(model.state.round.phase)


def go_on(model: Model, who: str, steps: int) -> Call:
    """Return the call that ends a window, or goes on with a step."""
    return Call(who, "close") if phase_of(model) in WINDOWS else Call(who, "advance", (steps,))


def wait(model: Model) -> tuple[int, int]:
    """Return the seconds and blocks after which it can go on."""
    round, rule, world = model.state.round, model.state.rule, model.world
    seconds, height = 0, 0
    if phase_of(model) in WINDOWS:
        window = WINDOWS.index(phase_of(model))
        seconds = round.opened_at + rule.window_seconds[window]
        height = round.opened_block + rule.window_blocks[window]
    elif phase_of(model) in (Phase.ADMIT, Phase.DRAW):
        height = round.pivot + 1
    return max(0, seconds - world.time), max(0, height - world.height)
