"""Who asks that a block be kept: a wallet's signature in a header."""

from eth_account import Account
from eth_account.messages import encode_defunct
from eth_keys.exceptions import BadSignature
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from eth_utils.exceptions import ValidationError
from multiformats import CID

SCHEME = "Derelay"
"""Of the header ``Authorization``; the signature follows it, in hexadecimal."""


def keep_text(cid: CID) -> str:
    """Return what a sender signs.

    It says nothing of time or place: whoever repeats it makes a mirror keep the same block once more.
    """
    return f"derelay: keep {cid}"


def signer_of(cid: CID, authorization: str) -> ChecksumAddress | None:
    """Return whose wallet signed that a block be kept; None if the header is no such signature."""
    scheme, _, signature = authorization.partition(" ")
    try:
        if scheme != SCHEME or len(signature) != 130:
            return None
        signed = encode_defunct(text=keep_text(cid))
        return to_checksum_address(Account.recover_message(signed, signature=bytes.fromhex(signature)))
    except (ValueError, ValidationError, BadSignature):
        return None
