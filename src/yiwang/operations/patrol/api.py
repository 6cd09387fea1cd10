"""Patrols over HTTP: plans, tasks, special inspections, calls, and what a phone keeps of them."""

from datetime import date

from yiwang.core import clock
from yiwang.core.http.routes import ActingRequest, Router
from yiwang.core.http.schemas import Out
from yiwang.operations.patrol import access
from yiwang.operations.patrol.calls import present as calling
from yiwang.operations.patrol.calls.api import router as calls
from yiwang.operations.patrol.calls.queries import open_for
from yiwang.operations.patrol.calls.schemas import CallOut
from yiwang.operations.patrol.inspections.api import router as inspections
from yiwang.operations.patrol.plans.api import router as plans
from yiwang.operations.patrol.runs import present, queries
from yiwang.operations.patrol.runs.api import router as runs
from yiwang.operations.patrol.runs.schemas import HandOverOut, PatrolForm, PatrolTaskOut

router = Router(tags=["patrol"])
router.add_router("", plans)
router.add_router("", runs)
router.add_router("", inspections)
router.add_router("", calls)

MOST_HAND_OVERS = 20


class PatrolPacket(Out):
    """What a phone keeps for today: own tasks with their points, the forms that they ask for, calls to answer, and
    hand-overs that wait."""

    day: date
    tasks: list[PatrolTaskOut]
    forms: list[PatrolForm]
    calls: list[CallOut]
    hand_overs: list[HandOverOut]


@router.get("/patrol/mine", permission=access.WALK, response=PatrolPacket)
def show_my_patrol(request: ActingRequest) -> object:
    """What a phone keeps for today."""
    actor = request.actor
    tasks = queries.mine_today(actor)
    versions = {form: present.version_of(form) for form in sorted({task.form for task in tasks})}
    waiting = queries.hand_overs(actor, open_only=True, after=None, limit=MOST_HAND_OVERS)
    handed = present.hand_overs(actor, waiting.items)
    return {
        "day": clock.today(),
        "tasks": present.details(actor, tasks),
        "forms": [{"key": form, "version": version} for form, version in versions.items() if version],
        "calls": calling.calls(actor, open_for(actor)),
        "hand_overs": [one for one in handed if one["may_acknowledge"]],
    }
