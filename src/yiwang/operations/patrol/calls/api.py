"""Calls over HTTP."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Status

from yiwang.city.geo.queries import locate
from yiwang.core.errors import Invalid
from yiwang.core.http.routes import ActingRequest, Router
from yiwang.operations.patrol import access
from yiwang.operations.patrol.calls import actions, nearby, present, queries
from yiwang.operations.patrol.calls.nearby import Around
from yiwang.operations.patrol.calls.schemas import (
    AnswerIn,
    CallIn,
    CallOut,
    CallPage,
    EndCallIn,
    MoreIn,
    NearbyPeople,
    NearbyQuery,
)
from yiwang.operations.patrol.models import Call

router = Router(tags=["patrol"])
STATES = {"accept": "accepted", "decline": "declined", "arrived": "arrived"}


def frame_of(bbox: str) -> tuple[float, float, float, float] | None:
    """ "west,south,east,north" in degrees; None for an empty one. Raises Invalid `bad_bbox`."""
    if not bbox:
        return None
    try:
        west, south, east, north = map(float, bbox.split(","))
    except ValueError as error:
        raise Invalid("bad_bbox", "框选范围不对，请重新框选。", field="bbox") from error
    return west, south, east, north


def shown(request: ActingRequest, call: Call) -> object:
    """One call as its reader sees it."""
    rows = Call.objects.select_related("unit", "case")
    return present.calls(request.actor, [rows.get(pk=call.pk)])[0]


@router.get("/patrol/nearby", permission=access.CALL, response=NearbyPeople)
def find_nearby(request: ActingRequest, asked: Query[NearbyQuery]) -> object:
    """Who is there, free, with which skill: best first, with reasons."""
    place = locate(asked.lon, asked.lat)
    if place is None:
        raise Invalid("outside_district", "位置不在本区范围内，请重新选点。", field="lon")
    around = Around(asked.lon, asked.lat, asked.radius_m, frame_of(asked.bbox), asked.skill)
    return {"items": present.suitable(nearby.suitable(request.actor, around, place.unit_grid))}


@router.get("/patrol/calls", permission=access.VIEW, response=CallPage)
def list_calls(
    request: ActingRequest,
    open: bool = False,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> object:
    """Calls that one sees or was called to, the newest first."""
    found = queries.list_page(request.actor, open_only=open, after=after, limit=limit)
    return {"items": present.calls(request.actor, found.items), "next": found.next}


@router.post("/patrol/calls", permission=access.CALL, response={201: CallOut})
def call_people(request: ActingRequest, payload: CallIn) -> object:
    """Call people to a place; they are told at once."""
    return Status(201, shown(request, actions.call(request.actor, payload.new(), payload.id)))


@router.get("/patrol/calls/{uuid:call_id}", permission=access.VIEW, response=CallOut)
def show_call(request: ActingRequest, call_id: UUID) -> object:
    """One call with the board of arrivals."""
    return shown(request, access.one(access.calls_for(request.actor), call_id, "call_not_found"))


@router.post("/patrol/calls/{uuid:call_id}/more", permission=access.CALL, response=CallOut)
def call_more_people(request: ActingRequest, call_id: UUID, payload: MoreIn) -> object:
    """Call further people to the same place."""
    return shown(request, actions.call_more(request.actor, call_id, tuple(payload.people)))


@router.post("/patrol/calls/{uuid:call_id}/answer", permission=access.WALK, response=CallOut)
def answer_call(request: ActingRequest, call_id: UUID, payload: AnswerIn) -> object:
    """Answer at a desk; the phone does it by a command."""
    row = actions.answer(
        request.actor,
        call_id,
        STATES[payload.answer],
        note=payload.note,
        lon=payload.lon,
        lat=payload.lat,
        accuracy_m=payload.accuracy_m,
    )
    return shown(request, row.call)


@router.post("/patrol/calls/{uuid:call_id}/end", permission=access.CALL, response=CallOut)
def end_call(request: ActingRequest, call_id: UUID, payload: EndCallIn) -> object:
    """End a call with what came of it."""
    made = actions.end(
        request.actor, call_id, outcome=payload.outcome, expected_version=payload.expected_version
    )
    return shown(request, made)
