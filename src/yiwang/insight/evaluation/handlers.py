"""What this room does when it hears of cases: their facts follow."""

from uuid import UUID

from yiwang.core.deadlines.events import DeadlineMoved
from yiwang.core.events.declare import handles
from yiwang.insight.evaluation import actions
from yiwang.operations.cases.events import CaseAdvanced, CaseOpened

CASE = "case"


@handles(CaseOpened)
def follow_opening(event: CaseOpened) -> None:
    """A new case has facts."""
    actions.refresh([UUID(event.case_id)])


@handles(CaseAdvanced)
def follow_step(event: CaseAdvanced) -> None:
    """A step has changed a case."""
    actions.refresh([UUID(event.case_id)])


@handles(DeadlineMoved)
def follow_calendar(event: DeadlineMoved) -> None:
    """Limits run to another time: what is due when has changed."""
    if event.owner_kind == CASE:
        actions.refresh(sorted(set(event.owner_ids)))
