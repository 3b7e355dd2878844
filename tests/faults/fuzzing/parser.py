"""Something that reads what others wrote, and what trying it came to."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from faults.fuzzing.mutation import mutate

MOST_SECONDS = 5.0
"""Of processor time, for one input of at most `LONGEST` bytes, with all allocations traced."""
MOST_BYTES = 64 << 20
"""Of Python's memory, for one input."""


@dataclass(frozen=True)
class Parser:
    """One entrance.

    Attributes
    ----------
    name
        For the table.
    parse
        Takes an input; returns if it is accepted.
    refusals
        What it may raise, by its own documentation; anything else is a crash.
    seeds
        Inputs, valid or nearly so, that others are made from.
    words
        What means something to it.
    bombs
        Large inputs that somebody thought of, tried as they are.
    """

    name: str
    parse: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()
    bombs: tuple[bytes, ...] = ()

    def mutated(self, chance: Random) -> bytes:
        """Return another input."""
        return mutate(chance.choice(self.seeds), self.seeds, self.words, chance)

    def inputs(self, seed: int) -> Iterator[bytes]:
        """Yield seeds and bombs, then what comes of the seeds, without end."""
        yield from self.seeds + self.bombs
        chance = Random(seed)
        while True:
            yield self.mutated(chance)


@dataclass
class Tally:
    """What the inputs to one parser came to.

    Attributes
    ----------
    seconds, bytes
        Of the input that took most processor time, and of the one that took most of Python's memory.
    crashes
        One text for each input that was neither accepted nor refused, or took too much.
    """

    tried: int = 0
    accepted: int = 0
    seconds: float = 0.0
    bytes: int = 0
    crashes: list[str] = field(default_factory=list)

    def take(self, parser: Parser, data: bytes) -> None:
        """Try one input. `tracemalloc` has to run."""
        self.tried += 1
        tracemalloc.reset_peak()
        memory, began = tracemalloc.get_traced_memory()[0], time.process_time()
        try:
            parser.parse(data)
            self.accepted += 1
        except parser.refusals:
            pass
        except Exception as error:  # noqa: BLE001 (whatever it is: that is what is looked for)
            self.crashes.append(f"{parser.name}: {type(error).__name__}: {error!s:.100} by {data[:300]!r}")
        seconds = time.process_time() - began
        taken = tracemalloc.get_traced_memory()[1] - memory
        self.seconds, self.bytes = max(self.seconds, seconds), max(self.bytes, taken)
        if seconds > MOST_SECONDS:
            self.crashes.append(f"{parser.name}: {seconds:.1f} s by {data[:300]!r}")
        if taken > MOST_BYTES:
            self.crashes.append(f"{parser.name}: {taken >> 20} MiB by {data[:300]!r}")
