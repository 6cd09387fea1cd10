"""The reads that the case screens need. Every one begins with what the person may see."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from django.contrib.gis.geos import Polygon
from django.db.models import Case as FirstOf
from django.db.models import Count, F, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from yiwang.city.geo.queries import area_names
from yiwang.core import clock
from yiwang.core.accounts.queries import holders
from yiwang.core.actor import Actor
from yiwang.core.errors import Invalid, NotFound
from yiwang.core.http.paging import Count as Counted
from yiwang.core.http.paging import Page, count, page
from yiwang.operations.cases import access, words
from yiwang.operations.cases.answers import TELL, untold
from yiwang.operations.cases.categories import rules as category_rules
from yiwang.operations.cases.effects import EFFECTS
from yiwang.operations.cases.lifecycle import BrokenTable, Table, parse
from yiwang.operations.cases.lifecycle import versions as lifecycle_versions
from yiwang.operations.cases.listing import COVERS, Listed, Point, listed, shaped
from yiwang.operations.cases.models import NEVER, Case, Lifecycle
from yiwang.operations.cases.rules import CONDITIONS, GUARDS

MAP_CAP = 5000
SOON = timedelta(hours=24)

# Sortable columns are listed because each is (the beginning of) an index. None of them is ever null.
SORTS: dict[str, Any] = {
    "reported_at": F("reported_at"),
    "due_at": Coalesce("due_at", Value(NEVER)),
    "number": F("number"),
    "state": F("state"),
    "street": F("street_code"),
    "unit": Coalesce("handling_unit_id", Value(0)),
    "category": F("category_id"),
}
MOST_SORTS = 3
NEWEST_FIRST = "-reported_at"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of cases may be narrowed by; None or empty means "any"."""

    states: tuple[str, ...] = ()
    group: str = ""
    category: str = ""
    area: str = ""
    source: str = ""
    unit: int | None = None
    q: str = ""
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    due: str = ""
    mine: bool = False
    untold: bool = False
    requests: str = ""


def table(version: int) -> Table:
    """One published version of the lifecycle, from this process's memory: versions never change."""
    return _read_table(version)


def table_of(case: Case) -> Table:
    """The table that a case runs on: its version, with what its class makes stricter about requests."""
    rules = (case.condition_snapshot or {}).get("requests")
    return (
        _stricter_table(case.lifecycle_id, json.dumps(rules, sort_keys=True))
        if rules
        else table(case.lifecycle_id)
    )


@lru_cache(maxsize=256)
def _stricter_table(version: int, rules: str) -> Table:
    return category_rules.stricter_table(table(version), json.loads(rules))


@lru_cache(maxsize=64)
def _read_table(version: int) -> Table:
    return parse(Lifecycle.objects.get(pk=version).table)


def current_table() -> Table:
    """The version under which cases are opened today: the district's own, else the newest shipped one."""
    version = lifecycle_versions.in_force()
    if version is None:
        raise NotFound("lifecycle_missing", "还没有发布案件流程，请先载入初始数据。")
    return table(version)


def living_tables() -> tuple[Table, ...]:
    """Every version under which cases may still run, newest first."""
    versions = Lifecycle.objects.order_by("-version").values_list("version", flat=True)
    return tuple(table(version) for version in versions)


def checked_table(data: dict[str, Any]) -> Table:
    """The parsed table, whose guards and effects all exist; raises BrokenTable."""
    parsed = parse(data)
    for row in parsed.transitions:
        unknown = [g for g in row.guards if g not in GUARDS] + [e for e in row.effects if e not in EFFECTS]
        unknown += [o.when for o in row.outcomes if o.when and o.when not in CONDITIONS]
        if unknown:
            raise BrokenTable(f"{row.verb}: no function named {unknown[0]}")
    return parsed


class Timed(Protocol):
    """What has the moments of a clock."""

    @property
    def warn_at(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...


def light(case: Timed, now: datetime) -> str | None:
    """green, yellow (80 % of the limit used) or red (overdue); None when no clock runs."""
    if case.due_at is None or case.warn_at is None:
        return None
    return light_of(case.warn_at, case.due_at, now)


def light_of(warn_at: datetime, due_at: datetime, at: datetime) -> str:
    """The light of a clock at a moment."""
    if at > due_at:
        return "red"
    return "yellow" if at > warn_at else "green"


def main_of(actor: Actor, case: Case) -> Case | None:
    """The case that one is bound to, when the actor may see it."""
    return access.list_cases_for(actor).filter(pk=case.main_case_id).first() if case.main_case_id else None


def seen(actor: Actor, cases: list[Case]) -> list[Case]:
    """Those of some cases that the actor may see."""
    if not cases:
        return []
    visible = set(
        access.list_cases_for(actor).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True)
    )
    return [case for case in cases if case.pk in visible]


