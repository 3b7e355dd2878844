"""Memory for a model's bytes."""

import mmap
from pathlib import Path

HUGE_PAGE = 2 << 20
_FREE = Path("/proc/buddyinfo")
_PAGES = HUGE_PAGE // 4096


def reserved(size: int) -> mmap.mmap | bytearray:
    """Return so many bytes of memory, in huge pages where the system has those at hand.

    A fresh page of 4 KiB costs a third of what hashing it costs. Huge pages cost next to nothing, unless the
    system has to make room for them first; then they cost most.
    """
    if size < HUGE_PAGE or not hasattr(mmap, "MADV_HUGEPAGE"):
        return bytearray(size)
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if free_in_huge_pages() > 2 * size:
        memory.madvise(mmap.MADV_HUGEPAGE)
    return memory


def free_in_huge_pages() -> int:
    """Return how many bytes of free memory lie together in huge pages; 0 where nobody says."""
    try:
        zones = [line.split()[4:] for line in _FREE.read_text().splitlines()]
    except OSError:
        return 0
    orders = range(_PAGES.bit_length() - 1, 64)  # free pieces of 2^order pages each
    return sum(
        4096 * (1 << order) * int(zone[order]) for zone in zones for order in orders if order < len(zone)
    )
