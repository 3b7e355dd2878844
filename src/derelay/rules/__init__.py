"""The protocol as pure functions: no I/O, no torch."""
