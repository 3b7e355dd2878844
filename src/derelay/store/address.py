"""Addresses that others registered: what they may look like, and where they may lead."""

import ipaddress
import re
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import Self

WIRE_BYTES = 1 << 21
"""What the system may hold of a connection: a block and its head, so that no side wakes up in between."""

MAX_URL = 256
"""Characters of the longest address; the registry holds 128."""

MOST_TRIED = 4
"""How many of a host's addresses are tried."""

# A host is a name, an IPv4 address in any notation, or an IPv6 address; all of them are looked up before use.
_URL = re.compile(
    r"(https?)://([A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?((?:/[A-Za-z0-9._~-]+)*)/?"
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressError(OSError):
    """An address that nothing is fetched from; the message says why."""


@dataclass(frozen=True)
class Address:
    """Where blocks are served: scheme, host, port, and a path before ``/ipfs``."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read an address that anyone may have written; nothing is looked up.

        Raises
        ------
        AddressError
            If it is no plain ``http://`` or ``https://`` address of a host.
        """
        match = _URL.fullmatch(url) if len(url) <= MAX_URL else None
        scheme, host, port, path = match.groups() if match else ("", "", "0", "")
        number = int(port or {"http": 80, "https": 443}[scheme])
        if not 0 < number < 1 << 16 or any(set(name) == {"."} for name in path.split("/") if name):
            raise AddressError(
                f"address {url[:80]!r}: nothing is fetched there; give http(s)://host:port/path, "
                f"at most {MAX_URL} characters of plain ASCII, without credentials or query"
            )
        return cls(scheme, host.strip("[]").lower(), number, path)

    @property
    def authority(self) -> str:
        """Host and port, as the header ``Host`` has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def connect(self, patience: float, allow_private: bool) -> socket.socket:
        """Connect, to an address that was itself checked, so that no second look-up can lead elsewhere.

        Parameters
        ----------
        patience : float
            Seconds for all of it, but for the look-up of the name, which is the operating system's.
        allow_private : bool
            Whether addresses count that are not of the public internet.

        Raises
        ------
        AddressError
            If the host has an address that is not public, and these are not allowed.
        OSError
            If nobody answers there.
        """
        found = socket.getaddrinfo(self.host.encode(), self.port, type=socket.SOCK_STREAM)
        hosts = [entry[4][0] for entry in found]
        private = [host for host in hosts if not _public(str(host))]
        if private and not allow_private:
            raise AddressError(
                f"{self.authority} leads to {private[0]}, which is not public; allow private addresses "
                "if all participants are on one network"
            )
        deadline = time.monotonic() + patience
        error: OSError = OSError(f"{self.authority} has no address")
        for family, kind, protocol, _, where in found[:MOST_TRIED]:
            connected = socket.socket(family, kind, protocol)
            try:
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WIRE_BYTES)
                connected.settimeout(max(0.001, deadline - time.monotonic()))
                connected.connect(where)
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self.scheme == "https":
                    return _tls().wrap_socket(connected, server_hostname=self.host)
                return connected
            except OSError as failed:
                connected.close()
                error = failed
        raise error


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _public(host: str) -> bool:
    """Say whether a numeric address is one of the public internet, seen through what wraps an IPv4 one."""
    address = ipaddress.ip_address(host)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
    return address.is_global and not address.is_multicast
