"""The shipped lifecycle, categories and code tables for tests: reckoned once in a process, then copied in."""

from unittest.mock import patch

from django.apps import apps
from django.db import connection, models

from yiwang.operations.cases import seed
from yiwang.operations.cases.categories import seed as category_seed

ROOMS = ("codes", "cases")
# Table -> its rows as COPY writes them; filled by the first load of this process.
kept: dict[str, bytes] = {}


def load() -> None:
    """As the room's own seed: 0.5 s the first time, a tenth of that afterwards."""
    if kept:
        with patch.object(category_seed, "load", restore):
            seed.load()
        return
    counts = category_seed.load()
    assert counts["categories"], "the shipped categories were there before"
    keep()
    seed.load()


def keep() -> None:
    """Remembers every row that the rooms' tables hold now."""
    for model in tables():
        with connection.cursor() as cursor, cursor.copy(f"COPY {quoted(model)} TO STDOUT") as rows:
            content = b"".join(bytes(piece) for piece in rows)
        if content:
            kept[model._meta.db_table] = content


def restore() -> dict[str, int]:
    """Puts the remembered rows into the empty tables, and their counters behind the last of them."""
    with connection.cursor() as cursor:
        for model in tables():
            if (content := kept.get(model._meta.db_table)) is None:
                continue
            with cursor.copy(f"COPY {quoted(model)} FROM STDIN") as rows:
                rows.write(content)
            if isinstance(model._meta.pk, models.AutoField):
                table, key = model._meta.db_table, model._meta.pk.column
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), max({key})) FROM {quoted(model)}"
                )
    return {}


def tables() -> list[type[models.Model]]:
    """The models of the rooms, those first that others point to."""
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


def quoted(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
