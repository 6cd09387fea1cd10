"""Many rows at once, by COPY: several times as fast as INSERT where rows come by the thousand."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db import connection, models

Convert = Callable[[Any], Any]


def copy_in(rows: Sequence[models.Model]) -> None:
    """Write new rows of one model in the caller's transaction; an automatic key is made by the database.

    Columns that the database fills in by itself are left to it; the rows do not learn their keys.
    """
    if not rows:
        return
    statement, columns = _columns(type(rows[0]))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            held = row.__dict__
            copy.write_row(
                [held[name] if convert is None else convert(held[name]) for name, convert in columns]
            )


@cache
def _columns(model: type[models.Model]) -> tuple[str, list[tuple[str, Convert | None]]]:
    automatic = model._meta.auto_field
    made_by_us = (f for f in model._meta.concrete_fields if not (f.has_db_default() or f.generated))
    fields = [f for f in made_by_us if f is not automatic]
    names = ", ".join(f'"{field.column}"' for field in fields)
    statement = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
    return statement, [(field.attname, _convert(field)) for field in fields]


def _convert(field: Any) -> Convert | None:
    if isinstance(field, models.JSONField):
        encoder = field.encoder
        return lambda value: None if value is None else json.dumps(value, ensure_ascii=False, cls=encoder)
    if isinstance(field, GeometryField):
        return lambda value: None if value is None else value.hexewkb.decode()
    return None
