"""Reads the lives of cases, many at a time, in five statements."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db.models import F

from yiwang.core.deadlines import queries as deadlines
from yiwang.insight.evaluation.rules import ClockLife, Life, TaskLife
from yiwang.operations.cases.models import Case, Request, Step, Task

CASE = "case"
OF_CASE = (
    "version", "area_code", "category_id", "source", "handling_unit_id", "group", "round", "rework_count", "exempt",
    "reported_at", "registered_at", "ended_at",
)  # fmt: skip
NAMES = tuple({"handling_unit_id": "unit_id"}.get(name, name) for name in OF_CASE)
OF_TASK = ("id", "unit_id", "is_main", "round", "state", "opened_at", "started_at", "ended_at")
OF_CLOCK = ("part_id", "stage", "due_at", "stopped_at")


def lives(case_ids: Sequence[UUID]) -> list[Life]:
    """The lives of these cases. In a transaction: they are locked until its end, so that each is read whole.

    What only a lock would wait for, a person's step, takes some milliseconds longer.
    """
    # In one order, as everybody locks cases who locks more than one.
    locked = Case.objects.filter(pk__in=case_ids).order_by("pk").select_for_update(no_key=True)
    rows = list(locked.values_list("pk", *OF_CASE))
    tasks, clocks = _tasks(case_ids), _clocks(case_ids)
    approved, endings = _approved(case_ids), _endings(case_ids)
    return [
        Life(
            case_id=case_id,
            **dict(zip(NAMES, values, strict=True)),
            ended_by=endings.get(case_id, ""),
            tasks=tuple(tasks[case_id]),
            clocks=tuple(clocks[case_id]),
            approved=approved[case_id],
        )
        for case_id, *values in rows
    ]


def _tasks(case_ids: Sequence[UUID]) -> dict[UUID, list[TaskLife]]:
    found: dict[UUID, list[TaskLife]] = defaultdict(list)
    rows = Task.objects.filter(case__in=case_ids, kind=Task.Kind.HANDLE).order_by("opened_at", "id")
    for case_id, *values in rows.values_list("case_id", *OF_TASK):
        found[case_id].append(TaskLife(*values))
    return found


def _clocks(case_ids: Sequence[UUID]) -> dict[UUID, list[ClockLife]]:
    found: dict[UUID, list[ClockLife]] = defaultdict(list)
    for case_id, *values in deadlines.of_owners(CASE, case_ids).values_list("owner_id", *OF_CLOCK):
        found[case_id].append(ClockLife(*values))
    return found


def _approved(case_ids: Sequence[UUID]) -> dict[UUID, Counter[tuple[str, UUID | None]]]:
    found: dict[UUID, Counter[tuple[str, UUID | None]]] = defaultdict(Counter)
    rows = Request.objects.filter(case__in=case_ids, state=Request.State.APPROVED)
    for case_id, kind, task_id in rows.values_list("case_id", "kind", "task_id"):
        found[case_id][kind, task_id] += 1
    return found


def _endings(case_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The state into which each case last ended; to be put away afterwards is no ending."""
    steps = Step.objects.filter(case__in=case_ids, to_state__in=("closed", "forced_closed"))
    rows = steps.exclude(from_state=F("to_state")).order_by("case_id", "seq")
    return dict(rows.values_list("case_id", "to_state"))
