"""The reads of the board: exact counts out of the facts, by day, street and unit, within what the person may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from yiwang.city.geo.queries import area_names
from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.errors import Invalid
from yiwang.core.http.paging import Count as Counted
from yiwang.core.http.paging import Page, count, page
from yiwang.insight.evaluation.access import counted_for
from yiwang.insight.evaluation.indicators import BY_KEY, INDICATORS, Indicator, Kind, Subject
from yiwang.insight.evaluation.models import CaseFact, HandlingFact
from yiwang.insight.evaluation.rules import MOST_DAYS, Figure, Period
from yiwang.operations.cases import access as cases
from yiwang.operations.cases.models import Case

FACTS: Mapping[Subject, type[CaseFact] | type[HandlingFact]] = {
    Subject.CASE: CaseFact,
    Subject.HANDLING: HandlingFact,
}
KEYS = {Subject.CASE: "case_id", Subject.HANDLING: "id"}
STREET_DIGITS = 9
FIRST_YEAR, LAST_YEAR = 2000, 2199
Figures = dict[str, Figure]
Part = tuple[str, Any]
ALL: Part = ("all", None)
# One pass over the facts makes a cell for each day, street and unit; the cells are few, and are added up every way.
_ADD_UP = """
select case when grouping(day) = 0 then 'day' when grouping(street_code) = 0 then 'street'
            when grouping(unit_id) = 0 then 'unit' else 'all' end as part, day, street_code, unit_id, {sums}
