"""What a node takes for a request, and how it answers clients of other kinds."""

import socket
from urllib.parse import urlsplit

import pytest

from derelay.store.request import MAX_HEADERS, MAX_LINE, BadRequestError, parse


def read(*lines: str):
    return parse("\r\n".join(lines).encode("latin-1"), lambda size: bytes(size))


def test_the_parts_of_a_request():
    request = read("GET /ipfs/baf?format=raw&format=car&x=%20 HTTP/1.1", "Host: h", "X-ONE: 1", "x-one:\t2 ")
    assert (request.method, request.path) == ("GET", "/ipfs/baf")
    assert request.query == {"format": "raw", "x": " "}
    assert request.headers == {"host": "h", "x-one": "1, 2"}
    assert (request.length, request.is_last, request.takes_chunks) == (0, False, True)


def test_a_target_may_name_the_host():
    assert read("GET http://other:1/ipfs/baf?a=b HTTP/1.1", "Host: h").path == "/ipfs/baf"


def test_how_long_its_body_is():
    assert read("PUT / HTTP/1.1", "Host: h", "Content-Length: 7").length == 7
    assert read("PUT / HTTP/1.1", "Host: h", "Transfer-Encoding: chunked").length is None


def test_who_wants_no_further_answers():
    assert read("GET / HTTP/1.1", "Host: h", "Connection: Close").is_last
    oldest = read("GET / HTTP/1.0")
    assert (oldest.is_last, oldest.takes_chunks) == (True, False)


@pytest.mark.parametrize(
    "lines",
    [
        ["GET / HTTP/1.1"],
        ["GET / HTTP/1.1", "Host: a", "host: b"],
        ["GET / HTTP/2.0", "Host: a"],
        ["GET  / HTTP/1.1", "Host: a"],
        ["GET x HTTP/1.1", "Host: a"],
        ["GET /#x HTTP/1.1", "Host: a"],
        ["GET / HTTP/1.1", "Host: a", " folded"],
        ["GET / HTTP/1.1", "Host : a"],
        ["GET / HTTP/1.1", "Host: a\0"],
        ["GET / HTTP/1.1", "Host: a\nContent-Length: 3"],
        ["PUT / HTTP/1.1", "Host: a", "Content-Length: 3", "Content-Length: 3"],
        ["PUT / HTTP/1.1", "Host: a", "Content-Length: +3"],
        ["PUT / HTTP/1.1", "Host: a", "Content-Length: 3", "Transfer-Encoding: chunked"],
        ["GET / HTTP/1.1", "Host: a", *["X: x"] * MAX_HEADERS],
        ["GET / HTTP/1.1", "Host: a", "X: " + "x" * MAX_LINE],
    ],
)
def test_what_could_be_understood_in_two_ways_is_refused(lines):
    with pytest.raises(BadRequestError):
        read(*lines)


def said_to(gateway, message: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", urlsplit(gateway.url).port), timeout=10) as client:
        client.sendall(message)
        answer = b""
        while part := client.recv(1 << 16):
            answer += part
    return answer


def test_clients_of_http_1_0_get_blocks_and_no_archives(gateway, theirs):
    cid = theirs.put(b"block")
    answer = said_to(gateway, f"GET /ipfs/{cid}?format=raw HTTP/1.0\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\nblock")
    refused = said_to(gateway, f"GET /ipfs/{cid}?format=car HTTP/1.0\r\n\r\n".encode())
    assert refused.startswith(b"HTTP/1.1 505")


def test_empty_lines_before_a_request_are_none(gateway, theirs):
    cid = theirs.put(b"block")
    again = f"\r\nHEAD /ipfs/{cid} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    answers = said_to(gateway, again * 2 + b"\r\nGET / HTTP/1.0\r\n\r\n")
    assert (answers.count(b"HTTP/1.1 200"), answers.count(b"HTTP/1.1 404")) == (2, 1)


def test_who_speaks_tls_to_it_is_told_at_once(serving):
    answer = said_to(serving(patience=30.0), b"\x16\x03\x01\x02\x00\x01\x00\x01")
    assert answer.startswith(b"HTTP/1.1 400")
