"""The gateways that a participant itself names to fetch from: its own IPFS node, or a public one."""

from __future__ import annotations

from contextlib import ExitStack, closing

from derelay.cli.errors import BadInput
from derelay.cli.settings import Settings
from derelay.store.address import AddressError
from derelay.store.http_source import HttpSource


def gateways_of(settings: Settings, stack: ExitStack) -> dict[str, HttpSource]:
    """Return the gateways by address; ``stack`` closes their connections.

    Whoever runs the node has named them, so they may be on this machine or a private network.

    Raises
    ------
    BadInput
        If one is no address.
    """
    urls = [url for part in (settings.gateway or "").split(",") if (url := part.strip())]
    try:
        return {
            url: stack.enter_context(closing(HttpSource(url, settings.patience, allow_private=True)))
            for url in urls
        }
    except AddressError as error:
        raise BadInput(f"gateway: {error}") from error
