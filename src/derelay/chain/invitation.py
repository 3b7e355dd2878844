"""Invitations: all that one needs to find a relay, in one string that people can pass on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Self

from dag_cbor.ipld import IPLDKind
from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address, to_checksum_address
from multiformats import multibase

from derelay.baton.canonical import CanonicalError, decode, encode
from derelay.chain.relay import Relay
from derelay.rules.protocol import PROTOCOL_VERSION

PREFIX = "derelay1"
"""What every invitation begins with: a name, and the number of this encoding."""

MAX_HOLDERS = 8
MAX_URL = 128
MAX_TASK_NAME = 64
_MAX_NUMBER = 2**63
_MAX_BYTES = 2048
_MAX_CHARACTERS = 2 * _MAX_BYTES
_CHECKSUM_BYTES = 4
_WHITESPACE = str.maketrans("", "", " \t\r\n")


class InvitationError(Exception):
    """A string that is no invitation, or one that cannot be used here."""


@dataclass(frozen=True)
class Invitation:
    """Where a relay is and what it learns. It proves nothing: who opens it compares it with the chain.

    Attributes
    ----------
    chain_id
        EIP-155 number of its chain.
    rounds
        Address of the relay's rounds contract, which names the others.
    block
        The relay's history begins after this block: nobody need search the chain from its genesis.
    task, task_hash
        Name of what is learned, and the SHA-256 digest of the file that defines it.
    holders
        Addresses of some who serve blobs, for a start; at most `MAX_HOLDERS`.

    Raises
    ------
    InvitationError
        If a value is out of bounds.
    """

    chain_id: int
    rounds: ChecksumAddress
    block: int
    task: str
    task_hash: bytes
    holders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for holds, reason in (
            (0 < self.chain_id < _MAX_NUMBER, f"chain {self.chain_id}"),
            (0 <= self.block < _MAX_NUMBER, f"block {self.block}"),
            (_is_plain(self.task, MAX_TASK_NAME), f"task {self.task!r}"),
            (len(self.task_hash) == hashlib.sha256().digest_size, "hash of the task"),
            (len(self.holders) <= MAX_HOLDERS, f"{len(self.holders)} holders, at most {MAX_HOLDERS}"),
            (all(_is_plain(url, MAX_URL) for url in self.holders), "address of a holder"),
        ):
            if not holds:
                raise InvitationError(f"invitation is out of bounds ({reason}): ask for another")

    @classmethod
    def to(cls, relay: Relay, block: int, holders: tuple[str, ...] = ()) -> Self:
        """Invite to a relay whose history begins after ``block``."""
        address = relay.rounds.address
        return cls(relay.chain.chain_id, address, block, relay.task_name, relay.task_hash, holders)

    def __str__(self) -> str:
        value: list[IPLDKind] = [
            PROTOCOL_VERSION,
            self.chain_id,
            to_canonical_address(self.rounds),
            self.block,
            self.task,
            self.task_hash,
            list(self.holders),
        ]
        data = encode(value)
        return PREFIX + multibase.encode(data + _checksum(data), "base58btc")[1:]

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the invitation that a string holds; white space in it does not count.

        Raises
        ------
        InvitationError
            If it is none, is damaged, or is of another protocol version.
        """
        text = text.translate(_WHITESPACE)
        if not text.startswith(PREFIX):
            raise InvitationError(
                f"{text[:24]!r} is no invitation: give the string beginning with {PREFIX} that "
                "derelay create printed"
            )
        return cls._of(_payload(text))

    @classmethod
    def _of(cls, data: bytes) -> Self:
        try:
            value: Any = decode(data, max_bytes=_MAX_BYTES, max_items=16 + MAX_HOLDERS, max_depth=2)
        except CanonicalError as error:
            raise InvitationError(f"invitation is malformed ({error}): ask for another") from error
        kinds = [int, int, bytes, int, str, bytes, list]
        version = value[0] if isinstance(value, list) and value else None
        if version != PROTOCOL_VERSION and isinstance(version, int):
            raise InvitationError(
                f"invitation to a relay of protocol {version}, spoken here is {PROTOCOL_VERSION}: "
                "use the version of derelay that it was created with"
            )
        if not isinstance(value, list) or [type(item) for item in value] != kinds or len(value[2]) != 20:
            raise InvitationError("invitation is malformed (other fields than ours): ask for another")
        if not all(isinstance(url, str) for url in value[6]):
            raise InvitationError("invitation is malformed (a holder that is no text): ask for another")
        _, chain_id, rounds, block, task, task_hash, holders = value
        return cls(chain_id, to_checksum_address(rounds), block, task, task_hash, tuple(holders))


def _payload(text: str) -> bytes:
    """Return what an invitation encodes, its checksum verified."""
    damaged = "invitation is damaged, characters are missing or changed: copy all of it again"
    if len(text) > _MAX_CHARACTERS:
        raise InvitationError(f"invitation of {len(text)} characters: no invitation is that long")
    try:
        data = multibase.decode("z" + text.removeprefix(PREFIX))
    except (ValueError, KeyError) as error:
        raise InvitationError(damaged) from error
    data, checksum = data[:-_CHECKSUM_BYTES], data[-_CHECKSUM_BYTES:]
    if checksum != _checksum(data):
        raise InvitationError(damaged)
    return data


def _checksum(data: bytes) -> bytes:
    return hashlib.sha256(PREFIX.encode() + data).digest()[:_CHECKSUM_BYTES]


def _is_plain(text: str, most: int) -> bool:
    return 0 < len(text) <= most and text.isascii() and text.isprintable()
