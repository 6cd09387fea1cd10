"""What a row of a list shows of a case. A case is wide and lists are asked for more than anything else, so the row is
read as it is shown, by statements that are kept (`core.prepared`)."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BooleanField, F, FloatField, Func, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KT

from yiwang.core.ids import uuid7
from yiwang.core.prepared import Prepared, at_once
from yiwang.operations.cases.models import Case, CasePhoto
from yiwang.operations.cases.rules import EVIDENCE


class Listed(NamedTuple):
    """A case as a list shows it. `lon` and `lat` in degrees; street and community as they were named at the time."""

    pk: UUID
    number: str
    state: str
    group: str
    lifecycle_id: int
    category_key: str
    category_zh: str
    category_en: str
    category_kind: str
    description: str
    address: str
    street: str | None
    community: str | None
    lon: float
    lat: float
    source: str
    reported_at: datetime
    registered_at: datetime | None
    ended_at: datetime | None
    warn_at: datetime | None
    due_at: datetime | None
    unit_id: int | None
    unit_name: str | None
    rework_count: int
    pending_request: str
    version: int


class Point(NamedTuple):
    """A case as the map shows it."""

    pk: UUID
    number: str
    state: str
    group: str
    category_key: str
    warn_at: datetime | None
    due_at: datetime | None
    lon: float
    lat: float


# Where a column is not simply the case's own. Two numbers for the place: a geometry would cost many times as much.
ELSEWHERE = {
    "category_key": F("category__key"),
    "category_zh": F("category__name_zh"),
    "category_en": F("category__name_en"),
    "category_kind": F("category__kind"),
    "street": KT("place__street__name"),
    "community": KT("place__community__name"),
    "lon": Func("location", function="ST_X", output_field=FloatField()),
    "lat": Func("location", function="ST_Y", output_field=FloatField()),
    "unit_id": F("handling_unit_id"),
    "unit_name": F("handling_unit__short_name"),
}
AMONG = [uuid7()]


def shaped(cases: "QuerySet[Case]", shape: type[Listed] | type[Point]) -> "QuerySet[Case, tuple[Any, ...]]":
    """The values of cases in the order of a shape."""
    names = shape._fields
    return cases.annotate(**{name: ELSEWHERE[name] for name in names if name in ELSEWHERE}).values_list(
        *names
    )


def _rows(keys: list[UUID]) -> "QuerySet[Case, tuple[Any, ...]]":
    among = RawSQL('"cases_case"."id" = any(%s)', [keys], output_field=BooleanField())
    return shaped(Case.objects.filter(among), Listed)


def _covers(keys: list[UUID]) -> "QuerySet[CasePhoto, tuple[Any, ...]]":
    among = RawSQL("case_id = any(%s)", [keys], output_field=BooleanField())
    photos = CasePhoto.objects.filter(among, file__media_type__startswith="image/").exclude(slot=EVIDENCE)
    return photos.order_by("case_id", "id").distinct("case_id").values_list("case_id", "file_id")


ROWS = Prepared(_rows, AMONG)
COVERS = Prepared(_covers, AMONG)


def listed(keys: list[UUID]) -> list[tuple[Listed, UUID | None]]:
    """The rows of these cases in this order, each with the file of its first picture; evidence of a request is none."""
    if not keys:
        return []
    with at_once():
        rows, covers = ROWS.ask(keys), COVERS.ask(keys)
        found = {row[0]: Listed(*row) for row in rows()}
        pictures = dict(covers())
    return [(found[key], pictures.get(key)) for key in keys]


def row_of(case: Case) -> Listed:
    """The row of a case that is in memory."""
    unit, place = case.handling_unit, case.place
    given: dict[str, Any] = {
        "category_key": case.category.key,
        "category_zh": case.category.name_zh,
        "category_en": case.category.name_en,
        "category_kind": case.category.kind,
        "street": (place.get("street") or {}).get("name"),
        "community": (place.get("community") or {}).get("name"),
        "lon": case.location.x,
        "lat": case.location.y,
        "unit_id": case.handling_unit_id,
        "unit_name": unit.short_name if unit else None,
    }
    return Listed(**{name: given[name] if name in given else getattr(case, name) for name in Listed._fields})
