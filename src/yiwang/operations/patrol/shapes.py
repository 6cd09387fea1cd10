"""Shapes that several parts of this room use on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from yiwang.core.http.schemas import Out

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Note = Annotated[str, Field(max_length=500)]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-89, le=89)]
Metres = Annotated[float, Field(ge=0, le=100_000)]
AreaCode = Annotated[str, Field(pattern=r"^\d{6}(\d{3}(\d{3}([0-9Z]\d{2})?)?)?$")]
FormKey = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9_.]*$")]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
Grade = Literal["A", "B", "C"]


class PatrolUnit(Out):
    """A unit."""

    id: int
    name: str


class PatrolPerson(Out):
    """A person."""

    id: UUID
    name: str


class AreaRef(Out):
    """An area by its code, and what it is called."""

    code: str
    name: str
    name_en: str


class PatrolShape(Out):
    """A point or a line, GeoJSON, EPSG:4326."""

    type: Literal["Point", "LineString"]
    coordinates: list[Any]


class CaseRef(Out):
    """A case that was opened by a finding."""

    id: UUID
    number: str
    state: str
    group: str
    category: str
    category_en: str
    address: str


class FindingOut(Out):
    """A problem that was found, and its case."""

    point_id: UUID | None
    case: CaseRef
    handled_at_once: bool
    found_by: str
    found_at: datetime
