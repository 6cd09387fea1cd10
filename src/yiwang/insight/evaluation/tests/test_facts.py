"""Facts follow the cases step by step, and made again they are the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from yiwang.core.events import relay
from yiwang.insight.evaluation import actions
from yiwang.insight.evaluation.models import CaseFact, HandlingFact
from yiwang.insight.evaluation.reading import lives
from yiwang.insight.evaluation.rules import facts_of
from yiwang.operations.cases import history
from yiwang.operations.cases.history import PastCase, PastStep
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests.district import CATEGORY, HERE, District, Walk
from yiwang.operations.cases.tests.test_history import SOURCE, Teller, stories

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)


def everything() -> list[list[tuple[object, ...]]]:
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (CaseFact, HandlingFact)  # type: ignore[attr-defined]
    ]


def test_facts_that_followed_each_step_are_those_made_again(lived: dict[str, Case]) -> None:
    kept = everything()
    assert len(kept[0]) == len(lived)
    assert actions.check() == []
    assert actions.catch_up() == 0
    CaseFact.objects.all().delete()
    HandlingFact.objects.all().delete()
    assert len(actions.check()) == len(lived)
    assert actions.rebuild() == len(lived)
    assert everything() == kept
    assert actions.rebuild() == len(lived)
    assert everything() == kept


def test_after_every_single_step_the_facts_are_right(district: District) -> None:
    walk = Walk(district)
    for state in (
        "pending_dispatch",
        "pending_handle",
        "handling",
        "pending_check",
        "pending_close",
        "closed",
    ):
        walk.to(state)
        while relay.deliver_due():
            pass
        assert actions.differing([walk.case.pk]) == []
    fact = CaseFact.objects.get(pk=walk.case.pk)
    assert fact.is_closed
    assert fact.is_closed_in_time
    assert HandlingFact.objects.get(case=walk.case).is_in_time


def test_what_is_said_twice_or_late_changes_nothing(lived: dict[str, Case]) -> None:
    kept = everything()
    actions.refresh([case.pk for case in lived.values()])
    actions.refresh([])
    assert everything() == kept


def test_a_wrong_fact_is_found_and_put_right(lived: dict[str, Case]) -> None:
    case = lived["late"]
    HandlingFact.objects.filter(case=case).update(extensions=9)
    CaseFact.objects.filter(pk=lived["open"].pk).delete()
    assert set(actions.check()) == {case.pk, lived["open"].pk}
    assert actions.catch_up() == 1, "only what lies behind by its version"
    actions.rebuild()
    assert actions.check() == []


def test_what_came_in_by_the_bulk_door_has_the_same_facts(district: District, lived: dict[str, Case]) -> None:
    teller = Teller(district)
    loaded = history.load_chunk([teller.past(k, s) for k, s in stories(district).items()], source=SOURCE)
    assert actions.catch_up() == len(lived)
    assert actions.check() == []
    for key, case in lived.items():
        one, two = (facts_of(life) for pk in (case.pk, loaded.made[key]) for life in lives([pk]))
        nobody = case.pk
        assert replace(one[0], case_id=nobody) == replace(two[0], case_id=nobody)
        assert [replace(h, id=nobody, case_id=nobody) for h in one[1]] == [
            replace(h, id=nobody, case_id=nobody) for h in two[1]
        ]


def test_the_stories_read_as_they_should(lived: dict[str, Case], district: District) -> None:
    facts = {key: CaseFact.objects.get(pk=case.pk) for key, case in lived.items()}
    assert facts["late"].is_closed
    assert facts["late"].is_closed_in_time
    assert HandlingFact.objects.get(case=lived["late"]).is_in_time, "late, but the appeal was granted"
    assert facts["forced"].is_forced
    assert (facts["voided"].is_void, facts["bound"].is_merged) == (False, True), (
        "never registered: only refused"
    )
    assert facts["returned"].returns == 1
    assert facts["returned"].is_reworked
    assert facts["extended"].extensions == 1
    assert facts["suspended"].suspensions == 1
    assert facts["returned"].unit_id == district.other_unit.pk
    assert facts["returned"].assisting == [district.unit.pk]
    assert [h.round for h in HandlingFact.objects.filter(case=lived["reopened"]).order_by("round")] == [0, 1]
    returned = HandlingFact.objects.filter(case=lived["returned"])
    assert [(h.is_returned, h.is_done) for h in returned.order_by("opened_at", "is_main")] == [
        (True, False), (False, True), (False, True),
    ]  # fmt: skip
    open_one = HandlingFact.objects.get(case=lived["open"])
    assert open_one.settled_at == open_one.due_at
    assert not open_one.is_done


@pytest.mark.parametrize(("hours", "in_time"), [(3, True), (30, False)])
def test_a_case_in_the_short_way_is_due_by_its_own_deadline(
    district: District, hours: int, in_time: bool
) -> None:
    past = PastCase(
        "short", CATEGORY, "旧案", "hotline_12345", reduced=True, lon=HERE[0], lat=HERE[1],
        due_at=BEGIN + timedelta(hours=24), steps=(
            PastStep(BEGIN, "take_call"), *(PastStep(BEGIN, verb, known=False) for verb in (
                "register", "dispatch", "take", "report_done", "pass_check")),
            PastStep(BEGIN + timedelta(hours=hours), "close")),
    )  # fmt: skip
    loaded = history.load_chunk([past], source=SOURCE)
    assert loaded.faults == []
    actions.catch_up()
    handling = HandlingFact.objects.get(case=loaded.made["short"])
    assert (handling.pk, handling.unit_id) == (loaded.made["short"], None)
    assert handling.is_in_time is in_time
    fact = CaseFact.objects.get(pk=loaded.made["short"])
    assert (fact.is_closed, fact.is_closed_in_time) == (True, in_time)
    assert fact.settled_at == BEGIN + timedelta(hours=min(hours, 24))
