"""Who asks that a block be kept: a wallet's signature in a header."""

from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError
from multiformats import CID

from derelay.baton.blocks import cid_text

SCHEME = "Derelay"
"""Of the header ``Authorization``; the signature follows it, in hexadecimal."""


def keep_text(cid: CID) -> str:
    """Return what a sender signs, as a personal message (EIP-191).

    It says nothing of time or place: whoever repeats it makes a mirror keep the same block once more.
    """
    return f"derelay: keep {cid_text(cid)}"


def signer_of(cid: CID, authorization: str) -> ChecksumAddress | None:
    """Return whose wallet signed that a block be kept; None if the header is no such signature."""
    scheme, _, signature = authorization.partition(" ")
    try:
        if scheme != SCHEME or len(signature) != 130:
            return None
        *numbers, v = bytes.fromhex(signature)
        public = Signature(bytes([*numbers, v - 27])).recover_public_key_from_msg_hash(
            text_hash(keep_text(cid))
        )
    except (ValueError, ValidationError, BadSignature):
        return None
    return public.to_checksum_address()


def text_hash(text: str) -> bytes:
    """Return what wallets sign when they sign a text (EIP-191, version 0x45)."""
    message = text.encode()
    return keccak(b"\x19Ethereum Signed Message:\n" + str(len(message)).encode() + message)
