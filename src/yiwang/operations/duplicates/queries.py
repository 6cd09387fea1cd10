"""Which cases may be about the same matter: found by place and time, ordered by likeness, shown within one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Polygon
from django.db.models import Q, QuerySet

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.operations.cases import access
from yiwang.operations.cases.models import Case, Category
from yiwang.operations.cases.queries import covers
from yiwang.operations.duplicates import policies, rules
from yiwang.operations.duplicates.rules import Likeness, Policy, Report, Sameness

# Of a crowd of reports at one place the newest are compared.
MOST_COMPARED = 300
MOST_SHOWN = 20
# A case that was bound to another, or refused, is nothing to be bound to.
GROUPS = ("open", "closed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be compared: a report that is not sent yet, or a case (`case_id`, left out of its own answer)."""

    category: Category
    lon: float
    lat: float
    description: str
    occurred_at: datetime
    left_out: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A case that may be the same matter, and why."""

    case: Case
    picture: UUID | None
    likeness: Likeness
    common_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """At most twenty that the person may open, the likest first; `hidden` counts those that the person may not."""

    items: Sequence[Found]
    hidden: int
    policy: Policy


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it stands in the form."""

    category: str
    lon: float
    lat: float
    description: str
    occurred_at: datetime | None = None
    left_out: UUID | None = None


def similar_to_report(actor: Actor, report: NewReport) -> Similar:
    """Cases like a report that is not sent yet. Raises Invalid `unknown_category`."""
    return _similar(
        actor,
        Wanted(
            category=policies.known_class(report.category),
            lon=report.lon,
            lat=report.lat,
            description=report.description,
            occurred_at=report.occurred_at or clock.now(),
            left_out=(report.left_out,) if report.left_out else (),
        ),
    )


def similar_to_case(actor: Actor, case_id: UUID) -> Similar:
    """Cases like one that the person sees, itself and its main case left out. Raises NotFound `case_not_found`."""
    case = access.get_case_for(actor, case_id)
    left_out = (case.pk, case.main_case_id) if case.main_case_id else (case.pk,)
    return _similar(
        actor,
        Wanted(
            category=case.category,
            lon=case.location.x,
            lat=case.location.y,
            description=case.description,
            occurred_at=case.occurred_at,
            left_out=left_out,
        ),
    )


def _similar(actor: Actor, wanted: Wanted) -> Similar:
    """A few queries: policy, candidates, those of them that may be opened, and their photos."""
    policy = policies.policy_of(wanted.category)
    if not policy.enabled:
        return Similar((), 0, policy)
    ranked = ranking(wanted, list(candidates(wanted, policy)), policy)
    if not ranked:
        return Similar((), 0, policy)
    visible = access.list_cases_for(actor).filter(pk__in=[key for key, _ in ranked])
    if len(ranked) > MOST_SHOWN:
        known = set(visible.values_list("pk", flat=True))
        shown = [one for one in ranked if one[0] in known][:MOST_SHOWN]
        hidden = len(ranked) - len(known)
        visible = visible.filter(pk__in=[key for key, _ in shown])
    else:
        shown, hidden = ranked, 0
    seen = {case.pk: case for case in visible.select_related("category", "handling_unit")}
    pictures = covers(seen)
    items = [
        Found(
            seen[key],
            pictures.get(key),
            likeness,
            rules.common_words(wanted.description, seen[key].description),
        )
        for key, likeness in shown
        if key in seen
    ]
    return Similar(items, hidden + len(shown) - len(items), policy)


def candidates(wanted: Wanted, policy: Policy) -> QuerySet[Case, dict[str, Any]]:
    """Cases near by that are open, or were reported within the days before or after; in no order of likeness.

    The box around the place is answered by the spatial index; the newest first, at most `MOST_COMPARED`.
    """
    box = Polygon.from_bbox(rules.box_around(wanted.lon, wanted.lat, policy.radius_m))
    box.srid = 4326
    span = timedelta(days=policy.days)
    in_time = Q(reported_at__gte=wanted.occurred_at - span, reported_at__lte=wanted.occurred_at + span)
    rows = Case.objects.filter(Q(group="open") | in_time, location__bboverlaps=box, group__in=GROUPS)
    rows = rows.exclude(pk__in=wanted.left_out)
    if policy.same_class is Sameness.MINOR:
        rows = rows.filter(category__key=wanted.category.key)
    elif policy.same_class is Sameness.MAJOR:
        rows = rows.filter(
            category__kind=wanted.category.kind, category__major_code=wanted.category.major_code
        )
    columns = ("pk", "category__key", "category__kind", "category__major_code")
    found: QuerySet[Case, dict[str, Any]] = rows.order_by("-reported_at", "-pk").values(
        *columns, "location", "description", "occurred_at", "group"
    )
    return found[:MOST_COMPARED]


def ranking(wanted: Wanted, rows: Sequence[dict[str, Any]], policy: Policy) -> list[tuple[UUID, Likeness]]:
    """Those of the rows that the policy proposes, the likest first."""
    report = Report(
        category=wanted.category.key,
        major=policies.major_of(wanted.category),
        lon=wanted.lon,
        lat=wanted.lat,
        words=rules.words_of(wanted.description),
    )
    found: list[tuple[UUID, Likeness]] = []
    for row in rows:
        other = Report(
            category=row["category__key"],
            major=f"{row['category__kind']}.{row['category__major_code']}",
            lon=row["location"].x,
            lat=row["location"].y,
            words=rules.words_of(row["description"]),
        )
        hours = (wanted.occurred_at - row["occurred_at"]).total_seconds() / 3600
        likeness = rules.likeness(report, other, hours, policy)
        if rules.is_proposed(likeness, policy, is_open=row["group"] == "open"):
            found.append((row["pk"], likeness))
    return sorted(found, key=lambda item: (-item[1].score, str(item[0])))
