"""Who takes part: members, their bonds, the list of maintainers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from model.world import EMPTY, Refused, World, require


@dataclass
class Member:
    key: bytes = EMPTY
    url: str = ""
    bond: int = 0
    place: int = 0  # in the list of maintainers, counted from one
    leaves_at: int = 0


class Registry:
    """The registry; the rounds tell it when the list is frozen and who is on duty."""

    frozen: Callable[[], bool]
    on_duty: Callable[[str], bool]

    def __init__(
        self,
        world: World,
        at: str,
        relay: str,
        bonds: tuple[int, int],
        leave_delay: int,
        committee: tuple[str, ...],
    ) -> None:
        self.world, self.at, self.relay = world, at, relay
        self.bond, self.maintainer_bond = bonds
        self.leave_delay = leave_delay
        self.committee = committee
        self.members: defaultdict[str, Member] = defaultdict(Member)
        self.maintainers: list[str] = []
        self.paying = False  # the lock

    # ---- called by participants

    def register(self, sender: str, key: bytes, url: str, value: int) -> None:
        require(self.members[sender].key == EMPTY, "registry: registered already")
        require(key != EMPTY, "registry: no key")
        require(value >= self.bond, "registry: bond too small")
        self.members[sender] = Member(key, url, value)
        self.world.log(self.at, "registry", "Registered", sender, key, url, value)

    def raise_bond(self, sender: str, value: int) -> None:
        member = self._staying(sender)
        member.bond += value
        self.world.log(self.at, "registry", "BondRaised", sender, member.bond)

    def rotate_key(self, sender: str, key: bytes) -> None:
        member = self._staying(sender)
        require(key != EMPTY, "registry: empty key")
        member.key = key
        self.world.log(self.at, "registry", "KeyRotated", sender, key)

    def move(self, sender: str, url: str) -> None:
        self._staying(sender).url = url
        self.world.log(self.at, "registry", "Moved", sender, url)

    def maintain(self, sender: str) -> None:
        member = self._staying(sender)
        require(member.place == 0, "registry: maintains already")
        require(member.bond >= self.maintainer_bond, "registry: maintainer bond too small")
        require(not self.committee or sender in self.committee, "registry: not of the committee")
        self._thawed()
        self.maintainers.append(sender)
        member.place = len(self.maintainers)
        self.world.log(self.at, "registry", "Maintains", sender, True)

    def retire(self, sender: str) -> None:
        require(self.members[sender].place > 0, "registry: no maintainer")
        self._thawed()
        self._retire(sender)

    def leave(self, sender: str) -> None:
        member = self._staying(sender)
        require(not self.on_duty(sender), "registry: on duty")
        if member.place > 0:
            self._thawed()
            self._retire(sender)
        member.leaves_at = self.world.time + self.leave_delay
        self.world.log(self.at, "registry", "Leaving", sender, member.leaves_at)

    def take_bond(self, sender: str) -> None:
        if self.paying:
            raise Refused("")
        member = self.members[sender]
        require(member.leaves_at > 0, "registry: has not left")
        require(self.world.time >= member.leaves_at, "registry: too early")
        self.members[sender] = Member()
        self.world.log(self.at, "registry", "Left", sender, member.bond)
        self.paying = True
        self.world.pay(self.at, sender, member.bond)
        self.paying = False

    # ---- called by the relay's rounds

    def slash(self, sender: str, who: str, amount: int) -> int:
        require(sender == self.relay, "registry: not the relay")
        member = self.members[who]
        taken = min(amount, member.bond)
        member.bond -= taken
        if member.place > 0 and member.bond < self.maintainer_bond:
            self._retire(who)
        self.world.log(self.at, "registry", "Slashed", who, taken)
        self.world.move(self.at, self.relay, taken)
        return taken

    # ---- views

    def may_enter(self, who: str) -> bool:
        member = self.members[who]
        return member.key != EMPTY and member.leaves_at == 0 and member.bond >= self.bond

    def maintains(self, who: str) -> bool:
        return self.members[who].place > 0

    def _staying(self, who: str) -> Member:
        member = self.members[who]
        require(member.key != EMPTY, "registry: not registered")
        require(member.leaves_at == 0, "registry: has left")
        return member

    def _thawed(self) -> None:
        require(not self.frozen(), "registry: list is frozen")

    def _retire(self, who: str) -> None:
        """Leave the list; the last takes the place."""
        place, last = self.members[who].place, self.maintainers[-1]
        self.maintainers[place - 1] = last
        self.members[last].place = place
        self.members[who].place = 0
        self.maintainers.pop()
        self.world.log(self.at, "registry", "Maintains", who, False)
