"""The database's part: how every table stands, what is dumped, and how a dump is read back."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yiwang.project.backup.manifest import BadBackup, TableState
from yiwang.project.cluster import server

if TYPE_CHECKING:
    from psycopg import Connection

LOOK_EVERY_S = 0.2
Look = Callable[[], None]

# One text for one row, whatever the server's settings are.
SPELLING = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname = 'public'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname
"""
# What belongs to extensions is made by the server's administrator, not by a dump.
NOT_OURS = (" EXTENSION ", " TABLE DATA public spatial_ref_sys ", " SCHEMA - public ", "COMMENT - SCHEMA")


@contextmanager
def snapshot(url: str) -> Iterator[tuple["Connection[Any]", str]]:
    """A transaction that sees one moment, and the name by which others can see the same."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        for statement in SPELLING:
            connection.execute(statement)
        yield connection, str(row and row[0])


def tables(connection: "Connection[Any]") -> list[str]:
    """The platform's tables, those of extensions left out."""
    return [row[0] for row in connection.execute(TABLES).fetchall()]


def table_state(connection: "Connection[Any]", name: str) -> TableState:
    """Rows and digest of one table: two tables with the same rows have the same, in whatever order."""
    from psycopg import sql

    statement = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {} AS t")
    row = connection.execute(statement.format(sql.Identifier(name))).fetchone()
    return TableState(row[0], row[1]) if row else TableState(0, "0")


def states(
    connection: "Connection[Any]", say: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, TableState]:
    """How every table stands, within the connection's transaction."""
    names = tables(connection)
    found = {}
    for number, name in enumerate(names, 1):
        found[name] = table_state(connection, name)
        say(number, len(names))
    return found


def server_version(connection: "Connection[Any]") -> str:
    """For people, such as 15.8."""
    number = connection.info.server_version
    return f"{number // 10000}.{number % 10000}"


def dump(url: str, snapshot_name: str, to: Path, look: Look) -> None:
    """Write what the snapshot sees into a file; `look` is called while it goes on. Raises BadBackup."""
    arguments = ("--format=custom", "--compress=3", "--no-owner", "--no-privileges")
    _run("pg_dump", url, (*arguments, f"--snapshot={snapshot_name}", f"--file={to}"), look)


def load(url: str, dumped: Path, look: Look, *, clean: bool = False) -> None:
    """Read a dump into a database, all of it or nothing; `clean` drops what it replaces first. Raises BadBackup."""
    listed = subprocess.run(
        [server.program("pg_restore"), "--list", str(dumped)], capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        raise BadBackup(f"{dumped} cannot be read: {listed.stderr.strip()}")
    wanted = [line for line in listed.stdout.splitlines() if not any(mark in line for mark in NOT_OURS)]
    chosen = dumped.with_name(f".{os.getpid()}-{time.time_ns()}.list")
    try:
        chosen.write_text("\n".join(wanted))
        drop_first = ("--clean", "--if-exists") if clean else ()
        arguments = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", *drop_first)
        _run("pg_restore", url, (*arguments, f"--use-list={chosen}", str(dumped)), look)
    finally:
        chosen.unlink(missing_ok=True)


def _run(program: str, url: str, arguments: Sequence[str], look: Look) -> None:
    """A client program of PostgreSQL on a database; its password stays out of the list of processes."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    given = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    password = given.pop("password", None)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if password is not None:
        clean["PGPASSWORD"] = password
    command = [server.program(program), f"--dbname={make_conninfo(**given)}", *arguments]
    with subprocess.Popen(
        command, env=clean, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            said = _wait(process, look)
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise BadBackup(f"{program}: {said.decode(errors='replace').strip()[-2000:]}")


def _wait(process: "subprocess.Popen[bytes]", look: Look) -> bytes:
    while True:
        try:
            return process.communicate(timeout=LOOK_EVERY_S)[1]
        except subprocess.TimeoutExpired:
            look()
