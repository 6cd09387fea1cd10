"""Plans over HTTP."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Status

from yiwang.core.http.routes import ActingRequest, Router
from yiwang.operations.patrol import access
from yiwang.operations.patrol.plans import actions, queries
from yiwang.operations.patrol.plans.drawing_up import draw_up_plan
from yiwang.operations.patrol.plans.schemas import (
    PlanFilters,
    PlanIn,
    PlanOut,
    PlanPage,
    PlanPreview,
    PlanStateIn,
)

router = Router(tags=["patrol"])


@router.get("/patrol/plans", permission=access.VIEW, response=PlanPage)
def list_patrol_plans(
    request: ActingRequest,
    filters: Query[PlanFilters],
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> object:
    """Plans of one's units and areas, the newest first."""
    found = queries.list_page(request.actor, **filters.dict(), after=after, limit=limit)
    return {"items": queries.rows(found.items), "next": found.next}


@router.post("/patrol/plans", permission=access.EDIT, response={201: PlanOut})
def make_patrol_plan(request: ActingRequest, payload: PlanIn) -> object:
    """Make a plan; its tasks of the days ahead are drawn up at once."""
    plan = actions.make_plan(request.actor, payload.new(), payload.id)
    draw_up_plan(plan)
    return Status(201, queries.detail(request.actor, plan))


@router.get("/patrol/plans/{uuid:plan_id}", permission=access.VIEW, response=PlanOut)
def show_patrol_plan(request: ActingRequest, plan_id: UUID) -> object:
    """One plan with its places."""
    plan = access.one(access.plans_for(request.actor), plan_id, "plan_not_found")
    return queries.detail(request.actor, plan)


@router.put("/patrol/plans/{uuid:plan_id}", permission=access.EDIT, response=PlanOut)
def change_patrol_plan(request: ActingRequest, plan_id: UUID, payload: PlanIn) -> object:
    """Change a plan; 409 when somebody was first. Tasks ahead that nobody touched are drawn up anew."""
    plan = actions.change_plan(
        request.actor, plan_id, payload.new(), expected_version=payload.expected_version
    )
    draw_up_plan(plan)
    return queries.detail(request.actor, plan)


@router.post("/patrol/plans/{uuid:plan_id}/state", permission=access.EDIT, response=PlanOut)
def set_patrol_plan_state(request: ActingRequest, plan_id: UUID, payload: PlanStateIn) -> object:
    """Let a plan rest, go on, or end for good."""
    plan = actions.set_state(request.actor, plan_id, payload.state, expected_version=payload.expected_version)
    draw_up_plan(plan)
    return queries.detail(request.actor, plan)


@router.get("/patrol/plans/{uuid:plan_id}/preview", permission=access.VIEW, response=PlanPreview)
def preview_patrol_plan(request: ActingRequest, plan_id: UUID) -> object:
    """What the coming week will be."""
    plan = access.one(access.plans_for(request.actor), plan_id, "plan_not_found")
    return {"items": queries.preview(plan)}
