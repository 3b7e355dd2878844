"""One way to send: a wallet's transactions on a chain, one nonce after the other."""

from collections.abc import Mapping, Sequence
from typing import Any

from eth_abi.abi import encode
from eth_typing import ABI, ChecksumAddress
from eth_utils.abi import filter_abi_by_type, get_abi_input_types
from web3.types import Nonce
from web3.utils import get_create_address

from derelay.chain.chain import Chain, Receipt
from derelay.chain.wallet import Wallet


class Sender:
    """Signs and submits the transactions of one wallet.

    Nonces are explicit, so several transactions can wait for one block; after a restart they go on where the
    chain says. A sender is the only one that sends for its wallet.
    """

    def __init__(self, chain: Chain, wallet: Wallet) -> None:
        self.chain = chain
        self.wallet = wallet
        self._next = 0

    @property
    def address(self) -> ChecksumAddress:
        """The wallet's."""
        return self.wallet.address

    @property
    def nonce(self) -> int:
        """Of the next transaction: never below what was sent from here, as some chains count with a delay."""
        return max(self._next, self.chain.nonce(self.address))

    def send(self, to: ChecksumAddress | None, data: bytes = b"", *, value: int = 0, gas: int) -> bytes:
        """Sign a call and hand it in.

        Parameters
        ----------
        to : ChecksumAddress or None
            The callee; None creates a contract with `data` as its init code.
        data : bytes
            Selector and encoded arguments.
        value : int
            Native currency sent along, in wei.
        gas : int
            Limit. What is not used is not paid, but must be affordable.

        Returns
        -------
        bytes
            Hash of the transaction, which takes effect in one of the next blocks: see `outcome`.

        Raises
        ------
        ChainError
            The chain refused it; nothing was sent and no nonce is used up.
        """
        nonce = self.nonce
        transaction: Mapping[str, Any] = {
            "chainId": self.chain.chain_id,
            "nonce": nonce,
            "to": to or b"",
            "value": value,
            "data": data,
            "gas": gas,
            **self.chain.fees(),
        }
        submitted = self.chain.submit(self.wallet.sign(transaction))
        self._next = nonce + 1
        return submitted

    def outcome(self, transaction: bytes) -> Receipt | None:
        """Return what became of a transaction sent from here; None while it waits for a block."""
        return self.chain.receipt(transaction)


def deploy(
    sender: Sender, abi: ABI, bytecode: bytes, args: Sequence[Any] = (), *, gas: int
) -> tuple[ChecksumAddress, bytes]:
    """Send the creation of a contract.

    Returns
    -------
    tuple[ChecksumAddress, bytes]
        The address that it will have, and the transaction's hash. Nothing is there before the block is.
    """
    types = [kind for entry in filter_abi_by_type("constructor", abi) for kind in get_abi_input_types(entry)]
    address = contract_address(sender.address, sender.nonce)
    return address, sender.send(None, bytecode + encode(types, args), gas=gas)


def contract_address(creator: ChecksumAddress, nonce: int) -> ChecksumAddress:
    """Predict the address of the contract that `creator` makes with its transaction `nonce` (CREATE)."""
    return get_create_address(creator, Nonce(nonce))
