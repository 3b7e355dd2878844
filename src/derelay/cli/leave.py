"""`derelay leave`: out of a relay, and the bond back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derelay.cli.amounts import native, seconds
from derelay.cli.errors import BadInput, plain_errors
from derelay.cli.options import (
    ChainOption,
    ConfigOption,
    FolderOption,
    InvitationArgument,
    JsonOption,
    PasswordOption,
    WalletOption,
)

if TYPE_CHECKING:
    from derelay.cli.member import Member
    from derelay.cli.sending import Deputy


def leave(
    invitation: InvitationArgument = None,
    chain: ChainOption = None,
    wallet: WalletOption = None,
    password_file: PasswordOption = None,
    folder: FolderOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Leave a relay; run it again after the delay to take the bond back.

    Batons that you hold stay yours. What you are owed stays yours, too: see derelay withdraw.
    """
    from derelay.cli.answer import answer
    from derelay.cli.member import open_member
    from derelay.cli.sending import deputy_of
    from derelay.cli.settings import Settings

    with plain_errors():
        member = open_member(
            Settings.read(
                config,
                invitation=invitation,
                chain=chain,
                wallet=wallet,
                password_file=password_file,
                folder=folder,
            )
        )
        with deputy_of(member) as deputy:
            values = _leave(member, deputy)
    bond, wait = native(values["bond"]), seconds(values["bond_back_in"])
    said = {
        "left": f"the bond of {bond} can be taken in {wait}: run derelay leave again then",
        "waiting": f"has left before; the bond of {bond} can be taken in {wait}",
        "done": f"the bond of {bond} is taken back",
    }
    answer(values, [(values["state"], said[values["state"]])], json=json)


def _leave(member: Member, deputy: Deputy) -> dict[str, Any]:
    """Do what can be done now, and return how things stand: left, waiting for the bond, or done."""
    relay, who = member.relay, member.address
    registered = relay.member(who)
    if not any(registered.key):
        raise BadInput(f"{who} is not registered in relay {relay.rounds.address}: there is nothing to leave")
    values = {"address": who, "bond": registered.bond, "bond_back_in": 0}
    if not registered.leaves_at:
        _check_duties(member)
        deputy.send(relay.registry, "leave")
        return values | {"state": "left", "bond_back_in": relay.registry.read("LEAVE_DELAY")}
    wait = registered.leaves_at - relay.chain.timestamp()
    if wait > 0:
        return values | {"state": "waiting", "bond_back_in": wait}
    deputy.send(relay.registry, "take_bond")
    return values | {"state": "done"}


def _check_duties(member: Member) -> None:
    relay, who = member.relay, member.address
    number = relay.view().round.number
    if relay.rounds.read_now("on_duty", who):
        raise BadInput(
            f"{who} has a duty in round {number}: let its node finish that round (derelay join --rounds 1), "
            "then leave at once"
        )
    if relay.member(who).place and relay.rounds.read_now("frozen"):
        raise BadInput(
            f"the testers of round {number} are about to be drawn, until then no maintainer can leave: "
            "try again after that"
        )