from ({cells}) as cells group by grouping sets ((day), (street_code), (unit_id), ())
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which period, and what it is narrowed by; None or empty means "any". `category`: a minor class by its key, or a
    major one as `event.01`. `unit`: with all below it. `no_unit`: what belongs to none yet."""

    period: Period
    area: str = ""
    unit: int | None = None
    no_unit: bool = False
    category: str = ""
    source: str = ""


@dataclass(slots=True)
class Board:
    """All figures of a period, in all and by part; `before`: of the period that it is compared with."""

    period: Period
    until: datetime
    all: Figures
    before: Figures
    days: dict[date, Figures] = field(default_factory=dict)
    streets: dict[str, Figures] = field(default_factory=dict)
    units: dict[int | None, Figures] = field(default_factory=dict)


def checked(first: date, last: date) -> Period:
    """A period of at most a year. Raises Invalid."""
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise Invalid("period_out_of_range", "没有这样的日期。", field="from")
    if last < first:
        raise Invalid("period_backwards", "结束日期早于开始日期。", field="to")
    period = Period(first, last)
    if period.days > MOST_DAYS:
        raise Invalid("period_too_long", "一次最多统计一年。", field="to", most=MOST_DAYS)
    return period


def board(actor: Actor, wanted: Wanted) -> Board:
    """The board of a period. An indicator without any fact reads 0."""
    now = clock.now()
    chosen = counted_for(actor) & _narrowed(wanted)
    parts = _all_parts(chosen, wanted.period, now)
    before = _all_parts(chosen, wanted.period.before, now, only_all=True)
    found = Board(wanted.period, min(now, _end(wanted.period)), _whole(parts[ALL]), _whole(before[ALL]))
    for (kind, value), figures in parts.items():
        if kind == "day":
            found.days[value] = _whole(figures)
        elif kind == "street":
            found.streets[value] = _whole(figures)
        elif kind == "unit":
            found.units[value] = _whole(figures)
    return found


def _whole(figures: Figures) -> Figures:
    return {one.key: figures.get(one.key, Figure(0, None if one.is_plain else 0)) for one in INDICATORS}


def _all_parts(chosen: Q, period: Period, now: datetime, *, only_all: bool = False) -> dict[Part, Figures]:
    """The figures of every part that has any; those that fall into a period alike are counted in one pass."""
    parts: dict[Part, Figures] = defaultdict(dict)
    ordered = sorted(INDICATORS, key=_pass_of)
    for _, group in groupby(ordered, key=_pass_of):
        indicators = list(group)
        facts = _facts_in(chosen, indicators[0], period, now)
        for part, figures in _count(facts, indicators, only_all=only_all):
            parts[part].update(figures)
    return parts


def _pass_of(indicator: Indicator) -> tuple[str, str, bool]:
    return indicator.subject, indicator.moment, indicator.is_standing


def _facts_in(chosen: Q, indicator: Indicator, period: Period, now: datetime) -> QuerySet[Any]:
    """The facts that an indicator looks at in a period: the chosen ones, by their moment."""
    end = min(_end(period), now)
    moment = indicator.moment
    if indicator.is_standing:
        falls = Q(**{f"{moment}__lt": end}) & (Q(ended_at__isnull=True) | Q(ended_at__gte=end))
    else:
        falls = Q(**{f"{moment}__gte": _begin(period.first), f"{moment}__lt": end})
    return FACTS[indicator.subject].objects.filter(chosen, falls)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LOCAL)


def _end(period: Period) -> datetime:
    return _begin(period.last + timedelta(days=1))


def _narrowed(wanted: Wanted) -> Q:
    chosen = Q()
    if wanted.area:
        is_street = len(wanted.area) == STREET_DIGITS
        chosen &= Q(street_code=wanted.area) if is_street else Q(area_code__startswith=wanted.area)
    if wanted.no_unit:
        chosen &= Q(unit__isnull=True)
    elif wanted.unit is not None:
        path = Unit.objects.filter(pk=wanted.unit).values_list("path", flat=True).first()
        chosen &= Q(unit__in=Unit.objects.filter(path__startswith=path)) if path else cases.NOTHING
    if wanted.category:
        chosen &= _of_class(wanted.category)
    return chosen & Q(source=wanted.source) if wanted.source else chosen


def _of_class(category: str) -> Q:
    kind, _, rest = category.partition(".")
    if rest.isdigit():
        return Q(category__kind=kind, category__major_code=rest)
    return Q(category__key=category)


def _count(
    facts: QuerySet[Any], indicators: list[Indicator], *, only_all: bool
) -> Iterable[tuple[Part, Figures]]:
    columns: dict[str, Aggregate] = {}
    for indicator in indicators:
        where = Q(**dict(indicator.where))
        columns[f"{indicator.key}_of"] = Count("pk", filter=where) if indicator.where else Count("pk")
        if indicator.hit:
            columns[f"{indicator.key}_hit"] = Count("pk", filter=where & Q(**dict(indicator.hit)))
        if indicator.total:
            columns[f"{indicator.key}_sum"] = Sum(indicator.total, default=0)
    if only_all:
        yield ALL, _figures(indicators, facts.aggregate(**columns))
        return
    on = TruncDate(indicators[0].moment, tzinfo=clock.LOCAL)
    cells = facts.order_by().values("street_code", "unit_id", day=on).annotate(**columns)
    for part, row in _added_up(cells, list(columns)):
        # What stands at the end has begun on some day before; by days it says nothing.
        if not (indicators[0].is_standing and part[0] == "day"):
            yield part, _figures(indicators, row)


def _added_up(cells: QuerySet[Any], columns: list[str]) -> Iterable[tuple[Part, dict[str, int]]]:
    try:
        sql, params = cells.query.sql_with_params()
    except EmptyResultSet:  # narrowed to what cannot be
        return
    sums = ", ".join(f'coalesce(sum("{name}"), 0)::bigint' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(_ADD_UP.format(sums=sums, cells=sql), params)
        for part, day, street, unit, *values in cursor.fetchall():
            value = {"day": day, "street": street, "unit": unit}.get(part)
            yield (part, value), dict(zip(columns, values, strict=True))


def _figures(indicators: list[Indicator], row: Mapping[str, int]) -> Figures:
    return {one.key: _figure(one, row) for one in indicators}


def _figure(indicator: Indicator, row: Mapping[str, int]) -> Figure:
    found = row[f"{indicator.key}_of"]
    if indicator.kind is Kind.COUNT:
        return Figure(found)
    return Figure(row[f"{indicator.key}_{'sum' if indicator.total else 'hit'}"], found)


@dataclass(frozen=True, slots=True)
class Row:
    """One counted fact with its case, as the list behind a figure shows it. `at`: the moment by which it counts;
    `is_hit`: whether it satisfies what the rate asks for, None where it is no rate."""

    fact: CaseFact | HandlingFact
    case: Case
    unit: str
    at: datetime
    is_hit: bool | None


def indicator_of(key: str) -> Indicator:
    """A declared indicator. Raises Invalid `unknown_indicator`."""
    if key not in BY_KEY:
        raise Invalid("unknown_indicator", "没有这个指标。", field="indicator")
    return BY_KEY[key]


def list_page(
    actor: Actor, wanted: Wanted, indicator: Indicator, part: str, *, after: str | None, limit: int
) -> tuple[Page[Row], Counted | None]:
    """Exactly what a figure counts, latest first: all (`of`), what satisfies a rate (`hit`), or the rest (`miss`).

    A case that the person may not see is left out.
    """
    facts = counted(actor, wanted, indicator, part)
    total = None if after else count(facts)
    found = page(facts, keys=latest_first(indicator), after=after, limit=limit)
    return Page(rows_of(actor, indicator, found.items), found.next), total


def counted(actor: Actor, wanted: Wanted, indicator: Indicator, part: str) -> QuerySet[Any]:
    """The facts that a figure counts, each with its unit."""
    chosen = counted_for(actor) & _narrowed(wanted) & Q(**dict(indicator.where))
    facts = _facts_in(chosen, indicator, wanted.period, clock.now())
    if part != "of" and indicator.hit:
        hit = Q(**dict(indicator.hit))
        facts = facts.filter(hit if part == "hit" else ~hit)
    return facts.select_related("unit")


def latest_first(indicator: Indicator) -> tuple[str, str]:
    """The order of what an indicator counts."""
    return f"-{indicator.moment}", f"-{KEYS[indicator.subject]}"


def rows_of(actor: Actor, indicator: Indicator, facts: list[Any]) -> list[Row]:
    """Facts with their cases, without those that the person may not see."""
    keys: list[UUID] = [fact.case_id for fact in facts]
    seen = cases.list_cases_for(actor).filter(pk__in=keys).select_related("category").in_bulk()
    return [
        Row(
            fact,
            seen[fact.case_id],
            fact.unit.short_name if fact.unit else "",
            getattr(fact, indicator.moment),
            all(getattr(fact, name) == value for name, value in indicator.hit) if indicator.hit else None,
        )
        for fact in facts
        if fact.case_id in seen
    ]


def unit_names(ids: Iterable[int | None]) -> dict[int, str]:
    """The short names of units."""
    known = Unit.objects.filter(pk__in=[key for key in ids if key is not None])
    return dict(known.values_list("pk", "short_name"))


def street_name(code: str) -> str:
    """A street's name of today; its code where it has none."""
    named = area_names().get(code)
    return named.name if named else code
