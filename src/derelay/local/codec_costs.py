"""What each codec costs on real children: bytes, precision, gain, time."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from derelay.baton.baton import Baton
from derelay.baton.codec import Codec
from derelay.baton.container import header_bytes
from derelay.baton.layout import layout_bytes
from derelay.baton.tensors import State, layout_of
from derelay.learn.compression import Encoded, Loss
from derelay.learn.task import Task
from derelay.local.legs import TrainedLeg
from derelay.rules.parameters import OPEN
from derelay.rules.units import NANO, SHARE_ONE

_UNNAMED = bytes(32)


@dataclass(frozen=True)
class CodecCost:
    """What a codec costs, over several children.

    Attributes
    ----------
    codec
        Its name.
    bytes
        Of a child as it is sealed, header and manifest included: the mean.
    share
        The same by the bytes of the model's weights.
    error
        Root mean square of what is lost of the weights, by that of the change: the mean.
    lost
        Share of the gain that is lost, of all children together; None if none gains.
    lost_worst
        The largest share that a child loses.
    borne
        Children with which a trainer would bear the loss (`derelay.learn.compression.Loss`), a share.
    encode_s, decode_s
        Seconds: the mean.
    """

    codec: str
    bytes: float
    share: float
    error: float
    lost: float | None
    lost_worst: float | None
    borne: float
    encode_s: float
    decode_s: float


@dataclass(frozen=True)
class _Trial:
    codec: str
    bytes: int
    share: float
    error: float
    gain: float
    loss: float
    is_borne: bool
    encode_s: float
    decode_s: float


def codec_costs(task: Task, codecs: Sequence[Codec], legs: Iterable[TrainedLeg]) -> list[CodecCost]:
    """Try codecs on children; return a row for each codec, the smallest first.

    Gains and losses are those of the trainer's own held-out cases at the step at which testers judge, by the
    default parameters of a relay. A child that gains nothing has no share of it to lose: it counts for bytes
    and time only.
    """
    trials: list[_Trial] = []
    for leg in legs:
        loss = Loss(task, leg.head, leg.child, leg.held_out, OPEN.step / SHARE_ONE, OPEN.clip / NANO)
        trials += [_trial(task, codec, leg, loss) for codec in codecs]
    rows = [_cost([each for each in trials if each.codec == codec.name]) for codec in codecs]
    return sorted(rows, key=lambda row: row.bytes)


def _trial(task: Task, codec: Codec, leg: TrainedLeg, loss: Loss) -> _Trial:
    began = time.perf_counter()
    stored = codec.encode(leg.child, leg.head)
    encoded = time.perf_counter()
    settled = codec.decode(stored, layout_of(leg.child), leg.head)
    decoded = time.perf_counter()
    size = _sealed_bytes(task, Encoded(codec, stored, settled))
    model = layout_bytes(layout_of(leg.child))
    error = _distance(settled, leg.child) / _distance(leg.child, leg.head)
    return _Trial(
        codec.name,
        size,
        size / model,
        error,
        loss.gain.mean_nano / NANO,
        -loss.of(settled).mean_nano / NANO,
        loss.is_bearable(settled),
        encoded - began,
        decoded - encoded,
    )


def _sealed_bytes(task: Task, child: Encoded) -> int:
    baton = Baton.build(child.settled, task=task.name, task_hash=_UNNAMED, parents=[_UNNAMED], version=1)
    return len(header_bytes(baton.manifest, layout_of(child.stored))) + child.size


def _distance(one: State, other: State) -> float:
    return math.sqrt(sum(float((one[name] - other[name]).double().square().sum()) for name in one))


def _cost(trials: Sequence[_Trial]) -> CodecCost:
    gaining = [each for each in trials if each.gain > 0]

    def mean(values: Iterable[float]) -> float:
        return sum(values) / len(trials)

    return CodecCost(
        trials[0].codec,
        mean(each.bytes for each in trials),
        mean(each.share for each in trials),
        mean(each.error for each in trials),
        sum(each.loss for each in gaining) / sum(each.gain for each in gaining) if gaining else None,
        max((each.loss / each.gain for each in gaining), default=None),
        mean(each.is_borne for each in trials),
        mean(each.encode_s for each in trials),
        mean(each.decode_s for each in trials),
    )
