"""`derelay withdraw`: what one is owed, into the wallet."""

from __future__ import annotations

from derelay.cli.errors import plain_errors
from derelay.cli.options import (
    ChainOption,
    ConfigOption,
    FolderOption,
    InvitationArgument,
    JsonOption,
    PasswordOption,
    WalletOption,
)


def withdraw(
    invitation: InvitationArgument = None,
    chain: ChainOption = None,
    wallet: WalletOption = None,
    password_file: PasswordOption = None,
    folder: FolderOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Take what the relay owes you: deposits that came back, fees earned, royalties, coins."""
    from derelay.cli.amounts import coins, native
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
            wei, earned = member.relay.owed(member.address)
            gas = deputy.send(member.relay.accounts, "withdraw").cost if wei or earned else 0
    values = {"address": member.address, "wei": wei, "coins": earned, "gas": gas}
    if not gas:
        answer(values, [("owed", "nothing")], json=json)
        return
    answer(
        values, [("withdrawn", f"{native(wei)} and {coins(earned)} coins"), ("gas", native(gas))], json=json
    )
