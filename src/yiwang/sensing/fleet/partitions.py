"""The day partitions of positions: made ahead of need, dropped when their time is over."""

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from django.db import connection

from yiwang.core import clock
from yiwang.core.locks import hold

TABLE = "fleet_position"
NAME = re.compile(rf"{TABLE}_(\d{{4}})(\d\d)(\d\d)")
DAY = timedelta(days=1)


def local_days(moments: Iterable[datetime]) -> set[date]:
    """The days of the district on which these moments lie."""
    return {at.astimezone(clock.LOCAL).date() for at in moments}


def ensure(days: Collection[date]) -> int:
    """Make the partitions of these days that are not there yet; how many. Within a transaction.

    A table is made by itself and attached, which blocks neither readers nor writers of the others.
    """
    if set(days) <= existing():
        return 0
    hold("fleet.partitions")
    missing = sorted(set(days) - existing())
    for day in missing:
        _make(day)
    return len(missing)


def existing() -> set[date]:
    """The days that have a partition."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
            " where i.inhparent = %s::regclass",
            [TABLE],
        )
        names = [NAME.fullmatch(row[0]) for row in cursor.fetchall()]
    return {date(*(int(part) for part in found.groups())) for found in names if found}


def drop_before(day: date) -> int:
    """Drop the partitions of the days before; how many."""
    old = sorted(one for one in existing() if one < day)
    with connection.cursor() as cursor:
        for one in old:
            cursor.execute(f"drop table {name_of(one)}")
    return len(old)


def name_of(day: date) -> str:
    """The partition's table."""
    return f"{TABLE}_{day:%Y%m%d}"


def _make(day: date) -> None:
    begin, end = (datetime.combine(one, time(), clock.LOCAL).isoformat() for one in (day, day + DAY))
    with connection.cursor() as cursor:
        cursor.execute(f"create table {name_of(day)} (like {TABLE} including all)")
        cursor.execute(
            f"alter table {TABLE} attach partition {name_of(day)} for values from ('{begin}') to ('{end}')"
        )
