"""The private cluster: whose it is, what is in it, and that it survives."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.platform.conftest import wait_until
from yiwang.project.cluster import Place, databases, server, sizing, url_of
from yiwang.project.cluster.place import SOCKET_PATH_LIMIT, ClusterError, find_place

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can switch users")


@pytest.fixture(scope="module")
def cluster(home: Path) -> Iterator[Place]:
    """A durable cluster that runs; whatever a test did to it, it is started again for the next."""
    where = find_place(home / "var" / "pg")
    server.make(where)
    server.start(where)
    databases.create(where, "city")
    yield where
    server.stop(where)


def ask(where: Place, query: str, database: str = "city") -> Any:
    """The first value that the platform's role is told."""
    with psycopg.connect(url_of(where, database)) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_it_lies_where_it_was_asked_for(cluster: Place, home: Path) -> None:
    assert cluster.folder == home / "var" / "pg"
    assert cluster.reason is None


def test_it_never_runs_as_root(cluster: Place) -> None:
    pid = server.running_pid(cluster)
    uid = Path(f"/proc/{pid}").stat().st_uid
    assert uid != 0
    assert uid == cluster.owner.uid
    assert cluster.owner.name == ("postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name)


def test_it_listens_on_its_socket_only(cluster: Place) -> None:
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700


def test_text_is_the_same_on_every_machine(cluster: Place) -> None:
    query = (
        "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database WHERE datname = 'city'"
    )
    assert ask(cluster, query) == "UTF8 C.UTF-8"
    assert ask(cluster, "SELECT '一' < '丁' AND 'a' > 'B'") is True
    assert ask(cluster, "SHOW data_checksums") == "on"
    assert ask(cluster, "SHOW timezone") == "UTC"


def test_the_platform_owns_its_database_and_nothing_more(cluster: Place) -> None:
    assert (
        ask(cluster, "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = user")
        is False
    )
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'city'"
    assert ask(cluster, owner) == databases.ROLE
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(cluster, "ALTER ROLE yiwang SUPERUSER")


def test_a_database_comes_with_its_extensions_and_quickly(cluster: Place) -> None:
    began = time.perf_counter()
    assert databases.create(cluster, "quick") is True
    assert time.perf_counter() - began < 2.0  # 0.1 s when nothing else runs
    found = ask(cluster, "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension", "quick")
    assert found == "btree_gist pg_trgm plpgsql postgis"
    assert ask(cluster, "SELECT ST_Area('POLYGON((0 0,0 2,2 2,2 0,0 0))')", "quick") == 4.0
    assert databases.create(cluster, "quick") is False
    databases.drop(cluster, "quick")
    databases.drop(cluster, "quick")
    assert "quick" not in databases.names(cluster)


@needs_root
def test_another_user_does_not_get_in(cluster: Place) -> None:
    psql = ["psql", url_of(cluster, "city"), "-c", "select 1"]
    nobody = pwd.getpwnam("nobody")
    tried = subprocess.run(
        psql,
        capture_output=True,
        text=True,
        check=False,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        cwd="/",
    )
    assert tried.returncode != 0
    assert "Permission denied" in tried.stderr


def test_what_was_committed_survives_kill_9(cluster: Place) -> None:
    with psycopg.connect(url_of(cluster, "city")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
    pid = server.running_pid(cluster)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    server.start(cluster)
    assert server.running_pid(cluster) not in (None, pid)
    assert ask(cluster, "SELECT value FROM kept") == 42


def test_starting_waits_for_the_children_of_a_killed_server(cluster: Place) -> None:
    connection = psycopg.connect(url_of(cluster, "city"))
    child, pid = connection.info.backend_pid, server.running_pid(cluster)
    assert pid is not None
    os.kill(child, signal.SIGSTOP)  # a child that cannot notice that its parent is gone
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: server.running_pid(cluster) is None)  # on a busy machine a moment later
    leave = subprocess.Popen(["sh", "-c", f"sleep 1; kill -KILL {child}"])
    server.start(cluster)
    assert leave.wait() == 0
    connection.close()
    assert ask(cluster, "SELECT 1") == 1


def test_stopping_is_fast_and_twice_is_harmless(cluster: Place) -> None:
    with psycopg.connect(url_of(cluster, "city")):
        server.stop(cluster)
    assert server.running_pid(cluster) is None
    server.stop(cluster)
    server.start(cluster)
    server.start(cluster)
    assert server.accepts(cluster)


def test_making_it_again_changes_nothing(cluster: Place) -> None:
    before = (cluster.data / "PG_VERSION").stat().st_mtime_ns
    server.make(cluster)
    assert (cluster.data / "PG_VERSION").stat().st_mtime_ns == before
    assert server.accepts(cluster)


def test_an_interrupted_making_is_begun_again(home: Path) -> None:
    where = find_place(home / "half")
    where.data.mkdir(parents=True)
    (where.data / "PG_VERSION").write_text("15\n")
    server.make(where, durable=False)
    assert where.is_made()
    assert len(list(where.folder.glob("unfinished-*"))) == 1


def test_a_path_too_long_for_a_socket_leads_elsewhere_and_says_so(home: Path) -> None:
    wanted = home / ("x" * 100) / "pg"
    where = find_place(wanted)
    assert where.folder != wanted
    assert where.reason is not None
    assert f"{SOCKET_PATH_LIMIT} are allowed" in where.reason
    assert find_place(wanted) == where
    assert find_place(home / ("y" * 100) / "pg").folder != where.folder


@needs_root
def test_a_checkout_that_postgres_may_not_enter_leads_elsewhere(home: Path) -> None:
    private = home / "private"
    private.mkdir(mode=0o700)
    where = find_place(private / "var" / "pg")
    assert where.folder.is_relative_to("/var/lib/yiwang")
    assert where.reason == f"user postgres may not enter {private}"
    try:
        server.make(where, durable=False)
        server.start(where, durable=False)
        assert ask(where, "SELECT 1", "template1") == 1
    finally:
        server.stop(where)
        shutil.rmtree(where.folder)


def test_a_database_that_became_unreachable_is_not_replaced_by_an_empty_one(home: Path) -> None:
    deep = home / ("z" * 100) / "pg"
    deep.mkdir(parents=True)
    (deep / "made").touch()
    with pytest.raises(ClusterError, match="There is a database in"):
        find_place(deep)


def test_a_server_that_cannot_start_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "START_PATIENCE_S", 0.5)
    where = find_place(home / "half")
    server.make(where, durable=False)
    (where.data / "local.conf").write_text("shared_buffers = nonsense\n")
    with pytest.raises(ClusterError, match="nonsense"):
        server.start(where)


@pytest.mark.parametrize(("gib", "buffers"), [(0.25, "64MB"), (8, "1024MB"), (256, "2048MB")])
def test_it_is_sized_to_the_machine(gib: float, buffers: str) -> None:
    chosen = sizing.settings(durable=True, memory_bytes=int(gib * 1024**3), cores=2)
    assert chosen["shared_buffers"] == buffers
    assert "fsync" not in chosen
    assert sizing.settings(durable=False, memory_bytes=1024**3, cores=2)["fsync"] == "off"


def test_nothing_is_left_behind(cluster: Place) -> None:
    server.stop(cluster)
    wait_until(lambda: server.running_pid(cluster) is None)
    assert not list(cluster.sockets.iterdir())
