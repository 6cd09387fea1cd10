"""Reads the folder in which a district is declared: its divisions, points, outline, units, posts, managing bodies.

Pure: files in, frozen dataclasses out. Adding a district is adding such a folder.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import shapely

from yiwang.city.geo.cut.plan import CommunityPlan, DistrictPlan, StreetPlan

LEVEL_OF_DIGITS = {6: "district", 9: "street", 12: "community"}
SHARE_OF_LAND = {"community": 0.25, "village": 1.0, "settlement": 0.8}
"""How much of its street's land a community takes beside a village's 1: a rough guess by kind."""


class BrokenFolder(Exception):
    """A district's folder cannot be used; the message names file and row."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A division. `code` 6, 9 or 12 digits; `level` district, street or community; `kind` finer than the level."""

    code: str
    parent: str
    level: str
    kind: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of the organisation; `parent` is a unit's code or empty; `area_code` the division it serves or empty."""

    code: str
    parent: str
    kind: str
    name: str
    name_en: str
    short_name: str
    area_code: str
    handles_cases: bool


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post in a unit."""

    unit: str
    key: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A managing body: of whole `areas`, or of the communities of `within` whose middle lies in `outline`."""

    code: str
    name: str
    name_en: str
    unit: str | None
    areas: tuple[str, ...]
    within: str
    outline: shapely.Polygon | None
    valid_from: date | None
    valid_to: date | None
    basis: dict[str, str]
    verified: bool


@dataclass(frozen=True, slots=True)
class District:
    """All that a district's folder declares. `points`: lon/lat (EPSG:4326) of each unit of street level."""

    outline: shapely.Polygon
    areas: tuple[AreaRow, ...]
    points: dict[str, tuple[float, float]]
    units: tuple[UnitRow, ...]
    posts: tuple[PostRow, ...]
    managing_bodies: tuple[BodyRow, ...]

    @property
    def code(self) -> str:
        """The district's own code, 6 digits."""
        return self.areas[0].code

    def plan(self) -> DistrictPlan:
        """What is to be cut where no surveyed geometry is at hand."""
        return DistrictPlan(
            self.code, self.outline, tuple(self._street(a) for a in self.areas if a.level == "street")
        )

    def _street(self, street: AreaRow) -> StreetPlan:
        members = (area for area in self.areas if area.parent == street.code)
        communities = (CommunityPlan(a.code, a.kind == "community", SHARE_OF_LAND[a.kind]) for a in members)
        return StreetPlan(street.code, *self.points[street.code], tuple(communities))


def read_district(folder: Path) -> District:
    """The district declared in `folder`. Raises BrokenFolder when codes, parents or points do not fit together."""
    feature = json.loads((folder / "outline.geojson").read_text(encoding="utf-8"))
    areas = tuple(AreaRow(**row) for row in _rows(folder / "areas.csv"))
    points = {row["code"]: (float(row["lon"]), float(row["lat"])) for row in _rows(folder / "points.csv")}
    _check_areas(areas, points)
    units = tuple(_unit(row) for row in _rows(folder / "units.csv"))
    posts = tuple(PostRow(**row) for row in _rows(folder / "posts.csv"))
    _check_units(units, posts)
    bodies = json.loads((folder / "managing_bodies.json").read_text(encoding="utf-8"))["managing_bodies"]
    outline = shapely.Polygon(feature["geometry"]["coordinates"][0])
    return District(outline, areas, points, units, posts, tuple(_body(body) for body in bodies))


def folder_digest(folder: Path) -> str:
    """SHA-256, hexadecimal, over the files of a district's folder."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV file; lines at its head that begin with # are remarks."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def _unit(row: dict[str, str]) -> UnitRow:
    handles = row.pop("handles_cases")
    if handles not in ("0", "1"):
        raise BrokenFolder(f"units.csv: {row['code']}: handles_cases must be 0 or 1, not {handles!r}")
    return UnitRow(**row, handles_cases=handles == "1")


def _body(body: dict[str, Any]) -> BodyRow:
    outline, since, until = body.get("outline"), body["valid_from"], body["valid_to"]
    return BodyRow(
        code=str(body["code"]),
        name=str(body["name"]),
        name_en=str(body["name_en"]),
        unit=None if body["unit"] is None else str(body["unit"]),
        areas=tuple(body.get("areas", ())),
        within=str(body.get("within", "")),
        outline=None if outline is None else shapely.Polygon(outline),
        valid_from=None if since is None else date.fromisoformat(str(since)),
        valid_to=None if until is None else date.fromisoformat(str(until)),
        basis=dict(body["basis"]),
        verified=bool(body["verified"]),
    )


def _check_areas(areas: tuple[AreaRow, ...], points: dict[str, tuple[float, float]]) -> None:
    """Parents come before their children, codes begin with their parent's, each street has a point."""
    seen: set[str] = set()
    for area in areas:
        if (
            LEVEL_OF_DIGITS.get(len(area.code)) != area.level
            or not area.code.isdecimal()
            or area.code in seen
        ):
            raise BrokenFolder(f"areas.csv: {area.code} is not a new code of level {area.level}")
        if seen and (area.parent not in seen or not area.code.startswith(area.parent)):
            raise BrokenFolder(f"areas.csv: {area.code} does not lie in {area.parent!r}")
        if area.level == "street" and area.code not in points:
            raise BrokenFolder(f"points.csv: no point for {area.code}")
        seen.add(area.code)


def _check_units(units: tuple[UnitRow, ...], posts: tuple[PostRow, ...]) -> None:
    """Parents come before their children, and every post's unit exists."""
    seen = {""}
    for unit in units:
        if unit.parent not in seen or unit.code in seen:
            raise BrokenFolder(f"units.csv: {unit.code}: its parent must stand above it, and it only once")
        seen.add(unit.code)
    strangers = sorted({post.unit for post in posts} - seen)
    if strangers:
        raise BrokenFolder(f"posts.csv: no such unit: {', '.join(strangers)}")
