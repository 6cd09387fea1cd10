"""Read the record: verify the chain, an object's history, the personal values that still exist."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Count, Min, QuerySet

from yiwang.core import clock
from yiwang.core.audit import anchors, secrets
from yiwang.core.audit.actions import binding
from yiwang.core.audit.models import Entry, PersonalValue, Seal, Unsealed
from yiwang.core.audit.rules import GENESIS_POSITION, Broken, SealedRow, Walk, hangs
from yiwang.core.errors import Invalid, NotFound
from yiwang.core.http.paging import Page, page

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the whole chain found. `broken` is None when all holds.

    `waiting` entries are committed and not yet sealed. `anchored_to` is the last position that stands in the
    anchors file; the file also knows `other_chains` (databases that were made anew, or were thrown away by
    somebody who had no right to), and has `unreadable_anchors` lines.
    """

    sealed: int
    waiting: int
    anchors_met: int
    anchored_to: int
    other_chains: int
    unreadable_anchors: int
    broken: Broken | None

    @property
    def ok(self) -> bool:
        return self.broken is None

    def __str__(self) -> str:
        """For people at a terminal."""
        counts = f"{self.sealed:,} sealed, {self.waiting:,} waiting, anchored to {self.anchored_to:,}"
        counts += f" ({self.anchors_met:,} anchors met)"
        if self.other_chains:
            counts += f", anchors of {self.other_chains} other chains"
        if self.unreadable_anchors:
            counts += f", {self.unreadable_anchors} unreadable anchors"
        return f"broken: {self.broken}; {counts}" if self.broken else f"OK: {counts}"


def anchors_file() -> Path:
    """Where the anchors of this installation are written."""
    return anchors.path()


def head() -> int:
    """The last position of the chain."""
    return Seal.objects.order_by("-position").values_list("position", flat=True).first() or 0


def last_anchors(count: int) -> list[anchors.Anchor]:
    """The anchors of this database's chain that were written last, newest first."""
    genesis = Seal.objects.filter(position=GENESIS_POSITION).first()
    return anchors.last(bytes(genesis.hash), count) if genesis else []


def verify(
    say: Callable[[int], None] = lambda position: None,
    *,
    using: str = DEFAULT_DB_ALIAS,
    anchored_in: Path | None = None,
) -> Verification:
    """Walk the chain from its genesis; reads in chunks, so memory does not grow with the chain.

    Anchors are read first: the chain may grow meanwhile, but can never be behind them. `say` hears how far
    the walk is. A copy of the database is verified by its alias and the anchors that were kept with it.
    """
    genesis = Seal.objects.using(using).filter(position=GENESIS_POSITION).first()
    known = anchors.read(bytes(genesis.hash) if genesis else b"", anchored_in)
    walk = Walk(known.hashes)
    broken = _first_break(walk, using, say)
    outside, waiting = _unsealed_entries(using)
    if broken is None and outside is not None:
        broken = Broken("outside_chain", max(walk.position, 0) + 1, outside)
    return Verification(
        sealed=max(walk.position, 0),
        waiting=waiting,
        anchors_met=walk.anchors_met,
        anchored_to=known.last,
        other_chains=known.other_chains,
        unreadable_anchors=known.unreadable,
        broken=broken,
    )


def _first_break(walk: Walk, using: str, say: Callable[[int], None]) -> Broken | None:
    for row in _rows(using):
        if broken := walk.step(row):
            return broken
        if row.position % _CHUNK == 0:
            say(row.position)
    return walk.end()


def _rows(using: str) -> Iterator[SealedRow]:
    after = -1
    while True:
        seals = list(Seal.objects.using(using).filter(position__gt=after).order_by("position")[:_CHUNK])
        if not seals:
            return
        entries = Entry.objects.using(using).in_bulk(
            [seal.entry_id for seal in seals if seal.entry_id is not None]
        )
        for seal in seals:
            yield _row(seal, entries.get(seal.entry_id) if seal.entry_id is not None else None)
        after = seals[-1].position


def _row(seal: Seal, entry: Entry | None) -> SealedRow:
    document = entry.document() if entry else None
    return SealedRow(seal.position, bytes(seal.hash), seal.sealed_at, seal.entry_id, document)


def _unsealed_entries(using: str) -> tuple[int | None, int]:
    """The first entry that is neither sealed nor queued, and the number that are queued: one snapshot."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT min(e.id) FILTER (WHERE u.entry_id IS NULL), count(u.entry_id)"
            " FROM audit_entry e LEFT JOIN audit_seal s ON s.entry_id = e.id"
            " LEFT JOIN audit_unsealed u ON u.entry_id = e.id WHERE s.entry_id IS NULL"
        )
        outside, waiting = cursor.fetchone()
    return outside, waiting


def unsealed() -> tuple[int, datetime | None]:
    """How many entries wait to be sealed, and since when the oldest one does."""
    found = Unsealed.objects.aggregate(n=Count("pk"), since=Min("entry__at"))
    return found["n"], found["since"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; what is empty does not count. `action` is the beginning of one; days are the district's."""

    who: str = ""
    action: str = ""
    object_type: str = ""
    object_id: str = ""
    ip: str = ""
    since: date | None = None
    until: date | None = None


