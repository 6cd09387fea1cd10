"""Cases in the search box: by number and words, and by the reporter's telephone number for who may see that."""

import re
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Right

from yiwang.core.actor import Actor
from yiwang.core.search.declare import Hit, Searcher
from yiwang.operations.cases import access, queries, rules
from yiwang.operations.cases.lifecycle import Reach
from yiwang.operations.cases.listing import Listed, shaped
from yiwang.operations.cases.models import PHONE_DIGITS, TAIL, Reporter

VIEW_REPORTER = "cases.view_reporter"
# What looks like a telephone number, or the end of one: digits with the signs that people put between them.
NUMBERLIKE = re.compile(r"^\+?[\d\s-]+$")
LONGEST_PHONE = 13


def find(actor: Actor, q: str, most: int) -> list[Hit]:
    """The newest that carry the words; before them those whose reporter has this number."""
    by_phone = _by_phone(actor, q, most)
    known = {hit.id for hit in by_phone}
    rows = queries.ordered(queries.filtered(actor, queries.Filters(q=q)), queries.NEWEST_FIRST)
    by_words = [_hit(case) for case in _listed(shaped(rows, Listed)[:most])]
    return [*by_phone, *(hit for hit in by_words if hit.id not in known)][:most]


def _by_phone(actor: Actor, q: str, most: int) -> list[Hit]:
    digits = re.sub(r"\D", "", q)
    if not NUMBERLIKE.match(q) or not TAIL <= len(digits) <= LONGEST_PHONE:
        return []
    within = Q(pk__in=())
    for scope in actor.scopes(VIEW_REPORTER):
        within |= access.within(scope, Reach.AREA)
    seen = access.list_cases_for(actor).filter(within)
    rows = queries.ordered(seen.filter(pk__in=of_number(digits).values("case_id")), queries.NEWEST_FIRST)
    cases = _listed(shaped(rows, Listed)[:most])
    phones = dict(
        Reporter.objects.filter(case_id__in=[case.pk for case in cases]).values_list("case_id", "phone")
    )
    return [_hit(case, rules.masked_phone(phones[case.pk])) for case in cases]


def of_number(digits: str) -> QuerySet[Reporter]:
    """Reporters whose number ends in at least four digits."""
    known = Reporter.objects.annotate(digits=PHONE_DIGITS, tail=Right(PHONE_DIGITS, TAIL))
    return known.filter(tail=digits[-TAIL:], digits__endswith=digits)


def _listed(rows: Iterable[tuple[object, ...]]) -> list[Listed]:
    return [Listed(*row) for row in rows]  # type: ignore[arg-type]


def _hit(case: Listed, phone: str = "") -> Hit:
    told = (case.number, phone, case.street or "", case.description[:60])
    return Hit(
        id=str(case.pk),
        title={"zh": case.category_zh, "en": case.category_en},
        line=" · ".join(part for part in told if part),
        state=queries.table(case.lifecycle_id).states[case.state].label,
    )


SEARCHERS = (Searcher("case", 10, access.VIEW, find),)
