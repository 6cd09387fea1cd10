"""A person goes out of what is written on patrol: notes, orders, results, calls; what names a case of theirs, and any
row that holds something certain of them."""

from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from yiwang.core.erasing import Erasure, erases, forgets, holding, mask_rows
from yiwang.operations.patrol.models import (
    Call,
    Called,
    HandOver,
    Inspection,
    Item,
    Plan,
    Rectification,
    Stop,
    Target,
    Task,
)

NOTHING = Q(pk__in=())


def _mask(model: type[Model], fields: tuple[str, ...], erasure: Erasure, about: Q = NOTHING) -> int:
    rows: Any = model._default_manager.all()
    certain = holding(rows, erasure.certain, fields).values("pk")
    return len(mask_rows(rows.filter(about | Q(pk__in=certain)), fields, erasure))


@erases("patrol.plan")
def erase_plans(erasure: Erasure) -> int:
    """Names of plans and of the places that they go to."""
    return _mask(Plan, ("name",), erasure) + _mask(Target, ("name",), erasure)


@erases("patrol.task")
def erase_tasks(erasure: Erasure) -> int:
    """What was noted on tasks, and what their stops are called."""
    about = Q(pk__in=Task.objects.filter(findings__case__in=erasure.objects).values("pk"))
    return _mask(Task, ("name", "note"), erasure, about) + _mask(Stop, ("name", "address"), erasure)


@erases("patrol.hand_over")
def erase_hand_overs(erasure: Erasure) -> int:
    """What one shift told the next."""
    return _mask(HandOver, ("note", "open_items"), erasure)


@erases("patrol.inspection")
def erase_inspections(erasure: Erasure) -> int:
    """What inspections are about, what was concluded, what was to be put right."""
    return (
        _mask(Inspection, ("name", "purpose", "conclusion", "figures"), erasure)
        + _mask(Item, ("name", "address", "reference"), erasure)
        + _mask(Rectification, ("demand", "result", "recheck_note"), erasure)
    )


@erases("patrol.call")
def erase_calls(erasure: Erasure) -> int:
    """Why people were called, where, what came of it, and what they answered."""
    about = Q(case__in=erasure.objects)
    return _mask(Call, ("reason", "address", "outcome"), erasure, about) + _mask(Called, ("note",), erasure)


@forgets("patrol.check_in")
def forget_check_ins(user_id: UUID) -> int:
    """Where somebody checked in on patrol; that they did, when, and how far off stays."""
    tasks = Task.objects.filter(Q(person=user_id) | Q(stints__user=user_id)).values("pk")
    return Stop.objects.filter(task__in=tasks, location__isnull=False).update(location=None, accuracy_m=None)
