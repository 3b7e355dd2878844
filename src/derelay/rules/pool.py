"""Which children are pooled, and which candidate becomes the head (protocol.md, section 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from derelay.rules.phases import Candidate
from derelay.rules.score import unpack
from derelay.rules.verdict import Outcome, Verdict, robust_gain


def pooled(outcomes: Sequence[Outcome | None], size: int) -> list[int]:
    """Return the children that did not fail: at most ``size``, the best gain first, of equals the earlier.

    Parameters
    ----------
    outcomes
        One for each entry of the round, in order of entry; None for an entry without a child.
    """
    fit = [
        i
        for i, outcome in enumerate(outcomes)
        if outcome is not None and outcome.verdict in (Verdict.PASS, Verdict.UNDECIDED)
    ]
    return sorted(fit, key=lambda i: -outcomes[i].gain)[:size]  # type: ignore[union-attr]


def members(candidate: Candidate, pool: Sequence[int], passed: Sequence[bool]) -> list[int]:
    """Return the children that make up a candidate.

    Parameters
    ----------
    pool
        As returned by `pooled`.
    passed
        Whether each child of the pool passed.
    """
    if candidate is Candidate.BEST:
        return list(pool[:1])
    if candidate is Candidate.PASSED:
        return [child for child, passes in zip(pool, passed, strict=True) if passes]
    return list(pool)


@dataclass(frozen=True)
class Ballot:
    """A voter's names of the pool and of its passed part, and its scores of all three candidates."""

    names: tuple[bytes, bytes]
    scores: tuple[int, int, int]


@dataclass(frozen=True)
class Elected:
    """The new head, and its gain over the old one in 1e-9 nat with its standard error."""

    id: bytes
    candidate: Candidate
    gain: int
    error: int


def elect(
    ballots: Sequence[Ballot | None],
    best: bytes,
    best_outcome: Outcome,
    *,
    any_passed: bool,
    g_head: int,
    clip: int,
    vote_trim: int,
    taken: frozenset[bytes] = frozenset(),
) -> Elected | None:
    """Elect the new head; None keeps the old one.

    Of the candidates that more than half of the voters name and measure, the one of the best robust
    gain above ``g_head``. If no more than half voted at all, the best child, provided that it passed: silence
    must not hold learning up, but a child that most voters cannot open must not become the head.

    Parameters
    ----------
    ballots
        One entry for each voter; None for who was silent.
    best
        Id of the best child.
    any_passed
        Whether a child of the pool passed; if none did, there is no average of the passed.
    taken
        Ids that were heads or children of earlier rounds; none of them can be elected.
    """
    if 2 * sum(ballot is not None for ballot in ballots) <= len(ballots):
        return (
            Elected(best, Candidate.BEST, best_outcome.gain, best_outcome.se)
            if best_outcome.verdict is Verdict.PASS
            else None
        )
    elected: Elected | None = None
    for candidate in Candidate:
        name = best if candidate is Candidate.BEST else _majority(ballots, candidate)
        if name is None or name in taken or (candidate is Candidate.PASSED and not any_passed):
            continue
        measured = [
            seat
            for ballot in ballots
            if ballot is not None
            and (candidate is Candidate.BEST or ballot.names[candidate] == name)
            and (seat := unpack(ballot.scores[candidate])) is not None
        ]
        if 2 * len(measured) <= len(ballots):
            continue
        mean = robust_gain(measured, clip=clip, trim=vote_trim)
        if mean.gain > (g_head if elected is None else elected.gain):
            elected = Elected(name, candidate, mean.gain, mean.se)
    return elected


def _majority(ballots: Sequence[Ballot | None], candidate: Candidate) -> bytes | None:
    names = Counter(ballot.names[candidate] for ballot in ballots if ballot is not None)
    name, count = names.most_common(1)[0] if names else (bytes(32), 0)
    return name if 2 * count > len(ballots) and any(name) else None
