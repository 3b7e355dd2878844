"""A relay on its compiled contracts, in a bare EVM, with its participants as plain Python."""

from harness.machine import ETHER, Machine
from harness.relay import Relay
from harness.rounds import Round

__all__ = ["ETHER", "Machine", "Relay", "Round"]
