"""Keeps the facts as the cases are: after each step, and all of them again."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from yiwang.insight.evaluation.models import CaseFact, HandlingFact
from yiwang.insight.evaluation.reading import lives
from yiwang.insight.evaluation.rules import CaseFacts, HandlingFacts, facts_of
from yiwang.operations.cases.models import Case

BATCH = 500
# Cases without facts or with facts of an earlier version: what came in by the bulk door, which tells nobody.
_BEHIND = """
select c.id from cases_case c left join evaluation_casefact f on f.case_id = c.id
where f.case_id is null or f.version <> c.version order by c.id limit %s
"""
Facts = CaseFacts | HandlingFacts


@transaction.atomic
def refresh(case_ids: Iterable[UUID]) -> int:
    """Make the facts of these cases as the cases stand now; returns how many there are. Again changes nothing."""
    made = [facts_of(life) for life in lives(list(case_ids))]
    if not made:
        return 0
    cases = [case for case, _ in made]
    handlings = [handling for _, several in made for handling in several]
    _put(CaseFact, cases)
    _put(HandlingFact, handlings)
    gone = HandlingFact.objects.filter(case__in=[case.case_id for case in cases])
    gone.exclude(pk__in=[handling.id for handling in handlings]).delete()
    return len(made)


def _put(model: type[Model], facts: Sequence[Facts]) -> None:
    """Rows with these values, in place of those that are there."""
    rows = [model(**asdict(fact)) for fact in facts]
    key = model._meta.pk
    changing = [f.name for f in model._meta.concrete_fields if not (f is key or f.generated)]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[key.name], update_fields=changing
    )


def catch_up(most: int = 20_000) -> int:
    """Facts for cases that have none, or of an earlier version; returns how many, at most about `most`."""
    done = 0
    while done < most:
        with connection.cursor() as cursor:
            cursor.execute(_BEHIND, [BATCH])
            behind = [case_id for (case_id,) in cursor.fetchall()]
        if not behind:
            break
        done += refresh(behind)
    return done


def rebuild(say: Callable[[int], None] = lambda done: None) -> int:
    """All facts again from the cases, so many to a transaction; returns how many cases. `say` hears how far it is."""
    done = 0
    for batch in _batches(Case.objects.order_by("pk").values_list("pk", flat=True).iterator(BATCH)):
        done += refresh(batch)
        say(done)
    return done


def differing(case_ids: Sequence[UUID]) -> list[UUID]:
    """Those of some cases whose kept facts are not what their lives say; nothing is changed."""
    with transaction.atomic():
        made = [facts_of(life) for life in lives(case_ids)]
    cases = {row.pk: _kept(CaseFacts, row) for row in CaseFact.objects.filter(pk__in=case_ids)}
    handlings: dict[UUID, set[Facts]] = defaultdict(set)
    for row in HandlingFact.objects.filter(case__in=case_ids):
        handlings[row.case_id].add(_kept(HandlingFacts, row))
    return [
        case.case_id
        for case, several in made
        if cases.get(case.case_id) != case or handlings[case.case_id] != set(several)
    ]


def _kept(kind: type[CaseFacts] | type[HandlingFacts], row: Model) -> Facts:
    """A kept row as facts."""
    values: dict[str, Any] = {}
    for item in fields(kind):
        value = getattr(row, item.name)
        values[item.name] = tuple(value) if isinstance(value, list) else value
    return kind(**values)


def check(say: Callable[[int], None] = lambda done: None) -> list[UUID]:
    """The cases whose facts are not what they should be, of all."""
    wrong: list[UUID] = []
    done = 0
    for batch in _batches(Case.objects.order_by("pk").values_list("pk", flat=True).iterator(BATCH)):
        wrong += differing(batch)
        done += len(batch)
        say(done)
    return wrong


def _batches(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    while batch := list(islice(ids, BATCH)):
        yield batch
