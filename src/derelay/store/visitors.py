"""Who is connected, and how much of a server each may take."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address


@dataclass(frozen=True)
class Limits:
    """What clients may take.

    Attributes
    ----------
    connections : int
        Open at a time, in all; further ones are closed at once.
    connections_each : int
        Open at a time, of one address (of one /64 in IPv6).
    requests_per_second : float
        Of one address; who asks faster is answered later.
    """

    connections: int = 256
    connections_each: int = 64
    requests_per_second: float = 2000.0


@dataclass
class _Visitor:
    connections: int = 0
    next_answer: float = 0.0


class Visitors:
    """Counts connections, and says when the next answer is due.

    Parameters
    ----------
    limits : Limits
        What clients may take.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[str, _Visitor] = {}
        self._connections = 0

    def come(self, name: str) -> bool:
        """Count a connection, which has to `leave` later; say whether there is room for it."""
        visitor = self._known.setdefault(name, _Visitor())
        visitor.connections += 1
        self._connections += 1
        each, all_of_them = self._limits.connections_each, self._limits.connections
        return visitor.connections <= each and self._connections <= all_of_them

    def leave(self, name: str, now: float) -> None:
        """Count a connection less. Who has none is forgotten, but only where coming back wins no time."""
        self._known[name].connections -= 1
        self._connections -= 1
        idle = [
            name for name, who in self._known.items() if not who.connections and who.next_answer <= now - 1
        ]
        for name in idle:
            del self._known[name]

    def wait(self, name: str, now: float) -> float:
        """Count a request; return the seconds to its answer. A client may save up a second's worth."""
        visitor = self._known[name]
        visitor.next_answer = max(visitor.next_answer, now - 1) + 1 / self._limits.requests_per_second
        return max(0.0, visitor.next_answer - now)


def visitor_name(peer: object) -> str:
    """Name whom a connection comes from: an IPv4 address, or the network that one IPv6 customer is given."""
    if not isinstance(peer, tuple):
        return ""
    address = ip_address(peer[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{int(address) >> 64:x}"
    return str(peer[0])
