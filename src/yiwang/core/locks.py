"""One at a time, by name: for things that have no row yet to lock."""

from django.db import connection


def hold(name: str) -> None:
    """Wait until nobody else holds `name`, and hold it until the caller's transaction ends.

    `name` begins with its room ("cases.open:<id>"), so that rooms do not stand in each other's way. Raises
    RuntimeError outside a transaction, where the lock would end at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock is held within a transaction")
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
