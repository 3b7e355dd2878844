"""Content-addressed blocks on disk, and how to get those that are missing. Knows blocks, not batons."""
