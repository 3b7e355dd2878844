"""The checks that a manifest's values pass, whoever made it."""

from derelay.baton.errors import BatonError

MAX_NAME = 200
MAX_MODEL_BYTES = 1 << 40


def refused(reason: str) -> BatonError:
    """Return the error for a manifest that is refused."""
    return BatonError(f"manifest: {reason}; no baton like that is made or taken")


def check(condition: bool, reason: str) -> None:
    """Raise `BatonError` with the reason unless the condition holds."""
    if not condition:
        raise refused(reason)


def check_count(what: str, value: object) -> None:
    """Check for a whole number (a bool is none) that 63 bits hold."""
    check(type(value) is int and 0 <= value < 1 << 63, f"{what} {value!r} is not a count")


def check_size(what: str, size: int) -> None:
    """Check that a declared size is one that anybody can mean."""
    check(size <= MAX_MODEL_BYTES, f"{what} declares {size} bytes, more than {MAX_MODEL_BYTES}")


def check_name(what: str, value: object) -> None:
    """Check for a short printable ASCII text, other than the one key that safetensors keeps for itself."""
    good = isinstance(value, str) and 0 < len(value) <= MAX_NAME and value.isascii() and value.isprintable()
    check(good and value != "__metadata__", f"{what} name is not 1 to {MAX_NAME} printable ASCII characters")


def check_digest(what: str, value: object) -> None:
    """Check for a sha-256 digest."""
    check(isinstance(value, bytes) and len(value) == 32, f"{what} is not 32 bytes")
