"""How a trainer sends its child: the smallest codec that costs it next to nothing, found by measuring."""

from __future__ import annotations

from dataclasses import dataclass

from derelay.baton.codec import Codec, Form
from derelay.baton.codecs import CODECS, FULL, MULTIPLES, steps_named
from derelay.baton.encoding import Encoding
from derelay.baton.layout import layout_bytes
from derelay.baton.root import block_count
from derelay.baton.tensors import State, layout_of
from derelay.learn.cases import Cases
from derelay.learn.pooling import moved
from derelay.learn.scoring import Gain, Yardstick
from derelay.learn.task import Task

CHOICES = (*(CODECS[steps_named(multiple)] for multiple in MULTIPLES), CODECS["bf16"])
"""What a trainer chooses from besides sending the whole, the smallest first."""


@dataclass(frozen=True)
class Encoded:
    """A child as a codec stores it, and what others reconstruct of that."""

    codec: Codec
    stored: State
    settled: State

    @property
    def size(self) -> int:
        """Bytes of what is stored, without the header."""
        return layout_bytes(layout_of(self.stored))

    def form(self, head: bytes) -> Form:
        """Return it as what a baton is sealed in, given the id of the head."""
        return Form(Encoding(self.codec.name, head if self.codec.is_change else b""), self.stored)


def encoded(codec: Codec, child: State, head: State) -> Encoded:
    """Return a child as ``codec`` stores it, as a change to the head if that is its way."""
    stored = codec.encode(child, head)
    return Encoded(codec, stored, codec.decode(stored, layout_of(child), head))


class Loss:
    """Measures what a child loses by a codec, by the rule by which testers judge it.

    Parameters
    ----------
    task
        The task.
    head, child
        The models.
    cases
        The trainer's own held-out cases: nobody trained on them.
    step
        Share of the way from the head at which children are judged, in (0, 1].
    clip
        Largest gain of a case that counts, in nats.
    """

    def __init__(self, task: Task, head: State, child: State, cases: Cases, step: float, clip: float) -> None:
        self._head, self._step, self._forgone = head, step, task.forgone
        self.gain = Yardstick(task, head, cases, clip).gain(child, step)
        self._yardstick = Yardstick(task, moved(head, child, step), cases, clip)

    def of(self, settled: State) -> Gain:
        """Return the loss, a negative gain, of what others reconstruct against the child itself."""
        return self._yardstick.gain(moved(self._head, settled, self._step))

    def is_bearable(self, settled: State) -> bool:
        """Say whether the loss, and a standard error more, is no more than the task forgoes of the gain."""
        lost = self.of(settled)
        return lost.se_nano - lost.mean_nano <= self._forgone * max(self.gain.mean_nano, 0)


def lightest(task: Task, head: State, child: State, cases: Cases, *, step: float, clip: float) -> Encoded:
    """Return a child by the first of `CHOICES` whose loss is bearable.

    The whole is sent where no choice is good enough, and where none saves a block: then the hand-over takes
    as many requests as before, and the loss buys little.
    """
    whole = encoded(FULL, child, head)
    if not task.forgone or block_count(whole.size) == 1:
        return whole
    loss = Loss(task, head, child, cases, step, clip)
    for codec in CHOICES:
        found = encoded(codec, child, head)
        if block_count(found.size) == block_count(whole.size):
            break
        if loss.is_bearable(found.settled):
            return found
    return whole
