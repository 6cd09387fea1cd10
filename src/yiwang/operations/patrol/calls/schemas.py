"""Calls on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from yiwang.core.http.schemas import Out
from yiwang.operations.patrol.calls.actions import MOST_CALLED, NewCall
from yiwang.operations.patrol.shapes import AreaRef, Lat, Lon, Metres, Note, PatrolPerson, PatrolUnit, Version

State = Literal["waiting", "accepted", "declined", "arrived"]


class NearbyQuery(Schema):
    """Around a point within metres, or in a frame "west,south,east,north" (degrees); with a skill or any."""

    lon: Lon
    lat: Lat
    radius_m: Annotated[int, Field(ge=50, le=50_000)] | None = None
    bbox: str = Field("", max_length=120)
    skill: str = Field("", max_length=50)


class CallReason(Out):
    """Something for or against somebody: on_duty, off_duty, skilled, unskilled, free, some_work, busy, distance,
    no_position; `value`: metres or open tasks."""

    code: str
    good: bool
    value: float | None = None


class NearbyPerson(Out):
    """Somebody who could be called, with the reasons; lon/lat of the last position where one is known."""

    person: PatrolPerson
    unit: str
    post: str
    on_duty: bool
    open_tasks: int
    distance_m: float | None
    seen_at: datetime | None
    lon: float | None
    lat: float | None
    skills: list[str]
    reasons: list[CallReason]


class NearbyPeople(Out):
    """Who could be called, best first."""

    items: list[NearbyPerson]


class CallIn(Schema):
    """A call: why, where, whom; for a case where there is one."""

    id: UUID | None = None
    reason: str = Field(max_length=200)
    lon: Lon
    lat: Lat
    people: list[UUID] = Field(max_length=MOST_CALLED)
    address: str = Field("", max_length=300)
    case_id: UUID | None = None
    skill: str = Field("", max_length=50)
    arrival_m: int = Field(100, ge=20, le=2000)

    def new(self) -> NewCall:
        """As the action takes it."""
        return NewCall(**{**self.dict(exclude={"id"}), "people": tuple(self.people)})


class MoreIn(Schema):
    """Further people."""

    people: list[UUID] = Field(min_length=1, max_length=MOST_CALLED)


class EndCallIn(Schema):
    """What came of it."""

    outcome: Note = ""
    expected_version: Version


class AnswerIn(Schema):
    """What somebody answers who was called; with a position, arriving is judged by it."""

    answer: Literal["accept", "decline", "arrived"]
    note: str = Field("", max_length=200)
    lon: Lon | None = None
    lat: Lat | None = None
    accuracy_m: Metres = 0


class CalledOut(Out):
    """Somebody who was called. `arrived_by`: fence or hand; lon/lat of the last position where one is known."""

    person: PatrolPerson
    state: State
    distance_m: float | None
    reasons: list[CallReason]
    note: str
    answered_at: datetime | None
    arrived_at: datetime | None
    arrived_by: str
    lon: float | None
    lat: float | None


class CallOut(Out):
    """A call. `my_state`: what this person answered, where they were called; `may_end`: whether they may end it."""

    id: UUID
    reason: str
    address: str
    area: AreaRef
    lon: float
    lat: float
    unit: PatrolUnit
    case_id: UUID | None
    case_number: str
    skill: str
    arrival_m: int
    called_by: str
    called_at: datetime
    ended_at: datetime | None
    outcome: str
    people: list[CalledOut]
    my_state: State | None
    may_end: bool
    version: int


class CallPage(Out):
    """A page of calls."""

    items: list[CallOut]
    next: str | None


class AnswerBody(AnswerIn):
    """The command of a phone."""

    call_id: UUID
