"""The transactions of one wallet, by nonce and by errand, and what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from derelay.chain.chain import Chain, Receipt
from derelay.chain.outbox import Errand, Outbox, Signed


@dataclass(frozen=True)
class Fate:
    """What became of an errand.

    Attributes
    ----------
    is_done
        Whether a transaction of it took effect.
    waits
        Whether one may still do so.
    failures
        Of those that are in a block and failed.
    """

    is_done: bool
    waits: bool
    failures: tuple[Receipt, ...]


class Attempts:
    """What is in an outbox, compared with the chain.

    Of the transactions of a nonce one takes effect, whichever it is. Nothing that the chain says is kept
    before it is final, so what a reorganization undoes waits again.
    """

    def __init__(self, chain: Chain, outbox: Outbox) -> None:
        self._chain = chain
        self._outbox = outbox
        self._of: defaultdict[int, list[Signed]] = defaultdict(list)
        for signed in outbox.signed():
            self._of[signed.nonce].append(signed)
        self._settled = 0  # nonces below it are in blocks that stand

    def add(self, signed: Signed) -> None:
        """Keep a transaction before it is handed in; void ones of its errand, which it repeats, no longer."""
        self._outbox.add(signed)
        if signed.errand is not None and any(map(signed.repeats, chain(*self._of.values()))):
            self._outbox.forget_void(signed.errand)
            for nonce, attempts in self._of.items():
                self._of[nonce] = [each for each in attempts if not signed.repeats(each)]
        self._of[signed.nonce].append(signed)

    def void(self, nonce: int) -> None:
        """Give up the transactions of a nonce."""
        self._outbox.void(nonce)
        self._of[nonce] = [replace(signed, is_void=True) for signed in self._of[nonce]]

    def live(self, nonce: int) -> list[Signed]:
        """Return the transactions of a nonce that are not void."""
        return [signed for signed in self._of.get(nonce, ()) if not signed.is_void]

    def waiting(self) -> Iterator[list[Signed]]:
        """Yield, nonce by nonce, the transactions that are not void while none of them is in a block."""
        final = self._chain.height() - self._chain.reorg_depth
        waits = False
        for nonce in sorted(nonce for nonce in self._of if nonce >= self._settled):
            live = self.live(nonce)
            receipt = self._receipt(live)
            if receipt is not None and receipt.block <= final and not waits:
                self._settled = nonce + 1
            elif live and receipt is None:
                waits = True
                yield live

    def outcome(self, transaction: bytes) -> Receipt | None:
        """Return what became of a transaction, or of what replaced it; None while it waits."""
        for attempts in self._of.values():
            if any(signed.hash == transaction for signed in attempts):
                return self._receipt(attempts)
        return self._chain.receipt(transaction)

    def fate(self, errand: Errand) -> Fate:
        """Return what became of the transactions of an errand."""
        done, waits, failures = False, False, []
        for attempts in self._of.values():
            mine = [signed for signed in attempts if signed.errand == errand]
            receipt = self._receipt(mine)
            if receipt is None:
                waits |= any(not signed.is_void or self._chain.knows(signed.hash) for signed in mine)
            elif receipt.ok:
                done = True
            else:
                failures.append(receipt)
        return Fate(done, waits, tuple(failures))

    def forget(self, before: int) -> None:
        """Forget the errands of rounds before a round, except what may still take effect, or be undone."""
        past = {
            nonce
            for nonce, attempts in self._of.items()
            if all(each.errand is None or each.errand.round < before for each in attempts)
            and (nonce < self._settled or not self.live(nonce))
        }
        self._outbox.forget(past)
        for nonce in past:
            del self._of[nonce]

    def _receipt(self, attempts: Sequence[Signed]) -> Receipt | None:
        receipts = (self._chain.receipt(signed.hash) for signed in reversed(attempts))
        return next((receipt for receipt in receipts if receipt is not None), None)
