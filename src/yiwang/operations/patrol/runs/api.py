"""Tasks over HTTP. What one does on a task comes from the phone as commands (`commands.py`)."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from ninja import Query, Status

from yiwang.core import clock
from yiwang.core.errors import Invalid, NotFound
from yiwang.core.forms import queries as forms
from yiwang.core.http.routes import ActingRequest, Router
from yiwang.operations.patrol import access
from yiwang.operations.patrol.models import Stop
from yiwang.operations.patrol.runs import actions, handing_over, present, queries
from yiwang.operations.patrol.runs.handing_over import NewHandOver
from yiwang.operations.patrol.runs.queries import Asked
from yiwang.operations.patrol.runs.schemas import (
    CancelIn,
    HandOverIn,
    HandOverOut,
    HandOverPage,
    PatrolBoard,
    PatrolCoverage,
    PatrolTaskOut,
    PatrolTaskPage,
    PointFilled,
    ReassignIn,
    TaskFilters,
)

router = Router(tags=["patrol"])
MOST_DAYS = 62


def asked(filters: TaskFilters) -> Asked:
    """The filters as the queries take them. Raises Invalid `span_too_long`."""
    since, until = (filters.day, filters.day) if filters.day else (filters.since, filters.until)
    _bounded(since, until)
    return Asked(
        since=since,
        until=until,
        state=filters.state or "",
        unit_id=filters.unit,
        area=filters.area or "",
        person_id=filters.person,
        plan_id=filters.plan,
        inspection_id=filters.inspection,
        mine=filters.mine,
    )


def _bounded(since: date | None, until: date | None) -> None:
    if since and until and (until - since).days > MOST_DAYS:
        raise Invalid("span_too_long", f"一次最多看 {MOST_DAYS} 天。", field="until", most=MOST_DAYS)


@router.get("/patrol/tasks", permission=access.VIEW, response=PatrolTaskPage)
def list_patrol_tasks(
    request: ActingRequest,
    filters: Query[TaskFilters],
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> object:
    """Tasks that the person may see, the latest first."""
    found = queries.list_page(request.actor, asked(filters), after=after, limit=limit)
    return {"items": present.rows(request.actor, found.items), "next": found.next}


@router.get("/patrol/board", permission=access.VIEW, response=PatrolBoard)
def show_patrol_board(request: ActingRequest, filters: Query[TaskFilters]) -> object:
    """Figures by day and unit; of the last seven days when no days are named."""
    wanted = filters
    if not (filters.day or filters.since):
        wanted = filters.model_copy(update={"since": clock.today() - timedelta(days=6)})
    if not (wanted.day or wanted.until):
        wanted = wanted.model_copy(update={"until": clock.today()})
    return {"items": present.board(queries.board(request.actor, asked(wanted)))}


@router.get("/patrol/coverage", permission=access.VIEW, response=PatrolCoverage)
def show_patrol_coverage(
    request: ActingRequest, since: date, until: date, area: Annotated[str, Query(max_length=15)] = ""
) -> object:
    """How often the places of the plans were visited in some days, and how much of the streets was walked."""
    _bounded(since, until)
    return present.coverage(queries.covered(request.actor, since, until, area))


@router.get("/patrol/tasks/{uuid:task_id}", permission=access.VIEW, response=PatrolTaskOut)
def show_patrol_task(request: ActingRequest, task_id: UUID) -> object:
    """One task with its stops and what was found."""
    return present.detail(request.actor, queries.task(request.actor, task_id))


@router.get(
    "/patrol/tasks/{uuid:task_id}/filled/{uuid:point_id}", permission=access.VIEW, response=PointFilled
)
def show_filled_at_point(request: ActingRequest, task_id: UUID, point_id: UUID) -> object:
    """The form as it was filled at a stop."""
    task = queries.task(request.actor, task_id)
    stop = Stop.objects.filter(task=task, pk=point_id).select_related("filled__form_version").first()
    if stop is None or stop.filled is None:
        raise NotFound("not_filled", "这里还没有填写检查表。")
    return {"point_id": stop.pk, "filled": forms.shown(request.actor, stop.filled)}


@router.post("/patrol/tasks/{uuid:task_id}/cancel", permission=access.EDIT, response=PatrolTaskOut)
def cancel_patrol_task(request: ActingRequest, task_id: UUID, payload: CancelIn) -> object:
    """Call a task off, with a reason."""
    task = actions.cancel(request.actor, task_id, note=payload.note)
    return present.detail(request.actor, queries.task(request.actor, task.pk))


@router.post("/patrol/tasks/{uuid:task_id}/reassign", permission=access.EDIT, response=PatrolTaskOut)
def reassign_patrol_task(request: ActingRequest, task_id: UUID, payload: ReassignIn) -> object:
    """Give a task that has not begun to somebody else."""
    task = actions.reassign(request.actor, task_id, payload.person_id)
    return present.detail(request.actor, queries.task(request.actor, task.pk))


@router.get("/patrol/hand-overs", permission=access.VIEW, response=HandOverPage)
def list_hand_overs(
    request: ActingRequest,
    open: bool = False,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> object:
    """Hand-overs of one's own and of those whom one oversees, the newest first."""
    found = queries.hand_overs(request.actor, open_only=open, after=after, limit=limit)
    return {"items": present.hand_overs(request.actor, found.items), "next": found.next}


@router.post("/patrol/hand-overs", permission=access.WALK, response={201: HandOverOut})
def hand_over(request: ActingRequest, payload: HandOverIn) -> object:
    """Hand one's unfinished tasks over."""
    new = NewHandOver(tuple(payload.task_ids), payload.note, tuple(payload.open_items), payload.receiver_id)
    made = handing_over.hand_over(request.actor, new)
    return Status(201, present.hand_overs(request.actor, [made])[0])


@router.post(
    "/patrol/hand-overs/{uuid:hand_over_id}/acknowledge", permission=access.WALK, response=HandOverOut
)
def acknowledge_hand_over(request: ActingRequest, hand_over_id: UUID) -> object:
    """Take over what the shift before left."""
    made = handing_over.acknowledge(request.actor, hand_over_id)
    return present.hand_overs(request.actor, [made])[0]
