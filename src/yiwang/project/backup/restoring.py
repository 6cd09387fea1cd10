"""Brings a backup back: files first, then the database beside the old one, compared before it takes its place."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yiwang.core import clock
from yiwang.project import cluster, preparation
from yiwang.project.backup import checking, database, manifest
from yiwang.project.backup.making import Say, quiet
from yiwang.project.backup.manifest import ANCHORS, DUMP, FILES, BadBackup, Manifest
from yiwang.project.cluster import Place, databases

if TYPE_CHECKING:
    from yiwang.core.audit.queries import Verification

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back; `set_aside` is the database that was there before, which is kept."""

    manifest: Manifest
    files_put: int
    set_aside: str | None
    chain: "Verification"


def restore(folder: Path, *, replace: bool, say: Say = quiet) -> Restored:
    """Bring a whole installation back; the platform is stopped, its database server runs, Django is loaded.

    Nothing is replaced before the backup has proved whole and its copy in the database equal. Raises BadBackup: it is
    damaged or newer, or the database holds something and `replace` was not said.
    """
    found = manifest.read(folder)
    checking.refuse_newer(found)
    wrong = checking.faults(folder, say)
    if wrong:
        raise BadBackup(f"The backup is damaged: {wrong[0]} and {len(wrong) - 1} more are not as they were.")
    refuse_overwriting(cluster.database_url(), replace=replace)
    put = put_files(folder, found, say)
    aside = None
    if cluster.is_private():
        aside = _beside(folder, found, say)
    else:
        _in_place(folder, found, say)
    chain = settle(folder, found)
    return Restored(found, put, aside, chain)


def refuse_overwriting(url: str, *, replace: bool) -> None:
    """Raises BadBackup when a database holds tables and nobody said to replace them."""
    import psycopg

    with psycopg.connect(url) as connection:
        there = database.tables(connection)
        name = connection.info.dbname
    if there and not replace:
        raise BadBackup(
            f"The database {name} is not empty ({len(there)} tables). Say --replace to put the backup in its place."
        )


def put_files(folder: Path, found: Manifest, say: Say) -> int:
    """Put back what the files storage lacks; how many."""
    from yiwang.core.files import actions

    put = 0
    for number, one in enumerate(manifest.contents(folder), 1):
        put += actions.bring_back(one.key, pieces(folder / FILES / one.key), one.bytes, one.sha256)
        say(number, found.files, "files")
    return put


def pieces(file: Path) -> Iterator[bytes]:
    """A file's content."""
    with file.open("rb") as content:
        while piece := content.read(_PIECE):
            yield piece


def _beside(folder: Path, found: Manifest, say: Say) -> str | None:
    """In our own cluster: into a new database, which takes the old one's place when it has proved equal."""
    from yiwang.project.environment import ENV

    where, name = cluster.place(), ENV.database_name
    draft, before = f"{name}_restoring", f"{name}_before_restore"
    databases.drop(where, draft)
    databases.create(where, draft)
    url = cluster.url_of(where, draft)
    _load(url, folder, found, say)
    return _swap(where, name, draft, before)


def _swap(where: Place, name: str, draft: str, before: str) -> str | None:
    """The draft becomes the platform's database; an old one with content is kept under another name."""
    import psycopg
    from django.db import connections
    from psycopg import sql

    connections.close_all()
    with psycopg.connect(cluster.url_of(where, name)) as connection:
        had_content = bool(database.tables(connection))
    if had_content:
        databases.drop(where, before)
    else:
        databases.drop(where, name)
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with databases.superuser(where) as connection, connection.transaction():
        if had_content:
            connection.execute(rename.format(sql.Identifier(name), sql.Identifier(before)))
        connection.execute(rename.format(sql.Identifier(draft), sql.Identifier(name)))
    return before if had_content else None


def _in_place(folder: Path, found: Manifest, say: Say) -> None:
    """In a managed database: in one transaction over what is there, which must be tables that the backup knows."""
    import psycopg

    url = cluster.database_url()
    with psycopg.connect(url) as connection:
        strange = sorted(set(database.tables(connection)) - set(found.tables))
    if strange:
        raise BadBackup(
            f"The database has tables that the backup does not know ({strange[0]}): give it an empty one."
        )
    _load(url, folder, found, say, clean=True)


def _load(url: str, folder: Path, found: Manifest, say: Say, *, clean: bool = False) -> None:
    say(0, 0, "loading")
    database.load(url, folder / DUMP, lambda: say(0, 0, "loading"), clean=clean)
    wrong = checking.compare(url, found, say)
    if wrong:
        first = wrong[0]
        raise BadBackup(
            f"After reading it back, {len(wrong)} tables are not as they were: {first.table} has {first.found} rows"
            f" instead of {first.expected}, or other content."
        )


def settle(folder: Path, found: Manifest) -> "Verification":
    """What follows: newer migrations, anchors as they were, what was under way ended, an entry that says so."""
    import psycopg
    from django.db import connection, transaction

    from yiwang.core.actor import system
    from yiwang.core.audit import actions, queries, sealer
    from yiwang.core.files.models import Upload
    from yiwang.core.jobs.models import LongJob

    connection.close()
    with psycopg.connect(cluster.database_url(), autocommit=True) as own:
        # Without "prepared", so that the next start looks whether seeds are newer.
        preparation.remember(own, {"demo": found.note.get("demo", False)})
    preparation.migrate(lambda text: None)
    put_anchors(folder)
    under_way = LongJob.objects.filter(state__in=[LongJob.State.WAITING, LongJob.State.RUNNING])
    with transaction.atomic():
        end_what_lived()
        Upload.objects.filter(file__isnull=True).delete()  # their parts were not kept: they begin again
        under_way.update(state=LongJob.State.FAILED, reason="restored", ended_at=clock.now())
        told = {
            "backup": found.id,
            "made_at": found.made_at.isoformat(),
            "rows": found.rows,
            "files": found.files,
        }
        actions.record(
            system("restore"),
            action="system.restore",
            object_type="backup",
            object_id=found.id,
            before=None,
            after=told,
        )
    sealer.seal_pending()
    return queries.verify()


def end_what_lived() -> None:
    """What lived when the backup was made must not live again: sign-ins and links that were ended since, lists whose
    file is not here, messages that have left since; a person decides which of those are sent again."""
    from yiwang.core.accounts.models import PasswordLink, Session
    from yiwang.core.exports.models import UNDER_WAY, Export
    from yiwang.core.files import actions as files
    from yiwang.core.notify.models import Delivery

    now = clock.now()
    Session.objects.all().delete()
    PasswordLink.objects.filter(used_at__isnull=True).delete()
    alive = Export.objects.filter(state__in=[*UNDER_WAY, Export.State.READY])
    alive.update(state=Export.State.GONE, ended_at=now)
    leaving = Delivery.objects.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])
    leaving.update(state=Delivery.State.DEAD, claimed_at=None, ended_at=now, reason="restored")
    for folder in ("exports", "imports"):
        for key in list(files.aside_before(folder, time.time())):
            files.take_aside_away(key)


def put_anchors(folder: Path) -> None:
    """The anchors that were kept with the backup are those of its chain; the present ones are set aside."""
    from yiwang.core.audit.queries import anchors_file

    file = anchors_file()
    if file.exists():
        file.rename(file.with_name(f"anchors-before-restore-{clock.now():%Y%m%d-%H%M%S}.jsonl"))
    if (folder / ANCHORS).exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / ANCHORS, file)
