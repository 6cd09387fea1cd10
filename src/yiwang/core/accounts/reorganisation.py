"""Changing the tree of units while work goes on (机构调整): move, merge, rename, close.

Each change is a row of the unit's history with the state before and after. A unit that ends comes to lie below its
successor, closed: whoever answers for the successor answers for what was the old unit's, and sees it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError, Q, QuerySet, Value
from django.db.models.functions import Concat, Substr

from yiwang.core import clock
from yiwang.core.accounts import access, rules
from yiwang.core.accounts.absences import tell_authority_changed
from yiwang.core.accounts.declare import concerns
from yiwang.core.accounts.events import UnitClosed, UnitMerged, UnitMoved, UnitRenamed
from yiwang.core.accounts.models import Assignment, Post, Unit, UnitChange
from yiwang.core.accounts.rules import UnitChangeKind
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict, Invalid, Refused
from yiwang.core.events import actions as events
from yiwang.core.locks import hold

_ONE_AT_A_TIME = "accounts.units"


@dataclass(frozen=True, slots=True)
class Change:
    """What the history keeps of a change."""

    kind: UnitChangeKind
    note: str
    before: dict[str, Any]
    after: dict[str, Any]
    into: Unit | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be made; without `code` it gets one."""

    name: str
    short_name: str
    name_en: str = ""
    code: str = ""
    kind: str = ""
    handles_cases: bool = False
    note: str = ""


@transaction.atomic
def create(actor: Actor, parent_id: int, new: NewUnit) -> Unit:
    """A new unit below another. Raises NotFound, Refused `unit_not_yours`, Conflict `unit_ended`, Invalid `required` /
    `too_deep` / `unit_code_taken`. Effects: history, audit."""
    hold(_ONE_AT_A_TIME)
    parent = _living(access.get_unit_for(actor, parent_id, lock=True), "parent_id")
    names = {"name": new.name.strip(), "short_name": new.short_name.strip()}
    for field, value in names.items():
        if not value:
            raise Invalid("required", "请填写单位名称和简称。", field=field)
    if len(parent.path) > 180:
        raise Invalid("too_deep", "单位层级过深。", field="parent_id")
    code = new.code.strip() or f"local_{Unit.objects.count() + 1}"
    if Unit.objects.filter(code=code).exists():
        raise Invalid("unit_code_taken", "已有这个编码的单位。", field="code")
    last = Unit.objects.order_by("-order").values_list("order", flat=True).first() or 0
    unit = Unit.objects.create(
        **names,
        code=code,
        name_en=new.name_en.strip(),
        kind=new.kind or "team",
        parent=parent,
        handles_cases=new.handles_cases,
        order=last + 1,
        valid_from=clock.today(),
    )
    unit.path = f"{parent.path}{unit.pk}."
    unit.save(update_fields=["path"])
    after = {**names, "path": unit.path, "code": code, "handles_cases": new.handles_cases}
    _note(actor, unit, Change(UnitChangeKind.CREATED, new.note, {}, after, parent))
    return unit


@transaction.atomic
def move(actor: Actor, unit_id: int, *, parent_id: int, note: str) -> Unit:
    """Put a unit, with all below it, under another parent.

    Raises NotFound, Refused `unit_not_yours`, Conflict `unit_ended`, Invalid `under_itself` / `already_there`.
    Effects: paths of the subtree, history, audit, `unit.moved`.
    """
    unit, parent = _two(actor, unit_id, parent_id, "parent_id")
    if unit.parent_id == parent.pk:
        raise Invalid("already_there", "它已经隶属这个单位。", field="parent_id")
    old_path, before = unit.path, {"parent": unit.parent_id, "path": unit.path}
    _place_under(unit, parent)
    _note(actor, unit, Change(UnitChangeKind.MOVED, note, before, {"path": unit.path}, parent))
    events.publish(UnitMoved(unit.pk, old_path, unit.path))
    _tell_people_below(unit.path)
    return unit


