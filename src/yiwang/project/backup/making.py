"""Makes a backup of the running platform: one moment of the database, and the files that it knows of."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yiwang.core import clock
from yiwang.project.backup import database, manifest, shelf
from yiwang.project.backup.manifest import ANCHORS, DUMP, FILE_LIST, FILES, BadBackup, Manifest, StoredContent

if TYPE_CHECKING:
    from psycopg import Connection

Say = Callable[[int, int, str], None]  # done, total (0: not known), stage


def quiet(done: int, total: int, stage: str) -> None:
    """Says nothing."""


@dataclass(slots=True)
class Copied:
    """What became of the files."""

    files: int = 0
    bytes: int = 0
    missing: list[str] = field(default_factory=list)


def make(url: str, folder: Path, *, by: str, occasion: str, say: Say = quiet) -> Manifest:
    """Back the platform up into a new folder below `folder`, which appears there when all is in it.

    The database is read at one moment, tables and digests in the very snapshot of the dump, whatever is written
    meanwhile. Content that an earlier backup of the folder has is linked and takes no more room. Raises BadBackup.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    with alone(folder):
        for left in folder.glob(".making-*"):
            shutil.rmtree(left, ignore_errors=True)
        made_at = clock.now()
        stamp = made_at.astimezone(clock.LOCAL).strftime("%Y%m%d-%H%M%S")
        name = f"{stamp}-{secrets.token_hex(2)}"
        draft = folder / f".making-{name}"
        draft.mkdir(mode=0o700)
        try:
            found = _fill(url, draft, newest_of(folder), say)
            done = Manifest(
                id=name, made_at=made_at, made_by=by, occasion=occasion, version=version(), **found
            )
            manifest.write(draft, done)
            _sync(draft)
            draft.rename(folder / name)
            _sync(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    return done


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder. Raises BadBackup when one is under way."""
    with (folder / ".lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadBackup(f"Another backup is being made in {folder}.") from None
        yield


def version() -> str:
    """The platform's own version."""
    try:
        return metadata.version("yiwang")
    except metadata.PackageNotFoundError:
        return "0"


def newest_of(folder: Path) -> Path | None:
    """The folder of the last backup, whose content need not be copied again."""
    last = next(iter(shelf.listed(folder)), None)
    return folder / last.id if last else None


def _fill(url: str, draft: Path, earlier: Path | None, say: Say) -> dict[str, Any]:
    """Everything but the manifest; what it will say."""
    from yiwang.project import preparation

    anchors = keep_anchors(draft)  # before the snapshot: the chain is never behind its anchors
    dump_file = draft / DUMP
    with database.snapshot(url) as (connection, snapshot):
        say(0, 0, "counting")
        tables = database.states(connection, lambda done, total: say(done, total, "counting"))
        migrations = tuple(migrations_of(connection))
        note = preparation.remembered(connection)
        server = database.server_version(connection)
        wanted = list(contents_of(connection))
        say(0, 0, "dumping")
        database.dump(url, snapshot, dump_file, lambda: say(_size(dump_file), 0, "dumping"))
    copied = copy_files(wanted, draft, earlier, say)
    say(0, 0, "sealing")
    return {
        "server": server,
        "migrations": migrations,
        "note": note,
        "dump": manifest.part(dump_file),
        "tables": tables,
        "file_list": manifest.part(draft / FILE_LIST),
        "files": copied.files,
        "file_bytes": copied.bytes,
        "missing": tuple(copied.missing),
        "anchors": manifest.part(draft / ANCHORS) if anchors else None,
    }


def migrations_of(connection: "Connection[Any]") -> Iterator[str]:
    """The migrations that a database has, as `room.name`."""
    rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    yield from (row[0] for row in rows)


def keep_anchors(draft: Path) -> bool:
    """Copy the anchors of the audit chain; whether there are any."""
    from yiwang.core.audit.queries import anchors_file

    if not anchors_file().exists():
        return False
    shutil.copyfile(anchors_file(), draft / ANCHORS)
    return True


def contents_of(connection: "Connection[Any]") -> Iterator[tuple[str, int]]:
    """Digest and size of every content that the snapshot knows of."""
    query = "SELECT DISTINCT sha256, size_bytes FROM files_storedfile ORDER BY sha256"
    yield from connection.execute(query).fetchall()


def copy_files(wanted: list[tuple[str, int]], draft: Path, earlier: Path | None, say: Say) -> Copied:
    """The originals with their thumbnails, each checked against its SHA-256; the list of them beside."""
    from yiwang.core.files.queries import keys_of

    known = contents_known(earlier)
    done = Copied()
    with (draft / FILE_LIST).open("w", encoding="utf-8") as listed:
        for number, (sha256, size) in enumerate(wanted, 1):
            original, thumbnail = keys_of(sha256)
            for key, digest in ((original, sha256), (thumbnail, None)):
                kept = linked(known.get(key), draft, earlier) or fetched(key, digest, size, draft)
                if kept is not None:
                    listed.write(json.dumps(asdict(kept)) + "\n")
                    done.files, done.bytes = done.files + 1, done.bytes + kept.bytes
                elif digest is not None:
                    done.missing.append(sha256)
            say(number, len(wanted), "copying")
    return done


def contents_known(earlier: Path | None) -> dict[str, StoredContent]:
    """What an earlier backup lists, by key; nothing when its list is damaged: then all is copied anew."""
    try:
        return {one.key: one for one in manifest.contents(earlier)} if earlier else {}
    except (BadBackup, OSError, UnicodeDecodeError):
        return {}


def linked(known: StoredContent | None, draft: Path, earlier: Path | None) -> StoredContent | None:
    """The same content of an earlier backup, once more under its name; None when there is none to link.

    It is read whole before: what is damaged there must not become part of all that follow.
    """
    if known is None or earlier is None:
        return None
    before, place = earlier / FILES / known.key, draft / FILES / known.key
    place.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):
        if manifest.sha256_of(before) == known.sha256:
            os.link(before, place)
            return known
    return None


def fetched(key: str, sha256: str | None, size: int, draft: Path) -> StoredContent | None:
    """Content read from the files storage; None when it is not there or not what its digest says."""
    from yiwang.core.files.queries import read_content

    place, digest = draft / FILES / key, hashlib.sha256()
    place.parent.mkdir(parents=True, exist_ok=True)
    pieces = read_content(key)
    if pieces is None:
        return None
    with place.open("wb") as out:
        for piece in pieces:
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    written = place.stat().st_size
    if sha256 is not None and (digest.hexdigest() != sha256 or written != size):
        place.unlink()
        return None
    return StoredContent(key, written, digest.hexdigest())


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _sync(folder: Path) -> None:
    """What stands in the folder survives a power cut."""
    for file in (file for file in folder.iterdir() if file.is_file()):
        with file.open("rb") as content:
            os.fsync(content.fileno())
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
