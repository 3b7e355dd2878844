"""Relays by the thousand: the paper's mechanism, and ours played by agents instead of people."""
