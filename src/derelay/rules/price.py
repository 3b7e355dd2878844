"""The price of the weights (protocol.md, section 5)."""


def deposit(price: int, head_version: int, newest: int, cap: int) -> int:
    """Return what a trainer deposits: the price of the versions that it stands to gain.

    These are the head and the versions before it that it was never granted, and the one that it
    may make itself (the paper's ``b_T = min(coins, round - V_now + 1)``, section 1).

    Parameters
    ----------
    price
        Wei for one version.
    head_version
        Version of the current head.
    newest
        Newest version of the head that the trainer was ever granted; 0 for none.
    cap
        Most versions that a deposit pays for.
    """
    return price * min(head_version + 1 - min(newest, head_version), cap)
