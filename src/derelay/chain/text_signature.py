"""Signatures of texts by a wallet (EIP-191), for those who want to know whose wallet asks."""

from __future__ import annotations

from eth_account.messages import encode_defunct

from derelay.chain.wallet import Wallet


def sign_text(wallet: Wallet, text: str) -> bytes:
    """Return the signature of ``text``: 65 bytes. No transaction can be made of it."""
    return bytes(wallet._account.sign_message(encode_defunct(text=text)).signature)
