"""One shift hands over to the next: what is unfinished, what is open, a note; the next says that they have it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.actor import Actor
from yiwang.core.errors import Conflict, Invalid, Refused
from yiwang.core.ids import uuid7
from yiwang.core.locks import hold
from yiwang.core.notify import actions as notify
from yiwang.operations.patrol import access, recording
from yiwang.operations.patrol.models import HandOver, Stint, Task
from yiwang.operations.patrol.rules import states
from yiwang.operations.patrol.rules.teams import in_place_of
from yiwang.operations.patrol.runs.work import Work, grace


@dataclass(frozen=True, slots=True)
class NewHandOver:
    """What is handed over; without a receiver, to whoever of the unit comes next."""

    task_ids: tuple[UUID, ...]
    note: str = ""
    open_items: tuple[str, ...] = ()
    receiver_id: UUID | None = None


@transaction.atomic
def hand_over(
    actor: Actor, new: NewHandOver, *, hand_over_id: UUID | None = None, at: datetime | None = None
) -> HandOver:
    """Hand unfinished tasks over with what is to be known; once for an id.

    Raises NotFound `task_not_found`, Conflict `task_not_open`, Invalid `nothing_handed_over` or `person_not_found`.
    """
    key = hand_over_id or uuid7()
    hold(f"patrol.hand_over:{key}")
    known = HandOver.objects.filter(pk=key, giver=actor.user_id).first()
    if known is not None:
        return known
    unit_id = next((scope.unit_id for scope in actor.scopes(access.WALK) if scope.unit_id), None)
    if unit_id is None or actor.user_id is None:
        raise Refused("permission_denied", "您的岗位没有这项权限。", permission=access.WALK)
    if not (new.task_ids or new.note.strip() or new.open_items):
        raise Invalid("nothing_handed_over", "请选择要移交的任务，或写明交接说明。", field="note")
    receiver = _receiver(actor, new.receiver_id)
    now = clock.now()
    handed_at = min(at or now, now)
    tasks = [_give(actor, one, handed_at) for one in new.task_ids]
    made = HandOver.objects.create(
        id=key,
        unit_id=tasks[0].unit_id if tasks else unit_id,
        area_code=tasks[0].area_code if tasks else _area(actor),
        giver_id=actor.user_id,
        receiver=receiver,
        note=new.note.strip(),
        open_items=[text.strip() for text in new.open_items if text.strip()],
        handed_at=handed_at,
    )
    made.tasks.set(tasks)
    told = {
        "receiver": str(new.receiver_id),
        "tasks": [str(t.pk) for t in tasks],
        "items": len(made.open_items),
    }
    recording.note(actor, "hand_over", "hand_over", made.pk, before=None, after=told)
    if receiver is not None:
        params = {"by": actor.name, "tasks": len(tasks), "note": made.note[:100]}
        notify.notify([receiver.pk], kind="patrol.handed_over", params=params, link="/patrol/hand-overs")
    return made


@transaction.atomic
def acknowledge(actor: Actor, hand_over_id: UUID, at: datetime | None = None) -> HandOver:
    """Take over: the tasks are the actor's from then on; in a team, the giver's place is.

    Raises NotFound `hand_over_not_found`, Conflict `already_acknowledged`, Refused `not_the_receiver`.
    """
    made = access.one(access.hand_overs_for(actor), hand_over_id, "hand_over_not_found", lock=True)
    if made.acknowledged_at is not None:
        if made.acknowledged_by_name == actor.name and made.receiver_id == actor.user_id:
            return made
        raise Conflict(
            "already_acknowledged", f"{made.acknowledged_by_name}已经接班。", actor=made.acknowledged_by_name
        )
    if actor.user_id is None or not access.may_take_over(actor, made):
        raise Refused("not_the_receiver", "只有接班人能确认接班。")
    now = clock.now()
    made.acknowledged_at, made.acknowledged_by_name = min(at or now, now), actor.name
    made.receiver_id = actor.user_id
    made.save()
    for task in made.tasks.select_for_update(of=("self",)).select_related("unit"):
        _take(actor, task, made, actor.user_id)
    told = {"tasks": made.tasks.count()}
    recording.note(actor, "acknowledge_hand_over", "hand_over", made.pk, before=None, after=told)
    return made


def _receiver(actor: Actor, receiver_id: UUID | None) -> User | None:
    if receiver_id is None:
        return None
    if receiver_id == actor.user_id or receiver_id not in access.walkers_for(actor, access.WALK):
        raise Invalid("person_not_found", "没有这个接班人。", field="receiver_id")
    found: User = User.objects.get(pk=receiver_id)
    return found


def _area(actor: Actor) -> str:
    return next((area for scope in actor.scopes(access.WALK) for area in scope.areas if area), "")


def _give(actor: Actor, task_id: UUID, at: datetime) -> Task:
    rows = Task.objects.filter(access.own_tasks(actor)).select_related("unit")
    task = access.one(rows, task_id, "task_not_found", lock=True)
    work = Work(actor, task, at, task.state)
    handed = states.after("hand_over", task.state)
    if len(task.members) < 2:  # the rest of a team goes on
        task.state = handed
    open_now = task.stints.filter(user=actor.user_id, ended_at__isnull=True)
    open_now.update(ended_at=Greatest("began_at", Value(at)))
    return work.done("hand_over_task")


def _take(actor: Actor, task: Task, made: HandOver, receiver: UUID) -> None:
    """A task that the clock ended meanwhile is taken by who took over in time: their phone was offline."""
    at = made.acknowledged_at or clock.now()
    in_time = task.ended_at == task.ends_at and states.counts_late(at, task.ends_at, grace())
    alone = task.state == states.State.HANDED_OVER or (task.state == states.State.MISSED and in_time)
    if not alone and not (task.state in states.OPEN and made.giver_id in task.members):
        return
    work = Work(actor, task, at, task.state)
    if alone:
        task.state = states.State.UNDER_WAY if task.started_at else states.after("take_over", task.state)
    if task.members:
        task.members = in_place_of(task.members, made.giver_id, receiver)
    else:
        task.person_id = receiver
    if task.started_at:
        Stint.objects.create(task=task, user_id=receiver, began_at=at)
    work.done("take_over_task")
