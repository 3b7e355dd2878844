"""Measure what each default number of the rules does: everything else as it is, one number changed.

Twelve simulated participants play 40 rounds on the compiled contracts (``derelay simulate game``); for each
row all are honest, and one or a third of them are not. Amounts are in prices a participant and round, in the
economy ``learning``, unless the column says otherwise.

- honest: what an honest participant earns, all being honest; income: the same in the economy ``income``;
- learned: share of all that can be learned; coins: minted in all; gini: of coins in the end;
- taker, vanishing, keeper, lazy: what one of them gains by it;
- bribed, colluder: what each of a third who act together gains by it.

``python benchmarks/defaults.py --table`` prints Markdown, without ``--table`` one JSON line a row.
A row takes half a minute on one core; ``--rows`` takes some of them, by their first word;
``--agents`` and ``--rounds`` play other relays.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from statistics import mean
from typing import Any

from derelay.rules.parameters import DECAY_ONE, OPEN, Parameters
from derelay.rules.units import NANO
from derelay.sim.game.arena import play_all
from derelay.sim.game.deviation import Deviation
from derelay.sim.game.economies import economy
from derelay.sim.game.interval import interval
from derelay.sim.game.lineup import honest
from derelay.sim.oracle import Oracle
from derelay.sim.relay import Setting, play

ALONE = ("taker", "vanishing", "keeper", "lazy")
TOGETHER = ("bribed", "colluder")


def settings(oracle: Oracle) -> Iterator[tuple[str, Setting]]:
    """Yield the rows: a name, and what is played."""
    chosen = Setting(oracle=oracle)

    def changed(**parameters: Any) -> Setting:
        rules: Parameters = replace(OPEN, **parameters)
        return replace(chosen, parameters=rules)

    yield "chosen", chosen
    for g_ref in (20, 5):
        yield f"g_ref 1/{g_ref} nat", changed(g_ref=NANO // g_ref)
    for z in (0, 1, 5):
        yield f"z_mint {z}", changed(z_mint=1000 * z)
    for share in (0, 50, 100):
        yield f"undecided_share {share} %", changed(undecided_share=100 * share)
    for share in (50, 100):
        yield f"burned_share {share} %", changed(burned_share=100 * share)
    for trainers, servers in ((30, 10), (60, 30)):
        shares = {"trainers_share": 100 * trainers, "servers_share": 100 * servers}
        yield f"shares {trainers}/{servers}/{100 - trainers - servers}", changed(**shares)
    for decay in (50, 99):
        yield f"decay 0.{decay}", replace(chosen, decay=decay * DECAY_ONE // 100)
    for seats in (3, 6, 7):
        yield f"seats {seats}", changed(seats=seats)
    yield "voters 5", changed(voters=5)
    for slash in (0, 8):
        yield f"slash {slash}", changed(slash=slash * OPEN.price)
    for fee in (5, 20):
        yield f"seat_fee {fee / 1000:g}", changed(seat_fee=fee * OPEN.price // 1000)
    for size in (1, 4):
        yield f"pool_size {size}", changed(pool_size=size)
    for trim in (0, 4000):
        yield f"trim {trim // 100} %", changed(trim=trim)
    for cap in (2, 32):
        yield f"versions_cap {cap}", changed(versions_cap=cap)


def measured(
    name: str, setting: Setting, agents: int, rounds: int, seeds: tuple[int, ...], jobs: int
) -> dict[str, Any]:
    """Play and value one row."""
    nats = setting.oracle.learnable
    members = dict.fromkeys(ALONE, 1) | dict.fromkeys(TOGETHER, agents // 3)
    deviations = {
        strategy: Deviation(setting, strategy, agents, count, rounds, seeds)
        for strategy, count in members.items()
    }
    scores = play_all([game for each in deviations.values() for game in each.games()], jobs)
    row: dict[str, Any] = {"row": name, "seeds": len(seeds)}
    for kind in ("learning", "income"):
        effect = deviations["taker"].measure(scores, economy(kind, nats))
        row["honest" if kind == "learning" else kind] = round(
            float((effect.honest - effect.change).mean()), 3
        )
    row["learned"] = round(float((effect.learned - effect.learned_change).mean()), 3)
    lasts = [play(setting, honest(agents), rounds, seed).rounds[-1] for seed in seeds]
    row["coins"] = round(mean(last.supply for last in lasts), 2)
    row["gini"] = round(mean(last.gini for last in lasts), 2)
    for strategy, deviation in deviations.items():
        gain = interval(deviation.measure(scores, economy("learning", nats)).gain)
        row[strategy] = [round(gain.mean, 3), round((gain.high - gain.low) / 2, 3)]
    return row


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--task", default="digits", choices=["digits", "text"])
    parser.add_argument("--agents", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--rows", nargs="+", help="chosen g_ref …")
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    seeds = tuple(range(1, arguments.seeds + 1))
    header = ""
    for name, setting in settings(Oracle.of(arguments.task)):
        if arguments.rows and name.split()[0] not in arguments.rows:
            continue
        row = measured(name, setting, arguments.agents, arguments.rounds, seeds, arguments.jobs)
        if not arguments.table:
            print(json.dumps({"task": arguments.task, **row}), flush=True)
            continue
        del row["seeds"]
        if not header:
            header = "| " + " | ".join(row) + " |\n" + "|---" * len(row) + "|"
            print(header)
        cells = [
            f"{cell[0]:+.3f} ± {cell[1]:.3f}" if isinstance(cell, list) else str(cell)
            for cell in row.values()
        ]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
