"""Bring a table of units in."""

from pathlib import Path

from django.db import transaction
from django.db.models import Q

from yiwang.core import clock
from yiwang.core.accounts import posts, queries, reorganisation
from yiwang.core.accounts.models import Post, Role, Unit
from yiwang.core.actor import Actor
from yiwang.core.errors import Conflict, DomainError
from yiwang.core.rosters import rules
from yiwang.core.rosters.actions import Became, Line, Report, Texts, each_row

SOURCE = "批量导入"
# Some ten rows a second, each with its history and audit, in one request, which a proxy breaks off after a minute.
MOST_ROWS = 300


class _Directory:
    """Units by their names, short names and codes, those that this very table makes too; roles by name and key."""

    def __init__(self) -> None:
        self.units: dict[str, frozenset[int]] = {}
        self.roles = {word: role.key for role in Role.objects.all() for word in (role.name, role.key)}
        for unit in queries.units():
            self.know(unit)

    def know(self, unit: Unit) -> None:
        for word in (unit.name, unit.short_name, unit.code):
            self.units[word] = self.units.get(word, frozenset()) | {unit.pk}


@transaction.atomic
def bring_in(actor: Actor, path: Path) -> Report:
    """Make the units of a table with a post for each role that is named; again makes no doubles.

    A unit stands below one that is there or in a row before it; without one below the root. A faulty row stops no
    other. Raises as `each_row`.
    """
    known = _Directory()
    return each_row(path, rules.UNITS, MOST_ROWS, lambda line, texts: _bring(actor, line, texts, known))


def _bring(actor: Actor, line: int, texts: Texts, known: _Directory) -> Line:
    wanted = rules.resolve_unit(texts, known.units, known.roles)
    if not isinstance(wanted, rules.WantedUnit):
        return Line(line, texts, "fault", wanted)
    unit, became, faults = _done(actor, wanted, texts)
    if became == "new":
        known.know(unit)
    return Line(line, texts, became, faults)


def _done(
    actor: Actor, wanted: rules.WantedUnit, texts: Texts
) -> tuple[Unit, Became, tuple[DomainError, ...]]:
    parent_id = wanted.parent_id or _root()
    unit = _there(wanted, parent_id)
    became: Became = "same"
    if unit is not None and (faults := _differs(unit, wanted, texts)):
        return unit, "fault", faults
    if unit is None:
        new = reorganisation.NewUnit(
            wanted.name,
            wanted.short_name,
            code=wanted.code,
            kind=wanted.kind,
            handles_cases=wanted.handles_cases,
            note=SOURCE,
        )
        unit, became = reorganisation.create(actor, parent_id, new), "new"
    # By name too: a post made again after one was ended has another key.
    living = Post.objects.filter(unit=unit, ended_on__isnull=True).values_list("key", "name")
    there = {word for words in living for word in words}
    for role in (
        Role.objects.filter(key__in=wanted.roles).exclude(Q(key__in=there) | Q(name__in=there)).order_by("id")
    ):
        posts.create(actor, unit.pk, name=role.name, name_en=role.name_en, usual_role=role.key)
        became = "new" if became == "new" else "post"
    return unit, became, ()


def _differs(unit: Unit, wanted: rules.WantedUnit, texts: Texts) -> tuple[DomainError, ...]:
    """What a row says otherwise of a unit that is there; an empty cell says nothing."""
    pairs = {
        "short_name": (unit.short_name, wanted.short_name),
        "kind": (unit.kind, wanted.kind),
        "parent": (unit.parent_id, wanted.parent_id),
        "handles": (unit.handles_cases, wanted.handles_cases),
    }
    why = "与已有单位不同；导入不修改已有单位，请在“组织机构”中修改。"
    return tuple(
        Conflict("unit_differs", why, field=field)
        for field, (is_now, asked) in pairs.items()
        if texts.get(field) and is_now != asked
    )


def _there(wanted: rules.WantedUnit, parent_id: int) -> Unit | None:
    """The unit that a row means, when it is there already: by its code, else by its name below the same unit."""
    if not wanted.code:
        return queries.units().filter(parent_id=parent_id, name=wanted.name).first()
    unit = Unit.objects.filter(code=wanted.code).first()
    if unit is not None and unit.name != wanted.name:
        raise Conflict("unit_code_taken", f"这个编码已属于{unit.name}。", field="code")
    if unit is not None and unit.valid_to is not None and unit.valid_to <= clock.today():
        raise Conflict("unit_ended", f"{unit.short_name}已撤销。", field="code")
    return unit


def _root() -> int:
    root = queries.units().filter(parent__isnull=True).order_by("order", "id").first()
    if root is None:
        raise Conflict("no_units", "还没有单位。")
    return root.pk
