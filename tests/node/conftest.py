from devnets import devnet, movable  # noqa: F401 (fixtures)
