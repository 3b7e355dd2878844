"""Time in a local run: it passes when nobody has anything to do."""

from __future__ import annotations

from derelay.chain.embedded import EmbeddedChain
from derelay.chain.view import View
from derelay.node.closer import is_due, turn_seconds


def pass_time(chain: EmbeddedChain, view: View) -> None:
    """Go on to where somebody has something to do: a mark of the window, its end, the next one's turn."""
    if view.window is None and not is_due(view):
        chain.mine()
        return
    for mark in (view.mark(1, 2), view.mark(3, 4), view.mark(1, 1)):
        if mark is not None and (view.now < mark[0] or view.height < mark[1]):
            blocks = max(1, mark[1] - view.height)
            chain.advance(max(blocks, mark[0] - view.now), blocks)
            return
    chain.advance(turn_seconds(view.parameters))
