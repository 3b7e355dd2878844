"""The drawing of the chain of heads: where everything stands, in pixels. The template draws it."""

from __future__ import annotations

from dataclasses import dataclass

from derelay.local.result import Child, Result, Round

COLUMN = 62
ROW = 34
MARGIN = 18
TOP = 26
VERDICTS = ("pass", "undecided", "fail", "missing")


@dataclass(frozen=True)
class Node:
    """The head as it stands after a round; ``new`` if that round elected it."""

    x: float
    y: float
    version: int
    new: bool
    note: str


@dataclass(frozen=True)
class Twig:
    """A child, between the head that it was trained from and, if it was averaged into it, the next one."""

    x: float
    y: float
    trainer: str
    honest: bool
    verdict: str
    pooled: bool
    note: str


@dataclass(frozen=True)
class Step:
    """A round: from one node to the next, by way of its children."""

    number: int
    start: Node
    end: Node
    twigs: tuple[Twig, ...]


@dataclass(frozen=True)
class Drawing:
    """The whole, with its size."""

    width: float
    height: float
    steps: tuple[Step, ...]


def chain_drawing(result: Result) -> Drawing:
    """Lay out the heads from left to right and, between two of them, the children of the round."""
    rows = max(len(_drawn(each)) for each in result.rounds)
    middle = TOP + max(rows, 2) * ROW / 2
    honest = {person.name: person.honest for person in result.participants}
    elected = {head.round: set(head.parents) | {head.id} for head in result.heads}
    node = Node(MARGIN, middle, result.heads[0].version, True, f"genesis {result.heads[0].id[:12]}")
    steps = []
    for each in result.rounds:
        end = _node(each, MARGIN + COLUMN * each.number, middle)
        used = elected.get(each.number, set())
        children = _drawn(each)
        twigs = tuple(
            Twig(
                x=end.x - COLUMN / 2,
                y=middle + (place - (len(children) - 1) / 2) * ROW,
                trainer=child.trainer,
                honest=honest[child.trainer],
                verdict=child.verdict,
                pooled=child.id in used,
                note=_note(child),
            )
            for place, child in enumerate(children)
        )
        steps.append(Step(each.number, node, end, twigs))
        node = end
    return Drawing(node.x + MARGIN, 2 * middle, tuple(steps))


def _drawn(each: Round) -> list[Child]:
    """Return the children of trainers who were granted the head, the best first."""
    granted = [child for child in each.children if child.verdict in VERDICTS]
    return sorted(granted, key=lambda child: (VERDICTS.index(child.verdict), -child.gain))


def _node(each: Round, x: float, y: float) -> Node:
    if each.candidate is None:
        return Node(x, y, each.version, False, f"v{each.version} stays: no candidate was better")
    words = f"v{each.version} {each.head[:12]}: {each.candidate}, gain {each.gain:.4f} nats per case"
    return Node(x, y, each.version, True, f"{words}, accuracy {each.accuracy:.1%}")


def _note(child: Child) -> str:
    if child.verdict == "missing":
        return f"{child.trainer}: nothing handed in that could be tested"
    return f"{child.trainer}: {child.verdict}, gain {child.gain:+.4f} ± {child.error:.4f} nats per case"