@transaction.atomic
def merge(actor: Actor, unit_id: int, *, into_id: int, note: str) -> Unit:
    """Let a unit become part of another today: its people, its posts, the units below it and its open work go there.

    Posts and assignments stay themselves, so that duties and histories go with them; a post whose key the other
    unit has already gets the old unit's code behind it. Raises as `move`. Effects: history, audit, `unit.merged`,
    upon which other rooms hand over what is open.
    """
    unit, successor = _two(actor, unit_id, into_id, "into_id")
    _refuse_to_end(unit, successor, "into_id")
    today = clock.today()
    before = {
        "path": unit.path,
        "parent": unit.parent_id,
        "posts": list(unit.posts.values_list("pk", flat=True)),
        "assignments": list(_running(unit, today).values_list("pk", flat=True)),
        "units": list(unit.children.values_list("pk", flat=True)),
    }
    for child in unit.children.select_for_update():
        _place_under(child, successor)
    _running(unit, today).update(unit=successor)
    _move_posts(unit, successor)
    _end(unit, successor, today)
    _note(actor, unit, Change(UnitChangeKind.MERGED, note, before, {"path": unit.path}, successor))
    events.publish(UnitMerged(unit.pk, successor.pk))
    _tell_people_below(successor.path)
    return unit


@transaction.atomic
def rename(actor: Actor, unit_id: int, *, name: str, name_en: str, short_name: str, note: str) -> Unit:
    """Give a unit another name; what is written down keeps the name of its day. Raises as `move`."""
    hold(_ONE_AT_A_TIME)
    unit = _living(access.get_unit_for(actor, unit_id, lock=True), "unit_id")
    before = {"name": unit.name, "name_en": unit.name_en, "short_name": unit.short_name}
    after = {"name": name.strip(), "name_en": name_en.strip(), "short_name": short_name.strip()}
    if not after["name"] or not after["short_name"]:
        raise Invalid(
            "required", "请填写单位名称和简称。", field="name" if not after["name"] else "short_name"
        )
    unit.name, unit.name_en, unit.short_name = after["name"], after["name_en"], after["short_name"]
    unit.save(update_fields=["name", "name_en", "short_name"])
    _note(actor, unit, Change(UnitChangeKind.RENAMED, note, before, after))
    events.publish(UnitRenamed(unit.pk))
    return unit


@transaction.atomic
def close(actor: Actor, unit_id: int, *, on: date, successor_id: int | None, note: str) -> Unit:
    """End a unit on a day (the first on which it no longer is): today, or one to come.

    Its people's assignments end with it. Its open work goes to the successor; without one it must have none, and
    no unit below it, and nothing may come until a later day. Raises as `move`, Invalid `in_the_past`,
    Conflict `open_work` (how much of what), `successor_needed`, `units_below`.
    """
    if successor_id is not None:
        unit, successor = _two(actor, unit_id, successor_id, "successor_id")
        _refuse_to_end(unit, successor, "successor_id")
    else:
        hold(_ONE_AT_A_TIME)
        unit, successor = _living(access.get_unit_for(actor, unit_id, lock=True), "unit_id"), None
    today = clock.today()
    if on < today:
        raise Invalid("in_the_past", "撤销日期不能早于今天。", field="on")
    if unit.valid_to is not None:
        raise _is_to_end(unit, "unit_id")
    if successor is None:
        _refuse_with_open_work(unit, today, on)
    before = {"path": unit.path, "parent": unit.parent_id}
    ended = _end_assignments(unit, on)
    unit.valid_to, unit.successor = on, successor
    unit.save(update_fields=["valid_to", "successor"])
    after = {"valid_to": on.isoformat(), **ended}
    change = _note(actor, unit, Change(UnitChangeKind.CLOSED, note, before, after, successor, on))
    if on == today:
        _carry_out(change)
    return unit


