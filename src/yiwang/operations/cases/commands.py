"""What a phone may do with cases, also while it is offline: report one, and take a step."""

from typing import Any
from uuid import UUID

from pydantic import Field

from yiwang.core.actor import Actor
from yiwang.core.commands.declare import CommandKind, Doubt, Moment
from yiwang.core.commands.queries import builds_on_nothing, result_of
from yiwang.operations.cases import actions
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.rules.late import Late
from yiwang.operations.cases.schemas import ActionIn, CaseIn


class StepIn(ActionIn):
    """One step of a case. `after`: an earlier command with a step of the same case, whose version it goes on from;
    without it, `expected_version` is the version that the person was looking at."""

    case_id: UUID
    after: UUID | None = None
    expected_version: int = Field(0, ge=0, le=2**31 - 1)


def report(actor: Actor, command_id: UUID, body: CaseIn, moment: Moment) -> dict[str, Any]:
    """Open a case, under the command's own id."""
    claim = {"id": command_id, "occurred_at": moment.occurred_at}
    return told(actions.open_case(actor, body.model_copy(update=claim).new()))


def step(actor: Actor, _command_id: UUID, body: StepIn, moment: Moment) -> dict[str, Any]:
    """Take one step."""
    version = _version_after(actor, body.after, body.case_id) if body.after else body.expected_version
    late = Late(
        moment.claimed_at, moment.occurred_at, moment.received_at, doubtful=moment.doubt is Doubt.BOUNDED
    )
    return told(
        actions.advance(
            actor, body.case_id, verb=body.verb, expected_version=version, given=body.given(), late=late
        )
    )


def _version_after(actor: Actor, command_id: UUID, case_id: UUID) -> int:
    """The version to which an earlier command brought the case. Raises Conflict `builds_on_nothing`."""
    result = result_of(actor, command_id)
    if result.get("id") != str(case_id) or not isinstance(result.get("version"), int):
        raise builds_on_nothing(command_id)
    version: int = result["version"]
    return version


def told(case: Case) -> dict[str, Any]:
    """What the phone shows of it until it reads it again."""
    return {"id": case.pk, "number": case.number, "version": case.version, "state": case.state}


COMMANDS = (
    CommandKind("cases.report", {"zh": "上报案件", "en": "Report a case"}, CaseIn, report),
    CommandKind("cases.advance", {"zh": "办理案件", "en": "Take a step"}, StepIn, step),
)
