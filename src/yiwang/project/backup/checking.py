"""Looks whether a backup is whole: by its own digests, and by bringing it back into a scratch database."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from yiwang.project import cluster
from yiwang.project.backup import database, manifest
from yiwang.project.backup.making import Say, quiet
from yiwang.project.backup.manifest import (
    ANCHORS,
    DUMP,
    FILE_LIST,
    FILES,
    BadBackup,
    Manifest,
    Part,
    TableState,
)
from yiwang.project.cluster import databases


@dataclass(frozen=True, slots=True)
class Difference:
    """A table that is not as the backup says: rows then and now. Equal rows: the content differs."""

    table: str
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial restore showed. `chain`: whether the audit chain verifies; None where it could not be asked."""

    tables: int
    rows: int
    differences: tuple[Difference, ...]
    chain: bool | None
    chain_sealed: int
    chain_words: str

    @property
    def ok(self) -> bool:
        """Whether all is as it was."""
        return not self.differences and self.chain is not False

    def document(self) -> dict[str, Any]:
        """For the screen."""
        return {**asdict(self), "ok": self.ok}


def faults(folder: Path, say: Say = quiet) -> list[str]:
    """Every part and every stored file that is not as the manifest says, by name. Reads all of it. Raises BadBackup."""
    found = manifest.read(folder)
    parts: dict[str, Part] = {DUMP: found.dump, FILE_LIST: found.file_list}
    if found.anchors is not None:
        parts[ANCHORS] = found.anchors
    wrong = [name for name, part in parts.items() if not _is(folder / name, part.bytes, part.sha256)]
    if FILE_LIST in wrong:
        return wrong
    number = 0
    for number, one in enumerate(manifest.contents(folder), 1):
        if not _is(folder / FILES / one.key, one.bytes, one.sha256):
            wrong.append(one.key)
        say(number, found.files, "checking")
    return wrong if number == found.files else [*wrong, FILE_LIST]


def _is(file: Path, size: int, sha256: str) -> bool:
    with suppress(OSError):
        return file.stat().st_size == size and manifest.sha256_of(file) == sha256
    return False


def refuse_newer(found: Manifest) -> None:
    """Raises BadBackup when the backup knows migrations that this version does not."""
    unknown = sorted(set(found.migrations) - known_migrations())
    if unknown:
        raise BadBackup(
            f"The backup was made by a newer version ({found.version}): it has {unknown[0]}, which this one"
            " does not know. Install that version, or a newer one, first."
        )


def known_migrations() -> set[str]:
    """Every migration of this version, those that others replace included."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {f"{room}.{name}" for room, name in loader.disk_migrations}


def differences(wanted: Mapping[str, TableState], found: Mapping[str, TableState]) -> tuple[Difference, ...]:
    """The tables that are not the same on both sides; one that is missing has -1 rows."""
    wrong = []
    for name in sorted({*wanted, *found}):
        before, now = wanted.get(name), found.get(name)
        if before != now:
            wrong.append(Difference(name, before.rows if before else -1, now.rows if now else -1))
    return tuple(wrong)


def compare(url: str, found: Manifest, say: Say = quiet) -> tuple[Difference, ...]:
    """How a database that was read back differs from what the backup saw."""
    with database.snapshot(url) as (connection, _):
        return differences(
            found.tables, database.states(connection, lambda done, total: say(done, total, "comparing"))
        )


def try_out(folder: Path, say: Say = quiet) -> Tried:
    """Bring a backup back into a scratch database, compare every table, verify the chain, and drop it again.

    The running platform is not touched. Raises BadBackup, ClusterError.
    """
    found = manifest.read(folder)
    refuse_newer(found)
    if not _is(folder / DUMP, found.dump.bytes, found.dump.sha256):
        raise BadBackup(f"{folder / DUMP} is damaged: it is not what the manifest says.")
    with scratch() as url:
        say(0, 0, "loading")
        database.load(url, folder / DUMP, lambda: say(0, 0, "loading"))
        wrong = compare(url, found, say)
        chain, sealed, words = verify_chain(url, folder, found, say)
    return Tried(len(found.tables), found.rows, wrong, chain, sealed, words)


def verify_chain(url: str, folder: Path, found: Manifest, say: Say) -> tuple[bool | None, int, str]:
    """Whether the audit chain in a database holds, its length and the finding; None for an older schema."""
    from yiwang.core.audit import queries

    if set(found.migrations) != known_migrations():
        return None, 0, "made by an earlier version"
    with connected(url) as alias:
        result = queries.verify(
            lambda position: say(position, 0, "chain"), using=alias, anchored_in=folder / ANCHORS
        )
    return result.ok, result.sealed, str(result)


@contextmanager
def scratch() -> Iterator[str]:
    """An empty database with the extensions, dropped at the end; its address. Only in the private cluster."""
    if not cluster.is_private():
        raise BadBackup(
            "A trial restore makes a scratch database, which needs the platform's own cluster. With"
            " YIWANG_DATABASE_URL, restore into another empty database by `yiwang restore`."
        )
    where, name = cluster.place(), f"trial_{uuid4().hex[:12]}"
    databases.create(where, name)
    try:
        yield cluster.url_of(where, name)
    finally:
        databases.drop(where, name)


@contextmanager
def connected(url: str) -> Iterator[str]:
    """An alias of Django's that leads to another database, for as long as this lasts."""
    from django.db import DEFAULT_DB_ALIAS, connections

    from yiwang.project.database import django_database

    alias = f"other_{uuid4().hex[:8]}"
    connections.settings[alias] = {**connections.settings[DEFAULT_DB_ALIAS], **django_database(url)}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]
