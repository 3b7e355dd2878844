import http.client
import socket
import time
from urllib.parse import urlsplit

import pytest
from eth_keys.datatypes import PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from trees import Tree, links
from wire import server

from derelay.baton.blocks import BLOCK_BYTES, cid_of
from derelay.store.fetch import fetch
from derelay.store.gateway import Gateway
from derelay.store.guests import Allowance, Guests
from derelay.store.http_source import HttpSource
from derelay.store.mirror import HttpMirror, MirrorError, push
from derelay.store.signature import keep_text, signer_of, text_hash

SENDER, STRANGER = (PrivateKey(bytes([number]) * 32) for number in (1, 2))
ADDRESS = SENDER.public_key.to_checksum_address()
BLOCK = b"sealed" * 1000


def signed_by(account: PrivateKey):
    def sign(text: str) -> bytes:
        *numbers, v = account.sign_msg_hash(text_hash(text)).to_bytes()
        return bytes([*numbers, v + 27])

    return sign


@pytest.fixture
def guests(tmp_path) -> Guests:
    guests = Guests(tmp_path / "guests", Allowance(each=8 << 20, total=16 << 20))
    guests.admitted = frozenset({ADDRESS})
    return guests


@pytest.fixture
def host(theirs, guests):
    with Gateway(theirs, guests=guests, patience=5) as gateway:
        yield gateway


def mirror(gateway, account=SENDER) -> HttpMirror:
    return HttpMirror(gateway.url, signed_by(account), 5, allow_private=True)


def put(gateway, cid, body, headers) -> int:
    connection = http.client.HTTPConnection(urlsplit(gateway.url).netloc, timeout=10)
    connection.request("PUT", f"/ipfs/{cid}", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def authorization(cid, account=SENDER) -> dict[str, str]:
    return {"Authorization": f"Derelay {signed_by(account)(keep_text(cid)).hex()}"}


def test_what_is_left_with_a_mirror_can_be_fetched_there(host, mine, tmp_path):
    tree = Tree.grown(mine, 5)
    sender = mirror(host)
    assert push(tree.root, mine, sender, links) == mine.size()
    assert push(tree.root, mine, sender, links) == 0  # it is there already
    reader = type(mine)(tmp_path / "reader")
    fetch(tree.root, reader, {"mirror": HttpSource(host.url, 5, allow_private=True)}, links)
    assert reader.size() == mine.size()


def test_what_was_sent_before_a_cut_is_not_sent_again(host, mine):
    tree = Tree.grown(mine, 5)
    sender = mirror(host)
    for cid in tree.blocks[:3]:
        sender.put(mine.get(cid))
    assert push(tree.root, mine, sender, links) == mine.size() - 3 * BLOCK_BYTES
    assert sender.has(tree.root)


def test_what_does_not_go_in_time_goes_next_and_the_root_last(host, mine):
    tree = Tree.grown(mine, 3)
    sender = mirror(host)
    sent = [push(tree.root, mine, sender, links, until=time.monotonic()) for _ in range(4)]
    assert all(sent)
    assert sum(sent) == mine.size()
    assert sender.has(tree.root)
    assert push(tree.root, mine, sender, links, until=time.monotonic()) == 0


def test_only_participants_leave_blocks(host, tmp_path):
    with pytest.raises(MirrorError, match="403, it keeps blocks of registered participants only"):
        mirror(host, STRANGER).put(BLOCK)
    assert not list(tmp_path.rglob("guests/*"))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic dXNlcjpwYXNzd29yZA==",
        "Derelay ",
        "Derelay " + "00" * 65,
        "Derelay " + "zz" * 65,
        "Derelay 00",
    ],
)
def test_without_a_signature_nothing_is_kept(host, header, tmp_path):
    assert put(host, cid_of(BLOCK), BLOCK, {"Authorization": header}) == 401
    assert not list(tmp_path.rglob("guests/*"))


def test_a_signature_is_good_for_one_block_only(host):
    assert put(host, cid_of(BLOCK), BLOCK, authorization(cid_of(b"other"))) == 403


