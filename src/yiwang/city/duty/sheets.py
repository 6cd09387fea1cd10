"""What the screens read: the week grid of a roster, the attendance of a month."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from yiwang.city.duty import access, rules
from yiwang.city.duty.models import Clocking, RosterBook, RosterEntry, Shift
from yiwang.city.duty.parameters import AFTER, GRACE
from yiwang.city.duty.queries import skills_of
from yiwang.city.duty.rostering import absences
from yiwang.city.duty.rules import Day, Punch, Span, Totals
from yiwang.city.geo import queries as geo
from yiwang.core import clock
from yiwang.core.accounts.models import Unit, User
from yiwang.core.accounts.queries import calendar_key_of
from yiwang.core.calendars.queries import calendar_by_key
from yiwang.core.parameters import queries as parameters

DAY = timedelta(days=1)
MOST_DAYS = 42


@dataclass(frozen=True, slots=True)
class Row:
    """A person of a roster: the cells of the days shown, their own duty grids, skills, and days away (both ends)."""

    user: User
    entries: dict[date, RosterEntry]
    grids: tuple[str, ...]
    skills: tuple[str, ...]
    away: Sequence[tuple[date, date]]


@dataclass(frozen=True, slots=True)
class Week:
    """A unit's roster of some days. `rest_days` are those on which its calendar does not work; `grids` names (zh, en)
    of all duty grids that occur."""

    unit: Unit
    version: int
    days: Sequence[date]
    rest_days: Sequence[date]
    shifts: Sequence[Shift]
    rows: Sequence[Row]
    grids: dict[str, tuple[str, str]]


def week(unit: Unit, first: date, days: int) -> Week:
    """The roster of `days` days (at most 42) from `first` on; a dozen queries however many people."""
    shown = [first + DAY * n for n in range(min(days, MOST_DAYS))]
    entries: dict[UUID, dict[date, RosterEntry]] = defaultdict(dict)
    rows = RosterEntry.objects.filter(unit=unit, on__range=(shown[0], shown[-1])).select_related("shift")
    for row in rows:
        entries[row.user_id][row.on] = row
    people = _people(unit, set(entries))
    ids = [user.pk for user in people]
    grids, skills = geo.grids_of(ids, clock.today()), skills_of(ids)
    away = absences(ids, shown[0], shown[-1])
    codes = {code for own in grids.values() for code in own} | {code for row in rows for code in row.grids}
    calendar = calendar_by_key(calendar_key_of(unit.pk))
    return Week(
        unit=unit,
        version=RosterBook.objects.filter(unit=unit).values_list("version", flat=True).first() or 0,
        days=shown,
        rest_days=[day for day in shown if not calendar.is_workday(day)],
        shifts=_shifts(unit, [row.shift for row in rows if row.shift]),
        rows=[
            Row(
                user,
                entries.get(user.pk, {}),
                grids.get(user.pk, ()),
                skills.get(user.pk, ()),
                away.get(user.pk, ()),
            )
            for user in people
        ],
        grids=geo.duty_grid_names(codes, clock.today()),
    )


def _people(unit: Unit, rostered: set[UUID]) -> list[User]:
    """Who holds a post there, and who is on the roster of these days without holding one any more."""
    staff = list(access.staff_of(unit))
    gone = User.objects.filter(pk__in=rostered - {user.pk for user in staff}).order_by("username")
    return [*staff, *gone]


def _shifts(unit: Unit, used: Sequence[Shift]) -> list[Shift]:
    """Those that can be given, then those that are not used any more but stand in the grid."""
    known = list(access.shifts_of(unit))
    return known + list({shift.pk: shift for shift in used if shift not in known}.values())


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A judged day of somebody. `mark`: what stands in the cell of the roster; `waiting`: clockings to be settled."""

    on: date
    mark: str
    day: Day
    waiting: int


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of somebody."""

    user: User
    days: Sequence[MonthDay]
    totals: Totals


def month(unit: Unit, first: date, user_id: UUID | None = None) -> list[MonthRow]:
    """The attendance of a unit's people in the month of `first`, by account name; of one of them with `user_id`."""
    begin = first.replace(day=1)
    end = (begin + 32 * DAY).replace(day=1)
    rows = RosterEntry.objects.filter(unit=unit, on__gte=begin, on__lt=end).select_related("shift")
    rows = rows if user_id is None else rows.filter(user=user_id)
    entries: dict[UUID, dict[date, RosterEntry]] = defaultdict(dict)
    for row in rows:
        entries[row.user_id][row.on] = row
    people = [user for user in _people(unit, set(entries)) if user_id in (None, user.pk)]
    away = absences([user.pk for user in people], begin, end - DAY)
    punches, waiting = _clockings([row.pk for row in rows])
    days = [begin + DAY * n for n in range((end - begin).days)]
    return [
        _month_row(
            user, [(on, entries[user.pk].get(on)) for on in days], away.get(user.pk, ()), (punches, waiting)
        )
        for user in people
    ]


def _clockings(entries: Sequence[int]) -> tuple[dict[int, list[Punch]], dict[int, int]]:
    """Clockings that count by entry, and how many of them wait to be settled."""
    punches: dict[int, list[Punch]] = defaultdict(list)
    waiting: dict[int, int] = defaultdict(int)
    rows = Clocking.objects.filter(entry__in=entries).exclude(state="rejected")
    for entry_id, at, way, state in rows.values_list("entry_id", "occurred_at", "way", "state"):
        if entry_id is not None:
            punches[entry_id].append(Punch(at, way))
            waiting[entry_id] += state == "waiting"
    return punches, waiting


def _month_row(
    user: User,
    days: Sequence[tuple[date, RosterEntry | None]],
    away: Sequence[tuple[date, date]],
    known: tuple[dict[int, list[Punch]], dict[int, int]],
) -> MonthRow:
    punches, waiting = known
    grace, after = (timedelta(minutes=parameters.number(one)) for one in (GRACE, AFTER))
    now, shown, counted = clock.now(), [], []
    for on, entry in days:
        span = Span(entry.starts_at, entry.ends_at) if entry and entry.starts_at and entry.ends_at else None
        day = rules.judge(
            span,
            punches.get(entry.pk, ()) if entry else (),
            planned=entry is not None,
            away=any(first <= on <= last for first, last in away),
            now=now,
            grace=grace,
            after=after,
        )
        mark = entry.shift.mark if entry and entry.shift else ""
        shown.append(MonthDay(on, mark, day, waiting.get(entry.pk, 0) if entry else 0))
        counted.append((span, day))
    return MonthRow(user, shown, rules.totals(counted))
