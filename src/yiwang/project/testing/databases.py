"""Databases of test runs: each run has its own, a copy of one that was migrated once.

Several runs may be under way at once; the last one to leave stops the cluster.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from yiwang.project.cluster import Place, databases, place, server
from yiwang.project.environment import CHECKOUT, ENV

KEPT_TEMPLATES = (
    8  # runs on other migrations may be under way in the same checkout, and copy theirs again and again
)


@contextmanager
def test_cluster() -> Iterator[Place]:
    """The tests' own cluster, quick and not durable, shared with other runs of the same checkout."""
    where = place()
    ENV.var.mkdir(parents=True, exist_ok=True)
    with locked(ENV.var / "gate.lock"):
        server.make(where, durable=False)
        if server.running_pid(where) is None:
            server.start(where, durable=False)
        users = (ENV.var / "users.lock").open("w")
        fcntl.flock(users, fcntl.LOCK_SH)
    try:
        yield where
    finally:
        with locked(ENV.var / "gate.lock"):
            if alone(users):
                server.stop(where)
            users.close()


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Holds an exclusive lock on `file`."""
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def alone(users: IO[str]) -> bool:
    """Whether no other run holds the lock that all of them share."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def fingerprint() -> str:
    """A short hash of all that decides what the migrated database looks like."""
    digest = hashlib.sha256()
    source = CHECKOUT / "src" / "yiwang"
    files = [*source.rglob("migrations/*.py"), source / "project" / "settings.py"]
    for file in [*sorted(files), CHECKOUT / "requirements" / "base.txt"]:
        digest.update(str(file).encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def migrated_template(where: Place) -> str:
    """The name of a migrated database to copy; made when the migrations have changed, old ones dropped."""
    name = f"migrated_{fingerprint()}"
    with locked(ENV.var / "template.lock"):
        present = databases.names(where)
        forget_stale(where, present - {name})
        if name not in present:
            databases.drop(where, draft := f"draft_{os.getpid()}")
            databases.create(where, draft)
            migrate(draft)
            with databases.superuser(where) as connection:
                connection.execute(f"ALTER DATABASE {draft} RENAME TO {name}")
    return name


def forget_stale(where: Place, present: set[str]) -> None:
    """Drops templates of old migrations, and what runs that were killed left behind."""
    stale = {name for name in present if name.startswith(("test_", "draft_")) and not is_alive(name)}
    with databases.superuser(where) as connection:
        rows = connection.execute("SELECT datname FROM pg_database ORDER BY oid DESC").fetchall()
    templates = [row[0] for row in rows if row[0].startswith("migrated_") and row[0] in present]
    for name in [*stale, *templates[KEPT_TEMPLATES:]]:
        databases.drop(where, name)


def is_alive(name: str) -> bool:
    """Whether the process that a test database is named after still runs."""
    number = name.split("_", 2)[1]
    return number.isdecimal() and Path("/proc", number).exists()


def migrate(name: str) -> None:
    """Brings a fresh database to the newest migration."""
    from django.core.management import call_command
    from django.db import connection

    with connected_to(name):
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Django's connection leads to another database for a while."""
    from django.db import connection

    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def forget(where: Place) -> None:
    """Drops this run's database."""
    from django.db import connections

    connections.close_all()
    databases.drop(where, ENV.database_name)


def renew(where: Place, template: str) -> None:
    """Gives this run its database afresh (0.1 s): whatever was committed, by whichever process, is gone."""
    forget(where)
    databases.create(where, ENV.database_name, template)
