"""The record of a run: everything that its events say, as a `Result`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version

from derelay.chain.contract import Event
from derelay.learn.task import Task
from derelay.local.baselines import Comparison
from derelay.local.cast import Cast
from derelay.local.chronicle import head_file
from derelay.local.gallery import Gallery
from derelay.local.ledger import incomes, total
from derelay.local.measured import MeasuredChain
from derelay.local.narrator import VERDICTS
from derelay.local.result import (
    ChainUse,
    Child,
    GasByCall,
    Grant,
    Head,
    LastHead,
    Participant,
    Result,
    Round,
    Seconds,
    Steps,
)
from derelay.node.stopwatch import Stopwatch
from derelay.rules.minting import COIN
from derelay.rules.phases import Candidate
from derelay.rules.protocol import PROTOCOL_VERSION
from derelay.rules.units import NANO

_TELLING = ("bits_per_character", "perplexity", "accuracy")
"""Metrics that a run may be judged by, the most telling first."""


@dataclass(frozen=True)
class Run:
    """What a run leaves to be recorded."""

    task: Task
    alpha: float
    seed: int
    cast: Cast
    chain: MeasuredChain
    gallery: Gallery
    comparison: Comparison
    stopwatch: Stopwatch


def record(run: Run) -> Result:
    """Return what happened."""
    relay = run.cast.relay
    relay.history.update()
    last = relay.view().head
    metrics = run.gallery.metrics[last.version]
    steps = [node.me.steps for node in run.cast.nodes]
    return Result(
        derelay=version("derelay"),
        protocol=PROTOCOL_VERSION,
        task=run.task.name,
        seed=run.seed,
        alpha=run.alpha,
        metric=next(name for name in _TELLING if name in metrics),
        parameters=relay.parameters,
        participants=tuple(_participants(run, steps)),
        rounds=tuple(_rounds(run)),
        head=LastHead(
            last.id.hex(), last.version, metrics["accuracy"], metrics, head_file(last.version, last.id.hex())
        ),
        baseline=run.comparison.baseline,
        steps=Steps(sum(steps), lineage_steps(run.task, last.version)),
        chain=_chain_use(run),
        seconds=seconds(run.stopwatch),
        heads=tuple(_heads(run)),
        grants=tuple(_grants(run)),
    )


def _participants(run: Run, steps: list[int]) -> Iterable[Participant]:
    relay, events = run.cast.relay, run.cast.relay.history.events
    income = incomes(events, relay.parameters.entry_fee)
    for i, (node, strategy) in enumerate(zip(run.cast.nodes, run.cast.strategies, strict=True)):
        address = node.me.address
        mine = [event for event in events if event.values.get("trainer") == address]
        names = Counter(event.name for event in mine)
        verdicts = Counter(VERDICTS[e.values["verdict"]] for e in mine if e.name == "Judged")
        yield Participant(
            name=run.cast.names[address],
            address=address,
            strategy=strategy,
            income=income[address],
            net=total(income[address]),
            entered=names["Entered"],
            admitted=names["Admitted"],
            passed=verdicts["pass"],
            undecided=verdicts["undecided"],
            failed=verdicts["fail"],
            missing=verdicts["missing"],
            steps=steps[i],
            batons=sum(e.name == "KeyGranted" and e.values["reader"] == address for e in events),
            alone=run.comparison.alone[i],
        )


def _rounds(run: Run) -> Iterable[Round]:
    names = run.cast.names
    relay = run.cast.relay
    head, head_version = relay.rounds.read("head_of", 0), 0
    for number in range(1, relay.view().round.number + 1):
        events = [event for event in relay.history.events if event.values.get("round") == number]
        count = Counter(event.name for event in events)
        children = tuple(_child(event, names) for event in events if event.name == "Judged")
        verdicts = Counter(child.verdict for child in children)
        elected = next((event.values for event in events if event.name == "HeadChanged"), None)
        if elected is not None:
            head, head_version = elected["id"], elected["version"]
        yield Round(
            number=number,
            entered=count["Entered"],
            admitted=count["Admitted"],
            sealed=count["HandedIn"],
            passed=verdicts["pass"],
            undecided=verdicts["undecided"],
            failed=verdicts["fail"],
            missing=verdicts["missing"],
            minted=elected["minted"] / COIN if elected else 0.0,
            head=head.hex(),
            version=head_version,
            accuracy=run.gallery.metrics[head_version]["accuracy"],
            metrics=run.gallery.metrics[head_version],
            gain=elected["gain"] / NANO if elected else 0.0,
            candidate=Candidate(elected["candidate"]).name.lower() if elected else None,
            testers=tuple(names[event.values["tester"]] for event in events if event.name == "Drawn"),
            servers=_servers(run, number),
            children=children,
        )


def _child(event: Event, names: dict[str, str]) -> Child:
    values = event.values
    return Child(
        trainer=names[values["trainer"]],
        id=values["id"].hex() if any(values["id"]) else None,
        verdict=VERDICTS[values["verdict"]],
        gain=values["gain"] / NANO,
        error=values["error"] / NANO,
        forfeited=values["forfeited"],
    )


def _servers(run: Run, number: int) -> dict[str, str]:
    """Return, by trainer, who granted it the head and earns the serving share."""
    names = run.cast.names
    entries = run.cast.relay.entries(number)
    return {names[entry.trainer]: names[entry.server] for entry in entries if entry.server in names}


def _heads(run: Run) -> Iterable[Head]:
    relay = run.cast.relay
    handed_in = relay.history.named("HandedIn")
    elections = {event.values["version"]: event.values for event in relay.history.named("HeadChanged")}
    for number in range(relay.view().head.version + 1):
        id = relay.rounds.read("head_of", number)
        after = elections[number]["round"] if number else 0
        until = elections[number + 1]["round"] if number + 1 in elections else relay.view().round.number
        yield Head(
            id=id.hex(),
            parents=tuple(parent.hex() for parent in run.gallery.manifests[number].parents),
            version=number,
            round=after,
            children=tuple(
                event.values["id"].hex() for event in handed_in if after < event.values["round"] <= until
            ),
        )


def _grants(run: Run) -> Iterable[Grant]:
    """Return all grants; those after a round's end count for that round."""
    names, history = run.cast.names, run.cast.relay.history
    versions = {run.cast.relay.rounds.read("head_of", 0): 0}
    versions |= {event.values["id"]: event.values["version"] for event in history.named("HeadChanged")}
    number = 0
    newest = 0
    for event in history.events:
        if event.name == "PhaseChanged":
            number = event.values["round"]
        elif event.name == "HeadChanged":
            newest = event.values["version"]
        elif event.name == "KeyGranted":
            baton = event.values["baton"]
            is_head = versions.get(baton, newest + 1) <= newest
            yield Grant(
                round=number,
                baton=baton.hex(),
                version=versions[baton] if is_head else newest + 1,
                reader=names[event.values["reader"]],
                granter=names[event.values["granter"]],
                kind="head" if is_head else "child",
            )


def _chain_use(run: Run) -> ChainUse:
    gas: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for function, transaction in run.chain.transactions:
        receipt = run.chain.receipt(transaction)
        gas[function] += receipt.gas_used if receipt else 0
        count[function] += 1
    by_call = {name: GasByCall(count[name], gas[name]) for name, _ in gas.most_common()}
    return ChainUse(sum(count.values()), sum(gas.values()), by_call)


def lineage_steps(task: Task, version: int) -> int:
    """Return the gradient steps that stand behind a head one after the other: a leg for each version."""
    return task.steps * version


def seconds(stopwatch: Stopwatch) -> Seconds:
    """Return where the time went."""
    seconds = stopwatch.seconds
    return Seconds(
        total=sum(seconds.values()),
        training=seconds["training"],
        scoring=seconds["scoring"],
        chain=seconds["chain"],
        baselines=seconds["baselines"],
        other=seconds["other"],
    )
