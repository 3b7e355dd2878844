"""One chain over HTTP, a websocket and a socket on disk: the same answers; secrets in URLs stay there."""

import json
import socket
from threading import Thread
from traceback import format_exception

import pytest
from websockets.sync.server import ServerConnection, serve

from derelay.chain.chain import ChainError
from derelay.chain.connect import connect
from derelay.chain.endpoint import Endpoint
from derelay.chain.endpoints import Endpoints
from derelay.chain.rpc import RpcChain
from derelay.chain.rpc_errors import UnreachableError
from derelay.chain.rpc_format import quantity
from derelay.chain.sender import Sender
from derelay.chain.wallet import Wallet
from derelay.local.devnet import Devnet
from devnets import RICH

SECRET = "s3cr3t"


def test_every_transport_gives_the_same_answers(tmp_path):
    with Devnet(ipc=tmp_path / "node.ipc") as devnet:
        chains = [
            RpcChain(Endpoints([Endpoint(url)]), poll=0)
            for url in (devnet.url, devnet.url.replace("http", "ws"), str(tmp_path / "node.ipc"))
        ]
        me = Wallet(RICH)
        for number, chain in enumerate(chains):
            sent = Sender(chain, me).send(me.address, b"x" * 70_000, gas=3_000_000)
            while chain.receipt(sent) is None:
                pass
            assert chain.height() == number + 1
        found = [
            (
                chain.chain_id,
                chain.block_hash(2),
                chain.balance(me.address),
                bytes(chain.w3.eth.get_transaction(sent)["input"]),
            )
            for chain in chains
        ]
        assert found[0] == found[1] == found[2]
        assert found[0][3] == b"x" * 70_000


@pytest.mark.parametrize("scheme", ["http", "ws", "ipc"])
def test_a_connection_that_broke_is_made_again(tmp_path, scheme):
    place = tmp_path / "node.ipc"
    with Devnet(ipc=place) as devnet:
        port = int(devnet.url.rpartition(":")[2])
        endpoint = Endpoint(str(place) if scheme == "ipc" else devnet.url.replace("http", scheme))
        assert endpoint.ask(quantity, "eth_chainId") == 31337
    with Devnet(port, ipc=place):  # the connection that was kept open is of the node before
        assert endpoint.ask(quantity, "eth_chainId") == 31337
    with pytest.raises(UnreachableError, match="cannot be reached"):
        endpoint.ask(quantity, "eth_chainId")
    with Devnet(port, ipc=place):
        assert endpoint.ask(quantity, "eth_chainId") == 31337


@pytest.mark.parametrize("scheme", ["http", "ws", "ipc"])
def test_who_takes_the_call_and_says_nothing_is_not_waited_for(tmp_path, monkeypatch, scheme):
    monkeypatch.setattr("derelay.chain.endpoint.TIMEOUT", 0.2)
    place = tmp_path / "silent.ipc"
    with socket.create_server(("127.0.0.1", 0)) as inet, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(place))
        unix.listen()
        url = f"{scheme}://127.0.0.1:{inet.getsockname()[1]}" if scheme != "ipc" else str(place)
        with pytest.raises(ChainError, match=r"gives no answer within 0.2 s: check the endpoints"):
            connect(url)


def test_an_answer_may_end_with_its_connection():
    def speak() -> None:
        for _ in range(2):
            connection, _ = server.accept()
            with connection:
                request = b""
                while not request.endswith(b"}"):
                    request += connection.recv(1 << 16)
                number = json.loads(request.partition(b"\r\n\r\n")[2])["id"]
                connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
                connection.sendall(json.dumps({"id": number, "result": "0x7"}).encode())

    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=speak, daemon=True).start()
        endpoint = Endpoint(f"http://127.0.0.1:{server.getsockname()[1]}")
        assert [endpoint.ask(quantity, "eth_chainId") for _ in range(2)] == [7, 7]


def test_a_byte_now_and_then_is_no_answer(gates, monkeypatch):
    monkeypatch.setattr("derelay.chain.endpoint.TIMEOUT", 0.3)
    gate = gates()
    gate.is_endless = True
    with pytest.raises(ChainError, match=r"gives no answer within 0.3 s"):
        connect(gate.url)


def test_an_answer_without_end_is_not_read_on(gates, monkeypatch):
    monkeypatch.setattr("derelay.chain.rpc_http.MOST_BYTES", 1 << 16)
    gate = gates()
    gate.body = b'{"result":"0x' + b"1" * (1 << 20) + b'"}'
    with pytest.raises(ChainError, match=r"cannot be reached|can be read|JSON-RPC"):
        connect(gate.url)


def test_the_answer_to_another_question_is_none(gates):
    gate = gates()
    gate.change = lambda method, params, answer: {**answer, "id": answer["id"] + 1}
    with pytest.raises(ChainError, match="does not answer in JSON-RPC"):
        connect(gate.url)


@pytest.mark.parametrize("said", ["[]", "7", "no", '{"id":0,"result":"0xzz"}', '{"id":0,"error":{}}'])
def test_a_websocket_that_speaks_otherwise_is_refused(said):
    def speak(connection: ServerConnection) -> None:
        for _ in connection:
            connection.send(said)

    with serve(speak, "127.0.0.1", 0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        port = server.socket.getsockname()[1]
        with pytest.raises(ChainError, match=r"JSON-RPC|can be read|no reason given"):
            connect(f"ws://127.0.0.1:{port}")
        server.shutdown()


@pytest.mark.parametrize(
    "url",
    [
        f"http://me:{SECRET}@127.0.0.1:9/v3/{SECRET}?key={SECRET}",
        f"ws://me:{SECRET}@127.0.0.1:9/v3/{SECRET}?key={SECRET}",
        f"https://127.0.0.1:9/v3/{SECRET}",
        f"http://no.such.host.invalid/{SECRET}",
        f"http://127.0.0.1:99999/{SECRET}",
        f"ws://127.0.0.1:99999/{SECRET}",
        f"http://[{SECRET}/",
        f"ftp://me:{SECRET}@127.0.0.1/{SECRET}",
        f"http:///{SECRET}",
    ],
)
def test_no_secret_of_a_url_is_in_an_error(url):
    with pytest.raises(ChainError) as caught:
        connect(url)
    assert SECRET not in "".join(format_exception(caught.value))
    with pytest.raises(ChainError) as caught:
        Endpoint(url).ask(quantity, "eth_chainId")
    assert SECRET not in "".join(format_exception(caught.value))


def test_a_secret_that_a_node_refuses_is_not_repeated(gates):
    gate = gates()
    gate.status = 401
    with pytest.raises(ChainError, match=rf"{gate.url}/… answers with HTTP 401: check") as caught:
        connect(f"{gate.url}/v3/{SECRET}")
    assert SECRET not in "".join(format_exception(caught.value))


@pytest.mark.parametrize("url", ["", ",", "embedded", "anvil:", "http://", "/no/such/socket", "a" * 300])
def test_what_is_no_endpoint_is_named_with_the_way_out(url):
    with pytest.raises(ChainError, match=r"give embedded:, http|check the endpoints, or name another"):
        connect(url)
