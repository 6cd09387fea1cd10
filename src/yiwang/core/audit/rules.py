"""The chain: how an entry becomes bytes, how one seal hangs on the one before it, and how a break is found.

    seal(0) = random, made once per database
    seal(n) = SHA-256( seal(n-1) || canonical JSON of {position, sealed_at, entry} )

Source: local rule, docs/adr/0005-audit-chain-and-erasure.md.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from json.encoder import encode_basestring
from uuid import UUID

GENESIS_POSITION = 0
HASH_BYTES = 32


def canonical_json(value: object) -> bytes:
    """One sequence of bytes for one value: keys sorted by code point, no blanks, UTF-8, numbers as they stand.

    Takes None, bool, int, Decimal, str, UUID, aware datetime, bytes (as hex), and lists, tuples and dicts
    with text keys of these. Raises TypeError for anything else; a float has no one spelling, so it is refused.
    """
    return _text(value).encode("utf-8", "surrogatepass")


def _text(value: object) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ",".join([f"{_key(key)}:{_text(value[key])}" for key in sorted(value)]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([_text(item) for item in value]) + "]"
    return encode_basestring(_scalar_text(value))


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("canonical JSON takes text keys only")
    return encode_basestring(key)


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


def hangs(row: SealedRow, before: SealedRow) -> bool:
    """Whether a seal is what was made of its entry and of the seal before it."""
    previous = (
        chain_start(before.hash, before.sealed_at) if before.position == GENESIS_POSITION else before.hash
    )
    return row.hash == seal_hash(previous, row.position, row.sealed_at, row.entry)


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
        self.anchors_met = 0
        self._last: SealedRow | None = None

    @property
    def position(self) -> int:
        """Of the last row that held; -1 before the genesis."""
        return self._last.position if self._last else -1

    def step(self, row: SealedRow) -> Broken | None:
        """Take the next row, by rising position; the break it shows, if any."""
        if row.position != self.position + 1:
            reason = "no_genesis" if self.position < GENESIS_POSITION else "seal_missing"
            return Broken(reason, self.position + 1)
        if self._last is not None:
            if row.entry is None:
                return Broken("entry_missing", row.position, row.entry_id)
            if not hangs(row, self._last):
                return Broken("altered", row.position, row.entry_id)
        self._last = row
        return self._against_anchor(row) if row.position != GENESIS_POSITION else None

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
