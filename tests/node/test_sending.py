"""A transaction takes effect once, whatever becomes of the process, the pool, the fees and the blocks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from derelay.chain.chain import ChainError
from derelay.chain.gas_price import DEAREST
from derelay.chain.outbox import Errand
from derelay.chain.rpc_errors import UnreachableError
from derelay.chain.sender import STUCK_BLOCKS, STUCK_SECONDS, Sender
from derelay.chain.wallet import Wallet
from derelay.node.journal import Journal
from devnets import MovableChain

ETHER = 10**18
PAYEE = Wallet(bytes(31) + b"\x07").address
ERRAND = Errand(3, "pay")


class Killed(BaseException):
    """What a process does not survive."""


class Payer:
    """A wallet that pays one wei for an errand; all that is left of it when it is `reborn` is its journal."""

    def __init__(self, chain: MovableChain, folder: Path) -> None:
        self.chain = chain
        self._journal = folder / "journal.sqlite"
        self.wallet = Wallet(bytes(31) + b"\x06")
        chain.fund(self.wallet.address, ETHER)
        chain.mine()
        self.reborn()

    def reborn(self) -> None:
        self.outbox = Journal(self._journal).outbox
        self.sender = Sender(self.chain, self.wallet, self.outbox)

    def pay(self, errand: Errand = ERRAND, value: int = 1) -> bytes:
        return self.sender.send(PAYEE, value=value, gas=21_000, errand=errand)

    @property
    def paid(self) -> int:
        return self.chain.balance(PAYEE)

    @property
    def waits(self) -> bool:
        return self.sender.fate(ERRAND).waits

    def settles(self) -> None:
        """See to it until it is final, and show that it was paid once."""
        for _ in range(2 + self.chain.reorg_depth):
            self.sender.tend()
            self.chain.mine()
        assert self.sender.fate(ERRAND).is_done
        assert not self.waits
        assert not self.sender.tend()
        assert self.paid == 1


@pytest.fixture
def payer(movable: MovableChain, tmp_path: Path) -> Payer:
    movable.reorg_depth = 8
    return Payer(movable, tmp_path)


@contextmanager
def submitting(chain: MovableChain, instead: Any) -> Iterator[None]:
    """Let something else happen where a transaction is handed in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain, "submit", instead)
        yield


def test_who_dies_before_handing_in_hands_in_what_it_signed(payer: Payer) -> None:
    def dies(raw: bytes) -> bytes:
        raise Killed

    with submitting(payer.chain, dies), pytest.raises(Killed):
        payer.pay()
    payer.reborn()
    assert payer.waits
    assert payer.sender.tend()
    payer.settles()


def test_who_dies_after_handing_in_does_it_no_second_time(payer: Payer) -> None:
    submit = payer.chain.submit

    def dies(raw: bytes) -> bytes:
        submit(raw)
        raise Killed

    with submitting(payer.chain, dies), pytest.raises(Killed):
        payer.pay()
    payer.reborn()
    assert payer.waits
    assert not payer.sender.tend()
    payer.settles()


@pytest.mark.parametrize("arrives", [False, True])
def test_what_may_not_have_arrived_is_handed_in_again(payer: Payer, arrives: bool) -> None:
    submit = payer.chain.submit

    def breaks(raw: bytes) -> bytes:
        if arrives:
            submit(raw)
        raise UnreachableError("the line is dead")

    with submitting(payer.chain, breaks), pytest.raises(UnreachableError):
        payer.pay()
    assert payer.waits
    assert payer.sender.tend() is not arrives
    payer.settles()


def test_what_a_pool_drops_is_handed_in_again(payer: Payer) -> None:
    payer.pay()
    payer.pay(Errand(3, "pay nothing"), value=0)
    payer.chain.ask("anvil_dropAllTransactions")
    assert payer.sender.tend()
    payer.settles()
    assert payer.sender.fate(Errand(3, "pay nothing")).is_done


def test_what_a_reorganization_takes_back_is_handed_in_again(payer: Payer) -> None:
    payer.pay()
    payer.chain.mine()
    assert payer.sender.fate(ERRAND).is_done
    payer.chain.ask("anvil_reorg", 1, [])
    payer.chain.ask("anvil_dropAllTransactions")
    assert payer.waits
    assert payer.sender.tend()
    payer.settles()


BLOCK_GAS = 30_000_000


