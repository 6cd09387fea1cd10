"""When people are on duty: by their roster, or by the working calendar where their units have none."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from yiwang.city.duty import rules
from yiwang.city.duty.models import Clocking, RosterEntry
from yiwang.city.duty.rules import Punch, Span
from yiwang.core import clock
from yiwang.core.accounts.models import Absence, Assignment
from yiwang.core.accounts.queries import calendar_key_of, in_force
from yiwang.core.calendars.queries import calendar_by_key
from yiwang.core.calendars.rules import WorkCalendar

DAY = timedelta(days=1)
# A unit whose last roster is older than this works by its calendar again.
ROSTERED_WITHIN = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody on duty from `starts_at` to `ends_at` (aware): of which unit, in which shift ("" by the calendar).

    `grids`: the duty grids that the roster names for the day; empty: the person's own. `basis`: roster or calendar.
    `clocked_in_at`: their first clocking in of this shift, if any.
    """

    user_id: UUID
    unit_id: int
    shift: str
    starts_at: datetime
    ends_at: datetime
    grids: tuple[str, ...]
    basis: str
    clocked_in_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether a moment lies within."""
        return self.starts_at <= at < self.ends_at


def duties(since: datetime, until: datetime, users: Collection[UUID] | None = None) -> Iterator[OnDuty]:
    """Everybody's time on duty that touches [since, until), cut at clocking out, without days away.

    A handful of queries however many people there are.
    """
    days = _days(since, until)
    people = _people(days, users)
    away = _away(days, users)
    entries = _entries(since, until, users)
    rostered = _rostered_days(days, {unit for units in people.values() for unit in units})
    for row in entries:
        duty = _by_roster(row)
        if duty and not _is_away(away, row.user_id, row.on) and _touches(duty, since, until):
            yield duty
    yield from _by_calendar(people, rostered, away, days, (since, until))


def _days(since: datetime, until: datetime) -> list[date]:
    """The local days that a time touches, and the one before: a shift may run over midnight."""
    first = since.astimezone(clock.LOCAL).date() - DAY
    last = until.astimezone(clock.LOCAL).date()
    return [first + DAY * n for n in range((last - first).days + 1)]


def _people(days: list[date], users: Collection[UUID] | None) -> dict[UUID, list[int]]:
    """The units of the posts of each."""
    held = Assignment.objects.filter(in_force(days[-1]), user__is_active=True)
    if users is not None:
        held = held.filter(user__in=users)
    found: dict[UUID, list[int]] = defaultdict(list)
    for user_id, unit_id in held.order_by("id").values_list("user_id", "post__unit_id"):
        found[user_id].append(unit_id)
    return found


def _away(days: list[date], users: Collection[UUID] | None) -> dict[UUID, list[tuple[date, date]]]:
    rows = Absence.objects.filter(cancelled_at__isnull=True, starts_on__lte=days[-1], ends_on__gte=days[0])
    if users is not None:
        rows = rows.filter(user__in=users)
    found: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    for user_id, first, last in rows.values_list("user_id", "starts_on", "ends_on"):
        found[user_id].append((first, last))
    return found


def _is_away(away: Mapping[UUID, list[tuple[date, date]]], user_id: UUID, on: date) -> bool:
    return any(first <= on <= last for first, last in away.get(user_id, ()))


def _entries(since: datetime, until: datetime, users: Collection[UUID] | None) -> list[Any]:
    """Rostered shifts that touch the time, each with `punches`. No shift is longer than a day."""
    rows = RosterEntry.objects.filter(
        starts_at__lt=until, starts_at__gt=since - DAY, ends_at__gt=since, user__is_active=True
    )
    if users is not None:
        rows = rows.filter(user__in=users)
    found = list(rows.select_related("shift").order_by("starts_at", "id"))
    punches: dict[int | None, list[Punch]] = defaultdict(list)
    counted = Clocking.objects.filter(entry__in=[row.pk for row in found]).exclude(state="rejected")
    for entry_id, at, way in counted.values_list("entry_id", "occurred_at", "way"):
        punches[entry_id].append(Punch(at, way))
    for row in found:
        row.punches = punches.get(row.pk, [])  # type: ignore[attr-defined]
    return found


def _by_roster(row: Any) -> OnDuty | None:
    span = rules.worked(Span(row.starts_at, row.ends_at), row.punches)
    if span is None:
        return None
    came = min((one.at for one in row.punches if one.way == "in"), default=None)
    return OnDuty(
        user_id=row.user_id,
        unit_id=row.unit_id,
        shift=row.shift.name,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        grids=tuple(row.grids),
        basis="roster",
        clocked_in_at=came,
    )


def _rostered_days(days: list[date], units: Collection[int]) -> set[tuple[int, date]]:
    """The days on which units work by their roster: from the first that it plans on; who is not on it is not on duty.

    What is planned for later says nothing about today.
    """
    near = RosterEntry.objects.filter(
        on__gt=days[0] - ROSTERED_WITHIN, on__lte=days[-1], unit__in=units
    ).order_by()
    planned: dict[int, list[date]] = defaultdict(list)
    for unit_id, on in near.values_list("unit_id", "on").distinct():
        planned[unit_id].append(on)
    return {
        (unit_id, day)
        for unit_id, known in planned.items()
        for day in days
        if any(day - ROSTERED_WITHIN < on <= day for on in known)
    }


def _by_calendar(
    people: Mapping[UUID, list[int]],
    rostered: set[tuple[int, date]],
    away: Mapping[UUID, list[tuple[date, date]]],
    days: list[date],
    between: tuple[datetime, datetime],
) -> Iterator[OnDuty]:
    """Who has no post in a unit that is rostered for the day works when the calendar of their first unit says so."""
    spans: dict[int, list[tuple[date, Span]]] = {}
    for user_id, units in people.items():
        unit_id = units[0]
        if unit_id not in spans:
            spans[unit_id] = list(working_spans(calendar_by_key(calendar_key_of(unit_id)), days))
        for on, span in spans[unit_id]:
            if any((one, on) in rostered for one in units):
                continue
            duty = OnDuty(user_id, unit_id, "", span.starts_at, span.ends_at, (), "calendar")
            if _touches(duty, *between) and not _is_away(away, user_id, on):
                yield duty


def working_spans(calendar: WorkCalendar, days: Collection[date]) -> Iterator[tuple[date, Span]]:
    """The working time of a calendar on some days."""
    for on in days:
        if calendar.is_workday(on):
            for span in calendar.spans:
                yield on, rules.shift_span(on, span.start, span.end)


def _touches(duty: OnDuty, since: datetime, until: datetime) -> bool:
    return duty.starts_at < until and since < duty.ends_at
