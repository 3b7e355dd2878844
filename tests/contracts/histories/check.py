"""Play histories, many of them; if one goes wrong, tell the shortest one that does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.stateful import run_state_machine_as_test

from derelay.contracts import Artifact
from histories.machine import Histories
from histories.shortest import shortest, told


class Unmutated(HypothesisProvider):
    """Hypothesis' own choices, but each history anew: else most would vary one before, of the same relay."""


AVAILABLE_PROVIDERS["unmutated"] = f"{__name__}.{Unmutated.__name__}"
STEPS = 25
"""Steps of a history; one makes up to a hundred calls."""


def check(
    artifacts: Mapping[str, Artifact] | None = None,
    histories: int = 100,
    *,
    first: int = 0,
    shorten: bool = True,
) -> Counter[str]:
    """Play histories on contracts and model; return how often what happened.

    Parameters
    ----------
    artifacts
        The contracts, by name; the committed ones unless told otherwise.
    first
        Seed of the histories.
    shorten
        Whether to look for the shortest script that goes wrong, which takes a while, or to raise at once.

    Raises
    ------
    AssertionError
        Where contracts and model disagree, or an invariant does not hold.
    """
    machine = type("Histories", (Histories,), {"artifacts": artifacts, "seen": Counter(), "failed": []})
    try:
        run_state_machine_as_test(
            seed(first)(machine),
            settings=settings(
                max_examples=histories,
                stateful_step_count=STEPS,
                phases=[Phase.generate],
                backend="unmutated",
                database=None,
                deadline=None,
                print_blob=False,
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
    except AssertionError as error:
        if shorten and machine.failed:
            error.add_note(told(*shortest(machine.failed[0])))
        raise
    return machine.seen
