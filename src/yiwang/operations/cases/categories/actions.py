"""The district's own versions of classes: written, ended, withdrawn. Shipped editions are never touched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.accounts import queries as accounts
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.codes.declare import Confidence, Label, content_digest
from yiwang.core.errors import Conflict, Invalid, NotFound
from yiwang.core.events import actions as events
from yiwang.core.locks import hold
from yiwang.operations.cases.categories import queries as category_queries
from yiwang.operations.cases.categories import rules as category_rules
from yiwang.operations.cases.categories.models import (
    LOCAL_EDITION,
    SCHEME,
    Category,
    CategoryCode,
    ConditionLimit,
    FilingCondition,
)
from yiwang.operations.cases.categories.search import search_text
from yiwang.operations.cases.declare import KEY
from yiwang.operations.cases.events import CategoryChanged
from yiwang.operations.cases.lifecycle import Table

STREET = "street"
OWN_SOURCE = ("本区规定", "The district's own rule")


@dataclass(frozen=True, slots=True)
class Local:
    """A local version to be written; shapes as on the wire (`category_schemas.LocalIn`), limits {kind, amount}."""

    valid_from: date
    name: Label
    usual_unit: str
    conditions: Sequence[Mapping[str, Any]]
    expected_version: int
    note: str = ""
    major: str = ""
    synonyms: tuple[str, ...] = ()
    active: bool = True
    requests: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@transaction.atomic
def save_local(actor: Actor, key: str, new: Local, table: Table) -> Category:
    """Write the district's own version of a class, from a day on, until the next planned one.

    A version that began on the same day gives way; what ran before ends on that day. Registered cases keep what they
    were registered under. `table` is the lifecycle in force: request rules may only be stricter than it.
    Raises Invalid with every field at fault, Conflict `category_changed` when somebody else wrote meanwhile.
    Effects: audit entry, `category.changed`.
    """
    hold(f"cases.category:{key}")
    known = list(Category.objects.filter(key=key).order_by("-version", "-rank"))
    base = _base(key, new, known)
    newest = known[0].version if known else 0
    if newest != new.expected_version:
        raise _changed(known[0])
    _check(new, base, table)
    row = _place(base, known, new)
    row.version, row.changed_at = newest + 1, clock.now()
    row.made_by, row.made_by_name = actor.user_id, actor.name
    row.digest = content_digest([new.name.zh, new.name.en, list(new.conditions), dict(new.requests)])
    row.save(force_insert=True)
    _write_codes(row, base)
    _write_conditions(row, new.conditions)
    before = category_queries.version_name(base) if base.pk else None
    _tell(actor, "cases.edit_category", row, {"version": before}, {"changes": _summary(new)})
    return row


@transaction.atomic
def end_local(actor: Actor, key: str, on: date, *, note: str = "") -> Category:
    """From a day on the shipped edition counts again: the version that holds then ends, planned ones stay.

    Raises NotFound `no_local_version` when none holds on that day, Invalid `in_the_past`, and Invalid
    `nothing_shipped` for a class that only the district has: such a class is switched off instead.
    """
    hold(f"cases.category:{key}")
    if fault := category_rules.check_day(on, clock.today()):
        raise fault
    rows = _living(key)
    current = next((row for row in rows if _holds(row, on)), None)
    if current is None:
        raise NotFound("no_local_version", "这一天没有本地版本。", category=key)
    if not Category.objects.filter(key=key, version=0).exists():
        raise Invalid(
            "nothing_shipped", "这是本区自定的类别，没有可恢复的标准版；可以停用它。", field="valid_from"
        )
    before = current.valid_to
    if current.valid_from == on:
        current.withdrawn_at = clock.now()
    else:
        current.valid_to = on
    current.changed_at = clock.now()
    current.save(update_fields=["withdrawn_at", "valid_to", "changed_at"])
    _tell(
        actor, "cases.end_category", current, {"valid_to": _text(before)}, {"valid_to": str(on), "note": note}
    )
    return current


@transaction.atomic
def withdraw(actor: Actor, key: str, version: int) -> Category:
    """Take a planned version back: the one before it goes on as if it had not been planned.

    Raises NotFound `unknown_version`, Conflict `version_in_force` once its day has come.
    """
    hold(f"cases.category:{key}")
    rows = _living(key)
    row = next((row for row in rows if row.version == version), None)
    if row is None:
        raise NotFound("unknown_version", "没有这个版本，或已撤回。", version=version)
    if row.valid_from is not None and row.valid_from <= clock.today():
        raise Conflict("version_in_force", "这个版本已经启用，不能撤回；请发布新的版本。", version=version)
    row.withdrawn_at = row.changed_at = clock.now()
    row.save(update_fields=["withdrawn_at", "changed_at"])
    for earlier in rows:
        if earlier.valid_to == row.valid_from:
            earlier.valid_to, earlier.changed_at = row.valid_to, clock.now()
            earlier.save(update_fields=["valid_to", "changed_at"])
    _tell(actor, "cases.withdraw_category", row, {"valid_from": str(row.valid_from)}, {"withdrawn": True})
    return row


def _base(key: str, new: Local, known: list[Category]) -> Category:
    """What the new version starts from: the version that holds on its day, or nothing yet for a new class."""
    on_day = [
        row for row in known if row.version and row.withdrawn_at is None and _holds(row, new.valid_from)
    ]
    shipped = [row for row in known if row.version == 0]
    if on_day or shipped or known:
        return [*on_day, *shipped, *known][0]
    if not KEY.fullmatch(key):
        raise Invalid("bad_key", "键应为 component. 或 event. 加小写字母、数字和下划线。", field="key")
    major = Category.objects.filter(kind=key.partition(".")[0], major_code=new.major).first()
    if major is None:
        raise Invalid("unknown_major", "请选择一个大类。", field="major")
    return Category(
        key=key,
        kind=major.kind,
        major_code=major.major_code,
        major_name_zh=major.major_name_zh,
        major_name_en=major.major_name_en,
        origin="local",
        source=OWN_SOURCE[0],
        source_en=OWN_SOURCE[1],
        confidence=Confidence.LOCAL_RULE,
    )


def _check(new: Local, base: Category, table: Table) -> None:
    faults = category_rules.faults_of(
        new.conditions, new.requests, table.requests, accounts.all_permissions().keys()
    )
    if fault := category_rules.check_day(new.valid_from, clock.today()):
        faults.append(fault)
    homes = {STREET, base.usual_unit}
    if new.usual_unit not in homes and not Unit.objects.filter(code=new.usual_unit).exists():
        faults.append(Invalid("unknown_unit", "没有这个单位。", field="usual_unit"))
    others = category_queries.rulebook(new.valid_from).classes.values()
    if any(
        r.name_zh == new.name.zh and r.kind == base.kind and r.key != base.key and r.active for r in others
    ):
        faults.append(Invalid("name_taken", "已有同名的类别。", field="name.zh"))
    if faults:
        raise Invalid("invalid_input", "有内容需要补充或更正。", fields=tuple(faults))


def _place(base: Category, known: list[Category], new: Local) -> Category:
    """The new row between its neighbours in time; the one it takes over from ends, or gives way on the same day."""
    living = [row for row in known if row.version and row.withdrawn_at is None]
    later = [r.valid_from for r in living if r.valid_from is not None and r.valid_from > new.valid_from]
    for row in living:
        if not _holds(row, new.valid_from):
            continue
        row.changed_at = clock.now()
        if row.valid_from == new.valid_from:
            row.withdrawn_at = clock.now()
        else:
            row.valid_to = new.valid_from
        row.save(update_fields=["valid_to", "withdrawn_at", "changed_at"])
    shipped = [row for row in known if row.version == 0]
    return Category(
        key=base.key,
        edition=LOCAL_EDITION,
        rank=shipped[0].rank if shipped else 0,
        kind=base.kind,
        major_code=base.major_code,
        minor_code=base.minor_code,
        major_name_zh=base.major_name_zh,
        major_name_en=base.major_name_en,
        name_zh=new.name.zh,
        name_en=new.name.en,
        origin=base.origin,
        source=base.source,
        source_en=base.source_en,
        confidence=base.confidence,
        usual_unit=new.usual_unit,
        search=search_text(new.name, new.synonyms),
        active=new.active,
        valid_from=new.valid_from,
        valid_to=min(later, default=None),
        requests={kind: dict(rule) for kind, rule in new.requests.items()},
        based_on=shipped[0].edition if shipped else "",
        note=new.note,
    )


def _write_codes(row: Category, base: Category) -> None:
    codes = list(base.codes.all()) if base.pk else []
    CategoryCode.objects.bulk_create(
        CategoryCode(category=row, scheme=code.scheme, code=code.code)
        for code in codes
        if code.scheme or SCHEME
    )


def _write_conditions(row: Category, conditions: Sequence[Mapping[str, Any]]) -> None:
    made = FilingCondition.objects.bulk_create(_condition_rows(row, conditions))
    ConditionLimit.objects.bulk_create(
        ConditionLimit(
            condition=condition,
            area_class=name,
            limit_kind=limit["kind"],
            limit_amount=limit["amount"],
        )
        for condition, given in zip(made, conditions, strict=True)
        for name, limit in sorted(given.get("area_limits", {}).items())
    )


def _condition_rows(row: Category, conditions: Sequence[Mapping[str, Any]]) -> Iterator[FilingCondition]:
    for no, given in enumerate(conditions, start=1):
        handling = given.get("handling") or {"zh": "", "en": ""}
        yield FilingCondition(
            category=row,
            no=no,
            text_zh=given["text"]["zh"],
            text_en=given["text"]["en"],
            limit_kind=given["limit"]["kind"],
            limit_amount=given["limit"]["amount"],
            handling_zh=handling["zh"],
            handling_en=handling["en"],
            closing_zh=given["closing"]["zh"],
            closing_en=given["closing"]["en"],
            source=given.get("source") or OWN_SOURCE[0],
            confidence=Confidence.LOCAL_RULE,
        )


def _living(key: str) -> list[Category]:
    rows = Category.objects.filter(Q(version__gt=0, withdrawn_at__isnull=True), key=key)
    return list(rows.order_by("valid_from"))


def _holds(row: Category, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or row.valid_to > day)


def _changed(row: Category) -> Conflict:
    return Conflict(
        "category_changed",
        f"这个类别刚刚由{row.made_by_name}修改过，请看最新版本。",
        version=row.version,
        actor=row.made_by_name,
        at=row.changed_at.isoformat(),
    )


def _summary(new: Local) -> dict[str, Any]:
    limits = {c["text"]["zh"]: {k: str(v) for k, v in c["limit"].items()} for c in new.conditions}
    return {
        "name": new.name.zh,
        "valid_from": str(new.valid_from),
        "active": new.active,
        "limits": limits,
        "requests": {kind: dict(rule) for kind, rule in new.requests.items()},
        "note": new.note,
    }


def _tell(actor: Actor, action: str, row: Category, before: dict[str, Any], after: dict[str, Any]) -> None:
    audit.record(
        actor,
        action=action,
        object_type="category",
        object_id=row.key,
        before=before,
        after={"version": row.version, **after},
    )
    events.publish(CategoryChanged(row.key, row.version))


def _text(day: date | None) -> str | None:
    return None if day is None else str(day)
