"""What counts, when and for whom: facts out of the life of a case, and figures out of facts. Pure and exact.

The rules of attribution stand in docs/algorithms/evaluation.md.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

HANDLE = "handle"
SUSPENDED = "suspended"
DONE, CANCELLED, UNABLE = "done", "cancelled", "unable"
FORCED = "forced_closed"
EXTENSION, SUSPENSION, RETURN = "extension", "suspension", "return"
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class TaskLife:
    """A handling task of a unit, as it stands."""

    id: UUID
    unit_id: int | None
    is_main: bool
    round: int
    state: str
    opened_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClockLife:
    """A run of a limit: of a task (`part_id`) or of a stage of the case."""

    part_id: UUID | None
    stage: str
    due_at: datetime
    stopped_at: datetime | None

    @property
    def ran_over(self) -> bool:
        """Whether it stopped after its deadline; its own verdict, in the limit's own kind of time."""
        return self.stopped_at is not None and self.stopped_at > self.due_at


@dataclass(frozen=True, slots=True)
class Life:
    """All of a case that its facts follow from. Tasks, clocks: in the order in which they were made.

    `approved` counts the requests that were granted, by kind and task; `ended_by`: the state into which it last ended.
    """

    case_id: UUID
    version: int
    area_code: str
    category_id: int
    source: str
    unit_id: int | None
    group: str
    round: int
    rework_count: int
    exempt: bool
    reported_at: datetime
    registered_at: datetime | None
    ended_at: datetime | None
    ended_by: str = ""
    tasks: tuple[TaskLife, ...] = ()
    clocks: tuple[ClockLife, ...] = ()
    approved: Counter[tuple[str, UUID | None]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class HandlingFacts:
    """One unit's handling of a case, or the handling as a whole where no unit is known (`id` is the case's then).

    `settled_at` is when it was decided whether the handling is in time: when it was done, at the latest when its limit
    ran out. None: nothing is due (taken away, suspended in time). `ended_at`: done, or taken away.
    """

    id: UUID
    case_id: UUID
    area_code: str
    category_id: int
    source: str
    unit_id: int | None
    is_main: bool
    round: int
    opened_at: datetime
    taken_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    ended_at: datetime | None
    settled_at: datetime | None
    is_done: bool
    is_in_time: bool
    is_returned: bool
    extensions: int
    suspensions: int
    handling_s: int | None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One case. `unit_id`: its main unit. `settled_at` is when its closing began to be owed: when its handling was
    settled (see `HandlingFacts`), or when it was closed without any."""

    case_id: UUID
    version: int
    area_code: str
    category_id: int
    source: str
    unit_id: int | None
    round: int
    reported_at: datetime
    registered_at: datetime | None
    dispatched_at: datetime | None
    handled_at: datetime | None
    settled_at: datetime | None
    closed_at: datetime | None
    is_closed: bool
    is_closed_in_time: bool
    is_forced: bool
    is_void: bool
    is_merged: bool
    is_reworked: bool
    reworks: int
    returns: int
    extensions: int
    suspensions: int
    assisting: tuple[int, ...]


def facts_of(life: Life) -> tuple[CaseFacts, tuple[HandlingFacts, ...]]:
    """The facts of a case; nothing but its life decides them, not even the present moment."""
    handlings = tuple(_handling(life, task) for task in life.tasks) or _unnamed_handling(life)
    main = next((h for h in reversed(handlings) if h.is_main and h.round == life.round and counts(h)), None)
    closed_at = life.ended_at if life.group == "closed" else None
    return (
        CaseFacts(
            case_id=life.case_id,
            version=life.version,
            area_code=life.area_code,
            category_id=life.category_id,
            source=life.source,
            unit_id=life.unit_id,
            round=life.round,
            reported_at=life.reported_at,
            registered_at=life.registered_at,
            dispatched_at=min((task.opened_at for task in life.tasks), default=None),
            handled_at=main.done_at if main else None,
            settled_at=_owed_from(life, main, closed_at),
            closed_at=closed_at,
            is_closed=closed_at is not None,
            is_closed_in_time=closed_at is not None and not _was_late(life),
            is_forced=closed_at is not None and life.ended_by == FORCED,
            is_void=life.group == "refused" and life.registered_at is not None,
            is_merged=life.group == "merged",
            is_reworked=life.rework_count > 0,
            reworks=life.rework_count,
            returns=sum(h.is_returned for h in handlings),
            extensions=_granted(life, EXTENSION),
            suspensions=_granted(life, SUSPENSION),
            assisting=tuple(sorted({h.unit_id for h in handlings if h.unit_id and not h.is_main})),
        ),
        handlings,
    )


def counts(handling: HandlingFacts) -> bool:
    """Whether the unit has it, or has done it: not when it was taken away."""
    return handling.ended_at is None or handling.is_done


def _owed_from(life: Life, main: HandlingFacts | None, closed_at: datetime | None) -> datetime | None:
    if life.group not in ("open", "closed"):
        return None
    return main.settled_at if main and main.settled_at else closed_at


def _granted(life: Life, kind: str) -> int:
    return sum(count for (granted, _), count in life.approved.items() if granted == kind)


def _was_late(life: Life) -> bool:
    """Whether a limit of the case or of a unit's handling ran over; an appeal that was granted excuses the latter."""
    tasks = {task.id for task in life.tasks}
    return any(
        clock.ran_over and not (life.exempt and clock.stage == HANDLE)
        for clock in life.clocks
        if clock.stage != SUSPENDED and (clock.part_id is None or clock.part_id in tasks)
    )


def _handling(life: Life, task: TaskLife) -> HandlingFacts:
    clock = next((c for c in reversed(life.clocks) if c.part_id == task.id), None)
    is_done, is_taken_away = task.state == DONE, task.state in (CANCELLED, UNABLE)
    done_at = task.ended_at if is_done else None
    # A clock that stands still has no deadline to come; one that had run over before it stopped has had it.
    due_at = clock.due_at if clock and (clock.stopped_at is None or is_done or clock.ran_over) else None
    return HandlingFacts(
        id=task.id,
        case_id=life.case_id,
        area_code=life.area_code,
        category_id=life.category_id,
        source=life.source,
        unit_id=task.unit_id,
        is_main=task.is_main,
        round=task.round,
        opened_at=task.opened_at,
        taken_at=task.started_at,
        due_at=due_at,
        done_at=done_at,
        ended_at=task.ended_at,
        settled_at=None if is_taken_away else _earliest(done_at, due_at),
        is_done=is_done,
        is_in_time=is_done and (life.exempt or not (clock and clock.ran_over)),
        is_returned=task.state == CANCELLED and life.approved[RETURN, task.id] > 0,
        extensions=life.approved[EXTENSION, task.id],
        suspensions=life.approved[SUSPENSION, task.id],
        handling_s=_seconds(task.opened_at, done_at),
    )


def _unnamed_handling(life: Life) -> tuple[HandlingFacts, ...]:
    """Of a case that was brought in with its deadline only: by whom it was handled is not known."""
    clock = next((c for c in reversed(life.clocks) if c.part_id is None and c.stage == HANDLE), None)
    if clock is None or life.group not in ("open", "closed"):
        return ()
    done_at = life.ended_at
    handling = HandlingFacts(
        id=life.case_id,
        case_id=life.case_id,
        area_code=life.area_code,
        category_id=life.category_id,
        source=life.source,
        unit_id=None,
        is_main=True,
        round=life.round,
        opened_at=life.reported_at,
        taken_at=None,
        due_at=clock.due_at,
        done_at=done_at,
        ended_at=done_at,
        settled_at=_earliest(done_at, clock.due_at),
        is_done=done_at is not None,
        is_in_time=done_at is not None and (life.exempt or not clock.ran_over),
        is_returned=False,
        extensions=0,
        suspensions=0,
        handling_s=_seconds(life.reported_at, done_at),
    )
    return (handling,)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _seconds(begin: datetime, end: datetime | None) -> int | None:
    """Whole seconds, so that sums stay exact."""
    return None if end is None else int((end - begin).total_seconds())


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the district's calendar, both counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """What it is compared with: as many whole months before whole months, else as many days right before."""
        last = self.first - timedelta(days=1)
        if self.first.day == 1 and (self.last + timedelta(days=1)).day == 1:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
            return Period(_month_back(last.replace(day=1), months), last)
        return Period(last - timedelta(days=self.days - 1), last)


def _month_back(first: date, months: int) -> date:
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


class Counted(Protocol):
    """What an indicator says of itself (`indicators.Indicator`), as far as counting goes."""

    @property
    def moment(self) -> str: ...
    @property
    def where(self) -> tuple[tuple[str, bool], ...]: ...
    @property
    def hit(self) -> tuple[tuple[str, bool], ...]: ...
    @property
    def total(self) -> str: ...
    @property
    def is_standing(self) -> bool: ...
    @property
    def is_plain(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """An exact figure: a count (`of` None), or so many of so many; seconds of so many, for a mean time."""

    value: int
    of: int | None = None


def figure(indicator: Counted, facts: Iterable[object], begin: datetime, end: datetime) -> Figure:
    """What the board must say of these facts from `begin` to before `end` (at most the present): the plain definition
    beside which the database's answer is tested."""
    found = [fact for fact in facts if _falls(indicator, fact, begin, end) and _holds(fact, indicator.where)]
    if indicator.is_plain:
        return Figure(len(found))
    if indicator.total:
        return Figure(sum(getattr(fact, indicator.total) or 0 for fact in found), len(found))
    return Figure(sum(_holds(fact, indicator.hit) for fact in found), len(found))


def _falls(indicator: Counted, fact: object, begin: datetime, end: datetime) -> bool:
    at: datetime | None = getattr(fact, indicator.moment)
    if at is None:
        return False
    if indicator.is_standing:
        ended: datetime | None = getattr(fact, "ended_at")  # noqa: B009 -- any kind of fact that stands for a while
        return at < end and (ended is None or ended >= end)
    return begin <= at < end


def _holds(fact: object, conditions: Iterable[tuple[str, bool]]) -> bool:
    return all(getattr(fact, name) == wanted for name, wanted in conditions)
