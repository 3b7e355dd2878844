"""What can be wrong with a baton. Every message names the thing, the reason and the way out."""


class BatonError(Exception):
    """A baton, its manifest or its file is not what it should be."""


class SealError(BatonError):
    """A sealed baton, or a sealed key, does not open."""
