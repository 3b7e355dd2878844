"""Games that cannot be played."""


class GameError(ValueError):
    """A game that cannot be played; the message says which, why and what to do."""