@transaction.atomic
def carry_out_closings(today: date) -> int:
    """Close what was ordered to be closed by today; returns how many units. Called each night."""
    hold(_ONE_AT_A_TIME)
    due = UnitChange.objects.filter(
        kind=UnitChangeKind.CLOSED.value, on__lte=today, carried_out_at__isnull=True
    ).select_related("unit", "into")
    for change in due:
        _carry_out(change)
    return len(due)


def _carry_out(change: UnitChange) -> None:
    unit, successor = change.unit, change.into
    # What was carried out just before may have moved either of them.
    unit.refresh_from_db()
    if successor is not None:
        successor.refresh_from_db()
        if successor.path.startswith(unit.path) and unit.parent is not None:
            # Moved below since the closing was ordered: it cannot take in what stands above it from down there.
            _place_under(successor, unit.parent)
        for child in unit.children.select_for_update():
            _place_under(child, successor)
        _place_under(unit, successor)
    ended = Assignment.objects.filter(pk__in=change.after.get("ended", ()))
    tell_authority_changed(set(ended.values_list("user_id", flat=True)))
    change.carried_out_at = clock.now()
    change.save(update_fields=["carried_out_at"])
    events.publish(UnitClosed(unit.pk, successor.pk if successor else None))


def _two(actor: Actor, unit_id: int, other_id: int, field: str) -> tuple[Unit, Unit]:
    """A unit and where it is to go, both locked, both the actor's to change, both existing today."""
    hold(_ONE_AT_A_TIME)
    # In the order of their ids, so that tasks written meanwhile cannot make two changes wait for each other.
    found = {one: access.get_unit_for(actor, one, lock=True) for one in sorted({unit_id, other_id})}
    unit, other = _living(found[unit_id], "unit_id"), _living(found[other_id], field)
    if not rules.may_come_under(unit.path, other.path):
        raise Invalid("under_itself", "不能归入自己或自己的下级单位。", field=field)
    if unit.parent_id is None:
        raise Refused("root_stays", "最上级单位不能移动或并入其他单位。")
    return unit, other


def _refuse_to_end(unit: Unit, successor: Unit, field: str) -> None:
    """A unit ends once, and its work goes to one that stays: two that are to end would hand it to and fro."""
    for one, where in ((unit, "unit_id"), (successor, field)):
        if one.valid_to is not None:
            raise _is_to_end(one, where)


def _is_to_end(unit: Unit, field: str) -> Conflict:
    valid_to = unit.valid_to.isoformat() if unit.valid_to else None
    return Conflict("unit_ended", f"{unit.short_name}已定于撤销。", valid_to=valid_to, field=field)


def _living(unit: Unit, field: str) -> Unit:
    if unit.valid_to is not None and unit.valid_to <= clock.today():
        raise Conflict(
            "unit_ended", f"{unit.short_name}已撤销。", valid_to=unit.valid_to.isoformat(), field=field
        )
    return unit


def _place_under(unit: Unit, parent: Unit) -> None:
    """Rewrite the paths of the unit and of all below it, in one statement."""
    old, new = unit.path, f"{parent.path}{unit.pk}."
    below = Unit.objects.filter(path__startswith=old)
    longest = max((len(path) for path in below.values_list("path", flat=True)), default=0)
    if longest + len(new) - len(old) > 200:
        raise Invalid("too_deep", "单位层级过深。", field="parent_id")
    below.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    unit.path, unit.parent = new, parent
    unit.save(update_fields=["parent"])


def _running(unit: Unit, today: date) -> QuerySet[Assignment]:
    """Assignments over the unit that hold today or will: ended ones are history and stay."""
    return Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), unit=unit)


def _move_posts(unit: Unit, successor: Unit) -> None:
    taken = set(successor.posts.values_list("key", flat=True))
    for post in unit.posts.select_for_update():
        if post.key in taken:
            post.key = f"{post.key[:20]}.{unit.code[:19]}"
        post.unit = successor
        post.save(update_fields=["unit", "key"])


def _end(unit: Unit, successor: Unit, today: date) -> None:
    _place_under(unit, successor)
    unit.valid_to, unit.successor = today, successor
    unit.save(update_fields=["valid_to", "successor"])


