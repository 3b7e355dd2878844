"""Real nodes on a real chain over real sockets, killed, cut off and lied to: `make faults`."""
