"""The whole platform under one supervisor: what must be in order before it starts, and how it is seen to be up."""

import fcntl
import http.client
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from yiwang.project import cluster
from yiwang.project.cluster import server
from yiwang.project.environment import ENV
from yiwang.project.failure import Failure
from yiwang.project.lan import authority
from yiwang.project.reaching import to_server
from yiwang.project.supervisor import orphans, programs
from yiwang.project.supervisor.logbook import Logbook
from yiwang.project.supervisor.run import Supervisor

HEALTH_PATH = "/api/v1/health"


class CannotStart(Failure):
    """Something is in the way of starting; the message says what and what to do."""


def run(*, prepare: bool, on_up: Callable[[], None]) -> int:
    """Runs the platform until it is told to stop; the exit code. Raises CannotStart and ClusterError before that."""
    with only_one():
        log = Logbook(ENV.var / "log" / "yiwang.log")
        clear_the_ground(log)
        if ENV.tls:
            authority.prepare(ENV.tls_dir)
        for port in ENV.ports:
            check_port(ENV.host, port)
        children = [*database_programs(log), *programs.platform(prepare=prepare)]
        try:
            return Supervisor(children, log, healthy=is_healthy, on_up=on_up).run()
        finally:
            log.close()


@contextmanager
def only_one() -> Iterator[None]:
    """Holds this installation's lock; raises CannotStart when another supervisor has it."""
    file = lock_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"Yiwang runs here already (process {running_supervisor()}). Stop it with Ctrl-C where it runs."
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def lock_file() -> Path:
    """The file that a running supervisor holds locked, with its process number inside."""
    return ENV.var / "supervisor.lock"


def running_supervisor() -> int | None:
    """The process number of the supervisor that runs this installation; None when it is stopped."""
    try:
        with lock_file().open() as handle:
            number = int(handle.read() or 0)
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return number
    except (OSError, ValueError):
        return None
    return None


def clear_the_ground(log: Logbook) -> None:
    """Ends what a killed supervisor left behind, so that its ports, locks and database are free."""
    left = orphans.find(ENV.var)
    if left:
        log.say(f"ending {len(left)} processes that an earlier run left behind")
        orphans.end(left)
    if cluster.is_private() and server.running_pid(cluster.place()) is not None:
        log.say("taking over the database that is running already")
        server.stop(cluster.place())


def check_port(host: str, port: int) -> None:
    """Raises CannotStart when nobody can listen on `port` of `host`, with the reason."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} on {host} cannot be used: {error.strerror}. "
                "Choose another one with --port (live events take the next one), or stop what uses it."
            ) from None


def database_programs(log: Logbook) -> list[programs.Program]:
    """The private cluster, made if it is missing; nothing when a managed database is used."""
    if not cluster.is_private():
        log.say("using the database of YIWANG_DATABASE_URL")
        return []
    where = cluster.place()
    if where.reason is not None:
        log.say(f"the database lies in {where.folder}, because {where.reason}")
    if not where.is_made():
        log.say(f"making the database in {where.folder}")
        server.make(where)
    return [programs.database(where)]


def is_healthy(patience_s: float = 1.0) -> bool:
    """Whether the platform answers in time and its database does too."""
    connection = to_server(ENV.port, patience_s)
    try:
        connection.request("GET", HEALTH_PATH)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
