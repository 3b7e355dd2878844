"""One way to send: a wallet's transactions on a chain, each of which takes effect once, whatever happens."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from eth_abi.abi import encode
from eth_typing import ABI, ChecksumAddress
from eth_utils.abi import filter_abi_by_type, get_abi_input_types
from web3.types import Nonce
from web3.utils import get_create_address

from derelay.chain import gas_price
from derelay.chain.attempts import Attempts, Fate
from derelay.chain.chain import Chain, ChainError, Receipt
from derelay.chain.outbox import Errand, Outbox, Signed
from derelay.chain.rpc_errors import UnreachableError
from derelay.chain.wallet import Wallet

STUCK_BLOCKS, STUCK_SECONDS = 6, 30
"""How long the next transaction of a wallet waits until it is replaced by one that offers more."""

log = logging.getLogger(__name__)


class Sender:
    """Signs the transactions of one wallet, hands them in, and sees to them until they are in a block.

    A transaction is in the outbox before it is handed in, so that after any death the same one is handed in
    again. Nonces are explicit, so several can wait for one block. A sender is the only one that sends for its
    wallet.

    Parameters
    ----------
    outbox : Outbox, optional
        What was signed before, and where to keep what will be; by default nothing outlives the process.
    """

    def __init__(self, chain: Chain, wallet: Wallet, outbox: Outbox | None = None) -> None:
        self.chain = chain
        self.wallet = wallet
        self._attempts = Attempts(chain, outbox or Outbox())

    @property
    def address(self) -> ChecksumAddress:
        """The wallet's."""
        return self.wallet.address

    @property
    def nonce(self) -> int:
        """Of the next transaction: the first that is free on chain and in the outbox."""
        nonce = self.chain.nonce(self.address)
        while self._attempts.live(nonce):
            nonce += 1
        return nonce

    def send(
        self,
        to: ChecksumAddress | None,
        data: bytes = b"",
        *,
        value: int = 0,
        gas: int,
        errand: Errand | None = None,
    ) -> bytes:
        """Sign a call and hand it in.

        Parameters
        ----------
        to : ChecksumAddress or None
            The callee; None creates a contract with `data` as its init code.
        data : bytes
            Selector and encoded arguments.
        value : int
            Native currency sent along, in wei.
        gas : int
            Limit. What is not used is not paid, but must be affordable.
        errand : Errand, optional
            What it is for: see `fate`.

        Returns
        -------
        bytes
            Hash of the transaction, which takes effect in one of the next blocks: see `outcome`.

        Raises
        ------
        UnreachableError
            Nobody answered, and whether it arrived is unknown: `tend` hands it in again.
        ChainError
            The chain refused it; nothing was sent and no nonce is used up.
        """
        call = {
            "chainId": self.chain.chain_id,
            "nonce": self.nonce,
            "to": to or b"",
            "value": value,
            "data": data,
            "gas": gas,
        }
        signed = self._sign(call, self.chain.fees(), errand)
        refusal = self._hand_in(signed)
        if refusal is not None:
            self._attempts.void(signed.nonce)
            raise refusal
        return signed.hash

    def outcome(self, transaction: bytes) -> Receipt | None:
        """Return what became of a transaction sent from here or of what replaced it; None while it waits."""
        return self._attempts.outcome(transaction)

    def fate(self, errand: Errand) -> Fate:
        """Return what became of the transactions of an errand."""
        return self._attempts.fate(errand)

    def tend(self) -> bool:
        """See to all that waits: hand in again what was lost, replace what is stuck, void what nobody takes.

        Returns
        -------
        bool
            Whether anything was handed in.

        Raises
        ------
        UnreachableError
            Nobody answers.
        """
        return any([self._see_to(live, place == 0) for place, live in enumerate(self._attempts.waiting())])

    def forget(self, before: int) -> None:
        """Forget the errands of rounds before a round, except what may still take effect, or be undone."""
        self._attempts.forget(before)

    # ---- inside

    def _sign(self, call: Mapping[str, Any], fees: Mapping[str, int], errand: Errand | None) -> Signed:
        raw = self.wallet.sign({**call, **fees})
        signed = Signed(call["nonce"], raw, errand, self.chain.height(), self.chain.timestamp())
        self._attempts.add(signed)
        return signed

    def _hand_in(self, signed: Signed) -> ChainError | None:
        """Submit a transaction; return why it is refused, if it is."""
        try:
            self.chain.submit(signed.raw)
        except UnreachableError:
            raise
        except ChainError as refusal:
            return refusal
        return None

    def _see_to(self, live: Sequence[Signed], is_next: bool) -> bool:
        """Do what the transactions of a nonce need that are in no block; return whether one was handed in."""
        first, newest = live[0], live[-1]
        is_lost = not any(self.chain.knows(signed.hash) for signed in live)
        if is_lost and any(self._hand_in(signed) is None for signed in reversed(live)):
            log.info("transaction %d of %s handed in again", newest.nonce, self.address)
            return True
        if is_next and self._is_stuck(newest) and self._replace(newest):
            return True
        if is_lost and self.chain.height() - first.height >= self.chain.reorg_depth:
            # by now what may have taken its nonce is final, too
            log.warning("transaction %d of %s given up: no node takes it", newest.nonce, self.address)
            self._attempts.void(newest.nonce)
        return False

    def _is_stuck(self, newest: Signed) -> bool:
        blocks = self.chain.height() - newest.height
        return blocks >= STUCK_BLOCKS and self.chain.timestamp() - newest.time >= STUCK_SECONDS

    def _replace(self, stuck: Signed) -> bool:
        fees = gas_price.raised(stuck.fields, self.chain.fees())
        if fees is None:
            return False
        call = {name: value for name, value in stuck.fields.items() if name not in gas_price.FIELDS}
        refusal = self._hand_in(self._sign(call, fees, stuck.errand))
        log.info("transaction %d of %s offers more: %s", stuck.nonce, self.address, refusal or fees)
        return refusal is None


def deploy(
    sender: Sender, abi: ABI, bytecode: bytes, args: Sequence[Any] = (), *, gas: int
) -> tuple[ChecksumAddress, bytes]:
    """Send the creation of a contract.

    Returns
    -------
    tuple[ChecksumAddress, bytes]
        The address that it will have, and the transaction's hash. Nothing is there before the block is.
    """
    types = [kind for entry in filter_abi_by_type("constructor", abi) for kind in get_abi_input_types(entry)]
    address = contract_address(sender.address, sender.nonce)
    return address, sender.send(None, bytecode + encode(types, args), gas=gas)


def contract_address(creator: ChecksumAddress, nonce: int) -> ChecksumAddress:
    """Predict the address of the contract that `creator` makes with its transaction `nonce` (CREATE)."""
    return get_create_address(creator, Nonce(nonce))
