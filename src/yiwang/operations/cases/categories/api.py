"""Classes, conditions and limits over HTTP: for forms and filters in one answer, and for those who edit them."""

from functools import lru_cache
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Path

from yiwang.core.codes.declare import Label
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Everywhere, Router
from yiwang.operations.cases import access, queries
from yiwang.operations.cases.categories import actions as category_actions
from yiwang.operations.cases.categories import present as category_present
from yiwang.operations.cases.categories import queries as category_queries
from yiwang.operations.cases.categories.actions import Local
from yiwang.operations.cases.categories.schemas import (
    Categories,
    CategoryDetail,
    Choices,
    DifferenceOut,
    EndIn,
    LocalIn,
    LocalRows,
    TextIn,
)

router = Router(tags=["categories"])

EDIT = Everywhere("cases.edit_categories")
Key = Annotated[str, Path(max_length=80)]


@router.get("/categories", permission=SIGNED_IN, response=Categories)
def list_categories(request: ActingRequest) -> object:
    """Every class that can be chosen today with its filing conditions; 304 when `If-None-Match` still fits."""
    stamp = category_queries.stamp()
    tag = f'"{stamp}"'
    if tag in request.headers.get("If-None-Match", ""):
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(_document(stamp), content_type="application/json; charset=utf-8")
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@router.get("/categories/local", permission=EDIT, response=LocalRows)
def list_local_versions(request: ActingRequest) -> object:
    """Every class that has a version of the district's own, the last change first."""
    return {"items": category_present.local_rows()}


@router.get("/categories/{key}", permission=SIGNED_IN, response=CategoryDetail)
def show_category(request: ActingRequest, key: Key) -> object:
    """A class with all its versions, shipped and local, each with its conditions and limits."""
    return category_present.detail(category_queries.versions(key))


@router.put("/categories/{key}/local", permission=EDIT, response=CategoryDetail)
def save_local_version(request: ActingRequest, payload: LocalIn, key: Key) -> object:
    """Write the district's own version from a day on; 422 names every field at fault, 409 says who was first.

    A key that is not there yet makes a class of the district's own.
    """
    category_actions.save_local(request.actor, key, local_of(payload), queries.current_table())
    return category_present.detail(category_queries.versions(key))


@router.post("/categories/{key}/local/end", permission=EDIT, response=CategoryDetail)
def end_local_version(request: ActingRequest, payload: EndIn, key: Key) -> object:
    """From a day on the shipped edition counts again."""
    category_actions.end_local(request.actor, key, payload.valid_from, note=payload.note)
    return category_present.detail(category_queries.versions(key))


@router.delete("/categories/{key}/local/{int:version}", permission=EDIT, response=CategoryDetail)
def withdraw_local_version(
    request: ActingRequest, key: Key, version: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> object:
    """Take back a version whose day has not come."""
    category_actions.withdraw(request.actor, key, version)
    return category_present.detail(category_queries.versions(key))


@router.get("/categories/{key}/difference", permission=SIGNED_IN, response=DifferenceOut)
def show_difference(request: ActingRequest, key: Key) -> object:
    """What the district's own version and the newest shipped edition say differently, and which of them moved."""
    return category_present.difference(category_queries.versions(key))


@router.get("/cases/{uuid:case_id}/conditions", permission=access.VIEW, response=Choices)
def list_conditions_of_case(request: ActingRequest, case_id: UUID) -> object:
    """The conditions that this case may be registered under today, each with the limit that holds at its place."""
    case = access.get_case_for(request.actor, case_id)
    book = category_queries.rulebook()
    return {"items": book.conditions(case.category, case.place.get("area_class"))}


@lru_cache(maxsize=2)
def _document(stamp: str) -> bytes:
    """The answer's bytes, made once per process and stamp."""
    items = [category_present.described(row) for row in category_queries.current_categories()]
    return Categories.model_validate({"items": items}).model_dump_json().encode()


def local_of(payload: LocalIn) -> Local:
    """The payload as the action takes it: texts without outer spaces, the English one filled in."""
    conditions = [row.model_dump() for row in payload.conditions]
    for row in conditions:
        row["text"], row["closing"] = _text(row["text"]), _text(row["closing"])
        row["handling"] = _text(row["handling"])
    requests = {kind: rule.model_dump(exclude_defaults=True) for kind, rule in payload.requests.items()}
    return Local(
        valid_from=payload.valid_from,
        name=_label(payload.name),
        usual_unit=payload.usual_unit,
        conditions=conditions,
        expected_version=payload.expected_version,
        note=payload.note.strip(),
        major=payload.major,
        synonyms=tuple(dict.fromkeys(payload.synonyms)),
        active=payload.active,
        requests={kind: _worded(rule) for kind, rule in requests.items() if rule},
    )


def _label(text: TextIn) -> Label:
    return Label(**_text(text.model_dump()))


def _text(text: dict[str, str]) -> dict[str, str]:
    zh = text["zh"].strip()
    return {"zh": zh, "en": text.get("en", "").strip() or zh}


def _worded(rule: dict[str, object]) -> dict[str, object]:
    levels = rule.get("also")
    if isinstance(levels, list):
        rule["also"] = [{**level, "label": _text(level["label"])} for level in levels]
    return rule
