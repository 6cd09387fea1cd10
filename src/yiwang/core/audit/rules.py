"""The chain: how an entry becomes bytes, how one seal hangs on the one before it, and how a break is found.

    seal(0) = random, made once per database
    seal(n) = SHA-256( seal(n-1) || canonical JSON of {position, sealed_at, entry} )

Source: local rule, docs/adr/0005-audit-chain-and-erasure.md.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

GENESIS_POSITION = 0
HASH_BYTES = 32


def canonical_json(value: object) -> bytes:
    """One sequence of bytes for one value: keys sorted by code point, no blanks, UTF-8, numbers as they stand.

    Takes None, bool, int, Decimal, str, UUID, aware datetime, bytes (as hex), and lists, tuples and mappings
    with text keys of these. Raises TypeError for anything else; a float has no one spelling, so it is refused.
    """
    return "".join(_tokens(value)).encode("utf-8", "surrogatepass")


def _tokens(value: object) -> Iterable[str]:
    if value is None or isinstance(value, bool | int | str):
        yield json.dumps(value, ensure_ascii=False)
    elif isinstance(value, Decimal):
        yield format(value, "f")
    elif isinstance(value, Mapping):
        yield from _mapping_tokens(value)
    elif isinstance(value, list | tuple):
        yield "["
        for index, item in enumerate(value):
            if index:
                yield ","
            yield from _tokens(item)
        yield "]"
    else:
        yield json.dumps(_scalar_text(value), ensure_ascii=False)


def _mapping_tokens(value: Mapping[Any, object]) -> Iterable[str]:
    if not all(isinstance(key, str) for key in value):
        raise TypeError("canonical JSON takes text keys only")
    yield "{"
    for index, key in enumerate(sorted(value)):
        if index:
            yield ","
        yield json.dumps(key, ensure_ascii=False) + ":"
        yield from _tokens(value[key])
    yield "}"


def _scalar_text(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("canonical JSON takes aware times only")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"canonical JSON has no form for {type(value).__name__}")


def seal_hash(
    previous: bytes, position: int, sealed_at: datetime, entry: Mapping[str, object] | None
) -> bytes:
    """The 32 bytes of the seal at `position`, hanging on `previous`."""
    document = {"position": position, "sealed_at": sealed_at, "entry": entry}
    return hashlib.sha256(previous + canonical_json(document)).digest()


def chain_start(genesis: bytes, sealed_at: datetime) -> bytes:
    """What the first seal hangs on: the genesis seal, bound to its own time."""
    return seal_hash(genesis, GENESIS_POSITION, sealed_at, None)


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A seal as it is stored, with its entry's fields; `entry` is None when the entry is gone."""

    position: int
    hash: bytes
    sealed_at: datetime
    entry_id: int | None
    entry: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that does not hold. `reason`: see `BREAKS`."""

    reason: str
    position: int
    entry_id: int | None = None

    def __str__(self) -> str:
        entry = f", entry {self.entry_id}" if self.entry_id is not None else ""
        return f"{BREAKS[self.reason]} ({self.reason}) at position {self.position}{entry}"


BREAKS = {
    "no_genesis": "链首封条缺失",
    "seal_missing": "封条缺失",
    "entry_missing": "记录缺失",
    "altered": "记录或封条与封存时不符",
    "anchor_differs": "与锚点文件不符",
    "tail_cut": "链尾被截断",
    "outside_chain": "记录不在链上，也不在待封队列",
}


class Walk:
    """Goes along the chain from its genesis and stops at the first break.

    `anchors` maps positions to the hashes that were written down outside the database.
    """

    def __init__(self, anchors: Mapping[int, bytes]) -> None:
        self.anchors = anchors
        self.position = -1
        self.anchors_met = 0
        self._previous = b""

    def step(self, row: SealedRow) -> Broken | None:
        """Take the next row, by rising position; the break it shows, if any."""
        if row.position != self.position + 1:
            reason = "no_genesis" if self.position < GENESIS_POSITION else "seal_missing"
            return Broken(reason, self.position + 1)
        if row.position == GENESIS_POSITION:
            self.position, self._previous = row.position, chain_start(row.hash, row.sealed_at)
            return None
        if row.entry is None:
            return Broken("entry_missing", row.position, row.entry_id)
        if row.hash != seal_hash(self._previous, row.position, row.sealed_at, row.entry):
            return Broken("altered", row.position, row.entry_id)
        self.position, self._previous = row.position, row.hash
        return self._against_anchor(row)

    def _against_anchor(self, row: SealedRow) -> Broken | None:
        anchored = self.anchors.get(row.position)
        if anchored is None:
            return None
        self.anchors_met += 1
        return None if anchored == row.hash else Broken("anchor_differs", row.position, row.entry_id)

    def end(self) -> Broken | None:
        """The break that shows only when no row is left: an anchor beyond the last seal."""
        last_anchored = max(self.anchors, default=0)
        reached = max(self.position, GENESIS_POSITION)
        return Broken("tail_cut", reached + 1) if last_anchored > reached else None