def people_for(actor: Actor, case_id: UUID, verb: str) -> list[dict[str, Any]]:
    """The people who can be named in a step: those whose permission for the case's place the named task needs."""
    case = access.get_case_for(actor, case_id)
    permission = {"ask_verify": "cases.verify_case"}.get(verb, "cases.check_case")
    duty = (case.place.get("duty_person") or {}).get("name", "")
    people = holders(permission, area_code=case.area_code)
    found = [{"id": p.pk, "name": p.name, "is_on_duty": p.name == duty} for p in people]
    return sorted(found, key=lambda person: (not person["is_on_duty"], person["name"]))


def filtered(actor: Actor, wanted: Filters) -> QuerySet[Case]:
    """The cases that a person may see and asked for, in no order yet."""
    rows = access.list_cases_for(actor)
    if wanted.mine:
        rows = rows.filter(access.work_of(actor, living_tables()))
    if wanted.untold:
        rows = rows.filter(untold())
    if wanted.requests:
        rows = rows.filter(_asked(actor, wanted.requests))
    exact = {
        "state__in": wanted.states,
        "group": wanted.group,
        "category__key": wanted.category,
        **(
            {"street_code": wanted.area}
            if len(wanted.area) == access.STREET_DIGITS
            else {"area_code__startswith": wanted.area}
        ),
        "source": wanted.source,
        "handling_unit_id": wanted.unit,
        "reported_at__gte": wanted.reported_from,
        "reported_at__lt": wanted.reported_to,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value not in (None, "", ())})
    return rows.filter(_due(wanted.due)).filter(_words(wanted.q))


def _asked(actor: Actor, wanted: str) -> Q:
    """Cases with a pending request: any (`pending`), or one that waits for this person's decision (`mine`)."""
    return access.ASKED if wanted == "pending" else access.decisions_of(actor, living_tables())


def to_decide(actor: Actor, cases: Iterable[Listed]) -> dict[UUID, str]:
    """The kind of request that waits for this person, for each of some cases that has one; asks the database only when
    a request is pending at all. Of several kinds the first by name, as the page of the case says (`present.detail`)."""
    asked = [case.pk for case in cases if case.pending_request]
    if not asked:
        return {}
    tables = living_tables()
    kinds = sorted({kind for table in tables for kind in table.requests})
    ways = [When(access.decisions_of(actor, tables, kind), then=Value(kind)) for kind in kinds]
    rows = Case.objects.filter(pk__in=asked).annotate(mine=FirstOf(*ways, default=Value("")))
    return {key: kind for key, kind in rows.values_list("pk", "mine") if kind}


def covers(keys: Iterable[UUID]) -> dict[UUID, UUID]:
    """The file of each case's first picture."""
    return dict(COVERS(list(keys)))


def _due(wanted: str) -> Q:
    now = clock.now()
    if wanted == "overdue":
        return Q(due_at__lt=now)
    if wanted == "soon":
        return Q(due_at__gte=now, due_at__lt=now + SOON)
    return Q()


def _words(q: str) -> Q:
    """All the words of `q` stand in the case's description or address, or are its number, see `words`."""
    if not q.strip():
        return Q()
    asked = words.question(q)
    if not asked:
        return access.NOTHING
    found = RawSQL("select case_id from cases_words where words @@ %s::tsquery", [asked])
    return Q(pk__in=found)


def named(sort: str) -> list[str]:
    """The columns of an order such as `street,-due_at`. Raises Invalid `unknown_sort`."""
    names = [key.removeprefix("-") for key in sort.split(",")]
    if len(names) > MOST_SORTS or len(set(names)) < len(names) or not set(names) <= set(SORTS):
        raise Invalid("unknown_sort", "不能按这一列排序。", field="sort", allowed=list(SORTS))
    return names


