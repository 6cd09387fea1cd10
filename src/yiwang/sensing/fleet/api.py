"""Positions over HTTP."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from ninja import Query

from yiwang.core import clock
from yiwang.core.errors import Invalid, Refused
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router
from yiwang.sensing.fleet import access, actions, boards, ingest, rules
from yiwang.sensing.fleet.ingest import Point
from yiwang.sensing.fleet.schemas import (
    LastPositions,
    Moment,
    NearPeople,
    PositionsIn,
    PositionsTaken,
    TrackedPeople,
    TrailDays,
    TrailOut,
)

router = Router(tags=["fleet"])

LONGEST = timedelta(days=7)
UnitId = Annotated[int, Query(ge=1, le=2**63 - 1)]


@router.post("/positions", permission=access.SEND, response=PositionsTaken)
def send_positions(request: ActingRequest, payload: PositionsIn) -> object:
    """One's own positions; those of one's time on duty are kept, the others only counted."""
    user_id = request.actor.user_id
    if user_id is None:
        raise Refused("only_people_move", "只有人员可以上传位置。")
    now = clock.now()
    points = [
        Point(
            **{**one.dict(), "at": rules.put_right(one.at, payload.sent_at, now)},
            device_id=payload.device_id,
            claimed_at=one.at,
        )
        for one in payload.items
    ]
    return ingest.take(ingest.person(user_id), points, now)


@router.get("/positions/last", permission=access.VIEW, response=LastPositions)
def list_last_positions(
    request: ActingRequest,
    bbox: Annotated[str, Query(max_length=100, description="west,south,east,north")] = "",
    unit: UnitId | None = None,
) -> object:
    """Where the people of one's units are who are on duty now."""
    return boards.last(request.actor, _box(bbox), unit)


@router.get("/positions/near", permission=access.VIEW, response=NearPeople)
def list_people_near(
    request: ActingRequest,
    lon: Annotated[float, Query(ge=-180, le=180)],
    lat: Annotated[float, Query(ge=-90, le=90)],
    skill: Annotated[str, Query(max_length=60)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> object:
    """Who of the people of one's units is on duty near a point, the nearest first."""
    return {"items": boards.near(request.actor, lon, lat, skill or None, limit)}


@router.get("/positions/people", permission=access.TRAIL, response=TrackedPeople)
def list_tracked_people(request: ActingRequest) -> object:
    """Whose trails one may view."""
    return {"items": boards.tracked(request.actor)}


@router.get("/positions/trails/{uuid:user_id}/days", permission=SIGNED_IN, response=TrailDays)
def list_trail_days(
    request: ActingRequest,
    user_id: UUID,
    first: Annotated[date, Query()],
    last: Annotated[date, Query()],
) -> object:
    """The days on which somebody has a trail; one's own, or of those whose trails one may view."""
    access.get_person_for(request.actor, user_id, access.TRAIL)
    return boards.trail_days(user_id, first, last)


@router.get("/positions/trails/{uuid:user_id}", permission=SIGNED_IN, response=TrailOut)
def show_trail(
    request: ActingRequest,
    user_id: UUID,
    since: Annotated[Moment, Query(alias="from")],
    until: Annotated[Moment, Query(alias="to")],
) -> object:
    """Somebody's way in at most seven days: one's own, or of whom one may view, which is on the record."""
    begin, end = _span(since, until)
    return actions.view_trail(request.actor, user_id, begin, end)


def _span(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    if not timedelta() < until - since <= LONGEST:
        raise Invalid("bad_span", "请选择一段不超过 7 天的时间。", field="to", most_days=LONGEST.days)
    return since, until


def _box(bbox: str) -> tuple[float, float, float, float] | None:
    if not bbox:
        return None
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError as error:
        raise Invalid("bad_bbox", "范围应为 西,南,东,北 四个数。", field="bbox") from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid("bad_bbox", "范围应为 西,南,东,北 四个数。", field="bbox")
    return west, south, east, north
