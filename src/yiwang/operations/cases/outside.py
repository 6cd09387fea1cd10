"""Steps that no row of the table makes: the state stays, the history gets a row, everybody concerned hears of it."""

from datetime import datetime
from typing import Any

from yiwang.core.actor import Actor, Scope
from yiwang.core.audit import actions as audit
from yiwang.core.events import actions as events
from yiwang.operations.cases import store
from yiwang.operations.cases.actions import audience_of
from yiwang.operations.cases.dossier import Dossier
from yiwang.operations.cases.events import CaseAdvanced
from yiwang.operations.cases.models import Step, Task
from yiwang.operations.cases.steps import step_of


def write_down(
    dossier: Dossier, actor: Actor, verb: str, *, now: datetime, note: str, data: dict[str, Any], **by: Any
) -> Step:
    """Add a step to a locked case that is at hand, save what was changed of it, audit and announce.

    `by` may hold `task` (the Task that it is about) and `scope` (the assignment on which it is done).
    """
    task: Task | None = by.get("task")
    scope: Scope | None = by.get("scope")
    case = dossier.case
    case.version += 1
    step = step_of(
        case, actor, scope, verb=verb, from_state=case.state, task=task, at=now, note=note, data=data
    )
    dossier.add(step)
    store.save(dossier)
    audit.record(
        actor.at(scope),
        action=f"cases.{verb}",
        object_type="case",
        object_id=str(case.pk),
        before={"version": case.version - 1},
        after={"version": case.version, "number": case.number, **data},
    )
    advanced = CaseAdvanced(str(case.pk), case.number, case.version, verb, case.state, case.state)
    events.publish(advanced, audience_of(dossier))
    return step
