"""Positions on the wire: WGS 84 in degrees, metres, metres per second, degrees from north, per cent."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from yiwang.core.http.schemas import Out

Moment = Annotated[
    AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC))
]
MOST_POINTS = 500


class PositionIn(Schema):
    """A position of one's own."""

    at: Moment
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    accuracy_m: float | None = Field(None, ge=0, le=1_000_000)
    speed_mps: float | None = Field(None, ge=0, le=400)
    heading: float | None = Field(None, ge=0, le=360)
    battery: int | None = Field(None, ge=0, le=100)


class PositionsIn(Schema):
    """A batch of a phone. `sent_at` by its clock: a wrong one is put right by its difference to ours."""

    device_id: UUID
    sent_at: Moment
    items: list[PositionIn] = Field(min_length=1, max_length=MOST_POINTS)


class PositionsTaken(Out):
    """What became of them. `refused` counts by reason: off_duty, in_future, too_old, no_place."""

    kept: int
    repeated: int
    refused: dict[str, int]


class Whose(Out):
    """Somebody."""

    id: UUID
    name: str


class LastOut(Out):
    """Where somebody on duty is."""

    user: Whose
    unit: str
    shift: str
    until: datetime
    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None
    speed_mps: float | None
    heading: float | None
    battery: int | None
    skills: list[str]


class LastPositions(Out):
    """The newest first; `truncated` when there were more than are told."""

    at: datetime
    items: list[LastOut]
    truncated: bool


class NearOut(Out):
    """Somebody on duty near a point, and how far away in metres."""

    user: Whose
    unit: str
    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None
    distance_m: float
    shift: str
    skills: list[str]


class NearPeople(Out):
    """The nearest first."""

    items: list[NearOut]


class VertexOut(Out):
    """A point of a drawn trail."""

    at: datetime
    lon: float
    lat: float


class StopOut(Out):
    """Where somebody stayed."""

    begins: datetime
    ends: datetime
    lon: float
    lat: float


class TrailOut(Out):
    """A person's way. `lines` are parted by gaps and have fewer points than were sent; `positions` says how many those
    are, `filtered` how many more are not believed."""

    user: Whose
    since: datetime
    until: datetime
    lines: list[list[VertexOut]]
    stops: list[StopOut]
    mileage_m: float
    positions: int
    filtered: int


class TrailDays(Out):
    """The days on which somebody has positions, and for how many days they are kept."""

    days: list[date]
    kept_days: int


class TrackedPerson(Out):
    """Somebody whose trail one may view; `fresh`: their place is on the map now."""

    user: Whose
    unit: str
    state: Literal["on_map", "on_duty", "off_duty"]


class TrackedPeople(Out):
    """By unit and name."""

    items: list[TrackedPerson]
