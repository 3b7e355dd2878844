from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from derelay.rules.royalties import ONE, TOTAL_FLOOR, Royalties

PEOPLE = "abcd"
people = st.sampled_from(PEOPLE)
steps = st.one_of(
    st.tuples(st.just("add"), people, st.integers(0, ONE)),
    st.tuples(st.just("pay"), st.integers(0, 10**21)),
    st.tuples(st.just("age")),
    st.tuples(st.just("age")),
    st.tuples(st.just("pause"), people),
    st.tuples(st.just("resume"), people),
)


class Exact:
    """The same in fractions, contributor by contributor."""

    def __init__(self, decay: Fraction) -> None:
        self.decay = decay
        self.weights = dict.fromkeys(PEOPLE, Fraction(0))
        self.owed = dict.fromkeys(PEOPLE, Fraction(0))
        self.paused: set[str] = set()

    def add(self, who, weight):
        self.weights[who] += weight

    def pay(self, amount):
        total = sum(weight for who, weight in self.weights.items() if who not in self.paused)
        for who in set(PEOPLE) - self.paused:
            self.owed[who] += amount * self.weights[who] / total

    def age(self):
        self.weights = {who: weight * self.decay for who, weight in self.weights.items()}

    def pause(self, who):
        self.paused.add(who)

    def resume(self, who):
        self.paused.discard(who)


@given(st.sampled_from([ONE, 9 * ONE // 10, ONE // 2, ONE // 10]), st.lists(steps, max_size=60))
@settings(derandomize=True, deadline=None)
def test_royalties_are_shared_by_weight_and_never_overpaid(decay, history):
    royalties, exact = Royalties(decay), Exact(Fraction(decay, ONE))
    royalties.add("a", ONE)
    exact.add("a", ONE)
    paid = lost = 0
    for what, *args in history:
        waiting, total = royalties.unallocated, royalties.total
        getattr(royalties, what)(*args)
        if what != "pay":
            getattr(exact, what)(*args)
            continue
        paid += args[0]
        if total >= TOTAL_FLOOR:
            exact.pay(args[0] + waiting)
            # each weight, and their total, are off by some units; a share of a payment in proportion
            lost += 1 + 100 * (args[0] + waiting) // total
    owed = {who: royalties.owed(who) for who in PEOPLE}
    assert sum(owed.values()) + royalties.unallocated <= paid
    for who in PEOPLE:
        assert abs(owed[who] - exact.owed[who]) <= lost


def test_a_contribution_counts_ever_less():
    royalties = Royalties(decay=9 * ONE // 10)
    royalties.add("a", ONE)
    for _ in range(300):
        royalties.age()
    royalties.add("b", ONE)
    royalties.pay(10**18)
    assert royalties.weight_of("a") == ONE * 9**300 // 10**300 == 18739
    assert 18739 - 20 <= royalties.owed("a") <= 18739
    assert 10**18 - 20 <= royalties.owed("a") + royalties.owed("b") <= 10**18


def test_nobody_there_the_money_waits():
    royalties = Royalties(decay=ONE)
    royalties.pay(7)
    royalties.add("a", ONE)
    royalties.pause("a")
    royalties.pay(5)
    assert royalties.owed("a") == 0
    royalties.resume("a")
    royalties.pay(0)
    assert royalties.owed("a") == 12
    assert royalties.unallocated == 0


def test_who_is_paused_earns_before_and_after_but_not_meanwhile():
    royalties = Royalties(decay=ONE)
    for who in "ab":
        royalties.add(who, ONE)
    royalties.pay(10)
    royalties.pause("a")
    royalties.pay(10)
    royalties.resume("a")
    royalties.pay(10)
    assert (royalties.owed("a"), royalties.owed("b")) == (10, 20)
