"""Many participants who play whole rounds of a relay by real transactions, and what these cost.

They train and test nothing: ids, keys and scores are made up. The contracts cannot tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak

from derelay.chain.charter import Charter, create_relay
from derelay.chain.contract import Contract
from derelay.chain.embedded import EmbeddedChain
from derelay.chain.evm import GAS_LIMIT
from derelay.chain.sender import Sender
from derelay.chain.view import View
from derelay.chain.wallet import Wallet
from derelay.node.closer import items
from derelay.node.owner import MAX_READERS
from derelay.rules.parameters import Parameters
from derelay.rules.phases import WINDOWS, Phase
from derelay.rules.score import pack
from derelay.rules.units import NANO
from derelay.rules.verdict import Seat

LIMIT = 10_000_000
"""Gas that no transaction may need; more is not sent along."""
MAX_STEPS = 256
MINUTE = 60
FITTING = "as many as surely fit"
WEALTH = 10**24
URL = "https://relay.example/" + 106 * "x"  # the longest that can be registered


@dataclass(frozen=True)
class Call:
    """A transaction to be sent; its cost is noted under ``kind``, or the function's name."""

    sender: Sender
    function: str
    args: tuple[Any, ...] = ()
    value: int = 0
    to: str = "rounds"
    kind: str = ""


