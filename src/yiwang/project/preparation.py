"""Brings the database up to date before the platform starts: schema, declared data and, for a demo, its past.

What was done is remembered in the database itself, as a comment on it, by a hash of all the code and data that could
have changed it. So a start with nothing new costs one query and does not load Django.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from yiwang.project.cluster import database_url, databases, is_private, place
from yiwang.project.environment import CHECKOUT, ENV, SHIPPED_DISTRICT

if TYPE_CHECKING:
    from psycopg import Connection

SOURCE = CHECKOUT / "src" / "yiwang"
UNRELATED = {"tests", "__pycache__", "cli", "supervisor", "cluster", "testing"}
SEED_ORDER = (
    "yiwang.core.codes",
    "yiwang.core.calendars",
    "yiwang.core.accounts",
    "yiwang.core.forms",
    "yiwang.city.geo",
    "yiwang.city.duty",
    "yiwang.operations.cases",
)

Say = Callable[[str], None]


def fingerprint() -> str:
    """A hash of everything that decides how a fresh database looks."""
    digest = hashlib.sha256()
    for file in sorted(SOURCE.rglob("*")):
        if file.is_file() and not UNRELATED.intersection(file.relative_to(SOURCE).parts):
            digest.update(str(file.relative_to(SOURCE)).encode())
            digest.update(file.read_bytes())
    digest.update((CHECKOUT / "requirements" / "base.txt").read_bytes())
    if ENV.district_dir != SHIPPED_DISTRICT:
        for file in sorted(ENV.district_dir.glob("*.*")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def alone(url: str) -> Iterator["Connection[Any]"]:
    """A connection to the database at `url` that keeps other preparations of it waiting."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('yiwang.preparation'))")
        yield connection


def remembered(connection: "Connection[Any]") -> dict[str, Any]:
    """What an earlier preparation wrote down in the database; empty when there was none."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    row = connection.execute(query).fetchone()
    try:
        note = json.loads((row and row[0]) or "{}")
    except ValueError:  # somebody else's comment
        return {}
    return note if isinstance(note, dict) else {}


def remember(connection: "Connection[Any]", note: dict[str, Any]) -> None:
    """Writes down in the database what was done to it; without the right to, the next start looks again."""
    from psycopg import errors, sql

    statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
    with suppress(errors.InsufficientPrivilege):
        connection.execute(
            statement.format(sql.Identifier(connection.info.dbname), sql.Literal(json.dumps(note)))
        )


def prepare(say: Say) -> None:
    """Makes the database, migrates, seeds and loads the demo's data, as far as each is not done yet."""
    if is_private():
        databases.create(place(), ENV.database_name)
    with alone(database_url()) as connection:
        wanted, note = fingerprint(), remembered(connection)
        wants_demo = ENV.mode == "demo" and not note.get("demo")
        if note.get("prepared") == wanted and not wants_demo:
            return
        set_up_django()
        migrate(say)
        for room, counts in seed():
            say(f"{room}: {in_words(counts)}")
        if wants_demo:
            load_demo(say)
        remember(connection, {"prepared": wanted, "demo": note.get("demo", False) or wants_demo})


def set_up_django() -> None:
    """Loads the settings and all rooms."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
    django.setup()


def pending_migrations() -> list[str]:
    """Migrations that the database lacks, as `room.name`, in the order in which they would run."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate(say: Say) -> None:
    """Brings the schema to the newest migration."""
    from django.core.management import call_command

    pending = pending_migrations()
    if pending:
        say(f"bringing the database up to date: {len(pending)} migrations")
        call_command("migrate", verbosity=0, interactive=False)


def seed() -> list[tuple[str, dict[str, int]]]:
    """Loads each room's declared data in the order in which they build on each other; what it counted, by room."""
    from importlib import import_module

    return [(room.rpartition(".")[2], import_module(f"{room}.seed").load()) for room in SEED_ORDER]


def load_demo(say: Say) -> None:
    """Fills the demo's database with its living district."""
    from importlib import import_module

    started_at = time.monotonic()
    say("making the demo district")
    counts = import_module("yiwang.project.demo").load(say=say)
    say(f"demo district: {in_words(counts)} in {time.monotonic() - started_at:.0f} s")


def in_words(counts: dict[str, int] | None) -> str:
    """Counts as `12 areas, 3 roles`; what was not counted is left out."""
    counted = [f"{number:,} {name.replace('_', ' ')}" for name, number in (counts or {}).items() if number]
    return ", ".join(counted) or "nothing new"


if __name__ == "__main__":
    prepare(lambda text: print(text, flush=True))  # noqa: T201 - the supervisor's log reads it
