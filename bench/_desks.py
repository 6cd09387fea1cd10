"""Eight desks at once: a web server of the benchmark's own on its scratch database, and clients that ask it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection

from yiwang.core.accounts.models import User
from yiwang.core.accounts.sessions import USER_KEY, SessionStore
from yiwang.project.environment import CHECKOUT

CLIENTS = 8
PATIENCE_S = 60.0
TOKEN = "b" * 32


class Server:
    """The web server as it runs in earnest, on a port of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        variables = {**os.environ, "YIWANG_PORT": str(self.port), "YIWANG_LOG": "warning"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "yiwang.project.serving", "web"],
            cwd=CHECKOUT,
            env=variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        give_up_at = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up_at:
            with suppress(OSError, http.client.HTTPException):
                if ask(self.port, "GET", "/api/v1/session", {})[0] < 500:
                    return
            time.sleep(0.1)
        raise RuntimeError("the web server does not answer")

    def kill(self) -> None:
        """SIGKILL to it and its processes."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, 9)
            self.process.wait()
            self.process = None


@contextmanager
def serving() -> Iterator[Server]:
    """A server that is there for a while."""
    server = Server()
    server.start()
    try:
        yield server
    finally:
        server.kill()


def free_port() -> int:
    """A TCP port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def signed_in(user: User) -> dict[str, str]:
    """The headers of a browser in which somebody has signed in."""
    session = SessionStore()
    session[USER_KEY] = str(user.pk)
    session.create()
    cookies = f"yiwang_session={session.session_key}; csrftoken={TOKEN}"
    return {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}


def ask(port: int, verb: str, path: str, headers: dict[str, str], body: Any = None) -> tuple[int, bytes]:
    """One request on a connection of its own."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        return send(line, verb, path, headers, body)
    finally:
        line.close()


def send(
    line: http.client.HTTPConnection, verb: str, path: str, headers: dict[str, str], body: Any = None
) -> tuple[int, bytes]:
    """One request on a connection that stays."""
    line.request(verb, path, json.dumps(body) if body is not None else None, headers)
    answer = line.getresponse()
    return answer.status, answer.read()


def p95_over_http(server: Server, headers: dict[str, str], paths: Callable[[int], str], each: int) -> float:
    """Milliseconds within which 95 % of the requests of all clients were answered."""

    def client(number: int, spent: list[float]) -> None:
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for turn in range(each + 3):
            began = time.perf_counter()
            status, body = send(line, "GET", paths(number * each + turn), headers)
            if status != 200:
                raise RuntimeError(f"{status}: {body[:200]!r}")
            if turn >= 3:  # the first ones warm up
                spent.append(time.perf_counter() - began)

    return p95(client)


def p95_in_sql(statements: Callable[[int], list[tuple[str, list[Any]]]], each: int) -> float:
    """As over HTTP, but each client asks the database itself for the rows and nothing else."""
    connection.ensure_connection()
    where = connection.connection.info.dsn

    def client(number: int, spent: list[float]) -> None:
        with psycopg.connect(where, autocommit=True) as raw:
            for turn in range(each):
                began = time.perf_counter()
                for sql, values in statements(number * each + turn):
                    raw.execute(sql, values).fetchall()
                spent.append(time.perf_counter() - began)

    return p95(client)


def p95(client: Callable[[int, list[float]], None]) -> float:
    """All clients at once; a client that fails fails the benchmark."""
    spent: list[float] = []
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            client(number, spent)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sorted(spent)[int(len(spent) * 0.95)] * 1000


def file_through_kills(server: Server, headers: dict[str, str], body: dict[str, Any], each: int) -> list[str]:
    """The ids of all filings that were acknowledged, while the server is killed twice; each is sent until it is."""
    filed: list[str] = []

    def client(number: int, spent: list[float]) -> None:
        for _ in range(each):
            key, give_up_at = str(uuid4()), time.monotonic() + PATIENCE_S
            while True:
                with suppress(OSError, http.client.HTTPException):
                    status, answer = ask(
                        server.port, "POST", "/api/v1/cases", {**headers, "Idempotency-Key": key}, body
                    )
                    if status == 201:
                        filed.append(json.loads(answer)["id"])
                        break
                    if status < 500:
                        raise RuntimeError(f"{status}: {answer[:200]!r}")
                if time.monotonic() > give_up_at:
                    raise RuntimeError("the server does not come back")
                time.sleep(0.05)
        spent.append(0.0)

    killer = threading.Thread(target=kill_twice, args=(server, filed, each * CLIENTS))
    killer.start()
    p95(client)
    killer.join()
    return filed


def kill_twice(server: Server, filed: list[str], whole: int) -> None:
    """Kill the server when a third, and two thirds, are acknowledged."""
    for share in (1, 2):
        give_up_at = time.monotonic() + PATIENCE_S
        while len(filed) < whole * share // 3 and time.monotonic() < give_up_at:
            time.sleep(0.01)
        server.kill()
        server.start()