def sorted_by(sort: str) -> tuple[str, ...]:
    """The keys of an order, as `page` takes them: annotations `by_…`, and the id, which goes the way of the last."""
    names = named(sort)
    signs = ["-" if key.startswith("-") else "" for key in sort.split(",")]
    keys = [f"{sign}by_{name}" for sign, name in zip(signs, names, strict=True)]
    return tuple(keys) if names[-1] == "number" else (*keys, f"{signs[-1]}id")


def ordered(rows: QuerySet[Case], sort: str) -> QuerySet[Case]:
    """All of them in an order. Raises Invalid `unknown_sort`."""
    ways = [F(key.lstrip("-")).desc() if key.startswith("-") else F(key).asc() for key in sorted_by(sort)]
    return _with_keys(rows, sort).order_by(*ways)


def _with_keys(rows: QuerySet[Case], sort: str) -> QuerySet[Case]:
    return rows.annotate(**{f"by_{name}": SORTS[name] for name in named(sort)})


def list_page(
    actor: Actor, wanted: Filters, *, sort: str, after: str | None, limit: int
) -> tuple[Page[tuple[Listed, UUID | None]], Counted | None]:
    """One page of rows, each with the file of its first picture; with the first page comes how many there are.

    Three round trips, whatever its length.
    """
    keys = sorted_by(sort)
    rows = filtered(actor, wanted)
    total = None if after else count(rows)
    rows = _with_keys(rows, sort)
    names = (key.lstrip("-") for key in keys)
    found = page(rows.values_list("pk", *names, named=True), keys=keys, after=after, limit=limit)
    return Page(items=listed([case.pk for case in found.items]), next=found.next), total


def on_map(
    actor: Actor, wanted: Filters, bbox: tuple[float, float, float, float]
) -> tuple[list[Point], bool]:
    """Cases in a box (west, south, east, north in degrees), newest first; the flag says more were left out."""
    rows = filtered(actor, wanted).filter(location__within=Polygon.from_bbox(bbox))
    found = shaped(rows.order_by("-reported_at", "-id"), Point)[: MAP_CAP + 1]
    points = [Point(*values) for values in found]
    return points[:MAP_CAP], len(points) > MAP_CAP


def _decisions(actor: Actor) -> int:
    """How many requests wait for the person. Whoever holds no level of any table is asked for only when the class of
    some case adds levels of its own."""
    tables = living_tables()
    levels = {level.permission for table in tables for p in table.requests.values() for level in p.approvals}
    further = Case.objects.filter(access.ASKED, condition_snapshot__requests__isnull=False)
    if not any(map(actor.can, levels)) and not further.exists():
        return 0
    return access.list_cases_for(actor).filter(access.decisions_of(actor, tables)).count()


def summary(actor: Actor) -> dict[str, Any]:
    """The figures of the workbench: what is open in one pass, what today brought, what waits for the person."""
    now = clock.now()
    midnight = now.astimezone(clock.LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    seen = access.list_cases_for(actor).order_by()
    parts = list(
        seen.filter(group="open")
        .values("street_code", "state")
        .annotate(
            n=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            due_soon=Count("pk", filter=Q(due_at__gte=now, due_at__lt=now + SOON)),
        )
    )
    states, streets = Counter[str](), Counter[str]()
    for part in parts:
        states[part["state"]] += part["n"]
        streets[part["street_code"]] += part["n"]
    names = area_names()
    return {
        "open": sum(part["n"] for part in parts),
        "overdue": sum(part["overdue"] for part in parts),
        "due_soon": sum(part["due_soon"] for part in parts),
        "reported_today": seen.filter(reported_at__gte=midnight).count(),
        "closed_today": seen.filter(group="closed", ended_at__gte=midnight).count(),
        "mine": seen.filter(access.work_of(actor, living_tables())).count(),
        "to_answer": seen.filter(untold()).count() if actor.can(TELL) else 0,
        "to_decide": _decisions(actor),
        "by_state": [
            {"state": s.key, "label": s.label, "count": states[s.key]}
            for s in current_table().states.values()
            if s.group == "open"
        ],
        "by_street": [
            {"code": code, "name": names[code].name if code in names else code, "count": count}
            for code, count in sorted(streets.items(), key=lambda item: (-item[1], item[0]))
        ],
    }
