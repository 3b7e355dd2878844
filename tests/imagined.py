"""A result as a run could have left it, for what shows results; nothing in it was measured."""

import hashlib
from random import Random

import pytest

from derelay.local.names import NAMES
from derelay.local.result import (
    ROLES,
    Baseline,
    ChainUse,
    Child,
    GasByCall,
    Grant,
    Head,
    LastHead,
    Money,
    Participant,
    Result,
    Round,
    Seconds,
    Steps,
)
from derelay.rules.parameters import OPEN

STRATEGIES = ["honest"] * 10 + ["free-rider", "poisoner"]
ROUNDS = 16
STAYS = 14
"""The round that finds nothing better."""
CALLS = {"enter": 96, "reveal": 80, "grant": 300, "commit": 90, "seal": 84, "close": 160, "vote": 70}


def digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


class Imagined:
    """Rounds, heads and grants that fit together."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.names = NAMES[: len(STRATEGIES)]
        self.heads = [Head(digest("genesis"), (), 0, 0, ())]
        self.owners = [self.names[0]]
        self.rounds: list[Round] = []
        self.grants: list[Grant] = []
        self.accuracy = 0.1

    def child(self, number: int, name: str) -> Child:
        strategy = STRATEGIES[self.names.index(name)]
        gain = {"honest": 0.12, "free-rider": 0.0, "poisoner": -0.2}[strategy] / number**0.7
        gain = self.random.gauss(gain, 0.004)
        verdict = "pass" if gain > 0.02 else "undecided" if gain > 0.002 else "fail"
        if strategy == "honest" and self.random.random() < 0.03:
            return Child(name, None, "missing", 0.0, 0.0, OPEN.price)
        forfeited = OPEN.price if verdict == "fail" else 0
        return Child(name, digest(number, name), verdict, gain, 0.004, forfeited)

    def grant(self, number: int, baton: str, reader: str, granter: str, kind: str) -> None:
        version = self.heads[-1].version + (kind == "child")
        self.grants.append(Grant(number, baton, version, reader, granter, kind))

    def play(self, number: int) -> None:
        trainers = self.random.sample(self.names, self.random.randint(5, 7))
        testers = [name for name in self.names if name not in trainers]
        base = self.heads[-1]
        servers = {trainer: self.random.choice(self.owners) for trainer in trainers}
        children = tuple(self.child(number, trainer) for trainer in trainers)
        for trainer, server in servers.items():
            self.grant(number, base.id, trainer, server, "head")
        for child in children:
            if child.id:
                for tester in testers[:5]:
                    self.grant(number, child.id, tester, child.trainer, "child")
        pooled = [child for child in children if child.verdict in ("pass", "undecided")]
        stays = number == STAYS
        if not stays:
            self.accuracy += 0.45 * (0.955 - self.accuracy)
            parents = tuple(child.id for child in pooled if child.id)
            self.heads.append(Head(digest("head", number), parents, base.version + 1, number, ()))
            self.owners = [child.trainer for child in pooled]
            for owner in self.owners:
                self.grant(number, self.heads[-1].id, owner, testers[0], "head")
        self.rounds.append(self.told(number, children, testers, servers, stays))

    def told(self, number, children, testers, servers, stays) -> Round:
        verdicts = [child.verdict for child in children]
        return Round(
            number=number,
            entered=len(children),
            admitted=len(children),
            sealed=len(children) - verdicts.count("missing"),
            passed=verdicts.count("pass"),
            undecided=verdicts.count("undecided"),
            failed=verdicts.count("fail"),
            missing=verdicts.count("missing"),
            minted=0.0 if stays else min(1.0, 2 / number),
            head=self.heads[-1].id,
            version=self.heads[-1].version,
            accuracy=self.accuracy,
            metrics={"accuracy": self.accuracy},
            gain=0.0 if stays else 0.1 / number,
            candidate=None if stays else self.random.choice(["pooled", "pooled", "passed", "best"]),
            testers=tuple(testers),
            servers=servers,
            children=children,
        )

    def person(self, index: int) -> Participant:
        name, strategy = self.names[index], STRATEGIES[index]
        honest = strategy == "honest"
        children = [child for each in self.rounds for child in each.children if child.trainer == name]
        verdicts = [child.verdict for child in children]
        training = -sum(child.forfeited for child in children) - len(children) * OPEN.price // 10
        native = {
            "training": training,
            "serving": OPEN.price // 5 * honest,
            "testing": OPEN.price * len(children) // 4,
            "closing": OPEN.price * index // 40,
            "royalties": OPEN.price * honest,
        }
        coins = {
            "training": 0.2 * verdicts.count("pass"),
            "serving": 0.11 * honest,
            "royalties": 0.3 * honest,
        }
        return Participant(
            name=name,
            address="0x" + digest(name)[:40],
            strategy=strategy,
            income={role: Money(coins.get(role, 0.0), native[role]) for role in ROLES},
            net=Money(sum(coins.values()), sum(native.values())),
            entered=len(children),
            admitted=len(children),
            passed=verdicts.count("pass"),
            undecided=verdicts.count("undecided"),
            failed=verdicts.count("fail"),
            missing=verdicts.count("missing"),
            steps=0 if strategy == "free-rider" else 40 * len(children),
            batons=sum(grant.reader == name for grant in self.grants),
            alone=None if strategy == "free-rider" else 0.5 + 0.02 * index,
        )


@pytest.fixture(scope="session")
def imagined() -> Result:
    story = Imagined(7)
    for number in range(1, ROUNDS + 1):
        story.play(number)
    people = tuple(story.person(index) for index in range(len(STRATEGIES)))
    head = story.heads[-1]
    baselines = {"alone_mean": 0.62, "centralized": 0.975, "centralized_lineage_steps": 0.962}
    gas = {name: GasByCall(count, count * (40_000 + 9_000 * len(name))) for name, count in CALLS.items()}
    return Result(
        derelay="0.1.0",
        protocol=1,
        task="digits",
        seed=7,
        alpha=0.3,
        metric="accuracy",
        parameters=OPEN,
        participants=people,
        rounds=tuple(story.rounds),
        head=LastHead(head.id, head.version, story.accuracy, {"accuracy": story.accuracy}, None),
        baseline=Baseline(
            **baselines, metrics={name: {"accuracy": value} for name, value in baselines.items()}
        ),
        steps=Steps(sum(person.steps for person in people), 40 * head.version),
        chain=ChainUse(sum(CALLS.values()), sum(use.gas for use in gas.values()), gas),
        seconds=Seconds(70.0, 15.0, 5.0, 15.0, 25.0, 10.0),
        heads=tuple(story.heads),
        grants=tuple(story.grants),
    )
