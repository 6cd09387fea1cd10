"""Units change while their cases are open: the successor takes the tasks over as they are.

A task keeps its state, its clock, its requests and who works on it; only whose it is changes, and the case's history
says so. What was done and checked before stays the old unit's.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from yiwang.core import clock
from yiwang.core.accounts import queries as accounts
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import system
from yiwang.operations.cases import queries, store
from yiwang.operations.cases.clocks import Clocks
from yiwang.operations.cases.dossier import Dossier
from yiwang.operations.cases.models import Case, Task
from yiwang.operations.cases.outside import write_down
from yiwang.operations.cases.rules import OPEN_TASK
from yiwang.operations.cases.store import Live

VERB = "take_over"
BY = system("机构调整")
_LIVING = ("open", "merged")  # a bound case may be unbound, and then goes on
_OPEN = Q(state__in=OPEN_TASK)
# A unit does again what was done in this round when the check fails.
_MAY_COME_BACK = Q(state=Task.State.DONE, kind=Task.Kind.HANDLE, round=F("case__round"))


def open_tasks(units: Collection[int]) -> QuerySet[Task]:
    """Tasks of these units that are open, or may be again, in cases that have not ended."""
    return Task.objects.filter(_OPEN | _MAY_COME_BACK, unit__in=units, case__group__in=_LIVING)


def hand_over(unit_id: int) -> int:
    """Give what a unit that is no more has open to its successor; returns how many cases. Again changes nothing.

    Every case is locked, gets a step, an audit entry and `case.advanced`. Without a successor nothing happens.
    """
    unit = Unit.objects.get(pk=unit_id)
    successor = accounts.successor_of(unit)
    if successor.pk == unit.pk:
        return 0
    cases = open_tasks([unit.pk]).values_list("case_id", flat=True).distinct()
    return sum(_hand_over_one(case_id, unit, successor) for case_id in sorted(cases))


def hand_over_leftovers() -> int:
    """As `hand_over`, for all units that are no more: a dispatch that was under way when a unit ended comes late."""
    ended = Unit.objects.filter(valid_to__lte=clock.today(), successor__isnull=False)
    left = open_tasks(list(ended.values_list("pk", flat=True)))
    return sum(hand_over(unit_id) for unit_id in sorted(set(left.values_list("unit_id", flat=True))))


@transaction.atomic
def _hand_over_one(case_id: UUID, unit: Unit, successor: Unit) -> bool:
    dossier = store.load(case_id, lock=True)
    if dossier is None:
        return False
    mine = [t for t in dossier.tasks if t.unit_id == unit.pk and _goes_along(dossier.case, t)]
    if not mine:
        return False
    now = clock.now()
    for task in mine:
        _give(dossier, task, successor, now)
    if dossier.case.handling_unit_id == unit.pk:
        dossier.case.handling_unit = successor
    _write_down(dossier, mine[0], unit, successor, now)
    return True


def _goes_along(case: Case, task: Task) -> bool:
    if task.state in OPEN_TASK:
        return True
    return task.state == Task.State.DONE and task.kind == Task.Kind.HANDLE and task.round == case.round


def _give(dossier: Dossier, task: Task, successor: Unit, now: datetime) -> None:
    """The task is the successor's; where that one has the like already, one of the two is enough: the main one."""
    if task.state != Task.State.DONE and task.kind != Task.Kind.SUPERVISE:
        for other in dossier.open_tasks(task.kind):
            if other.unit_id == successor.pk:
                spare = other if task.is_main else task
                _drop(dossier, spare, now)
    task.unit = successor
    dossier.touch(task)


def _drop(dossier: Dossier, task: Task, now: datetime) -> None:
    """An assisting task whose unit is now the main one: nothing is left of it to do, nor to be decided about it."""
    task.state, task.ended_at = Task.State.CANCELLED, now
    dossier.touch(task)
    Clocks(dossier, queries.table(dossier.case.lifecycle_id), Live(), now).stop_task(task)
    dossier.lapse((r for r in dossier.requests if r.task_id == task.pk), now)


def _write_down(dossier: Dossier, task: Task, unit: Unit, successor: Unit, now: datetime) -> None:
    dossier.show()
    data = {
        "from_unit": {"id": unit.pk, "name": unit.short_name},
        "unit": {"id": successor.pk, "name": successor.short_name},
    }
    note = f"{unit.short_name}的任务由{successor.short_name}承接，时限不变。"
    write_down(dossier, BY, VERB, now=now, note=note, data=data, task=task)
