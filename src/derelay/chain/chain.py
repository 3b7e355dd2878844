"""The seam over a chain: whatever runs the contracts, reached by URL."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_typing import ChecksumAddress
from web3 import Web3

_ERROR = bytes.fromhex(
    "08c379a0"
)  # selector of Error(string): what `assert` and `raise` with a text revert with
_PANIC = bytes.fromhex("4e487b71")  # selector of Panic(uint256): the compiler's own checks (Solidity)


class ChainError(Exception):
    """A chain that cannot be reached, or that refuses what it was asked."""


class Reverted(ChainError):  # noqa: N818 (the EVM's own word for it)
    """A contract reverted a call.

    Attributes
    ----------
    reason : str
        The contract's own text; "" where it gave none.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"execution reverted: {reason or 'no reason given'}")
        self.reason = reason


class UnreadableError(ChainError):
    """An answer about a relay that no such contract gives: the endpoint's fault, not the relay's."""


@dataclass(frozen=True)
class Log:
    """An event as the chain keeps it: undecoded.

    `topics` are 32 bytes each, the first one the event's signature hash; `index` counts within the block.
    """

    address: ChecksumAddress
    topics: tuple[bytes, ...]
    data: bytes
    block: int
    index: int
    transaction: bytes


@dataclass(frozen=True)
class Receipt:
    """What became of a transaction once it was in a block.

    `price` is in wei per unit of gas, so it cost its sender `gas_used * price`; `reason` is "" where it
    succeeded, or where the contract gave none; `contract` is the address it created, if any.
    """

    transaction: bytes
    block: int
    ok: bool
    reason: str
    gas_used: int
    price: int
    logs: tuple[Log, ...]
    contract: ChecksumAddress | None

    @property
    def cost(self) -> int:
        """Fee paid by the sender, in wei."""
        return self.gas_used * self.price


class Chain(ABC):
    """One EVM chain. Addresses are checksummed, hashes are 32 bytes, amounts are in wei.

    Attributes
    ----------
    reorg_depth : int
        How many of the newest blocks may still be replaced by others, with what they hold: what was read
        from these is not final. 0 where blocks stand at once.
    """

    reorg_depth: int = 0

    @property
    @abstractmethod
    def w3(self) -> Web3:
        """The same chain through web3, for whatever this class does not offer."""

    @property
    @abstractmethod
    def chain_id(self) -> int:
        """EIP-155 number that transactions are signed for."""

    @abstractmethod
    def height(self) -> int:
        """Return the number of the newest block; genesis is 0."""

    @abstractmethod
    def timestamp(self) -> int:
        """Return the time of the newest block, in Unix seconds: the chain's clock."""

    @abstractmethod
    def block_hash(self, height: int) -> bytes:
        """Return the hash of the block at `height`; ChainError where there is none yet."""

    @abstractmethod
    def balance(self, address: ChecksumAddress) -> int:
        """Return the native currency at `address` as of the newest block, in wei."""

    @abstractmethod
    def code(self, address: ChecksumAddress) -> bytes:
        """Return the code of the contract at `address`; empty where there is none."""

    @abstractmethod
    def nonce(self, address: ChecksumAddress) -> int:
        """Count the transactions of `address`, those that wait for a block included: its next nonce."""

    @abstractmethod
    def fees(self) -> dict[str, int]:
        """Return the fee fields of a transaction sent now: EIP-1559's two, or `gasPrice` on older chains."""

    @abstractmethod
    def call(self, to: ChecksumAddress, data: bytes) -> bytes:
        """Run `data` on the contract at `to` as of the newest block and change nothing.

        Raises
        ------
        Reverted
            With the contract's reason.
        """

    @abstractmethod
    def logs(self, addresses: Collection[ChecksumAddress], from_block: int, to_block: int) -> list[Log]:
        """List the events of the contracts at `addresses` in these blocks, both ends included, in order."""

    @abstractmethod
    def submit(self, raw: bytes) -> bytes:
        """Hand in a signed transaction for one of the next blocks and return its hash.

        Raises
        ------
        ChainError
            Refused at the door: badly signed, wrong nonce, more than the sender has. One that is taken and
            fails later, in a block, shows in its receipt.
        """

    @abstractmethod
    def receipt(self, transaction: bytes) -> Receipt | None:
        """Return what became of the transaction with this hash; None while it is in no block."""

    @abstractmethod
    def knows(self, transaction: bytes) -> bool:
        """Return whether the transaction with this hash is in a block or waits for one."""


def revert_reason(data: bytes) -> str:
    """Decode what a contract reverted with.

    Parameters
    ----------
    data : bytes
        Returned by the reverted call: nothing, ``Error(string)``, ``Panic(uint256)`` or an error of its own.

    Returns
    -------
    str
        "" for nothing; hex for what is neither of the two standard errors.
    """
    try:
        if data[:4] == _ERROR:
            return str(decode(["string"], data[4:])[0])
        if data[:4] == _PANIC:
            return f"panic {decode(['uint256'], data[4:])[0]:#04x}"
    except (DecodingError, OverflowError, UnicodeDecodeError):
        pass  # a contract may revert with anything: shown as it came
    return "0x" + data.hex() if data else ""
