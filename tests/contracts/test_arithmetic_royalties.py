"""The royalty accumulator of the compiled contract against exact arithmetic, for as long as a relay may live.

The bounds are derived in docs/explanation/arithmetic.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal, localcontext
from random import Random

import pytest
from bare import BareAccounts
from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.chain.chain import Reverted

ONE = 10**18
TOTAL_FLOOR = 10**9
LARGEST = (2**256 - 1) // (10**27 * ONE)
"""Most wei of a payment, and of all payments that one who has all the weight leaves unclaimed: 1.15e32."""


@pytest.fixture(autouse=True)
def _digits() -> Iterator[None]:
    """Of a hundred digits, a million roundings leave more than ninety."""
    with localcontext(prec=100):
        yield


class Exact:
    """Everyone's share of every payment, without rounding, and the most that rounding may take.

    Attributes
    ----------
    lost
        Bound on the weight that rounding takes from all of them, and on what it adds to their total.
    taken
        Bound on what it takes of the payments: native currency, coins.
    touches
        How often each one's claims were rounded down.
    """

    def __init__(self, decay: int) -> None:
        self.decay = Decimal(decay) / ONE
        self.product = Decimal(1)
        self.weights: defaultdict[int, Decimal] = defaultdict(Decimal)
        self.stored: defaultdict[int, Decimal] = defaultdict(Decimal)  # weights as of the last touch
        self.aged: set[int] = set()  # whose weights the next touch rounds
        self.paused: set[int] = set()
        self.waiting = 0
        self.earned: tuple[defaultdict[int, Decimal], ...] = (defaultdict(Decimal), defaultdict(Decimal))
        self.lost = Decimal(0)
        self.taken = [Decimal(0), Decimal(0)]
        self.touches: Counter[int] = Counter()

    @property
    def total(self) -> Decimal:
        return sum((weight for who, weight in self.weights.items() if who not in self.paused), Decimal(0))

    def touch(self, who: int) -> None:
        self.touches[who] += 1
        self.lost += who in self.aged
        self.aged.discard(who)
        self.stored[who] = self.weights[who]

    def age(self) -> None:
        if self.decay == 1:
            return
        self.lost = self.lost * self.decay + 1 + (self.total + self.lost) / ONE
        for who in self.weights:
            self.weights[who] *= self.decay
        self.aged = set(self.weights)
        self.product *= self.decay
        if self.product < Decimal("1e-9"):  # of a weight that is three scales old, 1e-18 is forgotten
            self.product *= 10**9
            self.lost += sum(self.stored.values(), Decimal(0)) / ONE

    def pay(self, native: int, coins: int) -> None:
        total = self.total
        for kind, amount in enumerate((native + self.waiting, coins)):
            if amount:
                rate = amount / total
                for who, weight in self.weights.items():
                    if who not in self.paused:
                        self.earned[kind][who] += rate * weight
                self.taken[kind] += amount * self.lost / (total - self.lost)
        self.waiting = 0


class Both:
    """The contract, and beside it exact arithmetic. People are numbers."""

    def __init__(self, decay: int, people: int) -> None:
        self.bare = BareAccounts(decay, people)
        self.exact = Exact(decay)
        self.paid = [0, 0]
        self.claimed = [[0, 0] for _ in range(people)]
        self._data = {
            (function, who): self.bare.accounts.encode(function, self.bare.people[who], *zeros)
            for function, zeros in {"pause": (), "resume": (), "reward": (0, 0)}.items()
            for who in range(people)
        }
        self._age = self.bare.accounts.encode("age")
        self._pay = self.bare.accounts.encode("pay_royalty", 0)

    def _call(self, data: bytes, value: int = 0, last: int | None = None) -> bytes:
        if last is not None:
            data = data[:-32] + last.to_bytes(32, "big")
        bare = self.bare
        return bare.machine.run(bare.boss, bare.accounts.address, data, value)

    def reward(self, who: int, weight: int) -> None:
        self._call(self._data["reward", who], last=weight)
        self.exact.touch(who)
        self.exact.weights[who] += weight
        self.exact.stored[who] = self.exact.weights[who]

    def pay(self, native: int, coins: int) -> None:
        self.paid[0] += native
        if abs(self.exact.total - TOTAL_FLOOR) > self.exact.lost:
            is_shared = self.exact.total >= TOTAL_FLOOR
        else:  # so close to the least total rounding may decide
            is_shared = self.bare.accounts.read("total") >= TOTAL_FLOOR
        minted = int.from_bytes(self._call(self._pay, native, last=coins), "big")
        assert minted == (coins if is_shared else 0)
        self.paid[1] += minted
        if is_shared:
            self.exact.pay(native, coins)
        else:
            self.exact.waiting += native

    def age(self, heads: int = 1) -> None:
        for _ in range(heads):
            self._call(self._age)
            self.exact.age()

    def pause(self, who: int) -> None:
        self._call(self._data["pause", who])
        if who not in self.exact.paused:
            self.exact.touch(who)
            self.exact.paused.add(who)

    def resume(self, who: int) -> None:
        self._call(self._data["resume", who])
        if who in self.exact.paused:
            self.exact.touch(who)
            self.exact.paused.remove(who)

    def claim(self, who: int) -> None:
        owed = self.bare.accounts.read("owed", self.bare.people[who])
        if any(owed):
            self.bare.send("withdraw", who=self.bare.people[who])
            self.exact.touch(who)
            self.claimed[who] = [a + b for a, b in zip(self.claimed[who], owed, strict=True)]

    def check_weights(self) -> None:
        """The total is what all have who are not paused, and hardly more."""
        read, people = self.bare.accounts.read, self.bare.people
        active = [people[who] for who in range(len(people)) if who not in self.exact.paused]
        spare = read("total") - sum(read("weight_of", who) for who in active)
        assert 0 <= spare <= self.exact.lost + len(active)

    def check(self) -> list[tuple[int, int, int]]:
        """Let all claim: never more than was paid, and never less of it than the bounds allow.

        Returns
        -------
        list of tuple
            What was paid, what nobody can claim of it, and the bound on that: in wei, in 1e-18 coin.
        """
        found = []
        bare, exact = self.bare, self.exact
        for who in range(len(bare.people)):
            self.claim(who)
        self.check_weights()
        account = bare.accounts.address
        held = [bare.machine.balance(account), bare.coin.read("balanceOf", account)]
        assert bare.accounts.read("unallocated") == exact.waiting
        for kind in (0, 1):
            claims = [claimed[kind] for claimed in self.claimed]
            dust = self.paid[kind] - sum(claims) - (exact.waiting if kind == 0 else 0)
            most = int(exact.taken[kind]) + sum(exact.touches.values())
            found.append((self.paid[kind], dust, most))
            assert held[kind] == self.paid[kind] - sum(claims)
            assert 0 <= dust <= most
            for who, claim in enumerate(claims):
                allowed = 2 * exact.taken[kind] + exact.touches[who]
                assert abs(claim - exact.earned[kind][who]) <= allowed
        return found


PERIODS = (1, 10, 10, 1_000, 1_000, 50_000, 10**9, 10**9)
"""After how many rounds each claims; the first is touched in every round, the last two never come."""
EARLY = 50
"""In these rounds all of them contribute, later only the first five."""


def play(both: Both, rounds: int, largest: int, random: Random) -> None:
    """Let a relay live: payments of up to ``largest`` wei, testers paused, heads that change."""
    everyone = range(len(PERIODS))
    both.reward(0, ONE)  # genesis
    for number in range(rounds):
        testers = random.sample(everyone, 2) if random.random() < 0.1 else []
        if number % 977 == 0:
            testers = list(everyone)  # nobody is left to be paid
        for who in testers:
            both.pause(who)
        native = random.randrange(min(largest, 10 ** random.randrange(28)) + 1)
        both.pay(native, random.randrange(ONE) if random.random() < 0.1 else 0)
        both.age()
        both.reward(0, 0)  # as a server is
        if number < EARLY or random.random() < 0.3:
            who = random.choice(everyone if number < EARLY else everyone[:5])
            both.reward(who, random.choice([1, 10**12, random.randrange(ONE), ONE]))
        for who in testers:
            both.resume(who)
        for who, period in enumerate(PERIODS):
            if number % period == period - 1 > 0:
                both.claim(who)
        if number % 50 == 0:
            both.check_weights()


@pytest.mark.parametrize(
    ("decay", "rounds"),
    [(900, 100_000), (1000, 100_000), (990, 5_000), (500, 5_000), (123, 5_000), (100, 5_000)],
    ids=lambda value: f"{value:,}",
)
def test_no_age_of_a_relay_costs_more_than_the_stated_dust(decay, rounds):
    both = Both(decay * 10**15, len(PERIODS))
    play(both, rounds, 10**27, Random(decay))
    for paid, dust, most in both.check():
        print(f"paid {paid:.3e}, nobody's {dust:.3e}, at most {most:.3e}")


@pytest.mark.parametrize("decay", [100, 900, 1000])
def test_of_a_few_wei_too_nobody_is_paid_too_much(decay):
    both = Both(decay * 10**15, len(PERIODS))
    play(both, 2_000, 100, Random(decay))
    both.check()


people = st.integers(0, 2)
weights = st.one_of(st.integers(0, 3), st.integers(0, 3 * TOTAL_FLOOR), st.integers(0, 10**24))
amounts = st.one_of(st.integers(0, 3), st.integers(0, ONE), st.integers(0, LARGEST // 50))
calls = st.one_of(
    st.tuples(st.just("reward"), people, weights),
    st.tuples(st.just("pay"), amounts, st.integers(0, ONE)),
    st.tuples(st.just("age"), st.sampled_from([1, 1, 5, 30])),
    st.tuples(st.sampled_from(["pause", "resume", "claim"]), people),
)


@given(st.integers(ONE // 10, ONE), st.lists(calls, max_size=40))
@settings(max_examples=1000)
def test_in_any_order_of_calls_claims_are_within_the_bounds(decay, calls):
    both = Both(decay, 3)
    both.reward(0, ONE)
    for function, *args in calls:
        getattr(both, function)(*args)
    both.check()


def with_least_total(ages: int) -> BareAccounts:
    """Return accounts in which one person has all the weight: the least with which payments are shared."""
    bare = BareAccounts(9 * ONE // 10, 2)
    bare.send("reward", bare.people[0], 0, TOTAL_FLOOR)
    for _ in range(ages):
        bare.send("age")
    bare.send("reward", bare.people[0], 0, TOTAL_FLOOR)
    return bare


@pytest.mark.parametrize("ages", [0, 1, 196, 197, 400])  # 197 heads make one scale
@pytest.mark.parametrize("payments", [1, 7])
def test_no_product_overflows_up_to_the_stated_sum(ages, payments):
    bare = with_least_total(ages)
    who = bare.people[0]
    for _ in range(payments):
        bare.send("pay_royalty", ONE, value=LARGEST // payments)
    for function in ("pause", "resume"):
        bare.send(function, who)
    bare.send("reward", who, ONE, ONE)
    paid = LARGEST // payments * payments
    before = bare.machine.balance(who)
    bare.send("withdraw", who=who)
    assert 0 <= paid - (bare.machine.balance(who) - before) <= paid * 20 // TOTAL_FLOOR


def test_beyond_the_stated_sum_products_overflow_and_calls_revert():
    bare = with_least_total(0)
    with pytest.raises(Reverted):
        bare.send("pay_royalty", 0, value=LARGEST + 1)
    bare.send("pay_royalty", 0, value=LARGEST)
    bare.send("pay_royalty", 0, value=LARGEST // 2)
    with pytest.raises(Reverted):
        bare.send("withdraw", who=bare.people[0])


def test_coins_reach_no_bound():
    bare = with_least_total(0)
    bare.send("pay_royalty", 10**14 * ONE)  # all that a hundred million million rounds can mint
    assert bare.accounts.read("owed", bare.people[0]) == (0, 10**14 * ONE)
