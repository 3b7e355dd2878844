"""Members who register, hand in and call what they like, beside honest nodes."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from derelay.baton.blocks import BlockError, cid_of
from derelay.chain.invitation import Invitation, InvitationError
from derelay.rules.phases import Phase
from derelay.rules.verdict import Verdict
from derelay.store.peers import HttpPeers
from faults.addresses import hostile, inside
from faults.case import Case, Outcome, Tell
from faults.cases.killed import COURSE
from faults.holds import what_must_hold
from faults.invitations import unusable
from faults.malformed import hand_in_malformed
from faults.scene import Scene
from faults.stranger import Stranger
from faults.terms import Terms

BUSY = replace(Terms(), windows=(4, 6, 20, 6, 6, 10, 6, 8))
"""Of which the windows leave time for what the stranger does."""
MALFORMED = 2
"""Of the nodes, whose children are malformed."""


def members(folder: Path, tell: Tell) -> Outcome:
    """Let a stranger call and register everything in two rounds, while two nodes hand in no batons."""

    def arrange(scene: Scene) -> None:
        for place, (who, node) in enumerate(list(scene.nodes.items())[-MALFORMED:]):
            node.twist = partial(hand_in_malformed, place)
            scene.faulted.add(who)

    with _canary() as (port, visits), Scene(folder, tell, BUSY, arrange) as scene:
        stranger = Stranger(scene.devnet.url, scene.relay, 6)
        stranger.register()
        addresses = hostile(port)
        for place, phase in enumerate(COURSE):
            scene.reach(1, phase)
            portion = addresses[place :: len(COURSE)]
            scene.note(f"a stranger registers {len(portion)} addresses and makes all calls")
            stranger.move(portion)
            stranger.call_all()
        for phase in COURSE[:-1]:
            scene.reach(2, phase)
            scene.note("a stranger repeats what others called")
            stranger.repeat(1)
        reached = _ask_inside(port)
        invitations, taken = _invitations(scene)
        scene.reach(2, Phase.REST)
        outcome = what_must_hold(scene)
        verdicts = [
            verdict
            for who in list(scene.nodes)[-MALFORMED:]
            for _, verdict in scene.relay.history.verdicts(who)
        ]
    broken = [*outcome.broken, *stranger.harmful, *taken]
    broken += [f"a malformed child: {verdict.name}" for verdict in verdicts if verdict is not Verdict.MISSING]
    broken += [f"{len(visits)} connections to an address inside"] * bool(visits)
    figures = {
        "addresses registered": len(addresses),
        "asked without permission": reached,
        "of these inside": len(visits),
        "calls refused": stranger.refused,
        "malformed children missing": len(verdicts),
        "invitations refused": invitations,
    }
    return Outcome(outcome.runs, tuple(broken), outcome.went_on, {**outcome.figures, **figures})


@contextmanager
def _canary() -> Iterator[tuple[int, list[object]]]:
    """Listen where nobody should ask; note who does."""
    visits: list[object] = []
    listening = socket.create_server(("0.0.0.0", 0))

    def watch() -> None:
        with suppress(OSError):
            while True:
                connection, where = listening.accept()
                visits.append(where)
                connection.close()

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield listening.getsockname()[1], visits
    finally:
        listening.close()


def _ask_inside(port: int) -> int:
    """Ask each address that leads inside, as a node does that was not told to; return how many there are."""
    peers = HttpPeers(patience=1.0)
    asked = [url.decode() for url in inside(port)]
    for url in asked:
        source = peers(url)
        if source is not None:
            with suppress(OSError, BlockError):
                source.get(cid_of(b""))
    peers.close()
    return len(asked)


def _invitations(scene: Scene) -> tuple[int, list[str]]:
    """Try invitations that cannot be used, one of them by the command; return how many are refused."""
    good = Invitation.to(scene.relay, 1)
    refused, taken = 0, []
    for name, text in unusable(good):
        try:
            Invitation.read(text)
            taken.append(f"invitation with {name} is taken")
        except InvitationError:
            refused += 1
    name, text = next(unusable(good))
    joining = subprocess.run(
        [sys.executable, "-m", "derelay", "join", text, "--chain", scene.devnet.url, "--wallet", "none"],
        capture_output=True,
        text=True,
        check=False,
        cwd=scene.folder,
    )
    if joining.returncode != 2 or "of protocol 2, spoken here is 1" not in " ".join(joining.stderr.split()):
        taken.append(f"derelay join with an invitation of {name} says: {joining.stderr[-300:]}")
    return refused, taken


CASES = (
    Case(
        "malformed-members",
        6,
        "hostile addresses, all calls in all windows, others' calls once more, malformed children",
        "none takes effect, nobody inside is asked, malformed children are missing, the honest lose nothing",
        members,
    ),
)
