"""The running clock of a case: started with a stage, stopped with it, gone on with after rework."""

from datetime import datetime, timedelta
from decimal import Decimal

from yiwang.core.calendars import queries as calendars
from yiwang.core.calendars.rules import Limit, LimitKind, after, deadline, length, remaining, warning_at
from yiwang.operations.cases.models import Case, Clock, Task

NO_TIME = timedelta(0)


def start(case: Case, *, stage: str, limit: Limit, task: Task | None, now: datetime) -> Clock:
    """Start a stage's clock; the case shows its deadline."""
    calendar = calendars.calendar_for_unit(task.unit_id if task else None)
    due = deadline(now, limit, calendar)
    clock = Clock.objects.create(
        case=case,
        task=task,
        stage=stage,
        limit_kind=limit.kind,
        limit_amount=limit.amount,
        started_at=now,
        warn_at=warning_at(now, due, limit.kind, calendar),
        due_at=due,
    )
    _show(case, clock)
    return clock


def stop(case: Case, *, now: datetime) -> None:
    """Stop the running clock, if any, and keep what was left of it (negative: by how much it ran over)."""
    clock = case.clocks.filter(stopped_at__isnull=True).first()
    if clock is not None:
        calendar = calendars.calendar_for_unit(clock.task.unit_id if clock.task else None)
        left = remaining(now, clock.due_at, LimitKind(clock.limit_kind), calendar)
        clock.stopped_at = now
        clock.remaining_s = round(left.total_seconds())
        clock.save(update_fields=["stopped_at", "remaining_s"])
    _show(case, None)


def go_on(case: Case, *, stage: str, task: Task, now: datetime) -> Clock:
    """Go on with a task's clock where it stopped (rework resumes, it does not restart).

    A clock that had already run over stays due at the moment when it did.
    """
    last = task.clocks.order_by("-id")[0]
    kind = LimitKind(last.limit_kind)
    calendar = calendars.calendar_for_unit(task.unit_id)
    left = timedelta(seconds=last.remaining_s or 0)
    due = after(now, left, kind, calendar) if left > NO_TIME else last.due_at
    limit = length(limit_of(kind, last.limit_amount), calendar)
    until_warning = max(left - limit / 5, NO_TIME)
    warn = min(after(now, until_warning, kind, calendar), due)
    clock = Clock.objects.create(
        case=case,
        task=task,
        stage=stage,
        limit_kind=last.limit_kind,
        limit_amount=last.limit_amount,
        started_at=now,
        warn_at=warn,
        due_at=due,
    )
    _show(case, clock)
    return clock


def limit_of(kind: str, amount: str | Decimal) -> Limit:
    """A declared limit as the calendar reckons with it."""
    return Limit(LimitKind(kind), Decimal(amount))


def _show(case: Case, clock: Clock | None) -> None:
    """The case carries the deadline of its running clock, so that lists find it by index."""
    case.due_at = clock.due_at if clock else None
    case.warn_at = clock.warn_at if clock else None
