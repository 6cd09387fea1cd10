"""The lifecycle over HTTP: its versions and pictures for everybody, the editor for those who may."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Path, Status

from yiwang.core import clock
from yiwang.core.accounts import queries as accounts
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Everywhere, Router
from yiwang.operations.cases import queries
from yiwang.operations.cases.effects import EFFECTS
from yiwang.operations.cases.lifecycle import edit as lifecycle_edit
from yiwang.operations.cases.lifecycle import svg as lifecycle_svg
from yiwang.operations.cases.lifecycle import versions as lifecycle_versions
from yiwang.operations.cases.lifecycle import words as lifecycle_words
from yiwang.operations.cases.lifecycle.check import Checked
from yiwang.operations.cases.lifecycle.graph import graph
from yiwang.operations.cases.lifecycle.models import FIRST_LOCAL, Lifecycle
from yiwang.operations.cases.lifecycle.schemas import (
    CheckOut,
    DraftIn,
    DraftOut,
    EditIn,
    EditOut,
    Lifecycles,
    LifecycleTable,
    PublishIn,
    TableDifference,
    TableIn,
    Vocabulary,
)
from yiwang.operations.cases.lifecycle.words import Words
from yiwang.operations.cases.rules import CONDITIONS, GUARDS

router = Router(tags=["lifecycles"])

EDIT = Everywhere("cases.edit_lifecycle")
Version = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/lifecycles", permission=SIGNED_IN, response=Lifecycles)
def list_lifecycles(request: ActingRequest) -> object:
    """Every published version with the one in force, and the drafts for those who edit."""
    current = queries.current_table().version
    counts = lifecycle_versions.open_cases()
    may_edit = request.actor.can(EDIT)
    return {
        "current": current,
        "versions": [
            _version(row, current, counts.get(row.version, 0)) for row in lifecycle_versions.published()
        ],
        "drafts": [_draft(row) for row in lifecycle_versions.drafts()] if may_edit else [],
    }


@router.get("/lifecycles/vocabulary", permission=SIGNED_IN, response=Vocabulary)
def show_vocabulary(request: ActingRequest) -> object:
    """Everything that a table may name, in words."""
    words = lifecycle_words
    permissions = accounts.all_permissions().values()
    return {
        "guards": _named(words.GUARD_WORDS, GUARDS),
        "conditions": _named(words.CONDITION_WORDS, CONDITIONS),
        "effects": _named(words.EFFECT_WORDS, EFFECTS),
        "node_effects": list(words.NODE_EFFECTS),
        "permissions": [{"name": item.key, "label": item.label} for item in permissions],
        "fields": [
            {"name": name, "label": {"zh": zh, "en": en}, "input": way}
            for name, (zh, en, way) in words.FIELD_WORDS.items()
        ],
        "slots": _named(words.SLOT_WORDS),
        "task_kinds": _named(words.TASK_KIND_WORDS),
        "task_states": _named(words.TASK_STATE_WORDS),
        "reaches": _named(words.REACH_WORDS),
        "styles": _named(words.STYLE_WORDS),
        "groups": _named(words.GROUP_WORDS),
        "limit_kinds": _named(words.LIMIT_KIND_WORDS),
        "operations": list(lifecycle_edit.OPERATIONS),
    }


@router.post("/lifecycles/check", permission=EDIT, response=CheckOut)
def check_lifecycle(request: ActingRequest, payload: TableIn) -> object:
    """What is wrong with a table, by row and field, and its picture."""
    return _checked(lifecycle_versions.check(payload.table))


@router.post("/lifecycles/edit", permission=EDIT, response=EditOut)
def edit_lifecycle(request: ActingRequest, payload: EditIn) -> object:
    """A table after some operations, looked through; nothing is stored. 422 names the operation that cannot be."""
    table = lifecycle_edit.edited(payload.table, payload.operations)
    return {"table": table, **_checked(lifecycle_versions.check(table))}


@router.put("/lifecycles/drafts/{uuid:draft_id}", permission=EDIT, response=DraftOut)
def save_lifecycle_draft(request: ActingRequest, payload: DraftIn, draft_id: UUID) -> object:
    """Save a draft under an id that the client may have made; 409 says who saved it meanwhile."""
    row = lifecycle_versions.save_draft(
        request.actor,
        draft_id,
        name=payload.name.strip(),
        base=payload.base,
        table=payload.table,
        expected=payload.expected_version,
    )
    return {**_draft(row), "table": row.table}


@router.get("/lifecycles/drafts/{uuid:draft_id}", permission=EDIT, response=DraftOut)
def show_lifecycle_draft(request: ActingRequest, draft_id: UUID) -> object:
    """A draft with its table."""
    row = lifecycle_versions.draft(draft_id)
    return {**_draft(row), "table": row.table}


@router.delete("/lifecycles/drafts/{uuid:draft_id}", permission=EDIT, response={204: None})
def delete_lifecycle_draft(request: ActingRequest, draft_id: UUID) -> object:
    """Throw a draft away."""
    lifecycle_versions.delete_draft(request.actor, draft_id)
    return Status(204, None)


@router.post("/lifecycles", permission=EDIT, response={201: LifecycleTable})
def publish_lifecycle(request: ActingRequest, payload: PublishIn) -> object:
    """Publish the district's own version from a day on; 422 names every fault by its path in the table."""
    row = lifecycle_versions.publish(
        request.actor, payload.table, valid_from=payload.valid_from, note=payload.note, base=payload.base
    )
    if payload.draft is not None:
        lifecycle_versions.delete_draft(request.actor, payload.draft)
    return Status(201, _whole(row))


