"""A case as the wire shows it: labels, lights, links, and personal fields masked for those who may not see them."""

from datetime import datetime
from typing import Any

from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.files import queries as files
from yiwang.operations.cases import access, queries, rules
from yiwang.operations.cases.lifecycle import Label, Reach, Table, Transition
from yiwang.operations.cases.models import Case, CasePhoto, Category, Request, Step, Task

TASK_STATES: dict[str, Label] = {
    Task.State.WAITING: {"zh": "待接单", "en": "Waiting"},
    Task.State.RUNNING: {"zh": "进行中", "en": "Running"},
    Task.State.DONE: {"zh": "已完成", "en": "Done"},
    Task.State.FAILED: {"zh": "未通过", "en": "Failed"},
    Task.State.CANCELLED: {"zh": "已取消", "en": "Cancelled"},
}
VIEW_REPORTER = "cases.view_reporter"


def rows(actor: Actor, cases: list[Case]) -> list[dict[str, Any]]:
    """The rows of a list; needs what `queries.list_page` has fetched, and asks the database nothing."""
    now = clock.now()
    return [row(actor, case, case.first_photo, now) for case in cases]  # type: ignore[attr-defined]


def row(actor: Actor, case: Case, photos: list[CasePhoto], now: datetime) -> dict[str, Any]:
    """One row of a list."""
    state = queries.table(case.lifecycle_id).states[case.state]
    return {
        "id": case.pk,
        "number": case.number,
        "state": case.state,
        "state_label": state.label,
        "group": case.group,
        "category": category(case.category),
        "description": case.description,
        "address": case.address,
        "street": _place_name(case, "street"),
        "community": _place_name(case, "community"),
        "source": case.source,
        "reported_at": case.reported_at,
        "due_at": case.due_at,
        "light": queries.light(case, now),
        "unit": unit(case.handling_unit),
        "thumbnail_url": files.link(actor, photos[0].file, "thumbnail") if photos else None,
        "rework_count": case.rework_count,
        "pending_request": case.pending_request,
        "version": case.version,
        "lon": case.location.x,
        "lat": case.location.y,
    }


def detail(actor: Actor, case: Case) -> dict[str, Any]:
    """Everything of one case, with the actions that this person can take."""
    table = queries.table(case.lifecycle_id)
    photos = list(case.photos.select_related("file"))
    tasks = list(case.tasks.select_related("unit"))
    steps = list(case.steps.all())
    return {
        **row(actor, case, photos, clock.now()),
        "place": case.place,
        "condition": case.condition_snapshot,
        "reporter": reporter(actor, case),
        "occurred_at": case.occurred_at,
        "registered_at": case.registered_at,
        "ended_at": case.ended_at,
        "warn_at": case.warn_at,
        "photos": [photo(actor, item) for item in photos],
        "tasks": [task(item) for item in tasks],
        "requests": [request(item) for item in case.requests.all()],
        "timeline": [step(item, table) for item in steps],
        "actions": [
            action(item) for item in rules.allowed(table, access.facts_of(case, tasks, steps), actor)
        ],
    }


def category(item: Category) -> dict[str, str]:
    """A category as a row shows it."""
    return {"key": item.key, "zh": item.name_zh, "en": item.name_en, "kind": item.kind}


def unit(item: Unit | None) -> dict[str, Any] | None:
    """A unit as a row shows it."""
    return {"id": item.pk, "name": item.short_name} if item else None


def reporter(actor: Actor, case: Case) -> dict[str, Any] | None:
    """Who told us: plain for those who may see it, masked for everybody else."""
    known = getattr(case, "reporter", None)
    if known is None:
        return None
    if actor.is_system or any(
        rules.reaches(scope, Reach.AREA, rules.Facts(state=case.state, area_code=case.area_code))
        for scope in actor.scopes(VIEW_REPORTER)
    ):
        return {"name": known.name, "phone": known.phone, "masked": False}
    return {"name": rules.masked_name(known.name), "phone": rules.masked_phone(known.phone), "masked": True}


def photo(actor: Actor, item: CasePhoto) -> dict[str, Any]:
    """A picture with its expiring addresses."""
    return {
        "id": item.pk,
        "slot": item.slot,
        "seq": item.seq,
        "url": files.link(actor, item.file, "original"),
        "thumbnail_url": files.link(actor, item.file, "thumbnail"),
        "sha256": item.file.sha256,
        "added_at": item.added_at,
    }


def task(item: Task) -> dict[str, Any]:
    """A task with its state in words."""
    return {
        "id": item.pk,
        "kind": item.kind,
        "state": item.state,
        "state_label": TASK_STATES[item.state],
        "unit": unit(item.unit),
        "assignee": item.assignee_name,
        "opened_at": item.opened_at,
        "started_at": item.started_at,
        "ended_at": item.ended_at,
    }


def request(item: Request) -> dict[str, Any]:
    """A request and what became of it."""
    return {
        "id": item.pk,
        "kind": item.kind,
        "state": item.state,
        "reason": item.reason,
        "asked_by": item.asked_by_name,
        "asked_at": item.asked_at,
        "decided_by": item.decided_by_name,
        "decided_at": item.decided_at,
        "decision_note": item.decision_note,
    }


def step(item: Step, table: Table) -> dict[str, Any]:
    """A row of the history, its verb worded by the table that the case runs on."""
    return {
        "seq": item.seq,
        "verb": item.verb,
        "label": _verb_label(item, table),
        "from_state": item.from_state,
        "to_state": item.to_state,
        "actor": item.actor_name,
        "post": item.post,
        "unit": item.unit_name,
        "at": item.at,
        "note": item.note,
        "data": item.data,
    }


def action(item: Transition) -> dict[str, Any]:
    """A button and what its form asks for."""
    return {
        "verb": item.verb,
        "label": item.label,
        "style": item.style,
        "fields": [
            {"name": f.name, "required": f.required, "label": f.label, "slot": f.slot} for f in item.fields
        ],
        "hint": item.hint,
    }


def point(case: Case, now: datetime) -> dict[str, Any]:
    """A case as a GeoJSON feature."""
    return {
        "geometry": {"coordinates": (case.location.x, case.location.y)},
        "properties": {
            "id": case.pk,
            "number": case.number,
            "state": case.state,
            "group": case.group,
            "category": case.category.key,
            "light": queries.light(case, now),
        },
    }


def lifecycle(table: Table) -> dict[str, Any]:
    """The table in force, for labels and diagrams."""
    return {
        "version": table.version,
        "edition": table.edition,
        "states": [{"key": s.key, "label": s.label, "group": s.group} for s in table.states.values()],
        "transitions": [
            {
                "verb": t.verb,
                "label": t.label,
                "start": list(t.start),
                "end": t.end,
                "permission": t.permission,
                "style": t.style,
            }
            for t in table.transitions
        ],
    }


def _verb_label(item: Step, table: Table) -> Label:
    found = [t for t in table.transitions if t.verb == item.verb]
    fitting = [t for t in found if item.from_state in t.start or not item.from_state]
    return (fitting or found)[0].label if found else {"zh": item.verb, "en": item.verb}


def _place_name(case: Case, level: str) -> str:
    part = case.place.get(level)
    return part["name"] if part else ""
