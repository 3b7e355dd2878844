"""Whether the endpoints of a chain agree: on which chain it is, how far it is, and what its blocks are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median_high

from derelay.chain.chain import ChainError
from derelay.chain.endpoint import Endpoint
from derelay.chain.rpc_errors import RefusedError, UnreachableError, nobody_answers
from derelay.chain.rpc_format import Block, block, quantity

LAG = 4
"""Blocks by which an endpoint may differ from the middle one."""
REORG_DEPTH = 12
"""Blocks that a chain may replace; below, all endpoints should have the same."""

Identity = tuple[int, bytes]
"""Which chain it is: its EIP-155 number and the hash of its first block."""


def identity(endpoint: Endpoint) -> Identity:
    """Ask which chain an endpoint is on."""
    return endpoint.ask(quantity, "eth_chainId"), _block(endpoint, 0).hash


def common_identity(endpoints: Sequence[Endpoint]) -> Identity:
    """Ask which chain the endpoints are on, of those that answer.

    Raises
    ------
    ChainError
        If none answers, or two are on different chains.
    """
    found: dict[Endpoint, Identity] = {}
    reasons = []
    for endpoint in endpoints:
        try:
            found[endpoint] = identity(endpoint)
        except (RefusedError, UnreachableError) as error:
            reasons.append(str(error))
    if not found:
        raise nobody_answers(reasons)
    first, *others = found
    for other in others:
        if found[other] != found[first]:
            raise ChainError(
                f"{first.name} is on {describe(found[first])}, {other.name} on {describe(found[other])}: "
                "name endpoints of one chain"
            )
    return found[first]


def describe(chain: Identity) -> str:
    """Return words for a chain."""
    return f"chain {chain[0]} that begins with block {chain[1].hex()[:12]}"


def unfit(endpoints: Sequence[Endpoint]) -> dict[Endpoint, str]:
    """Return which endpoints should not be asked, and why.

    Raises
    ------
    ChainError
        If they have different blocks and neither is what most have.
    """
    reasons: dict[Endpoint, str] = {}
    heights: dict[Endpoint, int] = {}
    for endpoint in endpoints:
        try:
            heights[endpoint] = endpoint.ask(quantity, "eth_blockNumber")
        except (RefusedError, UnreachableError) as error:
            reasons[endpoint] = str(error)
    if not heights:
        return reasons
    middle = median_high(heights.values())
    for endpoint, height in heights.items():
        if abs(height - middle) > LAG:
            reasons[endpoint] = f"{endpoint.name} is at block {height}, others at {middle}"
    in_step = [endpoint for endpoint in heights if endpoint not in reasons]
    return reasons | _odd(in_step, max(0, min(heights[endpoint] for endpoint in in_step) - REORG_DEPTH))


def _odd(endpoints: Sequence[Endpoint], height: int) -> dict[Endpoint, str]:
    """Return those whose block at ``height`` is not what most have."""
    reasons: dict[Endpoint, str] = {}
    hashes: dict[Endpoint, bytes] = {}
    for endpoint in endpoints:
        try:
            hashes[endpoint] = _block(endpoint, height).hash
        except (RefusedError, UnreachableError) as error:
            reasons[endpoint] = str(error)
    if len(set(hashes.values())) <= 1:
        return reasons
    common, times = Counter(hashes.values()).most_common(1)[0]
    odd = {endpoint: found for endpoint, found in hashes.items() if found != common}
    if 2 * times <= len(hashes):
        names = " and ".join(endpoint.name for endpoint in hashes)
        raise ChainError(
            f"{names} have different blocks at height {height}, and one does not know whom to believe: "
            "name more endpoints, or the one you trust alone"
        )
    return reasons | {
        endpoint: f"{endpoint.name} has block {found.hex()[:12]} at height {height}, most have another"
        for endpoint, found in odd.items()
    }


def _block(endpoint: Endpoint, height: int) -> Block:
    return endpoint.ask(block, "eth_getBlockByNumber", hex(height), False)
