"""Databases inside the private cluster: each a copy of one template that holds the extensions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from yiwang.project.cluster.place import Place

if TYPE_CHECKING:
    from psycopg import Connection

SUPERUSER = "postgres"
ROLE = "yiwang"  # owns the databases and is not a superuser: the platform cannot switch off its own guards
TEMPLATE = "yiwang_template"
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")


@contextmanager
def superuser(place: Place, database: str = "postgres") -> Iterator["Connection[tuple[Any, ...]]"]:
    """An autocommitting connection of the superuser, for what the platform's own role may not do."""
    import psycopg

    with psycopg.connect(
        host=str(place.sockets), port=5432, user=SUPERUSER, dbname=database, autocommit=True
    ) as connection:
        yield connection


def prepare(place: Place) -> None:
    """The platform's role and the template; a new cluster needs both."""
    with superuser(place) as connection:
        connection.execute(f"CREATE ROLE {ROLE} LOGIN")
        connection.execute(f"CREATE DATABASE {TEMPLATE} OWNER {ROLE} TEMPLATE template0")
    with superuser(place, TEMPLATE) as connection:
        for extension in EXTENSIONS:
            connection.execute(f"CREATE EXTENSION {extension}")
    with superuser(place) as connection:
        connection.execute(f"ALTER DATABASE {TEMPLATE} IS_TEMPLATE true ALLOW_CONNECTIONS false")


def names(place: Place) -> set[str]:
    """The databases of the cluster, templates left out."""
    with superuser(place) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate").fetchall()
    return {row[0] for row in rows}


def create(place: Place, name: str, template: str = TEMPLATE) -> bool:
    """Makes a database of the platform's role as a copy of `template` (0.1 s); false when `name` was there."""
    from psycopg import errors, sql

    if name in names(place):
        return False
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
    arguments = (sql.Identifier(name), sql.Identifier(ROLE), sql.Identifier(template))
    with superuser(place) as connection:
        try:
            connection.execute(statement.format(*arguments))
        except (errors.DuplicateDatabase, errors.UniqueViolation):  # made by another process at this moment
            return False
    return True


def drop(place: Place, name: str) -> None:
    """Drops a database and ends the connections to it; nothing when there is none."""
    from psycopg import sql

    with superuser(place) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
