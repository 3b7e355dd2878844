"""A door in front of a real node: shut, slow, or changing what goes through."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import requests

Change = Callable[[str, list[Any], Any], Any]
"""From a method, its parameters and the node's answer to the answer given instead."""


class Gate:
    """Passes JSON-RPC on to a node behind it.

    Attributes
    ----------
    status : int
        Of HTTP; other than 200, nothing is passed on.
    body : bytes or None
        Sent instead of an answer.
    is_endless : bool
        Whether a byte is sent now and then, instead of an answer, until who asks is gone.
    instead : dict
        Results of methods that are not passed on.
    change : Change or None
        Applied to each answer of the node.
    asked : Counter
        How often each method was asked for.
    """

    def __init__(self, node: str) -> None:
        self.status = 200
        self.body: bytes | None = None
        self.is_endless = False
        self.instead: dict[str, Any] = {}
        self.change: Change | None = None
        self.asked: Counter[str] = Counter()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, node))
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def height(self, change: Callable[[int], int]) -> None:
        """Lie about how many blocks there are."""

        def lie(method: str, _: list[Any], answer: Any) -> Any:
            if method == "eth_blockNumber":
                answer["result"] = hex(change(int(answer["result"], 16)))
            return answer

        self.change = lie


def _handler(gate: Gate, node: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # header and body in one packet, or the client waits for its own acknowledgement

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            request = json.loads(body)
            gate.asked[request["method"]] += 1
            if gate.is_endless:
                self._drip()
                return
            answer = b"" if gate.status != 200 else gate.body or self._answer(request)
            with suppress(ConnectionError):  # who has read enough hangs up
                self.send_response(gate.status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        def _answer(self, request: dict[str, Any]) -> bytes:
            if request["method"] in gate.instead:
                return json.dumps({"id": request["id"], "result": gate.instead[request["method"]]}).encode()
            answer = requests.post(node, json=request, timeout=10).json()
            if gate.change is not None:
                answer = gate.change(request["method"], request["params"], answer)
            return json.dumps(answer).encode()

        def _drip(self) -> None:
            self.close_connection = True
            with suppress(ConnectionError):
                self.send_response(200)
                self.end_headers()
                self.wfile.flush()
                while True:
                    self.connection.sendall(b" ")
                    time.sleep(0.05)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@pytest.fixture
def gates(devnet) -> Iterator[Callable[[], Gate]]:
    """Make doors in front of one node."""
    opened: list[Gate] = []

    def make() -> Gate:
        opened.append(Gate(devnet.url))
        return opened[-1]

    yield make
    for gate in opened:
        gate.close()
