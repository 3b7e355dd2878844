"""What the contracts say when they refuse, and where in their sources."""

from __future__ import annotations

import re

from harness.code import SOURCES

_ASSERTED = re.compile(r'\bassert\b[^"#]*, "([^"]+)"|\brequire\([^"#]*, "([^"]+)"\)')


def reasons() -> set[str]:
    """Return every reason in the sources."""
    sources = (path.read_text() for path in SOURCES.rglob("*.vy"))
    return {one or other for text in sources for one, other in _ASSERTED.findall(text)}
