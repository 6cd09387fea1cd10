"""The bytes, on disk: written once, synced before anyone is told, found by their SHA-256.

FILES_DIR/incoming/<random>               being written
FILES_DIR/originals/ab/abcd…              by content, never changed
FILES_DIR/thumbnails/ab/abcd….webp        can be made again from the original
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings

_CHUNK = 256 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Draft:
    """Bytes on their way in."""

    path: Path
    sha256: str
    size_bytes: int


def root() -> Path:
    """The store's folder."""
    return Path(settings.FILES_DIR)


def original(sha256: str) -> Path:
    """Where the content with this digest lies. Raises ValueError for anything that is no digest."""
    return root() / "originals" / checked(sha256)[:2] / sha256


def thumbnail(sha256: str) -> Path:
    """Where its small picture lies."""
    return root() / "thumbnails" / checked(sha256)[:2] / f"{sha256}.webp"


def checked(sha256: str) -> str:
    """The digest itself: nothing else ever becomes part of a path."""
    if not _DIGEST.fullmatch(sha256):
        raise ValueError(f"not a SHA-256 in hex: {sha256!r}")
    return sha256


def new_draft() -> Path:
    """A fresh place for bytes that come in."""
    folder = root() / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / uuid4().hex


def write_draft(head: bytes, rest: BinaryIO, most_bytes: int, too_large: Callable[[], Exception]) -> Draft:
    """Write `head` and all of `rest` through to the disk; raises `too_large()` beyond `most_bytes`."""
    path, digest, size = new_draft(), hashlib.sha256(), 0
    try:
        with path.open("xb") as out:
            chunk = head
            while chunk:
                size += len(chunk)
                if size > most_bytes:
                    raise too_large()
                digest.update(chunk)
                out.write(chunk)
                chunk = rest.read(_CHUNK)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Draft(path, digest.hexdigest(), size)


def keep(draft: Draft) -> None:
    """Put a draft in its place for good; the same content that lies there already stays."""
    place = original(draft.sha256)
    if place.exists() and place.stat().st_size == draft.size_bytes:
        draft.path.unlink()
        return
    move(draft.path, place)


def move(draft: Path, place: Path) -> None:
    """Let a synced draft appear at its place at once and durably."""
    make_folder(place.parent)
    draft.chmod(0o440)
    draft.replace(place)
    sync_folder(place.parent)


def make_folder(folder: Path) -> None:
    """The folder and those above it, each entry synced in its parent."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make what was added to or removed from a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(sha256: str) -> None:
    """Take the content and its thumbnail away."""
    original(sha256).unlink(missing_ok=True)
    thumbnail(sha256).unlink(missing_ok=True)


def older_than(folder: str, moment: float) -> Iterator[Path]:
    """Files below `folder` that were last touched before `moment` (seconds since 1970)."""
    for path in (root() / folder).rglob("*"):
        if path.is_file() and path.stat().st_mtime < moment:
            yield path
