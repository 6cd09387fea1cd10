"""Makes the cluster, starts it and stops it."""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from yiwang.project.cluster import databases
from yiwang.project.cluster.place import ClusterError, Owner, Place
from yiwang.project.cluster.sizing import as_file, settings

BIN_FOLDERS = [Path(f"/usr/lib/postgresql/{version}/bin") for version in (15, 16, 17, 18)]
START_PATIENCE_S = 60.0
RECOVERY_PATIENCE_S = 600.0
STOP_PATIENCE_S = 30.0


def program(name: str) -> str:
    """The path of a PostgreSQL program; raises ClusterError when PostgreSQL is not installed."""
    for folder in BIN_FOLDERS:
        if (folder / name).exists():
            return str(folder / name)
    raise ClusterError(
        "PostgreSQL 15 is not installed. Run scripts/bootstrap.sh; it installs what is missing."
    )


def as_owner(owner: Owner) -> dict[str, Any]:
    """Arguments of `subprocess` that run a program as the cluster's owner, from a folder that everyone may read."""
    # libpq's own variables would lead our programs to another server.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    common: dict[str, Any] = {"cwd": "/", "env": clean, "stdin": subprocess.DEVNULL}
    if not owner.switched:
        return common
    return {**common, "user": owner.uid, "group": owner.gid, "extra_groups": []}


def make(place: Place, *, durable: bool = True) -> None:
    """A new cluster with its role and its template database; nothing when one is there. Leaves it stopped."""
    if place.is_made():
        return
    place.folder.mkdir(parents=True, exist_ok=True)
    with alone(place):
        if place.is_made():
            return
        clear_unfinished(place)
        take_over_folders(place)
        initialise(place, durable=durable)
        write_access_rules(place)
        write_settings(place, durable=durable)
        start(place, durable=durable)
        try:
            databases.prepare(place)
        finally:
            stop(place)
        (place.folder / "made").touch()


@contextlib.contextmanager
def alone(place: Place) -> Iterator[None]:
    """Lets one process at a time make, start or stop the cluster."""
    with (place.folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def clear_unfinished(place: Place) -> None:
    """Moves what an interrupted `make` left out of the way; it holds nothing that anyone wrote."""
    if place.data.exists():
        if running_pid(place) is not None:
            stop(place)
        place.data.rename(place.folder / f"unfinished-{time.time_ns()}")


def take_over_folders(place: Place) -> None:
    for folder in (place.folder, place.sockets):
        folder.mkdir(exist_ok=True)
        if place.owner.switched:
            os.chown(folder, place.owner.uid, place.owner.gid)
        folder.chmod(0o700)


def initialise(place: Place, *, durable: bool) -> None:
    """Runs `initdb`: UTF-8, sorted by code point, which is the same on every machine; checksums on."""
    arguments = [
        *(program("initdb"), "--pgdata", str(place.data), "--username", databases.SUPERUSER),
        *("--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums"),
        *("--auth-local", "peer", "--auth-host", "reject"),
        *(() if durable else ("--no-sync",)),
    ]
    run(arguments, place.owner, "The database could not be made")


def write_access_rules(place: Place) -> None:
    """Only the cluster's owner and the user who made it come in, through the socket, as the roles they ask for."""
    people = sorted({place.owner.name, "root" if place.owner.switched else place.owner.name})
    rules = [
        f"yiwang {person} {role}\n" for person in people for role in (databases.SUPERUSER, databases.ROLE)
    ]
    write(place, "pg_ident.conf", "".join(rules))
    write(place, "pg_hba.conf", "local all all peer map=yiwang\n")
    with (place.data / "postgresql.conf").open("a") as file:
        file.write("\ninclude 'yiwang.conf'\ninclude 'local.conf'\n")
    write(place, "local.conf", "# Settings of your own; they win over yiwang.conf.\n")


def write_settings(place: Place, *, durable: bool) -> None:
    sockets = {"unix_socket_directories": f"'{place.sockets}'"}
    write(place, "yiwang.conf", as_file({**settings(durable=durable), **sockets}))


def write(place: Place, name: str, content: str) -> None:
    file = place.data / name
    file.write_text(content)
    if place.owner.switched:
        os.chown(file, place.owner.uid, place.owner.gid)
    file.chmod(0o600)


def run(arguments: Sequence[str], owner: Owner, failure: str) -> None:
    """Runs a program to its end; raises ClusterError with `failure` and the program's own words."""
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, **as_owner(owner))
    if done.returncode != 0:
        raise ClusterError(f"{failure}: {(done.stderr or done.stdout).strip()}")


def foreground_command(place: Place) -> list[str]:
    """The command that serves the cluster as the caller's child. SIGINT stops it fast; SIGTERM waits for clients."""
    return [program("postgres"), "-D", str(place.data)]


def running_pid(place: Place) -> int | None:
    """The number of the postmaster's process; None when none runs for this cluster."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if os.fsencode(place.data) in command else None


def accepts(place: Place) -> bool:
    """Whether the cluster takes connections, as it writes down itself in the eighth line of its own file."""
    try:
        status = (place.data / "postmaster.pid").read_text().splitlines()[7]
    except (OSError, IndexError):
        return False
    return status.strip() == "ready" and running_pid(place) is not None


def start(place: Place, *, durable: bool = True) -> None:
    """Starts the cluster in the background and waits until it answers.

    After `kill -9` the old server's children take a moment to leave and the new one refuses to start until
    they have, so it is tried again until START_PATIENCE_S have passed. Raises ClusterError.
    """
    write_settings(place, durable=durable)
    give_up_at = time.monotonic() + START_PATIENCE_S
    while running_pid(place) is None or not accepts(place):
        bury(place)
        server = launch(place)
        if answers(place, server):
            return
        if time.monotonic() > give_up_at:
            raise ClusterError(f"The database does not start. Its log, {place.log}, ends:\n{tail(place.log)}")
        time.sleep(0.2)


def launch(place: Place) -> "subprocess.Popen[bytes]":
    with place.log.open("ab") as log:
        return subprocess.Popen(
            foreground_command(place), stdout=log, stderr=log, start_new_session=True, **as_owner(place.owner)
        )


def answers(place: Place, server: "subprocess.Popen[bytes]") -> bool:
    """Waits for a server that was just launched, through its recovery; false when it ended instead."""
    give_up_at = time.monotonic() + RECOVERY_PATIENCE_S
    while time.monotonic() < give_up_at:
        if server.poll() is not None:
            return False
        if accepts(place):
            server.returncode = (
                0  # it outlives this process on purpose: no warning about a child left running
            )
            return True
        time.sleep(0.02)
    raise ClusterError(f"The database is still recovering (process {server.pid}); see {place.log}.")


def stop(place: Place) -> None:
    """Stops the cluster: open transactions are rolled back, what was committed is on disk."""
    pid = running_pid(place)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)
    give_up_at = time.monotonic() + STOP_PATIENCE_S
    while running_pid(place) == pid:
        bury(place)
        if time.monotonic() > give_up_at:
            raise ClusterError(f"The database (process {pid}) did not stop within {STOP_PATIENCE_S:.0f} s.")
        time.sleep(0.01)


def bury(place: Place) -> None:
    """Takes leave of an ended server that was this process's child; as a zombie it would seem to be alive."""
    with contextlib.suppress(OSError, ValueError):
        os.waitpid(int((place.data / "postmaster.pid").read_text().split("\n", 1)[0]), os.WNOHANG)


def tail(file: Path, lines: int = 12) -> str:
    """The last lines of a log; empty when there is none."""
    try:
        return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
