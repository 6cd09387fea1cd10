"""Special inspections over HTTP."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Status
from pydantic import Field

from yiwang.core.http.paging import page
from yiwang.core.http.routes import ActingRequest, Router
from yiwang.operations.patrol import access
from yiwang.operations.patrol.inspections import actions, present, queries, rectifying
from yiwang.operations.patrol.inspections.schemas import (
    InspectionIn,
    InspectionItems,
    InspectionOut,
    InspectionPage,
    PopulationIn,
    RecheckIn,
    RectificationIn,
    RectificationOut,
    Rectifications,
    RectifiedIn,
    ReportIn,
    SamplingIn,
    State,
    TeamsIn,
    VersionIn,
)
from yiwang.operations.patrol.models import Inspection, Rectification

router = Router(tags=["patrol"])
ONE = "/patrol/inspections/{uuid:inspection_id}"


def shown(request: ActingRequest, inspection: Inspection) -> object:
    """An inspection whole."""
    return present.detail(request.actor, inspection)


@router.get("/patrol/inspections", permission=access.VIEW, response=InspectionPage)
def list_inspections(
    request: ActingRequest,
    state: State | None = None,
    q: Annotated[str, Query(max_length=80)] = "",
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> object:
    """Special inspections of one's units and areas, the newest first."""
    found = queries.list_page(request.actor, state=state or "", q=q, after=after, limit=limit)
    return {"items": present.rows(found.items), "next": found.next}


@router.post("/patrol/inspections", permission=access.LEAD, response={201: InspectionOut})
def make_inspection(request: ActingRequest, payload: InspectionIn) -> object:
    """Begin an inspection with what it is about."""
    return Status(201, shown(request, actions.make(request.actor, payload.new(), payload.id)))


@router.get(ONE, permission=access.VIEW, response=InspectionOut)
def show_inspection(request: ActingRequest, inspection_id: UUID) -> object:
    """One inspection with its teams, results and figures."""
    rows = access.inspections_for(request.actor)
    return shown(request, access.one(rows, inspection_id, "inspection_not_found"))


@router.put(ONE, permission=access.LEAD, response=InspectionOut)
def change_inspection(request: ActingRequest, inspection_id: UUID, payload: InspectionIn) -> object:
    """Change what it is about, until it runs."""
    version = payload.expected_version
    return shown(
        request, actions.change(request.actor, inspection_id, payload.new(), expected_version=version)
    )


@router.get(f"{ONE}/items", permission=access.VIEW, response=InspectionItems)
def list_inspection_items(
    request: ActingRequest,
    inspection_id: UUID,
    drawn: bool = False,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> object:
    """The population, or the sample alone."""
    rows = access.inspections_for(request.actor)
    inspection = access.one(rows, inspection_id, "inspection_not_found")
    items = inspection.items.select_related("unit")
    if drawn:
        found = page(items.filter(drawn__isnull=False), keys=("drawn", "id"), after=after, limit=limit)
    else:
        found = page(items, keys=("id",), after=after, limit=limit)
    return {"items": [present.item(one) for one in found.items], "next": found.next}


@router.put(f"{ONE}/population", permission=access.LEAD, response=InspectionOut)
def put_inspection_population(request: ActingRequest, inspection_id: UUID, payload: PopulationIn) -> object:
    """Say what the sample is drawn from."""
    version, wanted = payload.expected_version, payload.wanted()
    made = actions.put_population(request.actor, inspection_id, wanted, expected_version=version)
    return shown(request, made)


@router.post(f"{ONE}/sample", permission=access.LEAD, response=InspectionOut)
def draw_inspection_sample(request: ActingRequest, inspection_id: UUID, payload: SamplingIn) -> object:
    """Draw the sample; each draw is on the record with its seed."""
    version, wanted = payload.expected_version, payload.wanted()
    return shown(request, actions.draw(request.actor, inspection_id, wanted, expected_version=version))


@router.post(f"{ONE}/run", permission=access.LEAD, response=InspectionOut)
def run_inspection(request: ActingRequest, inspection_id: UUID, payload: TeamsIn) -> object:
    """Send the teams."""
    version, teams = payload.expected_version, payload.wanted()
    return shown(request, actions.run(request.actor, inspection_id, teams, expected_version=version))


@router.post(f"{ONE}/report", permission=access.LEAD, response=InspectionOut)
def report_inspection(request: ActingRequest, inspection_id: UUID, payload: ReportIn) -> object:
    """Close it with a report."""
    version, said = payload.expected_version, payload.conclusion
    return shown(
        request, actions.report(request.actor, inspection_id, conclusion=said, expected_version=version)
    )


@router.post(f"{ONE}/cancel", permission=access.LEAD, response=InspectionOut)
def cancel_inspection(request: ActingRequest, inspection_id: UUID, payload: VersionIn) -> object:
    """Call it off."""
    version = payload.expected_version
    return shown(request, actions.cancel(request.actor, inspection_id, expected_version=version))


def order_shown(request: ActingRequest, made: Rectification) -> object:
    """An order as its reader sees it, whichever way it was reached."""
    rows = Rectification.objects.select_related("unit", "stop__task__inspection__unit")
    return present.rectification(request.actor, rows.get(pk=made.pk))


@router.post(
    "/patrol/points/{uuid:point_id}/rectification", permission=access.LEAD, response={201: RectificationOut}
)
def order_rectification(request: ActingRequest, point_id: UUID, payload: RectificationIn) -> object:
    """Order what is wrong at a point of an inspection to be put right."""
    return Status(201, order_shown(request, rectifying.order(request.actor, point_id, payload.wanted())))


@router.get("/patrol/rectifications", permission=access.VIEW, response=Rectifications)
def list_rectifications(
    request: ActingRequest,
    state: Annotated[str, Field(max_length=10)] = "",
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> object:
    """Orders of the inspections that one sees, and those to one's own units, the newest first."""
    rows = rectifying.orders_for(request.actor)
    if state:
        rows = rows.filter(state=state)
    found = page(rows, keys=("-ordered_at", "-id"), after=after, limit=limit)
    return {
        "items": [present.rectification(request.actor, one) for one in found.items],
        "next": found.next,
    }


@router.post(
    "/patrol/rectifications/{uuid:rectification_id}/report", permission=access.WALK, response=RectificationOut
)
def report_rectified(request: ActingRequest, rectification_id: UUID, payload: RectifiedIn) -> object:
    """The unit says what it did."""
    version, result = payload.expected_version, payload.result
    made = rectifying.report_done(request.actor, rectification_id, result=result, expected_version=version)
    return order_shown(request, made)


@router.post(
    "/patrol/rectifications/{uuid:rectification_id}/recheck",
    permission=access.LEAD,
    response=RectificationOut,
)
def recheck_rectified(request: ActingRequest, rectification_id: UUID, payload: RecheckIn) -> object:
    """Somebody looked again."""
    made = rectifying.recheck(
        request.actor,
        rectification_id,
        passed=payload.passed,
        note=payload.note,
        expected_version=payload.expected_version,
    )
    return order_shown(request, made)
