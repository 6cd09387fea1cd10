"""Which clocking belongs to which rostered shift, also when the roster is written after it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from yiwang.city.duty import rules
from yiwang.city.duty.models import Clocking, RosterEntry
from yiwang.city.duty.parameters import AFTER, BEFORE
from yiwang.city.duty.rules import Span
from yiwang.core import clock
from yiwang.core.locks import hold
from yiwang.core.parameters import queries as parameters

# No shift is longer than a day, and its time for clocking is open for less than another.
NEAR = timedelta(days=2)


def hold_people(people: Collection[UUID]) -> None:
    """One at a time for one person's roster and clockings; a question outside a transaction holds nothing."""
    if transaction.get_connection().in_atomic_block:
        for user_id in sorted(people):
            hold(f"duty.person:{user_id}")


def entry_of(user_id: UUID, at: datetime, way: str) -> RosterEntry | None:
    """The rostered shift that a clocking at a moment (aware) belongs to, if any."""
    entries = RosterEntry.objects.filter(user=user_id, starts_at__gt=at - NEAR, starts_at__lt=at + NEAR)
    return _match(list(entries.order_by("starts_at")), at, way)


def match_anew(people: Collection[UUID], first: date, last: date) -> None:
    """Clockings of some people within two days of a written roster belong to what stands there now."""
    begin, end = (
        datetime.combine(day, time(), clock.LOCAL) for day in (first - NEAR, last + NEAR + timedelta(days=1))
    )
    rows = Clocking.objects.filter(user__in=people, occurred_at__gte=begin, occurred_at__lt=end)
    clockings = list(rows.select_for_update().order_by("pk"))
    if not clockings:
        return
    entries: dict[UUID, list[RosterEntry]] = defaultdict(list)
    for one in RosterEntry.objects.filter(
        user__in={row.user_id for row in clockings}, starts_at__gt=begin - NEAR, starts_at__lt=end + NEAR
    ).order_by("starts_at"):
        entries[one.user_id].append(one)
    changed = []
    for row in clockings:
        entry = _match(entries[row.user_id], row.occurred_at, row.way)
        if row.entry_id != (entry.pk if entry else None):
            row.entry, row.unit_id = entry, entry.unit_id if entry else row.unit_id
            changed.append(row)
    Clocking.objects.bulk_update(changed, ["entry", "unit"], batch_size=500)


def _match(entries: Sequence[RosterEntry], at: datetime, way: str) -> RosterEntry | None:
    """`entries` with times, by their beginning."""
    spans = [Span(row.starts_at, row.ends_at) for row in entries if row.starts_at and row.ends_at]
    found = rules.match(
        spans,
        at,
        way,
        before=timedelta(minutes=parameters.number(BEFORE)),
        after=timedelta(minutes=parameters.number(AFTER)),
    )
    return None if found is None else entries[found]
