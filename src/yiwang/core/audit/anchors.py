"""The chain's head, written down outside the database: what shows that a tail was cut off or a chain rebuilt.

One JSON line each: {"chain": hex of the genesis hash, "position": n, "hash": hex, "at": ISO 8601}. Lines of
several chains (a demo that was made anew) may stand in one file.
"""

import json
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Anchors:
    """Positions and hashes of one chain; how many other chains stand in the file, and how many lines are none."""

    hashes: dict[int, bytes]
    other_chains: int
    unreadable: int

    @property
    def last(self) -> int:
        """The last anchored position; 0 when there is none."""
        return max(self.hashes, default=0)


def path() -> Path:
    """Where this installation keeps its anchors; copy it to another machine for full worth."""
    return Path(settings.AUDIT_DIR) / "anchors.jsonl"


def append(chain: bytes, position: int, seal_hash: bytes, at: datetime) -> None:
    """Write one anchor through to the disk."""
    line = {"chain": chain.hex(), "position": position, "hash": seal_hash.hex(), "at": at.isoformat()}
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().open("ab") as file:
        # A line that a crash cut short must not swallow this one.
        file.write(b"\n" * _ends_amid_line() + json.dumps(line).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(chain: bytes, file: Path | None = None) -> Anchors:
    """All anchors of the chain with this genesis hash, from this installation's file or a copy of it."""
    hashes: dict[int, bytes] = {}
    others: set[str] = set()
    unreadable = 0
    for line in _lines(file or path()):
        try:
            anchor = json.loads(line)
            position, digest = int(anchor["position"]), bytes.fromhex(anchor["hash"])
            if anchor["chain"] == chain.hex():
                hashes[position] = digest
            else:
                others.add(str(anchor["chain"]))
        except (ValueError, KeyError, TypeError):
            unreadable += bool(line.strip())
    return Anchors(hashes, len(others), unreadable)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One line of the file: which position had which hash, and when that was written down."""

    position: int
    hash: str
    at: datetime


def last(chain: bytes, count: int) -> list[Anchor]:
    """The anchors of a chain that were written last, newest first."""
    found: deque[Anchor] = deque(maxlen=count)
    for line in _lines(path()):
        try:
            row = json.loads(line)
            if row["chain"] == chain.hex():
                found.append(
                    Anchor(int(row["position"]), str(row["hash"]), datetime.fromisoformat(row["at"]))
                )
        except (ValueError, KeyError, TypeError):
            continue
    return list(reversed(found))


def _lines(file: Path) -> Iterator[bytes]:
    if file.exists():
        with file.open("rb") as lines:
            yield from lines


def _ends_amid_line() -> bool:
    if not path().exists() or path().stat().st_size == 0:
        return False
    with path().open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
