"""The verbs of this room: confirming a step, putting it off, taking that back."""

from django.db import transaction

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict
from yiwang.core.locks import hold
from yiwang.core.setup import Finding
from yiwang.project.setup import queries
from yiwang.project.setup.models import StepDecision


@transaction.atomic
def confirm(actor: Actor, key: str, *, mark: str) -> None:
    """Say that a step was looked through, as its `mark` was on screen.

    Raises NotFound `step_not_found`, Conflict `step_changed` when it is another by now, `step_missing` when there is
    nothing to look through yet.
    """
    found = queries.get_step(key).look()
    if found.finding is Finding.MISSING:
        raise Conflict("step_missing", "这一步还没有做，不能标记为已核对。")
    if found.mark != mark:
        raise Conflict("step_changed", "内容刚刚有变化，请重新核对。")
    _decide(actor, key, later=False, mark=mark)


@transaction.atomic
def put_off(actor: Actor, key: str) -> None:
    """Leave a step for later. Raises NotFound `step_not_found`, Conflict `step_required`."""
    if not queries.get_step(key).optional:
        raise Conflict("step_required", "这一步是必做的，不能跳过。")
    _decide(actor, key, later=True, mark="")


@transaction.atomic
def take_up(actor: Actor, key: str) -> None:
    """Take a decision back: the step is open again. Raises NotFound `step_not_found`; again changes nothing."""
    queries.get_step(key)
    row = StepDecision.objects.select_for_update().filter(pk=key).first()
    if row is not None:
        before = {"later": row.later, "mark": row.mark}
        row.delete()
        _record(actor, "take_up_step", key, before, None)


def _decide(actor: Actor, key: str, *, later: bool, mark: str) -> None:
    hold(f"setup.step:{key}")
    known = StepDecision.objects.filter(pk=key).first()
    if known is not None and (known.later, known.mark) == (later, mark):
        return
    before = {"later": known.later, "mark": known.mark} if known else None
    StepDecision.objects.update_or_create(
        pk=key,
        defaults={
            "later": later,
            "mark": mark,
            "by": actor.user_id,
            "by_name": actor.name,
            "at": clock.now(),
        },
    )
    verb = "put_off_step" if later else "confirm_step"
    _record(actor, verb, key, before, {"later": later, "mark": mark})


def _record(
    actor: Actor, verb: str, key: str, before: dict[str, object] | None, after: dict[str, object] | None
) -> None:
    audit.record(
        actor,
        action=f"setup.{verb}",
        object_type="setup_step",
        object_id=key,
        before=before,
        after=after,
    )
