"""The versions of the lifecycle: which one holds on a day, how a district publishes its own, and the drafts.

A shipped version holds until the district publishes one; then the district's own holds from its day on, whatever is
shipped later. A published version never changes; cases keep the one under which they were opened.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from yiwang.core import clock
from yiwang.core.accounts import queries as accounts
from yiwang.core.accounts.models import Assignment
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.codes import queries as codes
from yiwang.core.errors import Conflict, Invalid, NotFound
from yiwang.core.events import actions as events
from yiwang.core.locks import hold
from yiwang.core.prepared import Prepared
from yiwang.operations.cases.events import LifecyclePublished
from yiwang.operations.cases.lifecycle import check as lifecycle_check
from yiwang.operations.cases.lifecycle.check import Checked, Known
from yiwang.operations.cases.lifecycle.models import FIRST_LOCAL, Lifecycle, LifecycleDraft
from yiwang.operations.cases.lifecycle.shape import Data
from yiwang.operations.cases.models import Case

LOCAL = "local"
ONE_AT_A_TIME = "cases.lifecycle"


def in_force(on: date | None = None) -> int | None:
    """The version under which cases are opened on a day (today when None); None when there is none. One query."""
    found = IN_FORCE.first(on or clock.today())
    return found[0] if found else None


def _in_force(day: date) -> QuerySet[Lifecycle, tuple[int]]:
    local = Q(version__gte=FIRST_LOCAL, valid_from__lte=day, withdrawn_at__isnull=True)
    rows = Lifecycle.objects.filter(Q(version__lt=FIRST_LOCAL) | local)
    newest = rows.order_by(F("valid_from").desc(nulls_last=True), "-version")
    return newest.values_list("version")[:1]


IN_FORCE = Prepared(_in_force, date.max)


def published() -> QuerySet[Lifecycle]:
    """Every version that was ever published, the newest first, without its table."""
    return Lifecycle.objects.defer("table").order_by("-version")


def get(version: int) -> Lifecycle:
    """One version with its table. Raises: NotFound `unknown_version`."""
    row = Lifecycle.objects.filter(pk=version).first()
    if row is None:
        raise NotFound("unknown_version", "没有这个流程版本。", version=version)
    return row


def open_cases() -> Mapping[int, int]:
    """How many open cases run under each version."""
    rows = Case.objects.filter(group="open").order_by().values_list("lifecycle_id").annotate(n=Count("pk"))
    return dict(rows)


def known_names() -> Known:
    """What a table may name in this installation: permissions, those that somebody holds today, case sources."""
    held = Assignment.objects.filter(accounts.in_force(clock.today())).values_list(
        "role__permissions", flat=True
    )
    sources = frozenset(item.code for item in codes.table("case_sources").items)
    return Known(frozenset(accounts.all_permissions()), frozenset().union(*held.distinct()), sources)


def check(data: Data) -> Checked:
    """Look through a table as `publish` does."""
    return lifecycle_check.check(data, known_names())


@transaction.atomic
def publish(actor: Actor, data: Data, *, valid_from: date, note: str, base: int) -> Lifecycle:
    """Publish the district's own version, from a day on, until a later one begins.

    A version that begins on the same day is withdrawn for it; cases opened under it keep it.
    Raises Invalid `lifecycle_broken` with every fault by its path in the table, `in_the_past`, NotFound for the base.
    Effects: audit entry, `lifecycle.published`.
    """
    hold(ONE_AT_A_TIME)
    get(base)
    if valid_from < clock.today():
        raise Invalid("in_the_past", "启用日期不能早于今天。", field="valid_from")
    last = Lifecycle.objects.order_by("-version").values_list("version", flat=True).first() or 0
    version = max(last + 1, FIRST_LOCAL)
    table = {**data, "version": version, "edition": LOCAL}
    _demand_sound(check(table))
    same_day = Lifecycle.objects.filter(valid_from=valid_from, withdrawn_at__isnull=True)
    same_day.update(withdrawn_at=clock.now())
    row = Lifecycle.objects.create(
        version=version,
        edition=LOCAL,
        table=table,
        valid_from=valid_from,
        base=base,
        note=note,
        published_by=actor.user_id,
        published_by_name=actor.name,
    )
    _tell(
        actor, "cases.publish_lifecycle", row, {"base": base}, {"valid_from": str(valid_from), "note": note}
    )
    return row


@transaction.atomic
def withdraw(actor: Actor, version: int) -> Lifecycle:
    """Take a version back whose day has not come.

    Raises NotFound `unknown_version`, Conflict `version_in_force` when its day has come or it is a shipped one.
    """
    hold(ONE_AT_A_TIME)
    row = get(version)
    if row.withdrawn_at is not None:
        raise NotFound("unknown_version", "这个版本已撤回。", version=version)
    if row.valid_from is None or row.valid_from <= clock.today():
        raise Conflict("version_in_force", "这个版本已经启用，不能撤回；请发布新的版本。", version=version)
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    _tell(actor, "cases.withdraw_lifecycle", row, {"valid_from": str(row.valid_from)}, {"withdrawn": True})
    return row


def drafts() -> QuerySet[LifecycleDraft]:
    """The drafts, the one saved last first, without their tables."""
    return LifecycleDraft.objects.defer("table")


def draft(draft_id: UUID) -> LifecycleDraft:
    """One draft. Raises: NotFound `unknown_draft`."""
    row = LifecycleDraft.objects.filter(pk=draft_id).first()
    if row is None:
        raise NotFound("unknown_draft", "没有这个草稿，可能已被删除。")
    return row


@transaction.atomic
def save_draft(
    actor: Actor, draft_id: UUID, *, name: str, base: int, table: Data, expected: int
) -> LifecycleDraft:
    """Save a draft, sound or not; a new one when there is none of that id (`expected` 0).

    Raises NotFound for the base, Conflict `draft_changed` with who saved it meanwhile. Writes an audit entry.
    """
    hold(f"{ONE_AT_A_TIME}.draft:{draft_id}")
    get(base)
    row = LifecycleDraft.objects.filter(pk=draft_id).first() or LifecycleDraft(id=draft_id, version=0)
    if row.version != expected:
        raise Conflict(
            "draft_changed",
            f"{row.saved_by_name}刚刚保存过这个草稿，请先看最新内容。",
            version=row.version,
            actor=row.saved_by_name,
            at=row.saved_at.isoformat(),
        )
    row.name, row.base, row.table, row.version = name, base, table, expected + 1
    row.saved_at, row.saved_by, row.saved_by_name = clock.now(), actor.user_id, actor.name
    row.save()
    audit.record(
        actor,
        action="cases.save_lifecycle_draft",
        object_type="lifecycle_draft",
        object_id=str(row.pk),
        before={"version": expected} if expected else None,
        after={"version": row.version, "name": name, "base": base},
    )
    return row


@transaction.atomic
def delete_draft(actor: Actor, draft_id: UUID) -> None:
    """Throw a draft away. Raises: NotFound `unknown_draft`. Writes an audit entry with its name."""
    row = draft(draft_id)
    audit.record(
        actor,
        action="cases.delete_lifecycle_draft",
        object_type="lifecycle_draft",
        object_id=str(row.pk),
        before={"name": row.name, "version": row.version},
        after=None,
    )
    row.delete()


def differences(old: Data, new: Data) -> list[dict[str, Any]]:
    """What two tables say differently, row by row: `{where, row, field, old, new}`; a row that one lacks is None.

    Rows of `transitions` are matched by verb and, where that is not one row, by their first state.
    """
    found = []
    for where in ("states", "transitions", "requests", "limits", "marks"):
        before, after = _rows(old, where), _rows(new, where)
        for row in [*before, *(name for name in after if name not in before)]:
            one, other = before.get(row), after.get(row)
            if one is None or other is None:
                found.append({"where": where, "row": row, "field": "", "old": one, "new": other})
                continue
            names = [*one, *(name for name in other if name not in one)]
            found += [
                {"where": where, "row": row, "field": name, "old": one.get(name), "new": other.get(name)}
                for name in names
                if one.get(name) != other.get(name)
            ]
    return found


def _rows(table: Data, where: str) -> dict[str, Data]:
    rows = table.get(where, {})
    if isinstance(rows, dict):
        return rows
    if where == "states":
        return {row["key"]: row for row in rows}
    verbs = [row["verb"] for row in rows]
    named: dict[str, Data] = {}
    for row in rows:
        alone = verbs.count(row["verb"]) == 1
        named[row["verb"] if alone else f"{row['verb']} {next(iter(row['from']), '')}".strip()] = row
    return named


def _demand_sound(checked: Checked) -> None:
    if checked.ok:
        return
    faults = [
        Invalid(problem.code, problem.message["zh"], field=problem.path)
        for problem in checked.problems
        if problem.level == lifecycle_check.ERROR
    ]
    raise Invalid("lifecycle_broken", "流程表有需要改正的地方。", fields=tuple(faults))


def _tell(actor: Actor, action: str, row: Lifecycle, before: Data, after: Data) -> None:
    audit.record(
        actor,
        action=action,
        object_type="lifecycle",
        object_id=str(row.version),
        before=before,
        after={"version": row.version, **after},
    )
    day = row.valid_from or clock.today()
    events.publish(LifecyclePublished(row.version, day, row.withdrawn_at is not None))
