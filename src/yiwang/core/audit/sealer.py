"""Seals what was committed: one sequencer at a time, many entries in one transaction."""

import os
from datetime import datetime, timedelta

from django.db import connection, transaction

from yiwang.core import clock
from yiwang.core.audit import anchors
from yiwang.core.audit.models import Entry, Seal, Unsealed
from yiwang.core.audit.rules import GENESIS_POSITION, HASH_BYTES, chain_start, seal_hash

BATCH = 500
ANCHOR_EVERY = timedelta(seconds=10)
_LOCK = 0x5969_7761_6E67_01  # any number that nobody else takes


def seal_pending(batch: int = BATCH) -> int:
    """Seal all that waits, `batch` entries to a transaction; returns how many. Safe to call from anywhere:
    whoever finds another sealer at work returns at once.
    """
    total = 0
    while sealed := seal_batch(batch):
        total += sealed
        if sealed < batch:
            break
    return total


@transaction.atomic
def seal_batch(batch: int = BATCH) -> int:
    """Seal up to `batch` waiting entries, lowest id first; 0 when none waits or another sealer is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        # The anchor that follows must never be ahead of what the disk holds.
        cursor.execute("SET LOCAL synchronous_commit = on")
    waiting = list(Unsealed.objects.order_by("entry_id").values_list("entry_id", flat=True)[:batch])
    if not waiting:
        return 0
    position, previous = _head()
    now = clock.now()
    seals = []
    for entry in Entry.objects.filter(pk__in=waiting).order_by("pk"):
        position += 1
        previous = seal_hash(previous, position, now, entry.document())
        seals.append(Seal(position=position, entry=entry, hash=previous, sealed_at=now))
    Seal.objects.bulk_create(seals)
    Unsealed.objects.filter(pk__in=waiting).delete()
    return len(seals)


def _head() -> tuple[int, bytes]:
    """Position of the last seal, and what the next one hangs on; makes the genesis of a new chain."""
    last = Seal.objects.order_by("-position").first()
    if last is None:
        last = Seal.objects.create(
            position=GENESIS_POSITION, entry=None, hash=os.urandom(HASH_BYTES), sealed_at=clock.now()
        )
    if last.position == GENESIS_POSITION:
        return GENESIS_POSITION, chain_start(bytes(last.hash), last.sealed_at)
    return last.position, bytes(last.hash)


class Sealer:
    """The worker's part: seals at each turn, and anchors the head now and then."""

    def __init__(self) -> None:
        self._anchored_position: int | None = None
        self._anchored_at: datetime | None = None

    def turn(self) -> int:
        """Seal what waits; returns how many entries were sealed."""
        sealed = seal_pending()
        now = clock.now()
        if self._anchored_at is None or now - self._anchored_at >= ANCHOR_EVERY:
            self._anchored_at = now
            self.anchor()
        return sealed

    def anchor(self) -> None:
        """Write the committed head down, unless it stands there already."""
        head = Seal.objects.order_by("-position").first()
        if head is None or head.position == GENESIS_POSITION:
            return
        chain = bytes(Seal.objects.get(position=GENESIS_POSITION).hash)
        if self._anchored_position is None:
            self._anchored_position = anchors.read(chain).last
        if head.position > self._anchored_position:
            anchors.append(chain, head.position, bytes(head.hash), clock.now())
            self._anchored_position = head.position
