"""What participants are owed: royalties equal to the wei on both sides, pull payments, who may call."""

from random import Random
from typing import Any

import pytest
from bare import BareAccounts
from eth_typing import ChecksumAddress
from harness import ETHER
from harness.code import Deployed

from derelay.chain.chain import Reverted
from derelay.rules.royalties import ONE, TOTAL_FLOOR, Royalties

DECAYS = [ONE, 9 * ONE // 10, ONE // 2, ONE // 10, 123456789 * ONE // 10**9]


class Ledger(BareAccounts):
    """Accounts without a relay, and beside them the rules."""

    def __init__(self, decay: int = DECAYS[1], people: int = 5) -> None:
        super().__init__(decay, people)
        self.native, self.coins = Royalties(decay), Royalties(decay)
        self.minted = self.sent = 0

    def send(self, function: str, *args: Any, value: int = 0, who: ChecksumAddress | None = None) -> bytes:
        self.sent += value
        return super().send(function, *args, value=value, who=who)

    def reward(self, who, coins: int, weight: int) -> None:
        self.send("reward", who, coins, weight)
        self.native.add(who, weight)
        self.coins.add(who, weight)
        self.coins.credits[who] += coins
        self.minted += coins

    def pay(self, native: int, coins: int) -> None:
        expected = coins if self.coins.total >= TOTAL_FLOOR else 0
        (minted,) = [int.from_bytes(self.send("pay_royalty", coins, value=native), "big")]
        assert minted == expected
        self.native.pay(native)
        if expected:
            self.coins.pay(coins)
        self.minted += minted

    def both(self, function: str, *args: Any) -> None:
        self.send(function, *args)
        getattr(self.native, function)(*args)
        getattr(self.coins, function)(*args)

    def withdraw(self, who) -> None:
        owed = self.native.owed(who), self.coins.owed(who)
        before = self.machine.balance(who), self.coin.read("balanceOf", who)
        if not any(owed):
            with pytest.raises(Reverted, match="nothing owed"):
                self.send("withdraw", who=who)
            return
        self.send("withdraw", who=who)
        after = self.machine.balance(who), self.coin.read("balanceOf", who)
        assert (after[0] - before[0], after[1] - before[1]) == owed
        for side in (self.native, self.coins):
            side.add(who, 0)
            side.credits[who] = 0
        self.sent -= owed[0]

    def compare(self) -> None:
        read = self.accounts.read
        assert read("total") == self.native.total
        assert (read("product"), read("scale")) == (self.native.product, self.native.scale)
        assert read("unallocated") == self.native.unallocated
        for who in self.people:
            assert read("owed", who) == (self.native.owed(who), self.coins.owed(who))
            assert read("weight_of", who) == self.native.weight_of(who)
        assert self.machine.balance(self.accounts.address) == self.sent
        owed = sum(self.native.owed(who) for who in self.people) + self.native.unallocated
        assert owed <= self.sent
        assert self.coin.read("totalSupply") == self.minted
        held = self.coin.read("balanceOf", self.accounts.address)
        assert sum(self.coins.owed(who) for who in self.people) <= held


@pytest.mark.parametrize("decay", DECAYS)
@pytest.mark.parametrize("seed", [0, 1])
def test_royalties_equal_the_rules_to_the_wei(decay, seed):
    random = Random(seed)
    ledger = Ledger(decay)
    for step in range(1000):
        who = random.choice(ledger.people)
        what = random.choices(
            ["age", "reward", "pay", "pause", "resume", "withdraw"], [8, 4 if seed else 1, 4, 2, 3, 1]
        )[0]
        if what == "reward":
            ledger.reward(who, random.randrange(ONE), random.choice([0, 1, random.randrange(ONE)]))
        elif what == "pay":
            ledger.pay(
                random.choice([0, 1, random.randrange(10**20)]), random.choice([0, random.randrange(ONE)])
            )
        elif what == "withdraw":
            ledger.withdraw(who)
        elif what == "age":
            ledger.both("age")
        else:
            ledger.both(what, who)
        if step % 100 == 0:
            ledger.compare()
    ledger.compare()
    assert decay == ONE or ledger.native.scale > 0


def test_all_are_paid_and_only_dust_stays():
    ledger = Ledger()
    for who in ledger.people:
        ledger.reward(who, ONE, ONE // 3)
        ledger.both("age")
        ledger.pay(10**18, ONE)
    for who in ledger.people:
        ledger.withdraw(who)
    assert 0 <= ledger.machine.balance(ledger.accounts.address) < 100
    assert 0 <= ledger.coin.read("balanceOf", ledger.accounts.address) < 100


def test_only_the_relay_moves_money():
    ledger = Ledger()
    stranger, friend = ledger.people[:2]
    calls = [
        ("credit", friend, 1),
        ("reward", friend, 1, 1),
        ("pay_royalty", 1),
        ("age",),
        ("pause", friend),
        ("resume", friend),
    ]
    for function, *args in calls:
        with pytest.raises(Reverted, match="accounts: not the relay"):
            ledger.send(function, *args, who=stranger)
    data = ledger.coin.encode("mint", stranger, 1)
    with pytest.raises(Reverted, match="coin: not the minter"):
        ledger.machine.send(stranger, ledger.coin.address, data)
    ledger.sent = 0
    ledger.compare()


def test_a_receiver_that_calls_back_is_paid_once():
    ledger = Ledger()
    intruder = Deployed(ledger.machine, "intruder")
    caller = ledger.people[0]
    withdraw = ledger.accounts.encode("withdraw")
    send = ledger.machine.send
    ledger.send("credit", ledger.people[1], 1, value=5 * ETHER)  # what there would be to steal
    ledger.send("credit", intruder.address, 1, value=ETHER)
    send(caller, intruder.address, intruder.encode("arm", ledger.accounts.address, withdraw))
    send(caller, intruder.address, intruder.encode("act", ledger.accounts.address, withdraw))
    assert (intruder.read("attempts"), intruder.read("successes")) == (1, 0)
    assert ledger.machine.balance(intruder.address) == ETHER
    assert ledger.machine.balance(ledger.accounts.address) == 5 * ETHER


def test_a_coin_moves_as_an_erc20_does():
    ledger = Ledger()
    a, b, c = ledger.people[:3]
    ledger.reward(a, 100, 0)
    ledger.withdraw(a)

    def act(who, function, *args):
        return ledger.machine.send(who, ledger.coin.address, ledger.coin.encode(function, *args))

    def balances():
        return [ledger.coin.read("balanceOf", who) for who in (a, b, c)]

    act(a, "transfer", b, 60)
    act(b, "approve", c, 50)
    act(c, "transferFrom", b, c, 30)
    assert balances() == [40, 30, 30]
    for who, function, *args, reason in [
        (c, "transferFrom", b, c, 21, "coin: allowance"),
        (a, "transfer", b, 41, "coin: balance"),
        (a, "transfer", "0x" + "00" * 20, 1, "coin: receiver"),
        (a, "transfer", ledger.coin.address, 1, "coin: receiver"),
        (a, "burn", 41, "coin: burns more than owned"),
    ]:
        with pytest.raises(Reverted, match=reason):
            act(who, function, *args)
    act(b, "approve", c, 2**256 - 1)
    act(c, "transferFrom", b, a, 1)
    assert ledger.coin.read("allowance", b, c) == 2**256 - 1
    act(a, "transfer", a, 41)
    act(a, "burn", 41)
    assert balances() == [0, 29, 30]
    assert ledger.coin.read("totalSupply") == 59


def test_a_decay_out_of_range_is_refused():
    for decay in (ONE // 10 - 1, ONE + 1):
        with pytest.raises(Reverted, match="decay out of range"):
            Ledger(decay)
