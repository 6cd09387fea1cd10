"""The clocks of a case: one for the stage it is in, one for each task that has a limit of its own.

A clock is a `core.deadlines` row whose owner is the case; nothing here asks the database.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

from yiwang.core import clock as time_now
from yiwang.core.calendars.rules import Limit, LimitKind, WorkCalendar
from yiwang.core.deadlines import actions as deadlines
from yiwang.core.deadlines.models import Deadline
from yiwang.core.deadlines.rules import DEFAULT_MARKS, Mark
from yiwang.operations.cases.dossier import CASE, SUSPENDED, Dossier
from yiwang.operations.cases.lifecycle import StageLimit, Table
from yiwang.operations.cases.models import Request, Task

DEFAULT = "default"


class Calendars(Protocol):
    """Who knows the working calendars."""

    def calendar(self, unit_id: int | None) -> tuple[str, WorkCalendar]:
        """The key and the calendar by which a unit's clocks run (None: the district's)."""

    def calendar_of(self, key: str) -> WorkCalendar | None:
        """A calendar by its key; None for "", the clock of a plain moment."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of one dossier at one moment."""

    dossier: Dossier
    table: Table
    calendars: Calendars
    now: datetime

    def start(self, stage: str, limit: Limit, task: Task | None = None) -> None:
        """Start a clock for a stage of the case, or for a task."""
        key, calendar = self.calendars.calendar(task.unit_id if task else None)
        row = deadlines.start(
            owner_kind=CASE,
            owner_id=self.dossier.case.pk,
            part_id=task.pk if task else None,
            stage=stage,
            limit=limit,
            calendar_key=key,
            calendar=calendar,
            now=self.now,
            marks=marks_of(self.table, stage),
        )
        self.dossier.add(row)

    def stop(self, row: Deadline | None) -> None:
        """Stop a clock that runs; it keeps what it had left."""
        if row is not None and row.stopped_at is None:
            deadlines.stop(row, self.calendars.calendar_of(row.calendar), self.now)
            self.dossier.touch(row)

    def stop_task(self, task: Task) -> None:
        """Stop the clock of a task."""
        self.stop(self.dossier.running(task.pk))

    def stop_stage(self) -> None:
        """Stop the clock of the case's own stage."""
        self.stop(self.dossier.running(None, stage=self.dossier.case.state))

    def stop_all(self) -> None:
        """No clock of the case runs any more."""
        for row in self.dossier.clocks:
            self.stop(row)

    def go_on(self, last: Deadline | None, task: Task | None = None) -> bool:
        """Go on with a clock where it stopped, for the same or for another task; False when there is none."""
        if last is None:
            return False
        row = deadlines.go_on(last, self.calendars.calendar_of(last.calendar), self.now)
        if task is not None:
            row.part_id = task.pk
        self.dossier.add(row)
        return True

    def extend(self, task: Task) -> Deadline | None:
        """Give a task its original limit once more."""
        row = self.dossier.running(task.pk)
        if row is not None:
            calendar = self.calendars.calendar_of(row.calendar)
            if calendar is not None:
                deadlines.extend(row, limit_of(row.limit_kind, row.limit_amount), calendar, self.now)
            self.dossier.touch(row)
        return row

    def suspend_until(self, request: Request) -> datetime:
        """The moment at which a suspension ends by itself: the end of the day that was asked for."""
        if request.until is None:
            raise ValueError("a suspension has a last day")
        day = request.until + timedelta(days=1)
        until = datetime.combine(day, time(), time_now.LOCAL)
        row = deadlines.until(
            owner_kind=CASE,
            owner_id=self.dossier.case.pk,
            part_id=None,
            stage=SUSPENDED,
            until=until,
            now=self.now,
        )
        self.dossier.add(row)
        return until


def limit_of(kind: str, amount: str | Decimal) -> Limit:
    """A declared limit as the calendar reckons with it."""
    return Limit(LimitKind(kind), Decimal(amount))


def stage_limit(limit: StageLimit) -> Limit:
    """A stage's limit as the calendar reckons with it."""
    return limit_of(limit.kind, limit.amount)


def marks_of(table: Table, stage: str) -> tuple[Mark, ...]:
    """The reminders of a stage: its own, else the table's for every stage, else the platform's."""
    declared = table.marks.get(stage) or table.marks.get(DEFAULT)
    return tuple(Mark(name, share) for name, share in declared) if declared else DEFAULT_MARKS
