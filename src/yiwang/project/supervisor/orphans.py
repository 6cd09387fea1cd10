"""Finds and ends what an earlier supervisor left running, when it was killed without a chance to stop it."""

import contextlib
import os
import signal
import time
from pathlib import Path

from yiwang.project.supervisor.programs import MARK


def find(var: Path) -> list[int]:
    """The processes that carry this installation's mark, by number. Not the caller and what it descends from."""
    mark = f"{MARK}={var}".encode()
    mine = ancestors(os.getpid())
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) not in mine and carries(folder, mark):
            found.append(int(folder.name))
    return found


def carries(folder: Path, mark: bytes) -> bool:
    """Whether the process in /proc has `mark` in the environment it was started with."""
    try:
        return mark in (folder / "environ").read_bytes().split(b"\0")
    except OSError:  # another user's, or gone
        return False


def ancestors(pid: int) -> set[int]:
    """A process and those it descends from."""
    line = set()
    while pid > 0:
        line.add(pid)
        pid = parent(pid)
    return line


def parent(pid: int) -> int:
    """The number of a process's parent; 0 when there is none."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def end(pids: list[int], patience_s: float = 5.0) -> None:
    """Asks the processes to stop and kills those that have not within `patience_s`."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        give_up_at = time.monotonic() + patience_s
        while pids and time.monotonic() < give_up_at:
            pids = [pid for pid in pids if is_alive(pid)]
            time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (OSError, IndexError):
        return False
