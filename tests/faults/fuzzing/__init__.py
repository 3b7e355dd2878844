"""Fuzzing: hostile inputs to everything that reads what others wrote."""