def test_what_is_not_what_it_is_called_is_not_kept(host, tmp_path):
    cid = cid_of(b"other")
    assert put(host, cid, BLOCK, authorization(cid)) == 400
    assert not list(tmp_path.rglob("guests/*"))


def test_a_block_too_large_is_refused_before_it_is_read(host):
    cid = cid_of(bytes(BLOCK_BYTES + 1))
    assert put(host, cid, bytes(BLOCK_BYTES + 1), authorization(cid)) == 413
    assert put(host, cid, iter([bytes(10)]), authorization(cid)) == 411  # sent in chunks


@pytest.mark.parametrize("codec", ["dag-pb", "dag-json"])
def test_only_blocks_of_sealed_batons_are_kept(host, codec):
    cid = cid_of(BLOCK, codec)
    assert put(host, cid, BLOCK, authorization(cid)) == 400


def test_a_sender_who_stalls_is_cut_off_and_nothing_is_kept(theirs, guests, tmp_path):
    cid = cid_of(BLOCK)
    with Gateway(theirs, guests=guests, patience=0.2) as gateway:
        connection = http.client.HTTPConnection(urlsplit(gateway.url).netloc, timeout=10)
        connection.putrequest("PUT", f"/ipfs/{cid}")
        for name, value in (authorization(cid) | {"Content-Length": str(len(BLOCK))}).items():
            connection.putheader(name, value)
        connection.endheaders(BLOCK[:100])
        with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
            connection.getresponse()
        connection.close()
    assert not list(tmp_path.rglob("guests/*"))


def test_who_waits_to_hear_that_a_block_is_wanted_hears_it(host, guests):
    cid = cid_of(BLOCK)
    said = {**authorization(cid), "Host": "x", "Content-Length": str(len(BLOCK)), "Expect": "100-continue"}
    head = "".join(f"{name}: {text}\r\n" for name, text in said.items())
    with socket.create_connection(("127.0.0.1", urlsplit(host.url).port), timeout=10) as client:
        client.sendall(f"PUT /ipfs/{cid} HTTP/1.1\r\n{head}\r\n".encode())
        assert client.recv(1 << 16) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(BLOCK)
        assert client.recv(12) == b"HTTP/1.1 201"
    assert guests.get(cid) == BLOCK


def test_who_keeps_nobodys_blocks_says_so(gateway):
    with pytest.raises(MirrorError, match="405, it keeps nobody's blocks"):
        mirror(gateway).put(BLOCK)


def test_a_mirror_without_room_says_so(theirs, tmp_path):
    guests = Guests(tmp_path / "guests", Allowance(each=1 << 20, total=1 << 16))
    guests.admitted = frozenset({ADDRESS})
    with Gateway(theirs, guests=guests) as gateway:
        mirror(gateway).put(b"first")
        with pytest.raises(MirrorError, match="507, it has no room"):
            mirror(gateway).put(b"second")
        assert mirror(gateway).has(cid_of(b"first"))


def test_a_mirror_that_is_silent_is_given_up():
    with server(lambda connection: time.sleep(0.5)) as url:
        silent = HttpMirror(url, signed_by(SENDER), patience=0.2, allow_private=True)
        with pytest.raises(TimeoutError, match="no progress"):
            silent.put(BLOCK)
        with pytest.raises(TimeoutError, match="failed lately"):  # at once: its duties wait for nobody
            silent.has(cid_of(BLOCK))


@given(st.text(max_size=200) | st.binary(min_size=65, max_size=65).map(lambda raw: f"Derelay {raw.hex()}"))
def test_whatever_the_header_holds_it_is_nobodys_signature(header):
    assert signer_of(cid_of(BLOCK), header) not in (ADDRESS, STRANGER.public_key.to_checksum_address())


def test_the_signature_is_that_of_a_personal_message():
    # as eth_account hashes it; it is not imported here, as it raises Python's recursion limit
    assert (
        text_hash("hello world").hex() == "d9eba16ed0ecae432b71fe008c98cc872bb4cc214d3220a36f365326cf807d68"
    )
    cid = cid_of(BLOCK)
    assert signer_of(cid, f"Derelay {signed_by(SENDER)(keep_text(cid)).hex()}") == ADDRESS
