"""Roles at work: one loop that compares what the chain says with what the journal says."""
