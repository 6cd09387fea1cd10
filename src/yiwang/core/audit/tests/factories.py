"""Entries and chains for the tests of this room."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from yiwang.core.actor import Actor
from yiwang.core.audit import actions
from yiwang.core.audit.models import Entry
from yiwang.core.ids import uuid7

ACCEPTOR = Actor(user_id=uuid7(), name="李敏", username="acceptor", ip="10.1.2.3")


@transaction.atomic
def make_entry(number: int = 1, **options: object) -> Entry:
    """One entry about case `number`."""
    fields = {"before": None, "after": {"state": "reported", "lon": 114.8017, "no": number}, **options}
    actions.record(
        ACCEPTOR, action="cases.open_case", object_type="case", object_id=f"case-{number}", **fields
    )
    return Entry.objects.latest("pk")


def make_entries(count: int) -> list[Entry]:
    """Several entries about several cases."""
    return [make_entry(number) for number in range(count)]


@contextmanager
def guards_off() -> Iterator[None]:
    """What only the owner of the tables can do: switch the triggers and the foreign keys' checks off."""
    tables = ("audit_entry", "audit_seal", "audit_unsealed")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table in ("audit_seal", "audit_unsealed", "audit_personalvalue"):
            for name in _foreign_keys(cursor, table):
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield


def _foreign_keys(cursor: object, table: str) -> list[str]:
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass", [table]
    )
    return [name for (name,) in cursor.fetchall()]
