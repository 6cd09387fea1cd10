"""What this room's routes take and give."""

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, field_validator

from yiwang.city.geo.coordinates import Datum
from yiwang.city.geo.layers import Box

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
AreaClass = Literal["A", "B", "C"]
Zoom = Annotated[int, Field(ge=0, le=22)]


class PointQuery(Schema):
    """A point in degrees; `datum` says how a map or device gave it, by default WGS 84."""

    lon: Longitude
    lat: Latitude
    datum: Datum = "wgs84"


class LayerQuery(Schema):
    """`bbox`: "west,south,east,north" in degrees, WGS 84; `zoom`: of the map that shows the layer."""

    bbox: str | None = None
    zoom: Zoom | None = None

    @field_validator("bbox")
    @classmethod
    def _four_numbers(cls, value: str | None) -> str | None:
        if value is not None:
            parse_box(value)
        return value

    @property
    def box(self) -> Box | None:
        """The parsed box."""
        return None if self.bbox is None else parse_box(self.bbox)


def parse_box(text: str) -> Box:
    """ "114.5,30.6,114.6,30.7" as four numbers; ValueError when it is not a box on earth."""
    parts = text.split(",")
    if len(parts) != 4:
        raise ValueError("bbox is west,south,east,north")
    west, south, east, north = (float(part) for part in parts)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("bbox is west,south,east,north in degrees, west before east and south before north")
    return west, south, east, north


class NamedOut(Schema):
    """A division, grid or body."""

    code: str
    name: str
    name_en: str


class DutyPersonOut(Schema):
    """Somebody on duty; `kind` is 1_collector, 2_leader, 3_officer or 4_contractor."""

    kind: str
    user_id: UUID
    name: str
    post: str


class PlaceOut(Schema):
    """What stands at a point; `lon`, `lat` in WGS 84, whatever datum was asked in."""

    lon: float
    lat: float
    district: NamedOut
    street: NamedOut
    community: NamedOut
    unit_grid: str
    duty_grid: NamedOut | None
    duty_person: DutyPersonOut | None
    duty_people: list[DutyPersonOut]
    managing_body: NamedOut | None
    managing_bodies: list[NamedOut]
    area_class: AreaClass | None


class AreaOut(Schema):
    """A division; `parent` is the code of the one above, null for the district.

    `area_class` is the management class set here, `effective_class` the one that counts: the nearest set above.
    """

    code: str
    parent: str | None
    level: str
    kind: str
    name: str
    name_en: str
    area_class: AreaClass | None
    effective_class: AreaClass | None


class AreaClassIn(Schema):
    """The management class of a division; null takes it away, so that the one above counts. `note`: why."""

    area_class: AreaClass | None
    note: str = Field("", max_length=200)


class AreasOut(Schema):
    """All divisions, parents before children."""

    items: list[AreaOut]


class Feature(Schema):
    """A GeoJSON feature; `id` is the code."""

    type: Literal["Feature"]
    id: str
    properties: dict[str, Any]
    geometry: dict[str, Any]


class FeatureCollection(Schema):
    """GeoJSON, EPSG:4326; `truncated` when there was more than one answer holds."""

    type: Literal["FeatureCollection"]
    features: list[Feature]
    truncated: bool
