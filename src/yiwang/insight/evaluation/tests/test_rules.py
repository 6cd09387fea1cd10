"""Facts and figures as pure functions: what must hold of every life, and the periods."""

import json
from collections import Counter
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from yiwang.insight.evaluation.indicators import INDICATORS, Subject
from yiwang.insight.evaluation.rules import (
    CaseFacts,
    ClockLife,
    HandlingFacts,
    Life,
    Period,
    TaskLife,
    counts,
    facts_of,
    figure,
)
from yiwang.operations.cases import tests as case_tests
from yiwang.operations.cases.queries import checked_table
from yiwang.operations.cases.tests.memory import MORNING, Walk, actor, all_permissions, complete

EDITION = Path(case_tests.__file__).parent.parent / "editions" / "lifecycle_2.json"
TABLE = checked_table(json.loads(EDITION.read_text(encoding="utf-8")))
PEOPLE = [actor(*all_permissions(TABLE), unit_path="1.") for _ in range(2)]
KINDS = {Subject.CASE: CaseFacts, Subject.HANDLING: HandlingFacts}


def life_of(walk: Walk) -> Life:
    """What `reading.lives` would read of it."""
    case, dossier = walk.case, walk.dossier
    approved = Counter((r.kind, r.task_id) for r in dossier.requests if r.state == "approved")
    tasks = tuple(
        TaskLife(t.pk, t.unit_id, t.is_main, t.round, t.state, t.opened_at, t.started_at, t.ended_at)
        for t in dossier.tasks
        if t.kind == "handle"
    )
    clocks = tuple(ClockLife(c.part_id, c.stage, c.due_at, c.stopped_at) for c in dossier.clocks)
    return Life(
        case.pk, case.version, case.area_code, 1, case.source, case.handling_unit_id, case.group, case.round,
        case.rework_count, case.exempt, case.reported_at, case.registered_at, case.ended_at, case.state, tasks,
        clocks, approved,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@examples(st.data())
def test_what_holds_of_every_life(data: st.DataObject) -> None:
    walk = Walk(TABLE).open(data.draw(st.sampled_from(TABLE.openings())), PEOPLE[0])
    walk.case.reported_at = MORNING
    for _ in range(data.draw(st.integers(0, 40))):
        walk.later(hours=data.draw(st.sampled_from([0.1, 2, 30])))
        person = data.draw(st.sampled_from(PEOPLE))
        possible = walk.ways(person)
        if not possible:
            break
        chosen = data.draw(st.sampled_from(possible))
        walk.take(chosen.row.verb, person, **complete(chosen, walk))
    life = life_of(walk)
    case, handlings = facts_of(life)
    assert (case, handlings) == facts_of(life)
    assert len(handlings) == len(life.tasks)
    assert case.is_closed == (walk.case.group == "closed") == (case.closed_at is not None)
    assert case.settled_at is None or case.settled_at >= case.reported_at
    if case.is_closed:
        assert case.settled_at is not None, "what is closed was to be closed"
    else:
        assert (case.is_closed_in_time, case.is_forced) == (False, False)
    if walk.case.group in ("refused", "merged"):
        assert case.settled_at is None, "nothing is owed any more"
    for handling in handlings:
        sound(handling)


def sound(handling: HandlingFacts) -> None:
    """What must be true of every handling."""
    if handling.is_in_time:
        assert handling.is_done
    if handling.is_done:
        assert handling.done_at is not None
        assert handling.settled_at == min(handling.done_at, handling.due_at or handling.done_at)
        assert handling.handling_s is not None
        assert handling.handling_s >= 0
    if not counts(handling):
        assert handling.settled_at is None, "what was taken away is not due"
    if handling.is_returned:
        assert not counts(handling)


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.key)
def test_an_indicator_names_what_there_is(indicator: object) -> None:
    from yiwang.insight.evaluation.indicators import Indicator

    assert isinstance(indicator, Indicator)
    names = {item.name for item in fields(KINDS[indicator.subject])}
    asked = {indicator.moment, *(name for name, _ in (*indicator.where, *indicator.hit))}
    assert asked | ({indicator.total} if indicator.total else set()) <= names
    assert all(indicator.name[language] and indicator.formula[language] for language in ("zh", "en"))
    assert not figure(indicator, [], MORNING, MORNING + timedelta(days=1)).value


def test_keys_are_unlike() -> None:
    assert len({one.key for one in INDICATORS}) == len(INDICATORS)


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-11-22", "2026-11-22", ("2026-11-21", "2026-11-21")),
        ("2026-11-01", "2026-11-22", ("2026-10-10", "2026-10-31")),
        ("2026-11-01", "2026-11-30", ("2026-10-01", "2026-10-31")),
        ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31")),
        ("2026-02-01", "2026-03-31", ("2025-12-01", "2026-01-31")),
        ("2026-11-16", "2026-11-22", ("2026-11-09", "2026-11-15")),
    ],
)
def test_the_period_before(first: str, last: str, before: tuple[str, str]) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert period.before == Period(*map(date.fromisoformat, before))


@examples(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 366))
def test_the_period_before_ends_where_this_begins(first: date, days: int) -> None:
    period = Period(first, first + timedelta(days=days - 1))
    assert period.before.last + timedelta(days=1) == period.first
    assert period.before.days > 0
