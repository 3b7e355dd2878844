"""What happened on a relay: its rounds, the children in them, the chain of heads, the keys granted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Child:
    """What a trainer handed in, or failed to.

    Attributes
    ----------
    id
        None if it handed in nothing.
    verdict
        "pass", "undecided", "fail" or "missing".
    gain, error
        Robust mean over its testers, and its standard error.
    forfeited
        Wei of the deposit that were not returned.
    """

    trainer: str
    id: str | None
    verdict: str
    gain: float
    error: float
    forfeited: int


@dataclass(frozen=True)
class Round:
    """One round.

    Attributes
    ----------
    entered, admitted, sealed, passed, undecided, failed, missing
        Counts of entries and of children.
    minted
        Coins.
    head, version, accuracy, metrics
        The head at the end of the round, new or not, on the public test cases.
    gain
        Of the new head over the old one; 0 if the old one stays.
    candidate
        "pooled", "passed" or "best"; None if the old head stays.
    testers
        Who was drawn.
    servers
        By trainer: the owner who granted it the head.
    """

    number: int
    entered: int
    admitted: int
    sealed: int
    passed: int
    undecided: int
    failed: int
    missing: int
    minted: float
    head: str
    version: int
    accuracy: float
    metrics: dict[str, float]
    gain: float
    candidate: str | None
    testers: tuple[str, ...]
    servers: dict[str, str]
    children: tuple[Child, ...]


@dataclass(frozen=True)
class Head:
    """A baton that is or was the head.

    Attributes
    ----------
    parents
        What it was made from: none at genesis, the children averaged into it, or the head before it if it is
        itself a child.
    round
        The round that elected it; 0 at genesis.
    children
        The batons that were trained from it.
    """

    id: str
    parents: tuple[str, ...]
    version: int
    round: int
    children: tuple[str, ...]

    @property
    def file(self) -> str:
        """Where the baton lies in the report's directory."""
        return head_file(self.version, self.id)


@dataclass(frozen=True)
class LastHead:
    """The head at the end; ``file`` is its place in the report's directory, if there is one."""

    id: str
    version: int
    accuracy: float
    metrics: dict[str, float]
    file: str | None


@dataclass(frozen=True)
class Grant:
    """A key granted: ``granter`` lets ``reader`` read a baton; ``kind`` is "head" or "child"."""

    round: int
    baton: str
    version: int
    reader: str
    granter: str
    kind: str


def head_file(version: int, id: str) -> str:
    """Return where a head lies in a report's directory."""
    return f"heads/v{version:03d}-{id[:12]}.safetensors"
