import socket
import time
from contextlib import suppress
from itertools import chain, repeat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wire import HEAD, request_from, server, whole

from derelay.baton.blocks import BLOCK_BYTES, MissingBlock, cid_of
from derelay.store import rests
from derelay.store.http_source import HttpSource

BLOCK = b"block" * 1000
CID = cid_of(BLOCK)
PATIENCE = 0.3
FILLER = bytes(1 << 16)


def source(url, patience=PATIENCE) -> HttpSource:
    return HttpSource(url, patience, allow_private=True)


def answering(*parts: bytes, pause: float = 0.0):
    """Send these parts in answer to a request, and close."""

    def serve(connection: socket.socket) -> None:
        request_from(connection)
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)

    return serve


def endless(head: bytes, part: bytes, pause: float = 0.0):
    def serve(connection: socket.socket) -> None:
        request_from(connection)
        for sent in chain([head], repeat(part)):
            connection.sendall(sent)
            time.sleep(pause)

    return serve


def test_what_is_asked_for():
    asked = []

    def serve(connection: socket.socket) -> None:
        asked.append(request_from(connection))
        connection.sendall(whole(BLOCK))

    with server(serve) as url:
        assert source(url + "/mirror/").get(CID) == BLOCK
    assert asked[0].startswith(f"GET /mirror/ipfs/{CID}?format=raw HTTP/1.1\r\nHost: 127.0.0.1:".encode())
    assert b"Accept: application/vnd.ipld.raw\r\n" in asked[0]


@pytest.mark.parametrize(
    "answer",
    [
        whole(BLOCK),
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1388\r\n" + BLOCK + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + whole(BLOCK),
        whole(BLOCK).replace(b"HTTP/1.1", b"HTTP/1.0"),
    ],
)
def test_answers_in_any_form_of_http(answer):
    with server(answering(answer)) as url:
        assert source(url).get(CID) == BLOCK


def test_connections_are_kept_and_one_that_was_cut_is_replaced():
    served = []

    def twice(connection: socket.socket) -> None:
        for _ in range(2):
            served.append(connection.getpeername())
            request_from(connection)
            connection.sendall(whole(BLOCK))

    with server(twice) as url:
        peer = source(url)
        assert [peer.get(CID) for _ in range(5)] == [BLOCK] * 5
        peer.close()
    assert len(set(served)) == 3


@pytest.mark.parametrize("status", [404, 410])
def test_what_a_server_does_not_have_is_missing(status):
    answer = b"HTTP/1.1 %d Gone\r\nContent-Length: 0\r\n\r\n" % status
    with server(answering(answer)) as url, pytest.raises(MissingBlock):
        source(url).get(CID)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "RemoteDisconnected"),
        (b"\r\n\r\n", "BadStatusLine"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "where its answer ends"),
        (HEAD + b"\r\n" + BLOCK, "where its answer ends"),
        (HEAD + b"Content-Length: 5000\r\n\r\n" + BLOCK[:4999], "cut off with 1 bytes to come"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1388\r\n" + BLOCK[:99], "IncompleteRead"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "IncompleteRead"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "answers 500"),
        (b"HTTP/1.1 206 Part\r\nContent-Length: 1\r\n\r\nb", "answers 206"),
        (b"HTTP/1.1 429 Slower\r\nContent-Length: 0\r\n\r\n", "answers 429"),
        (b"HTTP/1.1 304 Same\r\n\r\n", "answers 304"),
        (b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n", "answers 999"),
        (b"HTTP/1.1 200 " + b"x" * 70_000, "LineTooLong"),
        (HEAD + b"X: " + b"x" * 70_000, "LineTooLong"),
        (HEAD + b"X: x\r\n" * 200 + b"\r\n", "HTTPException"),
    ],
)
def test_other_answers_are_failures_with_a_reason(answer, reason):
    with server(answering(answer)) as url, pytest.raises(OSError, match=reason):
        source(url).get(CID)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status):
    asked = []

    def elsewhere(connection: socket.socket) -> None:
        asked.append(request_from(connection))

    with server(elsewhere) as inside:
        answer = b"HTTP/1.1 %d Moved\r\nLocation: %s/\r\nContent-Length: 0\r\n\r\n" % (
            status,
            inside.encode(),
        )
        with server(answering(answer)) as url, pytest.raises(OSError, match=f"answers {status}"):
            source(url).get(CID)
    assert asked == []