class Crowd:
    """The people of a new relay, whose windows last no longer than they have to.

    Parameters
    ----------
    steps
        Items of a call that works off a step; None for as many as nodes work off.

    Attributes
    ----------
    gas
        What each transaction of a kind cost, in order.
    most
        By phase, the most items that one call worked off, and what it cost.
    """

    def __init__(self, parameters: Parameters, *, steps: int | None = None, decay: int = 9 * 10**17) -> None:
        self.chain = EmbeddedChain()
        self.gas: defaultdict[str, list[int]] = defaultdict(list)
        self.most: dict[Phase, tuple[int, int]] = {}
        self.steps = steps
        self._wallets = 0
        (self.creator,) = self._funded(1)
        self.senders: dict[ChecksumAddress, Sender] = {self.creator.address: self.creator}
        windows = [MINUTE if phase is Phase.TRAIN else 1 for phase in WINDOWS]  # all must be served in it
        quick = replace(parameters, window_seconds=tuple(windows), window_blocks=(1,) * len(WINDOWS))
        charter = Charter("none", bytes(32), keccak(b"genesis"), quick, leave_delay=0, decay=decay)
        self.relay = create_relay(self.creator, charter, self.chain.mine)

    # ---- sending

    def send(self, calls: Iterable[Call]) -> None:
        """Send as many calls as fit into each block, and note what they cost.

        Raises
        ------
        RuntimeError
            If one of them fails.
        """
        waiting: list[tuple[str, bytes]] = []
        for call in list(calls):  # all made before the first changes what they are made from
            contract: Contract = getattr(self.relay, call.to)
            data = contract.encode(call.function, *call.args)
            sent = call.sender.send(contract.address, data, value=call.value, gas=LIMIT)
            waiting.append((call.kind or call.function, sent))
            if len(waiting) == GAS_LIMIT // LIMIT:
                self._mine(waiting)
        self._mine(waiting)

    def _mine(self, waiting: list[tuple[str, bytes]]) -> None:
        self.chain.mine()
        for kind, transaction in waiting:
            receipt = self.chain.receipt(transaction)
            assert receipt is not None
            if not receipt.ok:
                raise RuntimeError(f"{kind} failed: {receipt.reason}")
            self.gas[kind].append(receipt.gas_used)
        waiting.clear()

    # ---- people

    def _funded(self, count: int) -> list[Sender]:
        people = []
        for _ in range(count):
            self._wallets += 1
            people.append(Sender(self.chain, Wallet(keccak(b"wallet %d" % self._wallets))))
            self.chain.fund(people[-1].address, WEALTH)
        self.chain.mine()
        return people

    def join(self, count: int, maintaining: bool = False) -> list[Sender]:
        """Register new participants."""
        people = self._funded(count)
        self.senders |= {each.address: each for each in people}
        bond = self.relay.maintainer_bond if maintaining else self.relay.bond
        keys = [keccak(text=each.address) for each in people]
        self.send(
            Call(each, "register", (key, URL), bond, "registry")
            for each, key in zip(people, keys, strict=True)
        )
        if maintaining:
            self.send(Call(each, "maintain", to="registry") for each in people)
        return people

    # ---- rounds

    def view(self) -> View:
        """Return the relay as it is now."""
        return self.relay.view()

    def play(self, trainers: Sequence[Sender], *, voting: bool = True) -> None:
        """Play the next round, in which all of them enter."""
        self._close()
        self.send(self._enter(trainers))
        self._close()
        self._advance()
        self.send(self._serve())
        self.send(self._commit())
        self._close()
        self.send(self._disclose())
        self._close()
        self._advance()
        self.send(self._hand_in())
        self._close()
        self.send(self._score())
        self._close()
        self.send(self._reveal())
        self._close()
        self._advance()
        if voting:
            self.send(self._vote())
        self._close()
        self._advance()
        self.send(self._hand_over())

    def _close(self) -> None:
        self.chain.advance(MINUTE)
        self.send([Call(self.creator, "close", kind=f"close {self.view().phase.name}")])

    def _advance(self) -> None:
        """Work off the current step: one item, then some of them, then as many as surely fit."""
        phase = self.view().phase
        self.chain.mine()  # the pivot
        self._step(1, f"advance {phase.name}, 1 item")
        count, dearest = self.steps or items(phase, self.view().parameters), 0
        kind = f"{count} items"
        while self.view().phase is phase:
            gas = self._step(count, f"advance {phase.name}, {kind}")
            if self.view().phase is phase:  # they were not fewer
                self.most[phase] = max(self.most.get(phase, (0, 0)), (count, gas))
                dearest = max(dearest, gas // count)
                count, kind = min(MAX_STEPS, LIMIT * 9 // 10 // dearest), FITTING

    def _step(self, items: int, kind: str) -> int:
        self.send([Call(self.creator, "advance", (items,), kind=kind)])
        return self.gas[kind][-1]

    def _made_up(self, who: Sender, what: str) -> bytes:
        return keccak(text=f"{self.view().round.number} {who.address} {what}")

    def _enter(self, trainers: Sequence[Sender]) -> Iterator[Call]:
        for each in trainers:
            secret_hash = self._context(each).to_secret(self._made_up(each, "secret"))
            yield Call(each, "enter", (secret_hash,), sum(self.relay.price_of(each.address)))

    def _context(self, who: Sender) -> Any:
        return self.relay.context(self.view().round.number, who.address)

    def _serve(self) -> Iterator[Call]:
        """Yield the grants of the head by the owners assigned."""
        view = self.view()
        admitted = [entry for entry in view.entries if entry.admitted]
        for owner in view.owners:
            readers = [entry.trainer for entry in admitted if view.server_of(entry) == owner]
            yield from self._grants(self.senders[owner], readers)

    def _grants(self, holder: Sender, readers: Sequence[ChecksumAddress]) -> Iterator[Call]:
        head = self.view().head.id
        for start in range(0, len(readers), MAX_READERS):
            some = readers[start : start + MAX_READERS]
            yield Call(holder, "grant", (head, keccak(head), some, [_key(each) for each in some]))

    def _commit(self) -> Iterator[Call]:
        for entry in self.view().entries:
            if entry.admitted:
                each = self.senders[entry.trainer]
                child, salt = self._made_up(each, "child"), self._made_up(each, "salt")
                commitment = self._context(each).to_child(child, salt)
                yield Call(each, "commit", (commitment,))

    def _disclose(self) -> Iterator[Call]:
        for entry in self.view().entries:
            if entry.child:
                each = self.senders[entry.trainer]
                yield Call(each, "disclose", (self._made_up(each, "secret"),))

    def _hand_in(self) -> Iterator[Call]:
        view = self.view()
        for place, child in enumerate(view.children):
            each = self.senders[view.entries[child.entry].trainer]
            made_up = [self._made_up(each, what) for what in ("child", "content", "salt")]
            yield Call(each, "hand_in", (*made_up, [_key(tester) for tester in view.testers_of(place)]))

    def _words(self, card: int) -> list[int]:
        """Return scores in the order that is most work: the best seat first, the best child last."""
        return [
            pack(Seat(NANO // 20 + 1000 * child - card, NANO // 1000 - card))
            for child in self.view().children_of(card)
        ]

    def _score(self) -> Iterator[Call]:
        for card, drawn in enumerate(self.view().deck):
            each = self.senders[drawn.tester]
            commitment = self._context(each).to_scores(self._words(card), self._made_up(each, "salt"))
            yield Call(each, "score", (commitment,))

    def _reveal(self) -> Iterator[Call]:
        for card, drawn in enumerate(self.view().deck):
            each = self.senders[drawn.tester]
            yield Call(each, "reveal", (self._words(card), self._made_up(each, "salt")))

    def _vote(self) -> Iterator[Call]:
        view = self.view()
        names = [keccak(b"%d %d" % (view.round.number, candidate)) for candidate in (0, 1)]
        for card, drawn in enumerate(view.voters):
            gains = (NANO // 20 - card, NANO // 25 - card, NANO // 50 - card)
            scores = [pack(Seat(gain, NANO // 1000 - card)) for gain in gains]
            yield Call(self.senders[drawn.tester], "vote", (*names, scores))

    def _hand_over(self) -> Iterator[Call]:
        """Yield the grant of a new head to those of its owners who could not make it themselves."""
        view = self.view()
        holders = {who for who in self.senders if self.relay.holds(view.head.id, who)}
        readers = [owner for owner in view.owners if owner not in holders]
        return self._grants(self.senders[min(holders)], readers)


def _key(reader: ChecksumAddress) -> bytes:
    return (keccak(text=reader) * 3)[:80]
