"""Checks of the database: its programs, where it lies, and what is in it."""

from typing import Any

from yiwang.project import cluster
from yiwang.project.cluster import database_url, server
from yiwang.project.doctor.finding import Finding
from yiwang.project.doctor.machine import BOOTSTRAP
from yiwang.project.environment import ENV

OLDEST_SERVER = 150000  # as PostgreSQL counts: 15.0


def programs() -> Finding:
    """Whether PostgreSQL is installed, when it is ours to run."""
    if not cluster.is_private():
        return Finding.ok("not needed: YIWANG_DATABASE_URL is given")
    try:
        return Finding.ok(server.program("postgres"))
    except cluster.ClusterError as error:
        return Finding.wrong(str(error), BOOTSTRAP)


def cluster_place() -> Finding:
    """Where the private cluster lies and whether it runs."""
    if not cluster.is_private():
        return Finding.ok("not needed: YIWANG_DATABASE_URL is given")
    try:
        where = cluster.place()
    except cluster.ClusterError as error:
        return Finding.wrong(str(error))
    away = f" (because {where.reason})" if where.reason else ""
    if not where.is_made():
        return Finding.ok(f"not made yet; `yiwang up` makes it in {where.folder}{away}")
    pid = server.running_pid(where)
    if pid is None:
        return Finding.ok(f"stopped, in {where.folder}{away}")
    if not server.accepts(where):
        return Finding.wrong(
            f"process {pid} runs but does not answer", f"see {where.log} and var/log/yiwang.log"
        )
    return Finding.ok(f"runs as {where.owner.name}, process {pid}, in {where.folder}{away}")


def contents() -> Finding:
    """Whether the database answers, has PostGIS, and is up to date. Not asked while our own cluster is stopped."""
    if cluster.is_private() and server.running_pid(cluster.place()) is None:
        return Finding.ok("not asked: the cluster is stopped")
    import psycopg

    try:
        with psycopg.connect(database_url(), connect_timeout=5) as connection:
            return judge(connection)
    except psycopg.errors.InvalidCatalogName:
        return Finding.ok(f"{ENV.database_name} is not made yet; `yiwang up` makes it")
    except psycopg.OperationalError as error:
        return Finding.wrong(
            f"does not answer: {error}", "check YIWANG_DATABASE_URL and that the server runs"
        )


def judge(connection: Any) -> Finding:
    """What an open connection shows: versions, then migrations."""
    name, version = connection.info.dbname, connection.info.server_version
    if version < OLDEST_SERVER:
        return Finding.wrong(f"PostgreSQL {version // 10000} is too old", "use PostgreSQL 15 or newer")
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'postgis'").fetchone()
    if row is None:
        return Finding.wrong(
            f"{name} has no PostGIS", "as its administrator: CREATE EXTENSION postgis; btree_gist; pg_trgm"
        )
    text = f"{name} on PostgreSQL {version // 10000}.{version % 10000} with PostGIS {row[0]}"
    pending = pending_migrations()
    if pending:
        return Finding.hint(
            f"{text}; {len(pending)} migrations pending", "`yiwang up` or `yiwang migrate` applies them"
        )
    return Finding.ok(f"{text}, up to date")


def pending_migrations() -> list[str]:
    """Migrations that the database lacks."""
    from yiwang.project import preparation

    preparation.set_up_django()
    return preparation.pending_migrations()
