"""Cases over HTTP: parse, access, one action or query, reply."""

import math
from uuid import UUID

from ninja import Query, Status

from yiwang.core import clock
from yiwang.core.errors import Invalid
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router
from yiwang.operations.cases import access, actions, answers, present, queries, store
from yiwang.operations.cases.asking import CaseFilters
from yiwang.operations.cases.bulk import router as bulk
from yiwang.operations.cases.categories.api import router as categories
from yiwang.operations.cases.erasure_api import router as erasing
from yiwang.operations.cases.evidence_api import router as evidence
from yiwang.operations.cases.lifecycle.api import router as lifecycles
from yiwang.operations.cases.printing.api import router as printing
from yiwang.operations.cases.schemas import (
    ActionIn,
    CaseDetail,
    CaseIn,
    CaseMap,
    CasePage,
    LifecycleOut,
    People,
    Summary,
    ToldIn,
)

router = Router(tags=["cases"])
router.add_router("", bulk)
router.add_router("", printing)
router.add_router("", categories)
router.add_router("", erasing)
router.add_router("", evidence)
router.add_router("", lifecycles)


@router.get("/cases", permission=access.VIEW, response=CasePage)
def list_cases(
    request: ActingRequest,
    filters: Query[CaseFilters],
    sort: str = queries.NEWEST_FIRST,
    after: str | None = None,
    limit: int = 50,
) -> object:
    """Cases that the person may see, a page at a time; the first comes with their number, counted up to a cap.

    `sort` names up to three columns, each with `-` for descending: `street,-due_at`.
    """
    found, total = queries.list_page(request.actor, filters.chosen(), sort=sort, after=after, limit=limit)
    now = clock.now()
    mine = queries.to_decide(request.actor, (case for case, _ in found.items))
    rows = [
        {**present.row(request.actor, case, picture, now), "to_decide": mine.get(case.pk, "")}
        for case, picture in found.items
    ]
    return {"items": rows, "next": found.next, "total": total}


@router.post("/cases", permission=SIGNED_IN, response={201: CaseDetail})
def open_case(request: ActingRequest, payload: CaseIn) -> object:
    """Report something that is wrong; which opening applies is the lifecycle's to say (403 when none does)."""
    case = actions.open_case(request.actor, payload.new())
    return Status(201, present.detail(request.actor, store.read_for(request.actor, case.pk)))


@router.get("/cases/summary", permission=access.VIEW, response=Summary)
def summarise_cases(request: ActingRequest) -> object:
    """The figures of the workbench."""
    return queries.summary(request.actor)


@router.get("/cases/lifecycle", permission=SIGNED_IN, response=LifecycleOut)
def show_lifecycle(request: ActingRequest) -> object:
    """The lifecycle table under which cases are opened now."""
    return present.lifecycle(queries.current_table())


@router.get("/cases/map", permission=access.VIEW, response=CaseMap)
def map_cases(request: ActingRequest, bbox: str, filters: Query[CaseFilters]) -> object:
    """Cases in a box "west,south,east,north" (degrees) as GeoJSON."""
    found, truncated = queries.on_map(request.actor, filters.chosen(), box_of(bbox))
    now = clock.now()
    return {"features": [present.point(case, now) for case in found], "truncated": truncated}


@router.get("/cases/{uuid:case_id}", permission=access.VIEW, response=CaseDetail)
def show_case(request: ActingRequest, case_id: UUID) -> object:
    """One case with its history and what this person can do with it."""
    return present.detail(request.actor, store.read_for(request.actor, case_id))


@router.post("/cases/{uuid:case_id}/actions", permission=access.VIEW, response=CaseDetail)
def advance_case(request: ActingRequest, case_id: UUID, payload: ActionIn) -> object:
    """Take one step; 409 with what happened when somebody else was first."""
    case = actions.advance(
        request.actor,
        case_id,
        verb=payload.verb,
        expected_version=payload.expected_version,
        given=payload.given(),
    )
    return present.detail(request.actor, store.read_for(request.actor, case.pk))


@router.get("/cases/{uuid:case_id}/people", permission=access.VIEW, response=People)
def list_people_for_step(request: ActingRequest, case_id: UUID, verb: str = "") -> object:
    """The people who can be named in a step of the case."""
    return {"items": queries.people_for(request.actor, case_id, verb)}


@router.post(
    "/cases/{uuid:case_id}/answers/{int:answer_id}/told", permission=answers.TELL, response=CaseDetail
)
def note_told(request: ActingRequest, case_id: UUID, answer_id: int, payload: ToldIn) -> object:
    """Note that whoever reported the case was told what became of it."""
    answers.tell(request.actor, case_id, min(answer_id, 2**63 - 1), payload.note)
    return present.detail(request.actor, store.read_for(request.actor, case_id))


def box_of(text: str) -> tuple[float, float, float, float]:
    """Four finite numbers west < east, south < north; Invalid `bad_bbox` otherwise."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid("bad_bbox", "地图范围应为：西,南,东,北。", field="bbox") from error
    sane = all(math.isfinite(part) for part in (west, south, east, north))
    if not sane or not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Invalid("bad_bbox", "地图范围应为：西,南,东,北。", field="bbox")
    return west, south, east, north
