"""What verdicts took of deposits: what the protocol page states, and no more."""

from __future__ import annotations

from collections.abc import Iterator

from derelay.chain.relay import Relay
from derelay.rules.units import SHARE_ONE
from derelay.rules.verdict import Verdict

VOID = 0
"""The contract's verdict on who was granted nothing."""


def wrong_forfeits(relay: Relay) -> Iterator[str]:
    """Yield, in words, each deposit of which something else was taken than its verdict takes."""
    deposits = {
        (event.values["round"], event.values["trainer"]): event.values["deposit"]
        for event in relay.history.named("Entered")
    }
    for event in relay.history.named("Judged"):
        values = event.values
        deposit = deposits[values["round"], values["trainer"]]
        taken = {
            VOID: 0,
            Verdict.PASS: 0,
            Verdict.UNDECIDED: deposit * relay.parameters.undecided_share // SHARE_ONE,
            Verdict.FAIL: deposit,
            Verdict.MISSING: deposit,
        }[values["verdict"]]
        back = deposit - taken + (relay.parameters.entry_fee if values["verdict"] == VOID else 0)
        if (values["forfeited"], values["returned"]) != (taken, back):
            lost = f"lost {values['forfeited']} and got {values['returned']} of {deposit} wei"
            yield f"{values['trainer'][:8]} {lost} in round {values['round']}, not {taken} and {back}"
