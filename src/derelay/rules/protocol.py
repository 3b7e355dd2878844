"""The version of the protocol, the same in the contracts, the manifest and the invitation."""

PROTOCOL_VERSION = 1
