"""A case as the wire shows it: labels, lights, links, and personal fields masked for those who may not see them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.deadlines.models import Deadline
from yiwang.core.files import queries as files
from yiwang.operations.cases import queries, rules
from yiwang.operations.cases.lifecycle import Decision, FormField, Label, Table
from yiwang.operations.cases.listing import Listed, Point, row_of
from yiwang.operations.cases.models import Answer, Approval, Case, CasePhoto, Request, Step, Task
from yiwang.operations.cases.rules import Chosen
from yiwang.operations.cases.store import Whole

TASK_STATES: dict[str, Label] = {
    Task.State.WAITING: {"zh": "待接单", "en": "Waiting"},
    Task.State.RUNNING: {"zh": "进行中", "en": "Running"},
    Task.State.DONE: {"zh": "已完成", "en": "Done"},
    Task.State.FAILED: {"zh": "未通过", "en": "Failed"},
    Task.State.UNABLE: {"zh": "无法办理", "en": "Unable"},
    Task.State.CANCELLED: {"zh": "已取消", "en": "Cancelled"},
}
TASK_KINDS: dict[str, Label] = {
    Task.Kind.HANDLE: {"zh": "处置", "en": "Handling"},
    Task.Kind.CHECK: {"zh": "核查", "en": "Check"},
    Task.Kind.VERIFY: {"zh": "核实", "en": "Verification"},
    Task.Kind.SIGN: {"zh": "会签", "en": "Countersigning"},
    Task.Kind.SUPERVISE: {"zh": "督办", "en": "Supervision"},
}
# What the form shows for a field of a step.
INPUTS = {
    "note": "text",
    "photos": "photos",
    "condition_id": "condition",
    "unit_id": "unit",
    "assist_ids": "units",
    "user_id": "person",
    "until": "date",
    "to_state": "choice",
    "kind": "choice",
    "score": "score",
    "main_case_id": "case",
}
VIEW_REPORTER = "cases.view_reporter"
# Steps that no row of the table makes.
OUTSIDE_TABLE: dict[str, Label] = {
    "take_over": {"zh": "机构承接", "en": "Taken over by the successor"},
    "erase_reporter": {"zh": "抹除报案人信息", "en": "Reporter's values erased"},
}


def row(actor: Actor, case: Listed, picture: UUID | None, now: datetime) -> dict[str, Any]:
    """One row of a list, with the file of its picture; asks the database nothing."""
    return {
        "id": case.pk,
        "number": case.number,
        "state": case.state,
        "state_label": queries.table(case.lifecycle_id).states[case.state].label,
        "group": case.group,
        "category": {
            "key": case.category_key,
            "zh": case.category_zh,
            "en": case.category_en,
            "kind": case.category_kind,
        },
        "description": case.description,
        "address": case.address,
        "street": case.street or "",
        "community": case.community or "",
        "source": case.source,
        "reported_at": case.reported_at,
        "registered_at": case.registered_at,
        "ended_at": case.ended_at,
        "due_at": case.due_at,
        "light": queries.light(case, now),
        "unit": {"id": case.unit_id, "name": case.unit_name} if case.unit_id else None,
        "thumbnail_url": files.thumbnail(actor, picture) if picture else None,
        "rework_count": case.rework_count,
        "pending_request": case.pending_request,
        "version": case.version,
        "lon": case.lon,
        "lat": case.lat,
    }


def detail(actor: Actor, whole: Whole) -> dict[str, Any]:
    """Everything of one case, with the actions that this person can take."""
    dossier, photos = whole.dossier, whole.photos
    case, now = dossier.case, clock.now()
    table = queries.table_of(case)
    facts = dossier.facts(now, today=clock.today())
    clocks = [clock_row(item, table, now) for item in dossier.clocks]
    units = {task.pk: task.unit for task in dossier.tasks}
    actions = rules.allowed(table, facts, actor)
    told = reporter(actor, case)
    return {
        **row(actor, row_of(case), first_picture(photos), now),
        "place": case.place,
        "condition": case.condition_snapshot,
        "reporter": told,
        "occurred_at": case.occurred_at,
        "warn_at": case.warn_at,
        "suspended_until": case.suspended_until,
        "satisfaction": case.satisfaction,
        "urged_count": case.urged_count,
        "exempt": case.exempt,
        "main_case": related(queries.main_of(actor, case)),
        "bound": [related(item) for item in queries.seen(actor, whole.bound)],
        "photos": [photo(actor, item) for item in photos],
        "tasks": [task(item, clocks) for item in dossier.tasks],
        "clocks": clocks,
        "requests": requests(actor, whole, table),
        "answers": [answer(item, table) for item in whole.answers] if told else [],
        "timeline": [step(item, table) for item in whole.steps],
        "actions": [action(item, units) for item in actions],
        "to_decide": min(
            (item.row.request for item in actions if item.row.decision is Decision.APPROVE), default=""
        ),
    }


def first_picture(photos: list[CasePhoto]) -> UUID | None:
    """The file of the first picture; evidence of a request shows no place."""
    shown = (item.file_id for item in photos if item.slot != rules.EVIDENCE and item.file.is_image)
    return next(shown, None)


def related(case: Case | None) -> dict[str, Any] | None:
    """Another case, as this one names it."""
    if case is None:
        return None
    state = queries.table(case.lifecycle_id).states[case.state]
    return {"id": case.pk, "number": case.number, "description": case.description, "state_label": state.label}


def unit(item: Unit | None) -> dict[str, Any] | None:
    """A unit as a row shows it."""
    return {"id": item.pk, "name": item.short_name} if item else None


def reporter(actor: Actor, case: Case) -> dict[str, Any] | None:
    """Who told us: plain for those who may see it, masked for everybody else."""
    known = getattr(case, "reporter", None)
    if known is None:
        return None
    if known.erased_at is not None:
        return {"name": "", "phone": "", "masked": True, "erased_at": known.erased_at}
    if actor.is_system or any(
        rules.reaches_area(scope, case.area_code) for scope in actor.scopes(VIEW_REPORTER)
    ):
        return {"name": known.name, "phone": known.phone, "masked": False, "erased_at": None}
    return {
        "name": rules.masked_name(known.name),
        "phone": rules.masked_phone(known.phone),
        "masked": True,
        "erased_at": None,
    }


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


def answer(item: Answer, table: Table) -> dict[str, Any]:
    """What the reporter is to be told, or was; the outcome worded as the step that ended the case."""
    ending = next((row.label for row in table.transitions if row.verb == item.outcome), None)
    return {
        "id": item.pk,
        "number": item.of_case.number,
        "outcome": item.outcome,
        "outcome_label": ending or {"zh": item.outcome, "en": item.outcome},
        "text": item.text,
        "at": item.at,
        "told_at": item.told_at,
        "told_by": item.told_by_name,
        "told_note": item.told_note,
    }


def clock_row(item: Deadline, table: Table, now: datetime) -> dict[str, Any]:
    """One run of a clock; its light as it is now, or as it was when it stopped."""
    at = item.stopped_at or now
    stages = {**TASK_KINDS, **{key: state.label for key, state in table.states.items()}}
    return {
        "id": item.pk,
        "stage": item.stage,
        "label": stages.get(item.stage, {"zh": item.stage, "en": item.stage}),
        "task_id": item.part_id,
        "started_at": item.started_at,
        "warn_at": item.warn_at,
        "due_at": item.due_at,
        "stopped_at": item.stopped_at,
        "remaining_s": None if item.remaining_us is None else item.remaining_us // 1_000_000,
        "light": queries.light_of(item.warn_at, item.due_at, at),
    }


def task(item: Task, clocks: list[dict[str, Any]]) -> dict[str, Any]:
    """A task with its state in words and its latest clock."""
    mine = [clock for clock in clocks if clock["task_id"] == item.pk]
    return {
        "id": item.pk,
        "kind": item.kind,
        "kind_label": TASK_KINDS[item.kind],
        "state": item.state,
        "state_label": TASK_STATES[item.state],
        "unit": unit(item.unit),
        "is_main": item.is_main,
        "topic": item.topic,
        "instruction": item.instruction,
        "result": item.result,
        "assignee": item.assignee_name,
        "opened_at": item.opened_at,
        "started_at": item.started_at,
        "ended_at": item.ended_at,
        "clock": mine[-1] if mine else None,
    }


def requests(actor: Actor, whole: Whole, table: Table) -> list[dict[str, Any]]:
    """The requests with their decisions, level by level, and their evidence."""
    tasks = {item.pk: item for item in whole.dossier.tasks}
    found = []
    for item in whole.dossier.requests:
        evidence = [p for p in whole.photos if p.seq == item.seq and p.slot == rules.EVIDENCE]
        about = tasks.get(item.task_id) if item.task_id else None
        found.append(
            {
                **request(item, table, [made for made in whole.approvals if made.request_id == item.pk]),
                "unit": unit(about.unit) if about else None,
                "evidence": [photo(actor, p) for p in evidence],
            }
        )
    return found


def request(item: Request, table: Table, approvals: list[Approval]) -> dict[str, Any]:
    """A request and what became of it."""
    policy = table.requests[item.kind]
    last = approvals[-1] if approvals else None
    return {
        "id": item.pk,
        "task_id": item.task_id,
        "kind": item.kind,
        "kind_label": policy.label,
        "state": item.state,
        "reason": item.reason,
        "until": item.until,
        "asked_by": item.asked_by_name,
        "asked_at": item.asked_at,
        "level": item.level,
        "of": len(policy.approvals),
        "levels": [level.label for level in policy.approvals],
        "decisions": [
            {
                "level": made.level,
                "label": policy.approvals[min(made.level, len(policy.approvals)) - 1].label,
                "approved": made.approved,
                "by": made.by_name,
                "at": made.at,
                "note": made.note,
            }
            for made in approvals
        ],
        "decided_by": last.by_name if last else "",
        "decided_at": item.ended_at,
        "decision_note": last.note if last else "",
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
        "on_behalf_of": item.on_behalf_of,
        "task_id": item.task_id,
        "at": item.at,
        "note": item.note,
        "data": item.data,
    }


def action(chosen: Chosen, units: Mapping[UUID, Unit | None]) -> dict[str, Any]:
    """A button and what its form asks for; `unit` says whose task it is where there may be several."""
    item = chosen.row
    about = chosen.task.id if chosen.task else chosen.asked.task_id if chosen.asked else None
    return {
        "verb": item.verb,
        "label": item.label,
        "style": "default" if item.is_beside else item.style,
        "group": "beside" if item.is_beside else "request" if item.request else "step",
        "task_id": about,
        "request_id": chosen.asked.id if chosen.asked else None,
        "unit": unit(units.get(about)) if about else None,
        "fields": [form_field(wanted) for wanted in item.fields],
        "hint": item.hint,
    }


def form_field(wanted: FormField) -> dict[str, Any]:
    """What a step asks for, and by which kind of input."""
    return {
        "name": wanted.name,
        "input": INPUTS.get(wanted.name, "text"),
        "required": wanted.required,
        "label": wanted.label,
        "slot": wanted.slot,
        "slots": list(wanted.slots),
        "options": [{"value": value, "label": label} for value, label in wanted.options],
    }


def point(case: Point, now: datetime) -> dict[str, Any]:
    """A case as a GeoJSON feature."""
    return {
        "geometry": {"coordinates": (case.lon, case.lat)},
        "properties": {
            "id": case.pk,
            "number": case.number,
            "state": case.state,
            "group": case.group,
            "category": case.category_key,
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
                "ends": list(t.ends()),
                "permission": t.permission,
                "style": t.style,
                "request": t.request,
                "decision": t.decision,
            }
            for t in table.transitions
        ],
        "requests": [
            {
                "kind": policy.kind,
                "label": policy.label,
                "blocks": policy.blocks,
                "approvals": [{"label": a.label, "permission": a.permission} for a in policy.approvals],
            }
            for policy in table.requests.values()
        ],
    }


def _verb_label(item: Step, table: Table) -> Label:
    found = [t for t in table.transitions if t.verb == item.verb]
    fitting = [t for t in found if item.from_state in t.start or not item.from_state]
    if not found:
        return OUTSIDE_TABLE.get(item.verb, {"zh": item.verb, "en": item.verb})
    return (fitting or found)[0].label
