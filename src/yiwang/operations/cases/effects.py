"""What follows from a step, by the names that the lifecycle table uses. Each changes the dossier in memory only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.errors import Invalid, Refused
from yiwang.operations.cases import clocks
from yiwang.operations.cases.clocks import Clocks, limit_of
from yiwang.operations.cases.dossier import SUSPENDED, Dossier
from yiwang.operations.cases.lifecycle import Table
from yiwang.operations.cases.models import Answer, Case, Request, Task
from yiwang.operations.cases.rules import HANDLE, Chosen, Given, MainCase
from yiwang.operations.cases.rules.guards import all_handled, main_returned

SIDE_TASKS = (Task.Kind.SUPERVISE, Task.Kind.SIGN, Task.Kind.VERIFY, Task.Kind.CHECK)


class Lookups(clocks.Calendars, Protocol):
    """What a step has to look up: the live door asks the database, a replay of the past its own memory."""

    def unit(self, unit_id: int) -> Unit | None:
        """A unit that handles cases today."""

    def conditions(self, case: Case, condition_id: int | None) -> frozenset[int]:
        """The condition, when it is one of the case's own category."""

    def snapshot(self, case: Case, condition_id: int) -> dict[str, Any]:
        """A filing condition with its limit and closing test as they stand today for the case's place."""

    def person(self, user_id: UUID, permission: str, area_code: str) -> str | None:
        """The name of a person who holds a permission for a place; None when nobody such is there."""

    def main_case(self, actor: Actor, case_id: UUID | None) -> MainCase | None:
        """The case that another shall be bound to, when the actor sees it."""

    def bound(self, case_id: UUID) -> list[UUID]:
        """The cases that are bound to one."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who acts, at which moment, under which version of the table, and who knows what has to be looked up."""

    actor: Actor
    table: Table
    now: datetime
    lookups: Lookups


@dataclass(slots=True)
class Work:
    """A step in the making: the case in memory, the occasion, what was given, and the row that applies.

    `data` is kept with the step and shown in the timeline. `granted`: a request has its last approval.
    """

    dossier: Dossier
    occasion: Occasion
    given: Given
    chosen: Chosen
    data: dict[str, Any] = field(default_factory=dict)
    request: Request | None = None
    granted: bool = False

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.occasion.actor

    @property
    def hands(self) -> list[UUID]:
        """Who acts, and in whose name: what the one may not do twice, the other may not either."""
        scope = self.chosen.scope
        absent = scope.on_behalf_of.user_id if scope and scope.on_behalf_of else None
        return [person for person in (self.actor.user_id, absent) if person is not None]

    @property
    def table(self) -> Table:
        """The version of the table that the case runs on."""
        return self.occasion.table

    @property
    def now(self) -> datetime:
        """The moment of the step."""
        return self.occasion.now

    @property
    def lookups(self) -> Lookups:
        """Who knows."""
        return self.occasion.lookups

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.dossier.case

    @property
    def clocks(self) -> Clocks:
        """Its clocks at this moment."""
        return Clocks(self.dossier, self.table, self.lookups, self.now)

    @property
    def task(self) -> Task | None:
        """The task that the step is for."""
        fact = self.chosen.task
        return next((task for task in self.dossier.tasks if fact and task.pk == fact.id), None)

    def end_task(self, task: Task, state: str) -> None:
        """Nothing more is to be done on a task, and its clock stops."""
        task.state = state
        task.ended_at = self.now
        self.dossier.touch(task)
        self.clocks.stop_task(task)


def fix_condition(work: Work) -> None:
    """Registering fixes the condition with its limit and closing test as they stand today."""
    case = work.case
    case.condition_id = work.given.condition_id
    case.condition_snapshot = work.lookups.snapshot(case, work.given.condition_id or 0)
    case.registered_at = work.now
    work.data["condition"] = case.condition_snapshot


def open_handling(work: Work) -> None:
    """The main unit gets its task, and its clock starts: the limit is the condition's."""
    unit = _unit(work, work.given.unit_id, "unit_id")
    work.case.handling_unit = unit
    _open_unit_task(work, unit, is_main=True)
    work.data["unit"] = {"id": unit.pk, "name": unit.short_name}


def open_assisting(work: Work) -> None:
    """Assisting units get tasks of their own, each with its own clock."""
    units = [_unit(work, unit_id, "assist_ids") for unit_id in work.given.assist_ids]
    for unit in units:
        _open_unit_task(work, unit, is_main=False)
    if units:
        work.data["assisting"] = [{"id": unit.pk, "name": unit.short_name} for unit in units]


def hand_over(work: Work) -> None:
    """Another unit goes on with the task; so does its clock. What the first one asked for is settled by that."""
    old, unit = work.task, _unit(work, work.given.unit_id, "unit_id")
    if old is None:
        return
    lapse_requests(work)
    task = _new_task(work, Task.Kind.HANDLE, unit=unit, is_main=old.is_main)
    work.clocks.go_on(work.dossier.last_clock(old.pk), task)
    if old.is_main:
        work.case.handling_unit = unit
    work.data["unit"] = {"id": unit.pk, "name": unit.short_name}


