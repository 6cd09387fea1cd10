"""Which processes of this installation run on this machine, since when, and how much memory they take."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from yiwang.project.environment import ENV
from yiwang.project.supervisor.orphans import carries
from yiwang.project.supervisor.programs import MARK

WORDS = {
    "web": (b"yiwang.project.serving", b"web"),
    "worker": (b"yiwang.project.worker",),
    "gateway": (b"yiwang.project.serving", b"gateway"),
}
TICKS_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Running:
    """The processes of one kind: how many, since when the first runs, memory of all of them (shared counted again)."""

    count: int
    since: datetime
    bytes: int


def running() -> dict[str, Running]:
    """Web, worker and gateway, as far as they run here under the supervisor of this installation."""
    mark = f"{MARK}={ENV.var}".encode()
    found: dict[str, list[Path]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and carries(folder, mark) and (kind := kind_of(folder)):
            found.setdefault(kind, []).append(folder)
    return {kind: _summed(folders) for kind, folders in found.items()}


def kind_of(folder: Path) -> str | None:
    """Which of our processes it is, by its command; None for a helper of another kind."""
    try:
        command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return None
    return next((kind for kind, words in WORDS.items() if all(word in command for word in words)), None)


def started_at(folder: Path) -> datetime | None:
    """When a process began, from /proc; None when it is gone."""
    try:
        ticks = int((folder / "stat").read_text().rpartition(")")[2].split()[19])
        boot = next(
            int(line.split()[1])
            for line in Path("/proc/stat").read_text().splitlines()
            if line.startswith("btime")
        )
    except (OSError, StopIteration, IndexError, ValueError):
        return None
    return datetime.fromtimestamp(boot + ticks / TICKS_S, UTC)


def _summed(folders: list[Path]) -> Running:
    moments = [at for folder in folders if (at := started_at(folder)) is not None]
    return Running(len(folders), min(moments, default=datetime.now(UTC)), sum(map(_memory, folders)))


def _memory(folder: Path) -> int:
    try:
        return int((folder / "statm").read_text().split()[1]) * PAGE_BYTES
    except (OSError, IndexError, ValueError):
        return 0
