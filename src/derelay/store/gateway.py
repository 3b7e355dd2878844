"""The node's own HTTP server: its blocks, and nothing else."""

import socket
from types import TracebackType
from typing import Self

from derelay.store.guests import Guests
from derelay.store.routes import Routes
from derelay.store.server import Server
from derelay.store.store import Store, StoreError
from derelay.store.visitors import Limits


class Gateway:
    """Serves the blocks of a store over HTTP, from threads of its own.

    The routes are those of an IPFS trustless gateway for raw blocks, so other tools can read, too.
    https://specs.ipfs.tech/http-gateways/trustless-gateway/

    Parameters
    ----------
    store : Store
        What is served: all that is in it, to anyone who can connect and knows a content identifier.
    host : str
        The address to listen on; the default is reached from this machine only.
    port : int
        The port; 0 takes a free one.
    patience : float
        Seconds without progress until a client is cut off.
    limits : Limits
        What clients may take.
    guests : Guests or None
        Blocks that it keeps for others, as a mirror; None if it takes nothing from anybody.
    """

    def __init__(
        self,
        store: Store,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        patience: float = 30.0,
        limits: Limits | None = None,
        guests: Guests | None = None,
    ) -> None:
        self._host, self._port = host, port
        self._patience, self._limits = patience, limits or Limits()
        self._routes = Routes(store, guests)
        self._server: Server | None = None

    def start(self) -> Self:
        """Begin to serve.

        Raises
        ------
        StoreError
            If it cannot listen there.
        """
        try:
            family = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)[0][0]
            listening = socket.create_server(
                (self._host, self._port), family=family, backlog=self._limits.connections
            )
        except (OSError, OverflowError) as error:
            raise StoreError(
                f"cannot listen on {self._host}:{self._port} ({error}); choose another address or port"
            ) from error
        self._port = listening.getsockname()[1]
        self._server = Server(listening, self._routes.handle, self._limits, self._patience)
        self._server.start()
        return self

    def close(self) -> None:
        """Stop serving; answers under way are cut off. Doing it twice is no error."""
        if self._server is not None:
            self._server.close()
            self._server = None

    @property
    def url(self) -> str:
        """The address that it listens on."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
