"""Where a model comes from, in words that stay with the file: the metadata of what is exported."""

from collections.abc import Sequence

from derelay.baton.manifest import Manifest

LONGEST = 256
"""Heads of a lineage that are named, the newest; a header has little room."""


def provenance(
    manifest: Manifest, relay: str, lineage: Sequence[str] = (), licence: str | None = None
) -> dict[str, str]:
    """Return what is said of a model in the metadata of its file.

    Parameters
    ----------
    manifest : Manifest
        The baton's.
    relay : str
        Which relay it comes from: ``eip155:CHAIN:ADDRESS`` of its rounds, as CAIP-10 writes accounts.
    lineage : sequence of str
        Ids of the heads up to it, the oldest first.
    licence : str or None
        Under which it is passed on, as SPDX names it; None where nobody has said.
    """
    said = {
        "derelay.relay": relay,
        "derelay.id": manifest.id.hex(),
        "derelay.version": str(manifest.version),
        "derelay.parents": " ".join(parent.hex() for parent in manifest.parents),
        "derelay.lineage": " ".join(lineage[-LONGEST:]),
        "derelay.task": manifest.task,
        "derelay.task_hash": manifest.task_hash.hex(),
        "license": licence or "",
    }
    return {name: text for name, text in said.items() if text}
