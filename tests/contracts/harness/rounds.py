"""One round, played phase by phase; who takes part in each phase is the caller's choice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from eth_typing import ChecksumAddress
from eth_utils import keccak

from derelay.chain.contract import Event
from derelay.rules import draw
from derelay.rules.phases import Candidate, Phase
from derelay.rules.pool import members
from derelay.rules.score import pack
from derelay.rules.units import NANO
from derelay.rules.verdict import Seat, Verdict
from harness.relay import Relay

KEY = b"k" * 80
GOOD = Seat(NANO // 50, NANO // 1000)
BAD = Seat(-NANO // 50, NANO // 1000)
UNSURE = Seat(NANO // 200, NANO // 50)


class Round:
    """The next round of a relay, open to enter.

    Everyone is honest unless a phase is told otherwise: each tester measures the same gain of a
    child, `gains` by trainer.
    """

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        relay.close()
        assert relay.phase is Phase.ENTER
        self.number = relay.round.number
        self.base = relay.head.id
        self.trainers: list[ChecksumAddress] = []
        self.gains: dict[ChecksumAddress, Seat | None] = {}

    def secret(self, who: str, what: str) -> bytes:
        """Return 32 bytes that only `who` knows."""
        return keccak(text=f"{self.number} {who} {what}")

    def child(self, who: str) -> bytes:
        """Return the id of the child of `who`."""
        return self.secret(who, "child")

    def enter(self, trainers: Sequence[ChecksumAddress], steps: int = 256) -> None:
        """Let these enter, close, and admit; `trainers` are then those admitted, in order."""
        for who in trainers:
            self.relay.enter(who, self.secret(who, "secret"))
        self.relay.close()
        if self.relay.phase is Phase.ADMIT:
            self.relay.advance(steps)
        self.trainers = [entry.trainer for entry in self.relay.entries() if entry.admitted]

    def server_of(self, trainer: ChecksumAddress) -> ChecksumAddress:
        """Return the owner assigned to a trainer."""
        entry = next(entry for entry in self.relay.entries() if entry.trainer == trainer)
        server = draw.server(self.relay.owners, self.relay.round.server_offset, entry.admitted)
        return server  # type: ignore[return-value]

    def grant(self, readers: Sequence[ChecksumAddress] | None = None) -> None:
        """Let the assigned owners grant the head."""
        for reader in self.trainers if readers is None else readers:
            args = (self.base, self.secret("head", "content"), [reader], [KEY])
            self.relay.send(self.server_of(reader), "grant", *args)

    def commit(
        self,
        trainers: Sequence[ChecksumAddress] | None = None,
        steps: int = 256,
        disclose: Sequence[ChecksumAddress] | None = None,
    ) -> None:
        """Let these commit to their children, and those of `disclose` open their secrets; draw."""
        committing = self.trainers if trainers is None else trainers
        for who in committing:
            commitment = self.relay.context(who).to_child(self.child(who), self.secret(who, "salt"))
            self.relay.send(who, "commit", commitment)
        self.relay.close()
        if self.relay.phase is Phase.DISCLOSE:
            self.disclose(committing if disclose is None else disclose, steps)

    def disclose(self, trainers: Sequence[ChecksumAddress], steps: int = 256) -> None:
        """Let these open their secrets, close, and draw."""
        for who in trainers:
            self.relay.send(who, "disclose", self.secret(who, "secret"))
        self.relay.close()
        if self.relay.phase is Phase.DRAW:
            self.relay.advance(steps)

    def hand_in(self, trainers: Collection[ChecksumAddress] | None = None) -> None:
        """Let these hand in, and close."""
        for child in self.relay.children():
            who = self.relay.entries()[child.entry].trainer
            if trainers is None or who in trainers:
                keys = [KEY] * self.relay.round.seats
                content, salt = self.secret(who, "content"), self.secret(who, "salt")
                self.relay.send(who, "hand_in", self.child(who), content, salt, keys)
        self.relay.close()

    @property
    def testers(self) -> list[ChecksumAddress]:
        """The deck."""
        return [card.tester for card in self.relay.deck()]

    def words_of(self, tester: ChecksumAddress, say: Mapping[str, Seat | None] | None = None) -> list[int]:
        """Return what a tester says of its children, by trainer: `say`, else `gains`, else `GOOD`."""
        state, children, entries = self.relay.round, self.relay.children(), self.relay.entries()
        words = []
        card = self.testers.index(tester)
        for child, _ in draw.seats_of(card, state.children, state.seats, state.deck):
            trainer = entries[children[child].entry].trainer
            seat = self.gains.get(trainer, GOOD) if children[child].is_handed_in else None
            words.append(pack((say or {}).get(trainer, seat)))
        return words

    def score(
        self,
        testers: Collection[ChecksumAddress] | None = None,
        reveal: Collection[ChecksumAddress] | None = None,
        lies: Mapping[str, Mapping[str, Seat | None]] | None = None,
        steps: int = 256,
    ) -> None:
        """Let these testers score, those of `reveal` reveal, and judge."""
        scoring = [each for each in self.testers if testers is None or each in testers]
        words = {who: self.words_of(who, (lies or {}).get(who)) for who in scoring}
        for who in scoring:
            commitment = self.relay.context(who).to_scores(words[who], self.secret(who, "scores"))
            self.relay.send(who, "score", commitment)
        self.relay.close()
        for who in scoring:
            if reveal is None or who in reveal:
                self.relay.send(who, "reveal", words[who], self.secret(who, "scores"))
        self.relay.close()
        self.relay.advance(steps)

    def names(self) -> tuple[bytes, bytes]:
        """Return the ids of the pool's averages, as every voter computes them."""
        children = self.relay.children()
        passed = [children[i].verdict == Verdict.PASS for i in self.relay.pool]
        names = []
        for candidate in (Candidate.POOLED, Candidate.PASSED):
            ids = [children[i].id for i in members(candidate, self.relay.pool, passed)]
            names.append(ids[0] if len(ids) == 1 else keccak(b"".join(sorted(ids))) if ids else bytes(32))
        return names[0], names[1]

    def vote(
        self,
        voters: Collection[ChecksumAddress] | None = None,
        ballot: Callable[[ChecksumAddress], tuple[bytes, bytes, list[int]]] | None = None,
        steps: int = 256,
    ) -> list[Event]:
        """Let these vote, close, and settle; return all events from the close on."""
        pooled, passed = self.names()
        if self.relay.phase is Phase.POOL:
            for who in self.testers[: self.relay.parameters.voters]:
                if voters is None or who in voters:
                    default = (
                        pooled,
                        passed,
                        [pack(GOOD), pack(GOOD if any(passed) else None), pack(UNSURE)],
                    )
                    pool_id, passed_id, scores = ballot(who) if ballot else default
                    self.relay.send(who, "vote", pool_id, passed_id, scores)
            self.relay.close()
        first = len(self.relay.events)
        self.relay.advance(steps)
        assert self.relay.phase is Phase.REST
        self._hand_over()
        return self.relay.events[first:]

    def _hand_over(self) -> None:
        """Let a holder of the new head grant it to its owners who cannot make it themselves."""
        head = self.relay.head.id
        holding = {who: self.relay.rounds.read("holds", head, who) for who in self.relay.people}
        readers = [who for who in self.relay.owners if not holding[who]]
        if head != self.base and readers:
            holder = next(who for who, holds in holding.items() if holds)
            keys = [KEY] * len(readers)
            self.relay.send(holder, "grant", head, self.secret("head", "content"), readers, keys)

    def play(self, trainers: Sequence[ChecksumAddress]) -> None:
        """Play the whole round honestly."""
        self.enter(trainers)
        self.grant()
        self.commit()
        self.hand_in()
        self.score()
        self.vote()