def _end_assignments(unit: Unit, on: date) -> dict[str, list[int]]:
    """Posts of a unit that ends are held until that day; what would have begun later never does."""
    held = Assignment.objects.filter(Q(post__unit=unit) | Q(unit=unit))
    later = held.filter(valid_from__gte=on)
    never = list(later.values_list("pk", flat=True))
    try:
        later.delete()
    except ProtectedError as error:
        raise Conflict("assignment_in_use", "有以后才开始的任职已排了责任区，请先取消。") from error
    ending = held.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lt=on)
    ended = list(ending.values_list("pk", flat=True))
    ending.update(valid_to=on)
    return {"ended": ended, "never_begun": never}


def _refuse_with_open_work(unit: Unit, today: date, on: date) -> None:
    if Unit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), parent=unit).exists():
        raise Conflict("units_below", "下面还有单位，请先调整下级单位或指定承接单位。")
    open_work: dict[str, Any] = {c.key: c.count([unit.pk]) for c in concerns() if c.is_open_work}
    if any(open_work.values()):
        raise Conflict("open_work", "还有未办结的任务，请指定承接单位。", **open_work)
    if on > today and unit.handles_cases:
        raise Conflict("successor_needed", "撤销日前还可能有新任务，请指定承接单位。")


def _note(actor: Actor, unit: Unit, change: Change) -> UnitChange:
    into = change.into
    row = UnitChange.objects.create(
        unit=unit,
        kind=change.kind.value,
        on=change.on or clock.today(),
        into=into,
        before=change.before,
        after=change.after,
        note=change.note.strip(),
        by=actor.user_id,
        by_name=actor.name,
        carried_out_at=None if change.kind is UnitChangeKind.CLOSED else clock.now(),
    )
    audit.record(
        actor.at(actor.scope_for(access.REORGANISE)),
        action=f"accounts.unit_{change.kind.value}",
        object_type="unit",
        object_id=str(unit.pk),
        before=change.before,
        after={**change.after, "into": into.pk if into else None, "note": row.note},
    )
    return row


def _tell_people_below(path: str) -> None:
    held = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=clock.today()), unit__path__startswith=path
    )
    tell_authority_changed(set(held.values_list("user_id", flat=True)))


def preview(actor: Actor, unit_id: int, into_id: int | None) -> dict[str, Any]:
    """What a change of this unit would touch: people, posts, units below it, and what other rooms have open.

    `problems` are the codes for which a merge into `into_id` (or, without, a closing today) would be refused.
    """
    unit = access.get_unit_for(actor, unit_id)
    into = access.get_unit_for(actor, into_id) if into_id is not None else None
    today = clock.today()
    held = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today), Q(post__unit=unit) | Q(unit=unit)
    )
    below = Unit.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today), path__startswith=unit.path
    ).exclude(pk=unit.pk)
    counted = [(concern, concern.count([unit.pk])) for concern in concerns()]
    return {
        "unit": unit,
        "into": into,
        "units_below": list(below),
        "people": held.values("user_id").distinct().count(),
        "assignments": held.count(),
        "posts": Post.objects.filter(unit=unit).count(),
        "concerns": [
            {"key": c.key, "label": c.label, "count": count, "is_open_work": c.is_open_work}
            for c, count in counted
        ],
        "problems": _problems(unit, into, bool(below), any(n for c, n in counted if c.is_open_work)),
    }


def _problems(unit: Unit, into: Unit | None, has_below: bool, has_open: bool) -> list[str]:
    found = []
    if unit.valid_to is not None:
        found.append("unit_ended")
    if into is not None:
        if not rules.may_come_under(unit.path, into.path):
            found.append("under_itself")
        if into.valid_to is not None:
            found.append("successor_ended")
        if unit.parent_id is None:
            found.append("root_stays")
    else:
        found += ["units_below"] * has_below + ["open_work"] * has_open
    return found
