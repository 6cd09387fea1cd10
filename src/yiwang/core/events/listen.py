"""Connections of their own for LISTEN: they outlive requests and wait, which Django's connections must not."""

from typing import Any

import psycopg
from django.db import connection

from yiwang.core.events.declare import CHANNEL


def parameters() -> dict[str, Any]:
    """What psycopg needs to reach the platform's database."""
    given = connection.get_connection_params()
    return {key: value for key, value in given.items() if key not in ("cursor_factory", "context")}


def listening() -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection on which word of new events arrives; close it when done. Raises psycopg.OperationalError."""
    listener = psycopg.connect(**parameters(), autocommit=True)
    listener.execute(f"LISTEN {CHANNEL}")
    return listener
