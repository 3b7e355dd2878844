"""A node that is killed at every step it takes, and what comes of it."""
