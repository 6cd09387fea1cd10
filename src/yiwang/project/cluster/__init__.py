"""The private PostgreSQL cluster: made, started and found without anything to configure.

It serves on a Unix socket under `var/pg`, never as root. Where YIWANG_DATABASE_URL is given nothing here is used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from yiwang.project.cluster import databases, server
from yiwang.project.cluster.place import ClusterError, Place, find_place
from yiwang.project.environment import ENV

__all__ = ["ClusterError", "Place", "database_url", "is_private", "place", "running", "url_of"]


def is_private() -> bool:
    """Whether the platform's own cluster serves, and not a database that somebody else looks after."""
    return ENV.database_url is None


def place() -> Place:
    """Where this installation's cluster lies; raises ClusterError when there is no place for it."""
    return find_place(ENV.var / "pg")


def url_of(where: Place, name: str, role: str = databases.ROLE) -> str:
    """The address of database `name` in a cluster, in libpq's form."""
    return f"postgresql://{role}@/{quote(name)}?host={quote(str(where.sockets), safe='')}&port=5432"


def database_url(name: str | None = None) -> str:
    """The address of the platform's database, or of another one in the private cluster. Starts nothing."""
    if ENV.database_url is not None and name is None:
        return ENV.database_url
    return url_of(place(), name or ENV.database_name)


@contextmanager
def running(*, durable: bool = True) -> Iterator[Place]:
    """The cluster, made and started as far as needed, with the platform's database in it.

    Stopped at the end if it was started here. Raises ClusterError.
    """
    where = place()
    server.make(where, durable=durable)
    started = server.running_pid(where) is None
    if started:
        server.start(where, durable=durable)
    try:
        databases.create(where, ENV.database_name)
        yield where
    finally:
        if started:
            server.stop(where)