def open_signs(work: Work) -> None:
    """Each unit that is asked gets a task to sign."""
    units = [_unit(work, unit_id, "assist_ids") for unit_id in work.given.assist_ids]
    asked = {task.unit_id for task in work.dossier.open_tasks(Task.Kind.SIGN)}
    if asked & {unit.pk for unit in units}:
        raise Invalid("unit_twice", "这个单位已经在会签。", field="assist_ids")
    for unit in units:
        task = _new_task(work, Task.Kind.SIGN, unit=unit)
        _start_limit(work, Task.Kind.SIGN, task)
    work.data["units"] = [{"id": unit.pk, "name": unit.short_name} for unit in units]


def cancel_signs(work: Work) -> None:
    """Nobody has to sign any more."""
    _end_all(work, work.dossier.open_tasks(Task.Kind.SIGN))


def keep_result(work: Work) -> None:
    """What was found or done stands with the task."""
    if work.task is not None:
        work.task.result = work.given.note.strip()
        work.dossier.touch(work.task)


def note_handler(work: Work) -> None:
    """Who handled is remembered, and in whose name: neither of them checks."""
    fresh = [person for person in work.hands if person not in work.case.handlers]
    if fresh:
        work.case.handlers = [*work.case.handlers, *fresh]


def open_verify(work: Work) -> None:
    """A grid officer of the place looks whether it is really there."""
    _open_post_task(work, Task.Kind.VERIFY, "cases.verify_case")


def note_verified(work: Work) -> None:
    """What the officer found decides nothing by itself; the acceptor reads it."""
    keep_result(work)
    work.data["verified"] = work.task.state if work.task else ""


def open_check(work: Work) -> None:
    """A grid officer of the place looks whether it was really mended, once every unit has done its part; not while
    the main unit has returned the case and it waits to be dispatched again."""
    facts = work.dossier.facts(work.now)
    if all_handled(facts) and not main_returned(facts) and not work.dossier.open_tasks(Task.Kind.CHECK):
        _new_task(work, Task.Kind.CHECK)


def open_check_again(work: Work) -> None:
    """Somebody else looks."""
    _new_task(work, Task.Kind.CHECK)


def name_checker(work: Work) -> None:
    """The check is this person's."""
    task = work.task
    if task is not None:
        task.assignee_id, task.assignee_name = _person(work, "cases.check_case")
        task.instruction = work.given.note.strip()
        work.dossier.touch(task)
        work.data["person"] = task.assignee_name


def cancel_asker(work: Work) -> None:
    """The dispatch was wrong: the task of the unit that asked and its clock are cancelled."""
    task = work.task
    if task is None:
        return
    work.end_task(task, Task.State.CANCELLED)
    lapse_requests(work)
    if task.is_main:
        work.case.handling_unit = None


def cancel_tasks(work: Work) -> None:
    """Nobody has to do anything for the case any more, and nothing that was asked for is decided."""
    _end_all(work, work.dossier.open_tasks())
    work.case.handling_unit = work.case.handling_unit if work.case.ended_at else None
    work.dossier.lapse((r for r in work.dossier.requests if r is not work.request), work.now)


def lapse_requests(work: Work) -> None:
    """What was asked for the task is settled by its being done, or somebody else's."""
    work.dossier.lapse(
        (r for r in work.dossier.requests if work.task and r.task_id == work.task.pk), work.now
    )


def extend_clock(work: Work) -> None:
    """The unit gets the original limit once more."""
    row = work.clocks.extend(work.task) if work.task else None
    if row is not None:
        work.data["due_at"] = row.due_at.isoformat()


def hold(work: Work) -> None:
    """The units' clocks stand still until the day that was asked for."""
    case = work.case
    case.held_state = case.state
    for task in work.dossier.open_tasks(Task.Kind.HANDLE):
        work.clocks.stop_task(task)
    if work.request is not None:
        case.suspended_until = work.clocks.suspend_until(work.request)
        work.data["until"] = case.suspended_until.isoformat()


def release(work: Work) -> None:
    """The units' clocks go on where they stopped."""
    work.case.suspended_until = None
    work.clocks.stop(work.dossier.running(None, stage=SUSPENDED))
    for task in work.dossier.open_tasks(Task.Kind.HANDLE):
        work.clocks.go_on(work.dossier.last_clock(task.pk))


def rework(work: Work) -> None:
    """Back to the main unit; its clock goes on where it stopped."""
    handled = [t for t in work.dossier.tasks if t.kind == HANDLE and t.round == work.case.round]
    done = [t for t in handled if t.state == Task.State.DONE]
    task = next((t for t in done if t.is_main), done[-1])
    task.state = Task.State.RUNNING
    task.ended_at = None
    work.dossier.touch(task)
    work.case.rework_count += 1
    work.clocks.go_on(work.dossier.last_clock(task.pk))


def end(work: Work) -> None:
    """The case ends: no clock runs any more, and nothing beside it is waited for."""
    work.case.ended_at = work.now
    work.case.suspended_until = None
    _end_all(work, work.dossier.open_tasks(*SIDE_TASKS))
    work.dossier.lapse((r for r in work.dossier.requests if r is not work.request), work.now)
    work.clocks.stop_all()


