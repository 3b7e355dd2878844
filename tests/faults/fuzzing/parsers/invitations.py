"""What reads invitations, which are passed on as text by anybody."""

from __future__ import annotations

import hashlib
from typing import Any, cast

from multiformats import multibase

from derelay.chain.invitation import PREFIX, Invitation, InvitationError
from faults.fuzzing.parser import Parser

_LONGEST_CONTENT = 2500
"""Bytes of what is put into an invitation, which may have 2048."""
_INVITATION = Invitation(
    31337, cast(Any, "0x" + "11" * 20), 5, "digits", bytes(32), ("http://one.example:4001",)
)


def parsers() -> list[Parser]:
    """Return them."""
    text = str(_INVITATION).encode()
    return [
        Parser(
            "invitation",
            lambda data: Invitation.read(data.decode(errors="replace")),
            (InvitationError,),
            (text,),
            bombs=(PREFIX.encode() + b"z" * 4000, PREFIX.encode() + b"1" * 60_000),
        ),
        Parser(
            "invitation's content",
            _content,
            (InvitationError,),
            (multibase.decode("z" + text.decode().removeprefix(PREFIX))[:-4],),
            (b"\x80", b"\x9b" + b"\xff" * 8, b"\x02"),
        ),
    ]


def _content(data: bytes) -> Invitation:
    """Read an invitation whose checksum is right: anyone can make one."""
    data = data[:_LONGEST_CONTENT]
    checksum = hashlib.sha256(PREFIX.encode() + data).digest()[:4]
    return Invitation.read(PREFIX + multibase.encode(data + checksum, "base58btc")[1:])
