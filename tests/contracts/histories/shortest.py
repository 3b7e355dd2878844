"""The shortest script that goes wrong: ever smaller parts of one that does are left out (delta debugging)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from time import monotonic

from histories.play import Play, Step
from histories.stage import Call

PATIENCE = 120
"""Seconds."""


def shortest(play: Play) -> tuple[Play, AssertionError]:
    """Return the shortest play found that goes wrong as this one did, and how it does."""
    until = monotonic() + PATIENCE
    best = _replay(play, play.script)
    assert best is not None, "a play that went wrong goes wrong again"
    size = len(best[0].script) // 2
    while size and monotonic() < until:
        start, shorter = 1, False
        while start < len(best[0].script) and monotonic() < until:
            script = best[0].script
            found = _replay(play, [*script[:start], *script[start + size :]])
            if found is None:
                start += size
            else:
                best, shorter = found, True
        if not shorter or size > 1:
            size //= 2
    return best


def _replay(play: Play, script: Sequence[Step]) -> tuple[Play, AssertionError] | None:
    """Return how a script goes wrong, up to where it does; None if it does not, or makes no sense."""
    again = Play(play.cast, play.artifacts, Counter())
    try:
        for what, args in script:
            again.do(what, *args)
            again.hold([check for watched in again.relays for check in watched.checks()])
    except AssertionError as error:
        return again, error
    except LookupError:
        return None
    return None


def told(play: Play, error: AssertionError) -> str:
    """Tell a play: who does what."""
    people = {who: f"person {i}" for i, who in enumerate(play.stage.everybody)}
    contracts = {at: f"{name} {i}" for i, each in enumerate(play.relays) for name, at in each.pair.at.items()}
    steps = [f"{what} {' '.join(map(_short, args))}" for what, args in play.script]
    text = "\n".join([f"{play.cast[0]} accounts, {play.cast[1]} intruders", *steps, str(error)])
    for address, name in (people | contracts).items():
        text = text.replace(address, name)
    return text


def _short(value: object) -> str:
    """Write a value, words as their first digits."""
    if isinstance(value, Call):
        given = f" with {value.value} wei" if value.value else ""
        return f"{value.who}: {value.function}({', '.join(map(_short, value.args))}){given}"
    if isinstance(value, bytes):
        return value.hex()[:8] or "nothing"
    if isinstance(value, list):
        return f"[{', '.join(map(_short, value))}]"
    return str(value)
