"""Looks after the whole of the content: tries the place out, copies it to another, finds what is missing."""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import uuid4

from yiwang.core.files import store
from yiwang.core.files.keepers import Keeper, opened
from yiwang.core.files.models import StoredFile

_BATCH = 500
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Copied:
    """What a copy did: contents copied and already there, bytes copied, and digests that could not be copied."""

    copied: int = 0
    there: int = 0
    bytes_copied: int = 0
    damaged: tuple[str, ...] = ()


def try_out() -> tuple[str, float]:
    """Write, read and remove a few bytes where content lies; the place in words, and the seconds that it took.

    Raises Unavailable, BadFilesUrl, or OSError when a folder cannot be written.
    """
    keeper, key, started_at = store.keeper(), f"{store.PROBES}/{uuid4().hex}", time.monotonic()
    content = uuid4().hex.encode()
    draft = store.new_draft()
    try:
        draft.write_bytes(content)
        keeper.put(key, draft)
        read = b"".join(keeper.read(key, 0, len(content) - 1))
    finally:
        draft.unlink(missing_ok=True)
    keeper.remove(key)
    if read != content:
        raise OSError(f"{keeper.name} gave back something else than was written")
    return keeper.name, time.monotonic() - started_at


def copy_to(
    url: str, credentials: tuple[str, str, str | None] | None, progress: Progress = lambda done, total: None
) -> Copied:
    """Copy every content that a file has, with its thumbnail, to another place; what is there already is left.

    Each is checked against its SHA-256 on the way, and may be cut off and run again. Nothing is removed.
    """
    here, there = store.keeper(), opened(url, credentials)
    done, damaged = Copied(), []
    total = StoredFile.objects.values("sha256").distinct().count()
    for number, (digest, size) in enumerate(contents(), 1):
        if there.size(store.original(digest)) == size:
            done.there += 1
        elif _copy(here, there, store.original(digest), digest):
            done.copied += 1
            done.bytes_copied += size
        else:
            damaged.append(digest)
        small = store.thumbnail(digest)
        if here.size(small) is not None and there.size(small) is None:
            _copy(here, there, small, None)
        if number % 100 == 0 or number == total:
            progress(number, total)
    done.damaged = tuple(damaged)
    return done


def missing(deep: bool = False) -> Iterator[tuple[str, str]]:
    """Digests whose content is not as it should be, and why: missing, wrong_size, or (`deep`: read whole) altered."""
    keeper = store.keeper()
    for digest, size in contents():
        if fault := fault_of(keeper, digest, size, deep=deep):
            yield digest, fault


def fault_of(keeper: Keeper, digest: str, size: int, *, deep: bool) -> str:
    """Why a content is not as it should be; empty when it is. Raises Unavailable."""
    found = keeper.size(store.original(digest))
    if found is None:
        return "missing"
    if found != size:
        return "wrong_size"
    return "altered" if deep and _digest(keeper, store.original(digest), size) != digest else ""


def contents() -> Iterator[tuple[str, int]]:
    """Digest and size of every content that a file has, each once."""
    rows = StoredFile.objects.order_by("sha256").values_list("sha256", "size_bytes").distinct()
    yield from rows.iterator(chunk_size=_BATCH)


def bring_back(key: str, pieces: Iterable[bytes], size: int, sha256: str) -> bool:
    """Put a content of a backup where it lay, unless one of its size lies there; whether it was put.

    Raises ValueError when the pieces are not what the digest says; Unavailable.
    """
    keeper = store.keeper()
    if keeper.size(key) == size:
        return False
    draft, digest = store.new_draft(), hashlib.sha256()
    try:
        with draft.open("xb") as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != sha256:
            raise ValueError(f"{key} is not what its digest says")
        keeper.put(key, draft)
    finally:
        draft.unlink(missing_ok=True)
    return True


def _digest(keeper: Keeper, key: str, size: int) -> str:
    digest = hashlib.sha256()
    for piece in keeper.read(key, 0, size - 1):
        digest.update(piece)
    return digest.hexdigest()


def _copy(here: Keeper, there: Keeper, key: str, sha256: str | None) -> bool:
    """Copy through a draft of this machine; False when the content is missing or not what its digest says."""
    size = here.size(key)
    if size is None:
        return False
    draft, digest = store.new_draft(), hashlib.sha256()
    try:
        with draft.open("xb") as out:
            for piece in here.read(key, 0, size - 1):
                digest.update(piece)
                out.write(piece)
        if sha256 is not None and digest.hexdigest() != sha256:
            return False
        there.put(key, draft)
    finally:
        draft.unlink(missing_ok=True)
    return True
