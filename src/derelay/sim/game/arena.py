"""Many games, on as many cores as one likes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from derelay.sim.game.game import Game, Score

Watch = Callable[[int, int], None]
"""Told how many games are over, of how many."""


def play_all(games: Iterable[Game], jobs: int = 1, watch: Watch | None = None) -> dict[Game, Score]:
    """Play games, each once however often it is asked for.

    Parameters
    ----------
    jobs
        Processes. The result does not depend on it.

    Raises
    ------
    derelay.rules.parameters.ParameterError
        If a relay could not work under a game's parameters.
    """
    wanted = list(dict.fromkeys(games))
    for parameters in dict.fromkeys(game.setting.parameters for game in wanted):
        parameters.check()
    scores = {}
    for done, (game, score) in enumerate(_played(wanted, jobs), 1):
        scores[game] = score
        if watch is not None:
            watch(done, len(wanted))
    return {game: scores[game] for game in wanted}


def _played(games: list[Game], jobs: int) -> Iterator[tuple[Game, Score]]:
    if jobs == 1 or len(games) < 2:
        yield from ((game, game.play()) for game in games)
        return
    # Longest first, so that no process is left alone with a long one at the end.
    games = sorted(games, key=lambda game: -len(game.strategies) * game.rounds)
    with ProcessPoolExecutor(min(jobs, len(games)), get_context("spawn"), _ignore_interrupts) as pool:
        playing = {pool.submit(Game.play, game): game for game in games}
        try:
            for future in as_completed(playing):
                yield playing[future], future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the parent, which ends its processes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
