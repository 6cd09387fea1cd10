"""A case with everything that belongs to it, in memory: what a step is decided on and what it changes.

The rows are Django's, loaded or not yet saved; nothing here asks the database. `store` loads and saves a
dossier, `history` makes whole pasts of them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model

from yiwang.core.deadlines.models import Deadline
from yiwang.operations.cases.models import Answer, Approval, Case, Request, Step, Task
from yiwang.operations.cases.rules import HANDLE, OPEN_TASK, Asked, Facts, MainCase, TaskFact

CASE = "case"
SUSPENDED = "suspended"
M = TypeVar("M", bound=Model)
Row = Task | Deadline | Request | Approval | Answer | Step


@dataclass(slots=True)
class Dossier:
    """One case. `new` are the rows that a step has made, in their order; `changed` those that it has touched.

    `stood` is what the case's moving columns held when it was loaded (`store`).
    """

    case: Case
    tasks: list[Task] = field(default_factory=list)
    clocks: list[Deadline] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    stood: dict[str, object] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Take a row in that is not saved yet."""
        self.new.append(row)
        if isinstance(row, Task):
            self.tasks.append(row)
        elif isinstance(row, Deadline):
            self.clocks.append(row)
        elif isinstance(row, Request):
            self.requests.append(row)

    def touch(self, row: Row) -> None:
        """Note that a row has changed."""
        if not any(item is row for item in (*self.new, *self.changed)):
            self.changed.append(row)

    def open_tasks(self, *kinds: str) -> list[Task]:
        """The tasks of these kinds (all when none is named) on which something is still to be done."""
        return [t for t in self.tasks if t.state in OPEN_TASK and (not kinds or t.kind in kinds)]

    def lapse(self, requests: Iterable[Request], now: datetime) -> None:
        """What of these is still asked for is settled by what has happened."""
        for request in requests:
            if request.state == Request.State.PENDING:
                request.state, request.ended_at = Request.State.LAPSED, now
                self.touch(request)

    def main_task(self) -> Task | None:
        """The main unit's task of this round that was not cancelled."""
        round_ = self.case.round
        mine = (t for t in self.tasks if t.kind == HANDLE and t.is_main and t.round == round_)
        return next((t for t in mine if t.state != Task.State.CANCELLED), None)

    def running(self, part_id: UUID | None = None, *, stage: str = "") -> Deadline | None:
        """The running clock of a task; of the case's own stage when no task is named."""
        for clock in self.clocks:
            if clock.stopped_at is None and clock.part_id == part_id and (not stage or clock.stage == stage):
                return clock
        return None

    def last_clock(self, part_id: UUID | None, *, stage: str = "") -> Deadline | None:
        """The clock of a task (or of a stage of the case) that was started last."""
        for clock in reversed(self.clocks):
            if clock.part_id == part_id and (not stage or clock.stage == stage):
                return clock
        return None

    def show(self) -> None:
        """The case carries what lists find it by: its units, the first request that is pending, and the nearest
        deadline (a suspension is none)."""
        pending = (r.kind for r in self.requests if r.state == Request.State.PENDING)
        self.case.pending_request = next(pending, "")
        self.case.units = sorted({task.unit_id for task in self.tasks if task.unit_id})
        live = [c for c in self.clocks if c.stopped_at is None and c.stage != SUSPENDED]
        nearest = min(live, key=lambda clock: clock.due_at, default=None)
        self.case.due_at = nearest.due_at if nearest else None
        self.case.warn_at = nearest.warn_at if nearest else None

    def facts(
        self,
        now: datetime,
        *,
        today: date | None = None,
        conditions: frozenset[int] = frozenset(),
        main_case: MainCase | None = None,
        granted: bool = False,
    ) -> Facts:
        """What the rules need to know, as it stands in memory."""
        case = self.case
        return Facts(
            state=case.state,
            area_code=case.area_code,
            case_id=case.pk,
            round=case.round,
            held_state=case.held_state,
            tasks=tuple(self._task_fact(task, now) for task in self.tasks),
            asked=tuple(
                Asked(r.pk, r.kind, r.task_id, r.level, frozenset(r.hands))
                for r in self.requests
                if r.state == Request.State.PENDING
            ),
            approved=Counter((r.kind, r.task_id) for r in self.requests if r.state == Request.State.APPROVED),
            handlers=frozenset(case.handlers),
            category_conditions=conditions,
            registered=case.condition_snapshot is not None,
            ran_over=any(map(_ran_over, self.clocks)),
            main_case=main_case,
            granted=granted,
            today=today,
        )

    def _task_fact(self, task: Task, now: datetime) -> TaskFact:
        clock = self.running(task.pk)
        return TaskFact(
            id=task.pk,
            kind=task.kind,
            state=task.state,
            is_main=task.is_main,
            unit_id=task.unit_id,
            unit_path=task.unit.path if task.unit else "",
            round=task.round,
            overdue=clock is not None and clock.due_at < now,
            assignee_id=task.assignee_id,
        )

    def saved(self) -> None:
        """Everything stands in the database now."""
        self.new.clear()
        self.changed.clear()


def _ran_over(clock: Deadline) -> bool:
    """Whether a unit's clock stopped after its deadline."""
    return clock.stage == HANDLE and clock.stopped_at is not None and clock.stopped_at > clock.due_at


def rows_of(rows: Iterable[Row], kind: type[M]) -> list[M]:
    """Those of one table."""
    return [row for row in rows if isinstance(row, kind)]
