"""Time in a local run: it passes when nobody has anything to do."""

from __future__ import annotations

from derelay.chain.embedded import EmbeddedChain
from derelay.chain.view import View
from derelay.node.closer import TURN_SECONDS, is_due


def pass_time(chain: EmbeddedChain, view: View) -> None:
    """Go on to where somebody has something to do: half of the window, its end, the next one's turn."""
    window = view.window
    if not is_due(view) and window is None:
        chain.mine()
        return
    if window is None:
        chain.advance(TURN_SECONDS)
        return
    seconds = view.parameters.window_seconds[window]
    blocks = view.parameters.window_blocks[window]
    for share in (2, 1):
        until = view.round.opened_at + seconds // share
        height = view.round.opened_block + blocks // share
        if view.now < until or view.height < height:
            missing = max(1, height - view.height)
            chain.advance(max(missing, until - view.now), missing)
            return
    chain.advance(TURN_SECONDS)
