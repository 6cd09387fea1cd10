"""Our processes as they run in service, on the test's own database."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from django.db import connection

from tests.platform.conftest import wait_until
from yiwang.project.testing.ports import free_port

Start = Callable[..., "subprocess.Popen[bytes]"]


def database_url() -> str:
    """The address of the database that this test works on."""
    reached = connection.get_connection_params()
    host = quote(reached["host"], safe="")
    return f"postgresql://{reached['user']}@/{reached['dbname']}?host={host}"


@pytest.fixture
def start(transactional_db: None) -> Iterator[Start]:
    """Starts `python -m <module> <arguments>` on the test's database; whatever still runs at the end is killed."""
    running: list[subprocess.Popen[bytes]] = []

    def start_one(*arguments: str, **variables: str) -> "subprocess.Popen[bytes]":
        surroundings = {**os.environ, "YIWANG_DATABASE_URL": database_url(), **variables}
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], env=surroundings, start_new_session=True
        )
        running.append(process)
        return process

    yield start_one
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.wait()


def end_connections() -> int:
    """Ends every other connection to the test's database, as a restart of the server does; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        ended: int = cursor.fetchone()[0]
    return ended


__all__ = ["Start", "database_url", "end_connections", "free_port", "start", "wait_until"]
