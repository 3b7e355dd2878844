"""A relay on its compiled contracts, in a bare EVM, with its participants as plain Python."""

from harness.machine import ETHER, Machine
from harness.relay import QUICK, Relay, relay_of
from harness.rounds import BAD, GOOD, UNSURE, Round

__all__ = ["BAD", "ETHER", "GOOD", "QUICK", "UNSURE", "Machine", "Relay", "Round", "relay_of"]
