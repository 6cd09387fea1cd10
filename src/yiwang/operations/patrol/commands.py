"""What a phone may do on patrol, also while it is offline. A command's id is the id of what it makes."""

from typing import Any
from uuid import UUID

from ninja import Schema

from yiwang.core.actor import Actor
from yiwang.core.commands.declare import CommandKind, Moment
from yiwang.operations.cases.models import Case
from yiwang.operations.patrol import access
from yiwang.operations.patrol.calls import actions as calls
from yiwang.operations.patrol.calls.api import STATES
from yiwang.operations.patrol.calls.schemas import AnswerBody
from yiwang.operations.patrol.models import Stop, Task
from yiwang.operations.patrol.runs import actions, filling, handing_over
from yiwang.operations.patrol.runs.handing_over import NewHandOver
from yiwang.operations.patrol.runs.schemas import (
    CheckInBody,
    FillBody,
    FindingBody,
    FinishBody,
    HandOverIn,
    TaskBody,
)


class AcknowledgeBody(Schema):
    """Taking over what the shift before left."""

    hand_over_id: UUID


def start(actor: Actor, _command_id: UUID, body: TaskBody, moment: Moment) -> dict[str, Any]:
    """Begin a task."""
    return told(actions.start(actor, body.task_id, moment.occurred_at))


def check_in(actor: Actor, _command_id: UUID, body: CheckInBody, moment: Moment) -> dict[str, Any]:
    """Be at a stop."""
    stop = actions.check_in(
        actor,
        body.task_id,
        body.point_id,
        lon=body.lon,
        lat=body.lat,
        accuracy_m=body.accuracy_m,
        at=moment.occurred_at,
    )
    return told_of_stop(stop)


def fill(actor: Actor, command_id: UUID, body: FillBody, moment: Moment) -> dict[str, Any]:
    """Fill the form at a stop."""
    stop = filling.fill(
        actor,
        body.task_id,
        body.point_id,
        form=body.form,
        version=body.version,
        answers=body.answers,
        filled_id=command_id,
        at=moment.occurred_at,
    )
    return told_of_stop(stop)


def find(actor: Actor, command_id: UUID, body: FindingBody, moment: Moment) -> dict[str, Any]:
    """Report something wrong, or that it was put right at once; the case has the command's id."""
    case = body.case.model_copy(update={"id": command_id, "occurred_at": moment.occurred_at})
    found = actions.find(actor, body.task_id, case.new(), stop_id=body.point_id, at=moment.occurred_at)
    return {**told_of_case(found.case), "task_id": body.task_id}


def finish(actor: Actor, _command_id: UUID, body: FinishBody, moment: Moment) -> dict[str, Any]:
    """End a task."""
    return told(actions.finish(actor, body.task_id, note=body.note, at=moment.occurred_at))


def hand_over(actor: Actor, command_id: UUID, body: HandOverIn, moment: Moment) -> dict[str, Any]:
    """Hand unfinished tasks over."""
    new = NewHandOver(tuple(body.task_ids), body.note, tuple(body.open_items), body.receiver_id)
    made = handing_over.hand_over(actor, new, hand_over_id=command_id, at=moment.occurred_at)
    return {"id": made.pk}


def acknowledge(actor: Actor, _command_id: UUID, body: AcknowledgeBody, moment: Moment) -> dict[str, Any]:
    """Take over."""
    return {"id": handing_over.acknowledge(actor, body.hand_over_id, moment.occurred_at).pk}


def answer_call(actor: Actor, _command_id: UUID, body: AnswerBody, moment: Moment) -> dict[str, Any]:
    """Answer a call, or arrive."""
    row = calls.answer(
        actor,
        body.call_id,
        STATES[body.answer],
        note=body.note,
        lon=body.lon,
        lat=body.lat,
        accuracy_m=body.accuracy_m,
        at=moment.occurred_at,
    )
    return {"call_id": row.call_id, "state": row.state, "arrived_by": row.arrived_by}


def told_of_case(case: Case) -> dict[str, Any]:
    """What `cases.report` tells of a case, so that a step can go on from its version."""
    return {"id": case.pk, "number": case.number, "version": case.version, "state": case.state}


def told(task: Task) -> dict[str, Any]:
    """What the phone shows of a task until it reads it again."""
    return {
        "task_id": task.pk,
        "state": task.state,
        "done_count": task.done_count,
        "points_count": task.stops_count,
    }


def told_of_stop(stop: Stop) -> dict[str, Any]:
    """What the phone shows of a stop until it reads its task again."""
    return {
        "task_id": stop.task_id,
        "point_id": stop.pk,
        "within": stop.within,
        "distance_m": round(stop.distance_m, 1) if stop.distance_m is not None else None,
        "filled": stop.filled_id is not None,
        "passed": stop.passed,
    }


def _kind(key: str, zh: str, en: str, body: type[Schema], run: Any) -> CommandKind:
    return CommandKind(f"patrol.{key}", {"zh": zh, "en": en}, body, run, access.WALK)


COMMANDS = (
    _kind("start", "开始巡查", "Begin a patrol", TaskBody, start),
    _kind("check_in", "到点打卡", "Check in at a point", CheckInBody, check_in),
    _kind("fill", "填写检查表", "Fill a checklist", FillBody, fill),
    _kind("finding", "上报发现的问题", "Report a finding", FindingBody, find),
    _kind("finish", "结束巡查", "End a patrol", FinishBody, finish),
    _kind("hand_over", "交班", "Hand over", HandOverIn, hand_over),
    _kind("take_over", "接班", "Take over", AcknowledgeBody, acknowledge),
    _kind("answer_call", "应答呼叫", "Answer a call", AnswerBody, answer_call),
)
