import select
import socket
import threading
import time
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import pytest

from derelay.baton.blocks import BLOCK_BYTES, cid_of
from derelay.store.http_source import HttpSource
from derelay.store.leaving import LINGER
from derelay.store.request import MAX_HEADERS, MAX_LINE
from derelay.store.visitors import Limits, visitor_name

PATIENCE = 0.3


@pytest.fixture
def cid(theirs):
    return theirs.put(bytes(BLOCK_BYTES))


def connect(gateway) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(gateway.url).port), timeout=10)


def received(connection: socket.socket) -> int:
    """Return how many bytes come until the server ends the connection."""
    count = 0
    while part := connection.recv(1 << 16):
        count += len(part)
    return count


def is_cut(connection: socket.socket) -> bool:
    """Wait until the server closes the connection, whatever it says before."""
    with suppress(ConnectionResetError):
        received(connection)
    return True


def sends_until_cut(connection: socket.socket, data: bytes) -> bool:
    """Send the same again and again, until the server closes the connection."""
    try:
        while True:
            connection.sendall(data)
    except (ConnectionResetError, BrokenPipeError):
        return True


def served(gateway, cid) -> bool:
    source = HttpSource(gateway.url, patience=10, allow_private=True)
    try:
        return cid_of(source.get(cid)) == cid
    finally:
        source.close()


def request(cid, extra: str = "") -> bytes:
    return f"GET /ipfs/{cid} HTTP/1.1\r\nHost: x\r\n{extra}\r\n".encode()


def test_connections_beyond_the_limit_are_closed_at_once_and_make_room_again(serving, cid):
    gateway = serving(limits=Limits(connections=10, connections_each=10))
    with ExitStack() as stack:
        held = [stack.enter_context(connect(gateway)) for _ in range(10)]
        with connect(gateway) as further:
            assert is_cut(further)
        for connection in held:
            connection.sendall(request(cid))
            assert connection.recv(12) == b"HTTP/1.1 200"
    assert served(gateway, cid)


def test_one_address_leaves_room_for_others(serving, cid):
    gateway = serving(host="0.0.0.0", limits=Limits(connections=10, connections_each=3))
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(connect(gateway)).sendall(request(cid))
        with connect(gateway) as further:
            assert is_cut(further)
        other = stack.enter_context(
            socket.create_connection(
                ("127.0.0.1", urlsplit(gateway.url).port), timeout=10, source_address=("127.0.0.2", 0)
            )
        )
        other.sendall(request(cid))
        assert other.recv(12) == b"HTTP/1.1 200"


def test_in_ipv6_the_network_of_one_customer_is_one_visitor():
    def name(host: str) -> str:
        return visitor_name((host, 4001, 0, 0))

    assert name("2001:db8:1:2::1") == name("2001:db8:1:2:ffff::9")
    assert name("2001:db8:1:2::1") != name("2001:db8:1:3::1")
    assert name("::ffff:192.0.2.1") != name("::ffff:192.0.2.2")
    assert visitor_name(("192.0.2.1", 4001)) != visitor_name(("192.0.2.2", 4001))


def test_two_hundred_that_never_finish_a_request_harm_nobody_and_are_cut_off(serving, cid):
    gateway = serving(patience=PATIENCE, limits=Limits(connections_each=256))
    with ExitStack() as stack:
        held = [stack.enter_context(connect(gateway)) for _ in range(200)]
        for connection in held:
            connection.sendall(request(cid)[:-2] + b"X-Slow: ")
        assert served(gateway, cid)
        assert all(is_cut(connection) for connection in held)


def test_who_sends_its_request_byte_by_byte_is_cut_off(serving, cid):
    gateway = serving(patience=PATIENCE)
    with connect(gateway) as slow:
        while not select.select([slow], [], [], 0.01)[0]:
            slow.sendall(b"G")
        assert is_cut(slow)


def test_who_asks_and_does_not_read_is_cut_off(serving, cid):
    gateway = serving(patience=PATIENCE)
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 12)
        slow.settimeout(10)
        slow.connect(("127.0.0.1", urlsplit(gateway.url).port))
        assert sends_until_cut(slow, request(cid))
    assert served(gateway, cid)


