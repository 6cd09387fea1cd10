"""What follows from a step, by the names that the lifecycle table uses. Each changes the case that is locked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.errors import Conflict, Invalid
from yiwang.operations.cases import clocks
from yiwang.operations.cases.models import Case, FilingCondition, Request, Task
from yiwang.operations.cases.rules import Given

OPEN_TASK = (Task.State.WAITING, Task.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Work:
    """A step in the making: the locked case, who acts, what was given, and the moment.

    `data` is kept with the step and shown in the timeline.
    """

    case: Case
    actor: Actor
    given: Given
    now: datetime
    data: dict[str, object]


def fix_condition(work: Work) -> None:
    """Registering fixes the condition with its limit and closing test as they stand today."""
    condition = FilingCondition.objects.get(pk=work.given.condition_id or 0)
    work.case.condition = condition
    work.case.condition_snapshot = {
        "text": {"zh": condition.text_zh, "en": condition.text_en},
        "limit": {"kind": condition.limit_kind, "amount": f"{condition.limit_amount.normalize():f}"},
        "closing": {"zh": condition.closing_zh, "en": condition.closing_en},
        "source": condition.source,
    }
    work.case.registered_at = work.now
    work.data["condition"] = work.case.condition_snapshot


def open_handling(work: Work) -> None:
    """The unit gets its task, and its clock starts: the limit is the condition's."""
    unit = Unit.objects.filter(pk=work.given.unit_id or 0, handles_cases=True).first()
    if unit is None:
        raise Invalid("unknown_unit", "请选择一个处置单位。", field="unit_id")
    task = Task.objects.create(
        case=work.case, kind=Task.Kind.HANDLE, state=Task.State.WAITING, unit=unit, opened_at=work.now
    )
    work.case.handling_unit = unit
    work.data["unit"] = {"id": unit.pk, "name": unit.short_name}
    snapshot = work.case.condition_snapshot
    if snapshot is None:
        raise Conflict("not_registered", "案件还没有立案条件，请先退回立案。")
    limit = clocks.limit_of(snapshot["limit"]["kind"], snapshot["limit"]["amount"])
    clocks.start(work.case, stage="handle", limit=limit, task=task, now=work.now)


def start_handling(work: Work) -> None:
    """The unit takes its task; the clock has been running since the dispatch."""
    task = handling_task(work.case)
    task.state = Task.State.RUNNING
    task.started_at = work.now
    task.assignee_id, task.assignee_name = work.actor.user_id, work.actor.name
    task.save(update_fields=["state", "started_at", "assignee_id", "assignee_name"])


def finish_handling(work: Work) -> None:
    """The unit's task is done, and its clock stops."""
    task = handling_task(work.case)
    task.state = Task.State.DONE
    task.ended_at = work.now
    task.assignee_id, task.assignee_name = work.actor.user_id, work.actor.name
    task.save(update_fields=["state", "ended_at", "assignee_id", "assignee_name"])
    clocks.stop(work.case, now=work.now)


def ask_return(work: Work) -> None:
    """A request that somebody else decides; the clock goes on meanwhile."""
    if work.actor.user_id is None:
        raise Invalid("person_needed", "申请须由本人提出。")
    Request.objects.create(
        case=work.case,
        kind=Request.Kind.RETURN,
        reason=work.given.note,
        asked_by=work.actor.user_id,
        asked_by_name=work.actor.name,
        asked_at=work.now,
    )
    work.case.pending_request = Request.Kind.RETURN


def approve_return(work: Work) -> None:
    """The dispatch was wrong: the unit's task and clock are cancelled."""
    _decide_request(work, Request.State.APPROVED)
    task = handling_task(work.case)
    task.state = Task.State.CANCELLED
    task.ended_at = work.now
    task.save(update_fields=["state", "ended_at"])
    work.case.handling_unit = None
    clocks.stop(work.case, now=work.now)


def refuse_return(work: Work) -> None:
    """The unit stays responsible."""
    _decide_request(work, Request.State.REFUSED)


def open_check(work: Work) -> None:
    """A grid officer of the place is to look whether it was really mended."""
    Task.objects.create(case=work.case, kind=Task.Kind.CHECK, state=Task.State.WAITING, opened_at=work.now)


def pass_check(work: Work) -> None:
    """The check is done."""
    _end_check(work, Task.State.DONE)


def fail_check(work: Work) -> None:
    """The check found it not mended."""
    _end_check(work, Task.State.FAILED)


def rework(work: Work) -> None:
    """Back to the same unit; its clock goes on where it stopped."""
    case = work.case
    task = case.tasks.filter(kind=Task.Kind.HANDLE, state=Task.State.DONE).order_by("-ended_at")[0]
    task.state = Task.State.RUNNING
    task.ended_at = None
    task.save(update_fields=["state", "ended_at"])
    case.rework_count += 1
    clocks.go_on(case, stage="handle", task=task, now=work.now)


def end(work: Work) -> None:
    """The case ends; no clock runs any more."""
    work.case.ended_at = work.now
    clocks.stop(work.case, now=work.now)


def handling_task(case: Case) -> Task:
    """The unit's open task."""
    return case.tasks.get(kind=Task.Kind.HANDLE, state__in=OPEN_TASK)


def _end_check(work: Work, state: Task.State) -> None:
    task = work.case.tasks.get(kind=Task.Kind.CHECK, state__in=OPEN_TASK)
    task.state = state
    task.started_at = task.started_at or work.now
    task.ended_at = work.now
    task.assignee_id, task.assignee_name = work.actor.user_id, work.actor.name
    task.save()


def _decide_request(work: Work, state: Request.State) -> None:
    request = work.case.requests.get(state=Request.State.PENDING)
    request.state = state
    request.decided_by, request.decided_by_name = work.actor.user_id, work.actor.name
    request.decided_at = work.now
    request.decision_note = work.given.note
    request.save()
    work.case.pending_request = ""


EFFECTS: dict[str, Callable[[Work], None]] = {
    effect.__name__: effect
    for effect in (
        fix_condition,
        open_handling,
        start_handling,
        finish_handling,
        ask_return,
        approve_return,
        refuse_return,
        open_check,
        pass_check,
        fail_check,
        rework,
        end,
    )
}
