import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derelay.store.address import MAX_URL, Address, AddressError
from derelay.store.peers import MOST_OPEN, HttpPeers


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://example.org", Address("http", "example.org", 80, "")),
        ("https://example.org/", Address("https", "example.org", 443, "")),
        ("http://Example.org:8080/a/b.c/", Address("http", "example.org", 8080, "/a/b.c")),
        ("http://127.0.0.1:1", Address("http", "127.0.0.1", 1, "")),
        ("http://[2001:db8::1]:8080", Address("http", "2001:db8::1", 8080, "")),
    ],
)
def test_plain_addresses(url, expected):
    assert Address.parse(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "local:someone",
        "example.org",
        "//example.org",
        "ftp://example.org",
        "file:///etc/passwd",
        "gopher://example.org:6379/_SET",
        "javascript:alert(1)",
        "unix:///var/run/docker.sock",
        "http://",
        "http:///path",
        "http://:80",
        "http://user@example.org",
        "http://user:password@example.org",
        "http://example.org@127.0.0.1",
        "http://example.org:0",
        "http://example.org:65536",
        "http://example.org:-1",
        "http://example.org:8o",
        "http://example.org?query",
        "http://example.org#fragment",
        "http://example.org/../admin",
        "http://example.org/./x",
        "http://example.org/%2e%2e/x",
        "http://example.org/a//b",
        "http://example.org\\@127.0.0.1",
        "http://exa mple.org",
        "http://example.org\r\nX: y",
        "http://example.org/\r\nX: y",
        " http://example.org",
        "http://example.org\n",
        "http://exämple.org",
        "http://.example.org",
        "http://-example.org",
        "http://example。org",
        "http://[::1",
        "http://[::1]x",
        "http://[fe80::1%25eth0]",
        "http://example.org/\x00",
        "http://" + "a" * 10_000,
        "http://" + "a" * MAX_URL,
    ],
)
def test_other_than_plain_addresses_are_refused_and_named(url):
    with pytest.raises(AddressError, match="address "):
        Address.parse(url)
    assert HttpPeers()(url) is None


@given(st.text() | st.text(alphabet="htps:/@[].%?#0127a\\\r\n ").map(lambda rest: "http://" + rest))
def test_whatever_was_registered_what_is_sent_has_two_lines_and_no_third(url):
    try:
        address = Address.parse(url)
    except AddressError:
        return
    head = f"GET {address.path}/ipfs/x HTTP/1.1\r\nHost: {address.authority}\r\n"
    assert head.isascii()
    assert len(head.splitlines()) == 2
    assert head.split("\r\n")[0].count(" ") == 2
    assert 0 < address.port < 1 << 16


LEADS_INSIDE = [
    "127.0.0.1",
    "127.1.2.3",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",
    "0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "240.0.0.1",
    "[::]",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[fe80::1]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[ff02::1]",
    "[2001::1]",
    "[2001:db8::1]",
]


@pytest.mark.parametrize("host", LEADS_INSIDE)
def test_addresses_that_are_not_public_are_refused_in_every_notation(host, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *where: pytest.fail("connected"))
    with pytest.raises(AddressError, match="not public; allow private"):
        Address.parse(f"http://{host}:8080").connect(1.0, allow_private=False)


def resolving_to(monkeypatch, *hosts: str) -> list[str]:
    """Let every name lead to `hosts`, whatever the network says; return a list of whom is connected to."""
    found = [
        (socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 80))
        for host in hosts
    ]
    connected: list[str] = []

    def connect(self, where):
        connected.append(where[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *name, **how: found)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return connected


def test_a_name_that_leads_inside_is_refused_even_if_it_leads_outside_too(monkeypatch):
    connected = resolving_to(monkeypatch, "93.184.215.14", "192.168.0.1")
    with pytest.raises(AddressError, match=r"example.org:80 leads to 192.168.0.1"):
        Address.parse("http://example.org").connect(1.0, allow_private=False)
    assert connected == []


def test_what_was_checked_is_what_is_connected_to(monkeypatch):
    connected = resolving_to(monkeypatch, "93.184.215.14", "2606:2800:21f::1")
    with pytest.raises(ConnectionRefusedError):
        Address.parse("http://example.org").connect(1.0, allow_private=False)
    assert connected == ["93.184.215.14", "2606:2800:21f::1"]  # never a name, which could be looked up anew


def test_of_a_name_with_many_addresses_a_few_are_tried(monkeypatch):
    connected = resolving_to(monkeypatch, *(f"93.184.215.{last}" for last in range(1, 100)))
    with pytest.raises(ConnectionRefusedError):
        Address.parse("http://example.org").connect(1.0, allow_private=False)
    assert len(connected) == 4


@pytest.mark.parametrize("host", ["a..b", "x" * 200, "does-not-exist.invalid"])
def test_a_name_that_leads_nowhere_is_an_ordinary_failure(host):
    with pytest.raises(OSError, match=r"[Nn]ame|service|resol"):
        Address.parse(f"http://{host}").connect(1.0, allow_private=True)


def test_peers_are_kept_and_the_least_recently_asked_is_closed():
    peers = HttpPeers()
    first = peers("http://first.example")
    assert peers("http://first.example") is first
    for number in range(MOST_OPEN):
        peers(f"http://peer{number}.example")
    assert peers("http://first.example") is not first


def test_who_is_here_is_asked_without_a_connection(theirs):
    peers = HttpPeers(own={"https://me.example": theirs})
    assert peers("https://me.example") is theirs
