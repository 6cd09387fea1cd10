"""A form filled at a stop: taken in by the one door of answers, and then the stop's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yiwang.core.actor import Actor
from yiwang.core.errors import Invalid
from yiwang.core.forms import actions as forms
from yiwang.operations.patrol.models import Stop
from yiwang.operations.patrol.runs.work import count_again, stop_of, take_up


@transaction.atomic
def fill(  # noqa: PLR0913 - one filled form
    actor: Actor,
    task_id: UUID,
    stop_id: UUID,
    *,
    form: str,
    version: int,
    answers: Mapping[str, Any],
    filled_id: UUID | None = None,
    at: datetime | None = None,
) -> Stop:
    """Fill the task's form at a stop; filled again, the newest stands whichever comes first, and the others are kept.

    Raises as `work.take_up` and `forms.actions.fill`, and Invalid `stop_not_found` or `other_form`.
    """
    work = take_up(actor, task_id, "work", at)
    stop = stop_of(work.task, stop_id)
    if form != work.task.form:
        raise Invalid("other_form", "这个任务用的是另一张检查表。", field="form", form=work.task.form)
    filled = forms.fill(
        actor,
        form=form,
        version=version,
        answers=answers,
        id=filled_id,
        area_code=stop.area_code,
        filled_at=work.at,
    )
    if stop.filled is None or filled.filled_at > stop.filled.filled_at:
        stop.filled, stop.passed = filled, not filled.failed
        stop.save()
    count_again(work.task)
    work.done("fill_form", stop=str(stop.pk), filled=str(filled.pk), passed=stop.passed)
    return stop