@router.get("/lifecycles/{int:version}", permission=SIGNED_IN, response=LifecycleTable)
def show_lifecycle_version(request: ActingRequest, version: Version) -> object:
    """One version with its table and its picture."""
    return _whole(lifecycle_versions.get(version))


@router.delete("/lifecycles/{int:version}", permission=EDIT, response=LifecycleTable)
def withdraw_lifecycle(request: ActingRequest, version: Version) -> object:
    """Take a version back whose day has not come."""
    return _whole(lifecycle_versions.withdraw(request.actor, version))


@router.get("/lifecycles/{int:version}/difference", permission=SIGNED_IN, response=TableDifference)
def show_lifecycle_difference(request: ActingRequest, version: Version, other: int | None = None) -> object:
    """What a version says differently from another, by default from the one that it was made from."""
    row = lifecycle_versions.get(version)
    older = lifecycle_versions.get(other or row.base or row.version)
    changes = lifecycle_versions.differences(older.table, row.table)
    return {"old": older.version, "new": row.version, "changes": changes}


@router.get("/lifecycles/{int:version}/diagram.svg", permission=SIGNED_IN, response=None)
def draw_lifecycle(request: ActingRequest, version: Version, lang: str = "zh") -> HttpResponse:
    """The picture of a version as SVG, in Chinese or English."""
    table = queries.table(lifecycle_versions.get(version).version)
    picture = lifecycle_svg.svg(table, "en" if lang == "en" else "zh")
    answer = HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=86400"  # a published version never changes
    return answer


def _checked(checked: Checked) -> dict[str, Any]:
    return {
        "ok": checked.ok,
        "problems": checked.problems,
        "graph": graph(checked.table).as_json() if checked.table else None,
        "situations": checked.walk.situations if checked.walk else 0,
    }


def _whole(row: Lifecycle) -> dict[str, Any]:
    current = queries.current_table().version
    count = lifecycle_versions.open_cases().get(row.version, 0)
    picture = graph(queries.table(row.version)).as_json()
    return {**_version(row, current, count), "table": row.table, "graph": picture}


def _version(row: Lifecycle, current: int, count: int) -> dict[str, Any]:
    is_local = row.version >= FIRST_LOCAL
    number = row.version - FIRST_LOCAL + 1
    name = {"zh": f"本地第 {number} 版", "en": f"Local version {number}"} if is_local else None
    return {
        "version": row.version,
        "edition": row.edition,
        "name": name or {"zh": f"标准版 {row.edition}", "en": f"Shipped edition {row.edition}"},
        "state": _state(row, current),
        "is_local": is_local,
        "valid_from": row.valid_from,
        "base": row.base,
        "note": row.note,
        "published_at": row.published_at,
        "published_by": row.published_by_name,
        "open_cases": count,
    }


def _state(row: Lifecycle, current: int) -> str:
    if row.version == current:
        return "in_force"
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "planned" if row.valid_from is not None and row.valid_from > clock.today() else "past"


def _draft(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "base": row.base,
        "version": row.version,
        "saved_at": row.saved_at,
        "saved_by": row.saved_by_name,
    }


def _named(words: Words, functions: Any = None) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": {"zh": zh, "en": en},
            "about": ((functions[name].__doc__ or "") if functions and name in functions else "").partition(
                "\n"
            )[0],
        }
        for name, (zh, en) in words.items()
    ]