@pytest.mark.parametrize(
    "head",
    [
        HEAD + b"Content-Length: 1000000000000\r\n\r\n",
        HEAD + b"Content-Length: 1048577\r\n\r\n",
    ],
)
def test_a_body_without_end_is_read_to_one_byte_more_than_a_block(head):
    with server(endless(head, FILLER)) as url:
        assert len(source(url).get(CID)) == BLOCK_BYTES + 1


@pytest.mark.parametrize(
    ("head", "part"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 100 Continue\r\n", b"X: x\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 1000 + b"\r\nb\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: x\r\n"),
    ],
)
def test_heads_without_end_are_not_read_on(head, part):
    with (
        server(endless(head, part * 100)) as url,
        pytest.raises(OSError, match=r"more than \d+ bytes|HTTPException"),
    ):
        source(url).get(CID)


@pytest.mark.parametrize(
    ("head", "part"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X: x\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (HEAD + b"Content-Length: 1048576\r\n\r\n", b"b" * 100),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nb\r\n"),
    ],
)
def test_a_byte_now_and_then_is_no_progress(head, part):
    with (
        server(endless(head, part, pause=0.02)) as url,
        pytest.raises(TimeoutError, match=r"no progress for 0.3 s"),
    ):
        source(url).get(CID)


def test_slow_and_steady_is_progress():
    body = b"b" * BLOCK_BYTES
    parts = [body[at : at + (1 << 16)] for at in range(0, BLOCK_BYTES, 1 << 16)]
    head = HEAD + b"Content-Length: %d\r\n\r\n" % len(body)
    with server(answering(head, *parts, pause=PATIENCE / 6)) as url:  # in all, longer than the patience
        assert source(url).get(CID) == body


class Clock:
    """Time that passes when a test says so."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


def test_who_fails_is_let_rest_for_as_long_as_that_took_then_twice_as_long(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(rests, "time", clock)

    def fail_after_ten_seconds(connection: socket.socket) -> None:
        request_from(connection)
        clock.now += 10

    with server(fail_after_ten_seconds) as url:
        peer = source(url)
        for rest_seconds in (10, 20, 40, 80, 160, 160):
            with pytest.raises(ConnectionError, match="RemoteDisconnected"):
                peer.get(CID)
            clock.now += rest_seconds - 1
            with pytest.raises(TimeoutError, match="failed lately; asked again in 1 s"):
                peer.get(CID)
            clock.now += 2


def test_who_works_again_is_forgiven(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(rests, "time", clock)
    answers = iter([b"", whole(BLOCK), b"", b""])

    def serve(connection: socket.socket) -> None:
        request_from(connection)
        clock.now += 10
        connection.sendall(next(answers))

    def fail(peer: HttpSource) -> None:
        with pytest.raises(ConnectionError):
            peer.get(CID)
        clock.now += 11

    with server(serve) as url:
        peer = source(url)
        fail(peer)
        assert peer.get(CID) == BLOCK
        peer.close()
        fail(peer)
        fail(peer)  # after ten seconds, not twenty


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200)
    | st.binary(max_size=100).map(lambda rest: b"HTTP/1.1 200 OK\r\n" + rest)
    | st.binary(max_size=100).map(lambda rest: HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + rest)
    | st.integers(-5, 300).map(lambda length: HEAD + b"Content-Length: %d\r\n\r\n" % length + bytes(100))
)
def test_whatever_is_answered_it_is_bytes_or_an_ordinary_failure(answer):
    with server(answering(answer)) as url, suppress(MissingBlock, OSError):
        assert len(source(url).get(CID)) <= 200
