"""The events of a relay, read once and kept in order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from eth_typing import ChecksumAddress

from derelay.chain.chain import Chain, Log, UnreadableError
from derelay.chain.contract import Contract, Event
from derelay.rules.phases import Candidate, Phase
from derelay.rules.verdict import Verdict

_CHOICES = {"verdict": {0, *Verdict}, "candidate": {*Candidate}, "phase": {*Phase}}
"""What values of events can be that count something out; a verdict of zero is none."""


@dataclass(frozen=True)
class Grant:
    """A key granted: to whom, by whom, for which baton, and which sealed blob it opens."""

    baton: bytes
    reader: ChecksumAddress
    granter: ChecksumAddress
    content: bytes
    key: bytes
    block: int


class History:
    """All events since the relay's creation, and the grants among them by reader.

    `update` reads the blocks that are new, and once more those that may still be replaced. Where these hold
    something else than before, what was read from them is forgotten: the chain replaced them, or the node
    did not have all their events yet.

    Attributes
    ----------
    events : list[Event]
        In order.
    rewinds : int
        How many times something was forgotten.
    """

    def __init__(self, chain: Chain, contracts: Sequence[Contract], from_block: int = 0) -> None:
        self._chain = chain
        self._contracts = {contract.address: contract for contract in contracts}
        self._beginning = from_block - 1, b""
        self._final: tuple[int, bytes] = self._beginning  # up to here nothing is read again
        self._young: list[Log] = []  # after it
        self._newest: tuple[int, bytes] | None = None
        self._counts: Counter[ChecksumAddress] = Counter()
        self.rewinds = 0
        self._clear()

    def update(self) -> None:
        """Read the blocks that are new."""
        height = self._chain.height()
        newest = height, self._chain.block_hash(height)
        if newest == self._newest:
            return
        if self._newest is not None and not self._stands(self._newest, height):
            if not self._stands(self._final, height):
                self._final = self._beginning
            self._forget_young()
        settled = height - self._chain.reorg_depth
        final = self._final if settled <= self._final[0] else (settled, self._chain.block_hash(settled))
        logs = self._chain.logs(list(self._contracts), self._final[0] + 1, height)
        if logs[: len(self._young)] != self._young:
            self._forget_young()
        new = logs[len(self._young) :]
        events = [self._read(log) for log in new]  # all are read, or none is taken
        self._counts.update(log.address for log in new)
        for event in events:
            if event is not None:
                self._take(event)
        self._young = [log for log in logs if log.block > final[0]]
        self._final, self._newest = final, newest

    def count(self, contract: ChecksumAddress) -> int:
        """Return a number that rises with each event of a contract, and whenever something is forgotten.

        As long as it stays, so does what the contract's views say.
        """
        self.update()
        return self._counts[contract]

    def grants(self, baton: bytes, reader: ChecksumAddress) -> list[Grant]:
        """Return the keys of a baton that were granted to a reader, the latest first."""
        self.update()
        return self._grants[baton, reader][::-1]

    def readers(self, baton: bytes) -> list[ChecksumAddress]:
        """Return who was granted a baton's key, in order."""
        self.update()
        return self._readers[baton]

    def makers(self, baton: bytes) -> list[ChecksumAddress]:
        """Return who made a baton, in order: its trainer, or the voters who computed it."""
        self.update()
        return self._makers[baton]

    def has(self, baton: bytes, who: ChecksumAddress) -> bool:
        """Return whether someone was granted a baton's key, or made the baton."""
        return who in self.readers(baton) or who in self.makers(baton)

    def is_wanted(self, baton: bytes, reader: ChecksumAddress) -> bool:
        """Return whether a reader has asked for a baton's key since it was last granted."""
        granted = self.grants(baton, reader)
        return self._wanted.get((baton, reader), -1) > (granted[0].block if granted else -1)

    def verdicts(self, trainer: ChecksumAddress) -> list[tuple[int, Verdict]]:
        """Return the verdicts on a trainer's children, each with its round, in order."""
        self.update()
        return self._verdicts[trainer]

    def named(self, *names: str) -> list[Event]:
        """Return the events of these names, in order."""
        self.update()
        return [event for event in self.events if event.name in names]

    def _read(self, log: Log) -> Event | None:
        event = self._contracts[log.address].event(log)
        for name, choices in _CHOICES.items():
            if event is not None and event.values.get(name, 0) not in choices:
                raise UnreadableError(
                    f"{event.name} of block {log.block}: there is no {name} {event.values[name]}; "
                    "name another endpoint"
                )
        return event

    def _clear(self) -> None:
        self.events: list[Event] = []
        self._grants: defaultdict[tuple[bytes, ChecksumAddress], list[Grant]] = defaultdict(list)
        self._readers: defaultdict[bytes, list[ChecksumAddress]] = defaultdict(list)
        self._makers: defaultdict[bytes, list[ChecksumAddress]] = defaultdict(list)
        self._verdicts: defaultdict[ChecksumAddress, list[tuple[int, Verdict]]] = defaultdict(list)
        self._wanted: dict[tuple[bytes, ChecksumAddress], int] = {}

    def _forget_young(self) -> None:
        kept = [event for event in self.events if event.block <= self._final[0]]
        self._clear()
        for event in kept:
            self._take(event)
        self._young = []
        self._counts.update(list(self._contracts))
        self.rewinds += 1

    def _stands(self, block: tuple[int, bytes], height: int) -> bool:
        number, known = block
        return block == self._beginning or (number <= height and self._chain.block_hash(number) == known)

    def _take(self, event: Event) -> None:
        self.events.append(event)
        values = event.values
        if event.name == "KeyGranted":
            grant = Grant(**values, block=event.block)
            self._grants[grant.baton, grant.reader].append(grant)
            self._readers[grant.baton].append(grant.reader)
        elif event.name == "KeyWanted":
            self._wanted[values["baton"], values["reader"]] = event.block
        elif event.name == "HandedIn":
            self._makers[values["id"]].append(values["trainer"])
        elif event.name == "Voted":
            for baton in {values["pool"], values["passed"]}:
                self._makers[baton].append(values["voter"])
        elif event.name == "Judged" and values["verdict"]:
            verdict = (values["round"], Verdict(values["verdict"]))
            self._verdicts[values["trainer"]].append(verdict)
        elif event.name == "Created":
            self._makers[values["genesis"]].append(values["creator"])