def wait(payer: Payer, *, gas: int = BLOCK_GAS, price: int | None = None) -> None:
    """Let as many blocks pass, with so much room and at such a price, as make what waits count as stuck."""
    payer.chain.ask("evm_setBlockGasLimit", hex(gas))
    for _ in range(STUCK_BLOCKS):
        assert not payer.sender.tend()
        if price is not None:
            payer.chain.ask("anvil_setNextBlockBaseFeePerGas", hex(price))
        payer.chain.advance(STUCK_SECONDS // STUCK_BLOCKS)
    payer.chain.ask("evm_setBlockGasLimit", hex(BLOCK_GAS))
    assert payer.paid == 0


def test_what_pools_keep_too_long_is_replaced_by_what_offers_more(payer: Payer) -> None:
    sent = payer.pay()
    wait(payer, gas=20_000)
    assert payer.chain.knows(sent)
    assert payer.sender.tend()
    before, after = [signed.fields for signed in payer.outbox.signed()]
    for field in ("maxFeePerGas", "maxPriorityFeePerGas"):
        assert after[field] >= before[field] * 9 / 8
    assert not payer.chain.knows(sent)
    payer.reborn()
    payer.settles()
    assert payer.sender.outcome(sent).ok


def test_what_pools_drop_as_too_cheap_is_replaced_by_what_offers_more(payer: Payer) -> None:
    sent = payer.pay()
    wait(payer, price=payer.chain.fees()["maxFeePerGas"] * 3 // 2)
    assert not payer.chain.knows(sent)
    assert payer.sender.tend()
    payer.reborn()
    payer.settles()
    assert payer.sender.outcome(sent).ok


def test_what_was_to_be_replaced_may_be_mined_instead(payer: Payer) -> None:
    sent = payer.pay()
    wait(payer, gas=20_000)
    assert payer.sender.tend()
    payer.chain.ask("anvil_dropAllTransactions")
    payer.chain.submit(payer.outbox.signed()[0].raw)
    payer.chain.mine()
    assert payer.sender.outcome(sent).transaction == sent
    payer.settles()


def test_no_price_is_paid_that_nobody_asks(payer: Payer) -> None:
    payer.pay()
    asked = payer.chain.fees()["maxFeePerGas"]  # it only falls: no block is full
    for _ in range(16):
        wait(payer, gas=20_000)
        payer.sender.tend()
    offered = [signed.fields["maxFeePerGas"] for signed in payer.outbox.signed()]
    assert offered == sorted(offered)
    assert offered[-1] <= DEAREST * asked
    payer.settles()


def test_whose_nonce_another_program_took_is_sent_anew(payer: Payer) -> None:
    payer.pay()
    payer.chain.ask("anvil_dropAllTransactions")
    Sender(payer.chain, payer.wallet).send(payer.wallet.address, value=5, gas=21_000)
    payer.chain.mine()
    assert payer.waits
    for _ in range(payer.chain.reorg_depth):
        assert not payer.sender.tend()
        payer.chain.mine()
    payer.sender.tend()
    assert not payer.waits
    payer.reborn()
    assert not payer.waits
    payer.pay()
    payer.settles()


def test_who_cannot_pay_for_it_can_when_there_is_money(payer: Payer) -> None:
    nonce = payer.sender.nonce
    with pytest.raises(ChainError, match="funds"):
        payer.pay(value=2 * ETHER)
    assert not payer.waits
    assert payer.sender.nonce == nonce
    payer.chain.fund(payer.wallet.address, 2 * ETHER)
    payer.chain.mine()
    payer.pay()
    payer.settles()


def test_what_is_final_is_forgotten_and_what_waits_is_not(payer: Payer) -> None:
    payer.pay()
    payer.settles()
    payer.pay(Errand(3, "pay again"))
    payer.sender.forget(ERRAND.round)
    assert payer.sender.fate(ERRAND).is_done
    payer.sender.forget(ERRAND.round + 1)
    payer.reborn()
    assert not payer.sender.fate(ERRAND).is_done
    assert payer.sender.fate(Errand(3, "pay again")).waits


def test_who_cannot_pay_more_hands_in_again_what_it_can_pay(payer: Payer) -> None:
    value = ETHER - 21_000 * payer.chain.fees()["maxFeePerGas"]
    sent = payer.pay(value=value)
    wait(payer, gas=20_000)
    assert not payer.sender.tend()
    assert len(payer.outbox.signed()) == 2
    payer.chain.ask("anvil_dropAllTransactions")
    assert payer.sender.tend()
    assert payer.chain.knows(sent)
    payer.chain.mine()
    assert payer.paid == value
