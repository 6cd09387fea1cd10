"""What is written out for one person: no file of the district, and gone after some days.

Whoever puts it aside, under a key of its own (`exports/<id>`), takes it away again.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from yiwang.core.files import store


def draft_aside() -> Path:
    """A fresh place on this machine to write to; one that is forgotten is swept away."""
    return store.new_draft()


def put_aside(key: str, draft: Path) -> int:
    """Keep a written draft, synced; returns its size in bytes. Raises Unavailable."""
    with draft.open("rb") as content:
        os.fsync(content.fileno())
    size_bytes = draft.stat().st_size
    store.keeper().put(f"{store.ASIDE}/{key}", draft)
    return size_bytes


def read_aside(key: str, size_bytes: int) -> Iterator[bytes]:
    """What was put aside, in pieces."""
    return store.read_part(f"{store.ASIDE}/{key}", 0, size_bytes - 1)


def take_aside_away(key: str) -> None:
    """Remove what was put aside, if it is there."""
    store.keeper().remove(f"{store.ASIDE}/{key}")


def aside_before(folder: str, moment: float) -> Iterator[str]:
    """Keys below a folder that were put aside before `moment` (seconds since 1970)."""
    for path in store.keeper().older_than(f"{store.ASIDE}/{folder}", moment):
        yield path.removeprefix(f"{store.ASIDE}/")
