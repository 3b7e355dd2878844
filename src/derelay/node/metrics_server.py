"""Metrics over HTTP, on this machine only."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from derelay.node.metrics import CONTENT_TYPE

HOST = "127.0.0.1"
SLOWEST = 10
"""Seconds that a request may take to come."""


class MetricsServer:
    """Answers ``GET /metrics`` on loopback, from a thread of its own.

    Parameters
    ----------
    text
        Returns the metrics.
    port
        Zero for a free one.

    Raises
    ------
    OSError
        If the port is taken.
    """

    def __init__(self, text: Callable[[], str], port: int = 0) -> None:
        class Handler(BaseHTTPRequestHandler):
            timeout = SLOWEST

            def do_GET(self) -> None:
                if self.path != "/metrics":
                    self.send_error(404)
                    return
                body = text().encode()
                self.send_response(200)
                self.send_header("Content-Type", CONTENT_TYPE)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: being looked at is no event."""

        self._server = ThreadingHTTPServer((HOST, port), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, name="metrics", daemon=True)

    @property
    def url(self) -> str:
        """Where the metrics are."""
        return f"http://{HOST}:{self._server.server_address[1]}/metrics"

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering, and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
