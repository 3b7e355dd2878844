"""Accounts: a secp256k1 key that pays and signs, kept in an encrypted keystore file."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_keyfile.keyfile import decode_keyfile_json
from eth_typing import ChecksumAddress
from eth_utils.exceptions import ValidationError

from derelay.baton.keys import Entropy

# eth_account brings py_ecc, which asks for 100,000: see `derelay.chain.evm`.
sys.setrecursionlimit(12 * 1024)


class WalletError(Exception):
    """A keystore file that cannot be written, read or opened."""


class Wallet:
    """An account on any EVM chain.

    Parameters
    ----------
    key : bytes
        The private key: 32 bytes, not zero, below the order of secp256k1.
    """

    def __init__(self, key: bytes) -> None:
        try:
            self._account: LocalAccount = Account.from_key(key)
        except (ValidationError, ValueError) as error:
            raise WalletError("private key: not a number that secp256k1 allows; create another") from error

    @classmethod
    def create(cls, entropy: Entropy) -> Self:
        """Make an account from 32 bytes of `entropy`: ``os.urandom``, or a seeded stream in a local run."""
        return cls(entropy(32))

    @property
    def address(self) -> ChecksumAddress:
        """Where it receives, and what its transactions come from."""
        return self._account.address

    def sign(self, transaction: Mapping[str, Any]) -> bytes:
        """Sign a transaction, given by its JSON-RPC fields, for `Chain.submit`; deterministic (RFC 6979)."""
        return bytes(self._account.sign_transaction(dict(transaction)).raw_transaction)

    def save(self, path: Path, password: str) -> None:
        """Write a keystore (Web3 Secret Storage, version 3) that only `password` opens.

        The file is readable by its owner alone.

        Raises
        ------
        WalletError
            There is a file already (it is left as it is), or it cannot be written.
        """
        keystore = json.dumps(self._account.encrypt(password))
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise WalletError(f"{path}: exists already and may hold a key; choose another path") from error
        except OSError as error:
            raise WalletError(f"{path}: cannot be written ({error.strerror}); choose another path") from error
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(keystore)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            path.unlink()  # half a keystore opens nothing and would block the next attempt
            raise WalletError(
                f"{path}: cannot be written ({error.strerror}); make room and repeat"
            ) from error

    @classmethod
    def load(cls, path: Path, password: str) -> Self:
        """Open a keystore written by `save`, geth or another wallet.

        Raises
        ------
        WalletError
            No such file, not a keystore, or another password.
        """
        try:
            keystore = json.loads(path.read_bytes())
            if not isinstance(keystore, dict) or "crypto" not in {name.lower() for name in keystore}:
                raise ValueError("no section 'crypto'")
        except OSError as error:
            raise WalletError(f"{path}: cannot be read ({error.strerror}); check the path") from error
        except ValueError as error:
            raise WalletError(f"{path}: not a keystore ({error}); give an Ethereum keystore file") from error
        try:
            return cls(decode_keyfile_json(keystore, password.encode()))
        except (KeyError, TypeError, ValueError, NotImplementedError) as error:
            if str(error) == "MAC mismatch":
                raise WalletError(f"{path}: another password opens it; try again") from error
            raise WalletError(f"{path}: a damaged keystore ({error}); take it from a backup") from error

    def __repr__(self) -> str:
        return f"Wallet({self.address})"  # never the key: this ends up in logs and tracebacks