def entry_page(wanted: Wanted, after: str | None) -> Page[Entry]:
    """One page of entries, newest first."""
    return page(entries(wanted), keys=("-id",), after=after)


def entries(wanted: Wanted) -> QuerySet[Entry]:
    """Entries without what they changed."""
    rows = Entry.objects.defer("before", "after", "personal")
    exact = {"object_type": wanted.object_type, "object_id": wanted.object_id}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.who:
        rows = rows.filter(actor_name__icontains=wanted.who)
    if wanted.action:
        rows = rows.filter(action__startswith=wanted.action)
    if wanted.ip:
        rows = rows.filter(ip=_address(wanted.ip))
    if wanted.since:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return rows


def _address(text: str) -> str:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        raise Invalid("bad_address", "请填写完整的 IP 地址。", field="ip") from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LOCAL)


def entry_detail(entry_id: int) -> dict[str, Any]:
    """One entry with its place on the chain, and whose values it mentions; never those. Raises NotFound."""
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("entry_not_found", "没有这条记录。")
    seal = Seal.objects.filter(entry=entry).first()
    kept = set(PersonalValue.objects.filter(entry=entry).values_list("subject_id", "field"))
    mentions = [
        {
            "subject": item["subject"],
            "field": item["field"],
            "erased": (UUID(item["subject"]), item["field"]) not in kept,
        }
        for item in entry.personal
    ]
    return {
        **entry.document(),
        "mentions": mentions,
        "position": seal.position if seal else None,
        "sealed_at": seal.sealed_at if seal else None,
    }


def history(object_type: str, object_id: str) -> QuerySet[Entry]:
    """All entries about one object, oldest first."""
    return Entry.objects.filter(object_type=object_type, object_id=object_id).order_by("id")


@dataclass(frozen=True, slots=True)
class ObjectVerification:
    """What a look at the entries about one object found: how many there are, how many of them wait to be sealed, and
    those that are not what was sealed (their ids)."""

    entries: int
    waiting: int
    altered: tuple[int, ...]


def verify_object(object_type: str, object_id: str) -> ObjectVerification:
    """Whether each entry about an object still hangs on the seal before it as when it was sealed.

    Says nothing of the rest of the chain, nor of entries that were taken out: `verify` does.
    """
    entries = {entry.pk: entry for entry in history(object_type, object_id)}
    seals = list(Seal.objects.filter(entry_id__in=entries))
    before = Seal.objects.in_bulk([seal.position - 1 for seal in seals])
    altered = [
        seal.entry_id
        for seal in seals
        if seal.entry_id is not None
        and not (
            (last := before.get(seal.position - 1))
            and hangs(_row(seal, entries[seal.entry_id]), _row(last, None))
        )
    ]
    waiting = Unsealed.objects.filter(entry_id__in=entries).count()
    outside = set(entries) - {seal.entry_id for seal in seals}
    lost = outside if len(outside) > waiting else set()
    return ObjectVerification(len(entries), waiting, tuple(sorted({*altered, *lost})))


@dataclass(frozen=True, slots=True)
class PersonalReading:
    """A personal value that an entry mentions; `value` is None once it was erased."""

    subject_id: UUID
    field: str
    value: str | None


def personal_values(entry: Entry) -> tuple[PersonalReading, ...]:
    """The personal values that an entry mentions, as far as they still exist.

    Raises ValueError when a stored value is not the one whose digest the chain holds.
    """
    rows = PersonalValue.objects.filter(entry=entry).select_related("subject")
    stored = {(str(row.subject_id), row.field): row for row in rows}
    return tuple(
        PersonalReading(
            UUID(item["subject"]),
            item["field"],
            _opened(stored.get((item["subject"], item["field"])), item["digest"]),
        )
        for item in entry.personal
    )


def _opened(value: PersonalValue | None, expected_digest: str) -> str | None:
    if value is None:
        return None
    secret = bytes(value.subject.secret)
    try:
        text = secrets.decrypt(secret, binding(value.entry_id, value.field), bytes(value.ciphertext))
    except InvalidTag as error:
        raise ValueError(f"personal value {value.pk} was altered") from error
    if secrets.digest(secret, value.field, text) != expected_digest:
        raise ValueError(f"personal value {value.pk} is not the one that was recorded")
    return text
