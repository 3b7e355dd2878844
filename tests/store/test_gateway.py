import http.client
import os
import socket
import threading
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from multiformats import CID

from derelay.baton.blocks import BLOCK_BYTES, DAG_CBOR, cid_of
from derelay.store.gateway import Gateway
from derelay.store.store import StoreError

BLOCK = bytes(range(256)) * 1000


def ask(gateway, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection(urlsplit(gateway.url).netloc, timeout=10)
    connection.request(method, path, headers=headers or {}, body=body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


def raw(gateway, message: bytes, end: bool = False) -> bytes:
    """Send bytes as they are; return all that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", urlsplit(gateway.url).port), timeout=10) as connection:
        connection.sendall(message)
        if end:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(1 << 16):
            answer += part
        return answer


@pytest.fixture
def cid(theirs) -> CID:
    return theirs.put(BLOCK)


@pytest.mark.parametrize("how", [("?format=raw", "text/html"), ("", "application/vnd.ipld.raw"), ("", "*/*")])
@pytest.mark.parametrize("codec", ["raw", DAG_CBOR])
def test_a_block_is_served_as_trustless_gateways_do(gateway, theirs, how, codec):
    query, accept = how
    cid = theirs.put(BLOCK, codec)
    status, headers, content = ask(gateway, "GET", f"/ipfs/{cid}{query}", {"Accept": accept})
    assert (status, content) == (200, BLOCK)
    assert headers["Content-Type"] == "application/vnd.ipld.raw"
    assert headers["Content-Disposition"] == f'attachment; filename="{cid}.bin"'
    assert headers["Etag"] == f'"{cid}.raw"'
    assert "immutable" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_head_says_the_same_without_the_block(gateway, cid):
    status, headers, content = ask(gateway, "HEAD", f"/ipfs/{cid}?format=raw")
    assert (status, headers["Content-Length"], content) == (200, str(len(BLOCK)), b"")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_probes_for_a_gateway_finds_one(gateway, method):
    status, headers, content = ask(gateway, method, "/ipfs/bafkqaaa?format=raw")
    assert (status, content) == (200, b"")
    assert headers["Content-Type"] == "application/vnd.ipld.raw"


def test_who_has_a_block_already_is_told_that_it_is_the_same(gateway, cid):
    status, _, content = ask(gateway, "GET", f"/ipfs/{cid}", {"If-None-Match": f'"{cid}.raw"'})
    assert (status, content) == (304, b"")


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("0-0", 0, 1),
        ("5-9", 5, 10),
        ("255990-", 255_990, 256_000),
        ("-4", 255_996, 256_000),
        ("9-999999", 9, 256_000),
    ],
)
def test_ranges(gateway, cid, wanted, start, stop):
    status, headers, content = ask(gateway, "GET", f"/ipfs/{cid}", {"Range": f"bytes={wanted}"})
    assert (status, content) == (206, BLOCK[start:stop])
    assert headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(BLOCK)}"


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.none() | st.integers(0, 40), st.none() | st.integers(0, 40))
def test_any_range(gateway, theirs, first, last):
    block = bytes(range(30))
    wanted = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    status, _, content = ask(gateway, "GET", f"/ipfs/{theirs.put(block)}", {"Range": wanted})
    if first is None:
        part = b"" if not last else block[-last:]
    else:
        part = block[first : None if last is None else last + 1]
    is_range = (first, last) != (None, None) and (first is None or last is None or first <= last)
    if is_range and part:
        assert (status, content) == (206, part)
    elif is_range:
        assert status == 416
    else:
        assert (status, content) == (200, block)


def test_a_range_beyond_the_end_is_refused_and_what_is_no_range_is_ignored(gateway, cid):
    status, headers, _ = ask(gateway, "GET", f"/ipfs/{cid}", {"Range": "bytes=256000-"})
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(BLOCK)}")
    for nonsense in ("bytes=9-5", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4"):
        assert ask(gateway, "GET", f"/ipfs/{cid}", {"Range": nonsense})[2] == BLOCK


def test_what_is_not_served(gateway, theirs, cid):
    absent = cid_of(b"absent")
    assert ask(gateway, "GET", f"/ipfs/{absent}")[0] == 404
    assert ask(gateway, "GET", f"/ipfs/{absent}", {"If-None-Match": f'"{absent}.raw"'})[0] == 404
    assert ask(gateway, "GET", f"/ipfs/{cid}?format=tar")[0] == 406
    assert ask(gateway, "GET", f"/ipfs/{cid}", {"Accept": "text/html"})[0] == 406
    assert ask(gateway, "GET", "/ipfs/not-an-identifier")[0] == 400
    for method in ("PUT", "POST", "DELETE", "OPTIONS", "PATCH"):
        status, headers, _ = ask(gateway, method, f"/ipfs/{cid}", body=b"x")
        assert (status, headers["Allow"]) == (405, "GET, HEAD")
    assert theirs.get(cid) == BLOCK


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ipfs/",
        "/ipfs",
        "/ipns/{cid}",
        "/ipfs/{cid}/",
        "/ipfs/{cid}/x",
        "//ipfs/{cid}",
        "/ipfs/../secret",
        "/ipfs/..%2fsecret",
        "/ipfs/%2e%2e/secret",
        "/ipfs/%2e%2e%2fsecret",
        "/../theirs/../secret",
        "/ipfs/..\\secret",
        "/ipfs//etc/passwd",
        "/ipfs/%00",
        "/ipfs/.sneaky.part",
        "/metrics",
        "/ipfs/" + "b" * 2000,
    ],
)
def test_path_tricks_lead_nowhere(gateway, theirs, cid, path, tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    answer = raw(
        gateway, f"GET {path.format(cid=cid)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.split()[1] in (b"400", b"404")
    assert b"\r\n\r\nsecret" not in answer


def test_a_damaged_block_is_not_served(gateway, theirs, cid, tmp_path):
    (file,) = (tmp_path / "theirs").glob("*/b*")
    file.write_bytes(b"damaged")
    assert ask(gateway, "GET", f"/ipfs/{cid}")[0] == 404


def test_a_store_that_fails_says_so_and_nothing_else(gateway, cid, tmp_path):
    (file,) = (tmp_path / "theirs").glob("*/b*")
    file.unlink()
    file.mkdir()
    status, _, content = ask(gateway, "GET", f"/ipfs/{cid}")
    assert status == 500
    assert str(tmp_path).encode() not in content


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300)
    | st.builds(
        lambda target, headers: b"GET " + target + b" HTTP/1.1\r\n" + headers + b"\r\n\r\n",
        st.binary(max_size=80)
        | st.text(max_size=80).map(lambda text: b"/ipfs/" + text.encode(errors="ignore")),
        st.sampled_from(
            [b"Host: x", b"Range: bytes=0-", b"Content-Length: -1", b"Transfer-Encoding: chunked"]
        ),
    )
)
def test_nothing_that_is_sent_stops_it_or_fills_its_log(gateway, theirs, caplog, message):
    cid = theirs.put(BLOCK)
    answer = raw(gateway, message, end=True)
    assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
    assert ask(gateway, "GET", f"/ipfs/{cid}")[0] == 200
    assert not caplog.records


def test_it_listens_on_this_machine_only_unless_told(gateway):
    assert urlsplit(gateway.url).hostname == "127.0.0.1"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", urlsplit(gateway.url).port), timeout=5)


def test_an_address_that_is_taken_is_named(gateway, theirs):
    port = urlsplit(gateway.url).port
    with pytest.raises(StoreError, match=f"cannot listen on 127.0.0.1:{port} .*choose another"):
        Gateway(theirs, port=port).start()


@pytest.mark.parametrize(
    "where", [("127.0.0.1", 1 << 16), ("127.0.0.1", -1), ("no such host", 0), ("192.0.2.1", 0)]
)
def test_an_address_that_is_none_of_ours_is_named(theirs, where):
    with pytest.raises(StoreError, match=f"cannot listen on {where[0]}:{where[1]} .*choose another"):
        Gateway(theirs, *where).start()


def test_after_it_is_closed_nothing_is_left(theirs):
    threads, files = threading.active_count(), len(os.listdir("/proc/self/fd"))
    gateway = Gateway(theirs).start()
    lingering = socket.socket()  # asks for much, and reads nothing
    lingering.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 12)
    lingering.connect(("127.0.0.1", urlsplit(gateway.url).port))
    lingering.sendall(f"GET /ipfs/{theirs.put(bytes(BLOCK_BYTES))} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 9)
    assert ask(gateway, "GET", f"/ipfs/{cid_of(b'absent')}")[0] == 404
    gateway.close()
    gateway.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(gateway.url).port))
    lingering.close()
    assert threading.active_count() == threads
    assert len(os.listdir("/proc/self/fd")) == files