def reopen(work: Work) -> None:
    """A new round: the earlier tasks are history."""
    case = work.case
    case.round += 1
    case.ended_at = None
    case.handling_unit = None
    work.dossier.lapse(work.dossier.requests, work.now)


def exempt(work: Work) -> None:
    """Being late had a cause outside; the facts stay as they are."""
    work.case.exempt = True


def bind(work: Work) -> None:
    """The case is handled with the main case; it keeps its number, reporter and photos."""
    case = work.case
    if work.lookups.bound(case.pk):
        raise Refused("has_bound", "已有案件并到本案，请先解除，或把对方并到本案。")
    # Whoever was to verify has been told off: unbound again, the acceptor decides anew.
    case.held_state = "reported" if case.state == "verifying" else case.state
    case.main_case_id = work.given.main_case_id
    case.ended_at = work.now
    work.clocks.stop_all()
    work.data["main_case"] = str(case.main_case_id)


def unbind(work: Work) -> None:
    """The case goes its own way again, from where it was."""
    work.data["main_case"] = str(work.case.main_case_id)
    work.case.main_case_id = None
    work.case.ended_at = None


def answer_reporters(work: Work) -> None:
    """Whoever reported it is to be told: of this case and of every case that is bound to it."""
    case, note = work.case, work.given.note.strip()
    for case_id in (case.pk, *work.lookups.bound(case.pk)):
        work.dossier.add(
            Answer(case_id=case_id, of_case_id=case.pk, outcome=work.chosen.row.verb, text=note, at=work.now)
        )


def note_visit(work: Work) -> None:
    """How satisfied the reporter is."""
    work.case.satisfaction = work.given.score
    work.data["score"] = work.given.score


def open_supervision(work: Work) -> None:
    """The main unit owes an answer by a day; before the dispatch it stands in the history only."""
    work.data["kind"] = work.given.kind
    main = work.dossier.main_task()
    if main is not None:
        task = _new_task(work, Task.Kind.SUPERVISE, unit=main.unit)
        task.topic = work.given.kind
        _start_limit(work, Task.Kind.SUPERVISE, task)


def count_urge(work: Work) -> None:
    """A message only."""
    work.case.urged_count += 1


def _unit(work: Work, unit_id: int | None, name: str) -> Unit:
    unit = work.lookups.unit(unit_id or 0)
    if unit is None:
        raise Invalid("unknown_unit", "请选择一个处置单位。", field=name)
    return unit


def _person(work: Work, permission: str) -> tuple[UUID, str]:
    user_id = work.given.user_id
    name = work.lookups.person(user_id, permission, work.case.area_code) if user_id else None
    if user_id is None or name is None:
        raise Invalid("unknown_person", "请选择本区域有此职责的人员。", field="user_id")
    return user_id, name


def _new_task(work: Work, kind: Task.Kind, *, unit: Unit | None = None, is_main: bool = False) -> Task:
    task = Task(
        case=work.case,
        kind=kind,
        state=Task.State.WAITING,
        unit=unit,
        is_main=is_main,
        round=work.case.round,
        instruction=work.given.note.strip() if kind != Task.Kind.CHECK else "",
        opened_at=work.now,
    )
    work.dossier.add(task)
    return task


def _open_unit_task(work: Work, unit: Unit, *, is_main: bool) -> None:
    snapshot = work.case.condition_snapshot
    if snapshot is None:
        raise Invalid("not_registered", "案件还没有立案条件，请先退回立案。", field="unit_id")
    task = _new_task(work, Task.Kind.HANDLE, unit=unit, is_main=is_main)
    work.clocks.start(HANDLE, limit_of(snapshot["limit"]["kind"], snapshot["limit"]["amount"]), task)


def _open_post_task(work: Work, kind: Task.Kind, permission: str) -> None:
    task = _new_task(work, kind)
    if work.given.user_id is not None:
        task.assignee_id, task.assignee_name = _person(work, permission)
        work.data["person"] = task.assignee_name


def _start_limit(work: Work, stage: str, task: Task) -> None:
    limit = work.table.limits.get(stage)
    if limit is not None:
        work.clocks.start(stage, clocks.stage_limit(limit), task)


def _end_all(work: Work, tasks: Iterable[Task]) -> None:
    for task in tasks:
        work.end_task(task, Task.State.CANCELLED)


Effect = Callable[[Work], None]
EFFECTS: dict[str, Effect] = {
    effect.__name__: effect
    for effect in (
        fix_condition,
        open_handling,
        open_assisting,
        hand_over,
        open_signs,
        cancel_signs,
        keep_result,
        note_handler,
        open_verify,
        note_verified,
        open_check,
        open_check_again,
        name_checker,
        cancel_asker,
        cancel_tasks,
        lapse_requests,
        extend_clock,
        hold,
        release,
        rework,
        end,
        reopen,
        exempt,
        bind,
        unbind,
        answer_reporters,
        note_visit,
        open_supervision,
        count_urge,
    )
}
