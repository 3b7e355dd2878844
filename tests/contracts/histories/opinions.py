"""What testers think of a child, and voters of a candidate: mostly the same, near what decides."""

from __future__ import annotations

from random import Random

from derelay.rules.parameters import Parameters
from derelay.rules.score import UNAVAILABLE, pack
from derelay.rules.verdict import Seat

GOOD = 10**8
LEAST, MOST = -(2**127), 2**127 - 1
"""The ends of what a score holds; of its error, 2**128 - 2."""


class Opinions:
    """Each child and each candidate has a quality of its own; those who measure it differ a little."""

    def __init__(self, random: Random, rule: Parameters) -> None:
        self.random, self.rule = random, rule
        self.all_good = False
        self._qualities: dict[tuple[str, int, int], tuple[str, Seat]] = {}

    def of(self, child: tuple[int, int]) -> int:
        """Return a tester's score of a child, by round and place."""
        return self._word("child", child, self.rule.g_min, self.rule.z_fail)

    def of_candidate(self, candidate: tuple[int, int]) -> int:
        """Return a voter's score of a candidate, by round and slot."""
        return self._word("candidate", candidate, self.rule.g_head, self.rule.z_pass)

    def _word(self, what: str, which: tuple[int, int], threshold: int, z_milli: int) -> int:
        random = self.random
        if self.all_good:
            return pack(Seat(min(threshold + GOOD, MOST), 0))
        if (what, *which) not in self._qualities:
            self._qualities[what, *which] = self._quality(threshold, z_milli)
        kind, seat = self._qualities[what, *which]
        if kind == "missing" or random.random() < 0.03:
            return UNAVAILABLE
        if random.random() < 0.05:
            seat = self._quality(threshold, z_milli)[1]
        if kind == "spread":
            spread = abs(seat.gain) // 3 + 2
            seat = Seat(seat.gain + random.randint(-spread, spread), random.randint(0, seat.se))
        return pack(Seat(max(LEAST, min(MOST, seat.gain)), seat.se))

    def _quality(self, threshold: int, z_milli: int) -> tuple[str, Seat]:
        random = self.random
        threshold = min(threshold, 10**13)
        large = random.choice([10**6, 10**7, 10**8, 10**13])
        return random.choice(
            [
                ("same", Seat(threshold + random.choice([-1, 0, 1]), 0)),
                ("same", Seat(threshold + z_milli + random.choice([-1, 0, 1]), 1000)),
                ("spread", Seat(threshold + large, large // 100)),
                ("spread", Seat(threshold + large, large // 100)),
                ("spread", Seat(threshold - large, large // 100)),
                ("spread", Seat(threshold + large // 10, large)),
                ("spread", Seat(threshold + large // 10, 10**3)),
                ("same", Seat(random.choice([LEAST, MOST, 0]), random.choice([0, 2**128 - 2]))),
                ("missing", Seat(0, 0)),
            ]
        )
