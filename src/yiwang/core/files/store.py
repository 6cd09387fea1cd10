"""The bytes: written once, kept before anyone is told, found by their SHA-256.

FILES_DIR/incoming/<random>      on this machine: being written, sniffed and looked at
originals/ab/abcd…               in the place that FILES_URL names: by content, never changed
thumbnails/ab/abcd….webp         can be made again from the original
uploads/<id>/<offset>            parts of an upload that is under way
aside/exports/<id>               a list that was written out for one person, for some days
aside/imports/<id>               a table that waits to be brought in
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings

from yiwang.core.files.keepers import Folder, Keeper, opened

_CHUNK = 256 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
ORIGINALS, THUMBNAILS, UPLOADS, ASIDE, PROBES = "originals", "thumbnails", "uploads", "aside", "probe"


@dataclass(frozen=True, slots=True)
class Draft:
    """Bytes on their way in, in a file of this machine."""

    path: Path
    sha256: str
    size_bytes: int


def keeper() -> Keeper:
    """Where content lies: the place of FILES_URL, without one FILES_DIR itself."""
    return _opened(settings.FILES_URL) if settings.FILES_URL else Folder(Path(settings.FILES_DIR))


@cache
def _opened(url: str) -> Keeper:
    return opened(url, settings.FILES_CREDENTIALS)


def original(sha256: str) -> str:
    """The key of the content with this digest. Raises ValueError for anything that is no digest."""
    return f"{ORIGINALS}/{checked(sha256)[:2]}/{sha256}"


def thumbnail(sha256: str) -> str:
    """The key of its small picture."""
    return f"{THUMBNAILS}/{checked(sha256)[:2]}/{sha256}.webp"


def checked(sha256: str) -> str:
    """The digest itself: nothing else ever becomes part of a key."""
    if not _DIGEST.fullmatch(sha256):
        raise ValueError(f"not a SHA-256 in hex: {sha256!r}")
    return sha256


def digest_in(key: str) -> str | None:
    """The digest that a key ends in; None when it ends in something else."""
    name = key.rpartition("/")[2]
    return name if _DIGEST.fullmatch(name) else None


def incoming() -> Path:
    """The folder of what is being written."""
    return Path(settings.FILES_DIR) / "incoming"


def new_draft() -> Path:
    """A fresh place for bytes that come in."""
    folder = incoming()
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
    """Put a draft in its place for good; the same content that lies there already stays. Raises Unavailable."""
    key = original(draft.sha256)
    if keeper().size(key) != draft.size_bytes:
        keeper().put(key, draft.path)


def size_of(key: str) -> int | None:
    """How many bytes lie there; None for nothing. Raises Unavailable."""
    return keeper().size(key)


def read_part(key: str, first: int, last: int) -> Iterator[bytes]:
    """Bytes `first` to `last`, both included, in pieces."""
    return keeper().read(key, first, last)


def remove(sha256: str) -> None:
    """Take the content and its thumbnail away."""
    keeper().remove(original(sha256))
    keeper().remove(thumbnail(sha256))


def forgotten_drafts(moment: float) -> Iterator[Path]:
    """Drafts of this machine that were last touched before `moment` (seconds since 1970)."""
    for path in incoming().rglob("*"):
        if path.is_file() and path.stat().st_mtime < moment:
            yield path
