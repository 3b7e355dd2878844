"""Seeded faults in the contracts, and the tests that must catch every one: ``make mutants``."""