def asked_for_one(stack, gateway, cid) -> socket.socket:
    """Ask for a block, as the last one, with little room for it."""
    client = stack.enter_context(socket.socket())
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 12)
    client.settimeout(10)
    client.connect(("127.0.0.1", urlsplit(gateway.url).port))
    client.sendall(request(cid, "Connection: close\r\n"))
    assert client.recv(12) == b"HTTP/1.1 200"
    return client


def test_what_nobody_takes_is_not_left_behind_in_the_system(serving, cid):
    before = threading.active_count()
    gateway = serving(patience=PATIENCE)
    with ExitStack() as stack:
        held = [asked_for_one(stack, gateway, cid) for _ in range(5)]
        while threading.active_count() > before + 1:  # what accepts connections
            time.sleep(0.01)
        for client in held:
            with pytest.raises(ConnectionResetError):
                received(client)


def test_who_takes_its_last_answer_late_gets_it_and_counts_until_then(serving, cid):
    gateway = serving(patience=3.0, limits=Limits(connections=1))
    with ExitStack() as stack:
        client = asked_for_one(stack, gateway, cid)
        time.sleep(LINGER + 0.5)
        with connect(gateway) as further:
            further.sendall(request(cid))
            with suppress(ConnectionResetError):
                assert received(further) == 0
        assert received(client) > BLOCK_BYTES


def test_closing_waits_for_nobody(serving, cid):
    gateway = serving(patience=3600.0)
    with ExitStack() as stack:
        for _ in range(5):
            asked_for_one(stack, gateway, cid)
        gateway.close()


@pytest.mark.parametrize(
    "head",
    [
        "GET /ipfs/" + "b" * (10 * MAX_LINE) + " HTTP/1.1\r\nHost: x\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX: " + "x" * (10 * MAX_LINE) + "\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n" + "X: x\r\n" * (10 * MAX_HEADERS),
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "PRI * HTTP/2.0\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01",
    ],
)
def test_a_head_that_is_too_large_or_ambiguous_is_refused(serving, cid, head):
    gateway = serving(patience=PATIENCE)
    with connect(gateway) as client:
        client.sendall(head.encode("latin-1") + b"\r\n")
        assert client.recv(12)[9:] in (b"400", b"")
        assert is_cut(client)
    assert served(gateway, cid)


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize("kind", ["Content-Length: 1000000000000\r\n", "Transfer-Encoding: chunked\r\n"])
def test_a_body_without_end_is_not_taken(serving, cid, method, kind):
    gateway = serving(patience=PATIENCE)
    with connect(gateway) as client:
        client.sendall(request(cid, kind).replace(b"GET", method.encode()))
        assert client.recv(12)[9:] == (b"200" if method == "GET" else b"405")
        assert sends_until_cut(client, b"10000\r\n" + bytes(1 << 16) + b"\r\n")
    assert served(gateway, cid)


@pytest.mark.parametrize(
    "last", [b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"mistake\r\n\r\n"]
)
def test_who_does_not_take_the_last_answer_is_cut_off_too(serving, cid, last):
    """Whatever is on its way before, so that some of these answers find all buffers but full."""
    before = threading.active_count()
    gateway = serving(patience=PATIENCE, limits=Limits(connections_each=256))
    with ExitStack() as stack:
        for size in range(1, BLOCK_BYTES, BLOCK_BYTES // 100):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 12)
            client.connect(("127.0.0.1", urlsplit(gateway.url).port))
            client.sendall(request(cid, f"Range: bytes=0-{size}\r\n") * 3 + last)
        while threading.active_count() > before + 1:  # what accepts connections
            time.sleep(0.01)


def test_who_asks_too_fast_is_answered_later_and_not_refused(serving, theirs):
    cid = theirs.put(b"small")
    gateway = serving(limits=Limits(requests_per_second=100))
    began = time.monotonic()
    with connect(gateway) as client:
        client.sendall(request(cid) * 130)  # a second's worth may come at once
        answers = b""
        while answers.count(b"\r\n\r\nsmall") < 130:
            answers += client.recv(1 << 16)
    assert time.monotonic() - began > 0.29


def test_who_comes_back_wins_no_time(serving, cid):
    gateway = serving(limits=Limits(requests_per_second=20))
    began = time.monotonic()
    for _ in range(26):
        with connect(gateway) as client:
            client.sendall(request(cid).replace(b"GET", b"HEAD"))
            assert client.recv(12) == b"HTTP/1.1 200"
    assert time.monotonic() - began > 0.29
