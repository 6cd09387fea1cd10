"""The whole way: two people report one matter, it is handled once, both are answered; and apart again without loss."""

from datetime import timedelta
from typing import Any

import pytest

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests.people import Browser
from yiwang.core.deadlines.models import Deadline
from yiwang.operations.cases.models import Answer, Case
from yiwang.operations.cases.tests.district import HERE, District, Walk, picture


@pytest.fixture
def two(district: District) -> tuple[Walk, Walk]:
    """One matter reported twice: the first is being handled, the second waits to be registered."""
    first = Walk(district, reporter_name="王小明", reporter_phone="13812345678").to("handling")
    photo = picture(district.actor("acceptor"))
    second = Walk(
        district,
        lon=HERE[0] + 0.0002,
        description="垃圾暴露在路口，没人清",
        reporter_name="李建国",
        reporter_phone="13987654321",
        photos=(photo,),
    )
    return first, second


def act(user: User, case: Case, verb: str, **given: object) -> Any:
    case.refresh_from_db()
    body = {"verb": verb, "expected_version": case.version, **given}
    return Browser(user).post(f"/cases/{case.pk}/actions", body)


def proposed(user: User, case: Case) -> list[str]:
    items = Browser(user).get(f"/cases/{case.pk}/duplicates").json()["items"]
    return [item["case"]["id"] for item in items]


def kept(case: Case) -> tuple[object, ...]:
    """What a case must never lose."""
    case.refresh_from_db()
    photos = tuple(case.photos.order_by("id").values_list("file_id", flat=True))
    return case.number, case.description, case.reporter.name, case.reporter.phone, photos, case.reported_at


def test_both_reporters_are_answered_when_the_one_handling_closes(
    district: District, two: tuple[Walk, Walk]
) -> None:
    first, second = two
    before = kept(second.case)
    assert proposed(district.acceptor, second.case) == [str(first.case.pk)]
    bound = act(district.acceptor, second.case, "merge", main_case_id=str(first.case.pk))
    assert bound.status_code == 200, bound.content
    assert (bound.json()["state"], bound.json()["main_case"]["number"]) == ("merged", first.case.number)
    shown = Browser(district.shift).get(f"/cases/{first.case.pk}").json()
    assert [one["number"] for one in shown["bound"]] == [second.case.number]
    assert kept(second.case) == before
    assert proposed(district.shift, first.case) == []
    assert proposed(district.acceptor, second.case) == []
    first.case.refresh_from_db()
    first.to("closed")
    answered = Answer.objects.filter(of_case=first.case).order_by("id")
    assert {answer.case_id for answer in answered} == {first.case.pk, second.case.pk}
    assert {answer.outcome for answer in answered} == {"close"}
    assert len(answered) == 2
    assert kept(second.case) == before


def test_unbound_again_it_goes_on_from_where_it_was(district: District, two: tuple[Walk, Walk]) -> None:
    first, second = two
    before, state = kept(second.case), second.case.state
    clocks = Deadline.objects.filter(owner_id=second.case.pk)
    due = clocks.get(stopped_at=None).due_at
    now = clock.now()
    with clock.frozen(now):
        second.step("acceptor", "merge", main_case_id=first.case.pk)
        assert not clocks.filter(stopped_at=None).exists()
    with clock.frozen(now + timedelta(days=7)):
        apart = second.step("acceptor", "unmerge", note="另一处垃圾")
        assert (apart.state, apart.main_case_id, apart.ended_at) == (state, None, None)
        # A week later has the same hours of the week: what was left is left.
        assert clocks.get(stopped_at=None).due_at - timedelta(days=7) == pytest.approx(
            due, abs=timedelta(minutes=1)
        )
    assert kept(second.case) == before
    assert [step.verb for step in second.case.steps.order_by("seq")][-2:] == ["merge", "unmerge"]
    with clock.frozen(now):
        first.case.refresh_from_db()
        first.to("closed")
    assert list(Answer.objects.values_list("case_id", flat=True)) == [first.case.pk]
    second.case.refresh_from_db()
    second.to("closed")
    assert Answer.objects.filter(case=second.case, of_case=second.case).count() == 1


def test_it_is_bound_only_to_what_is_being_handled(district: District, two: tuple[Walk, Walk]) -> None:
    first, second = two
    first.to("closed")
    refused = act(district.acceptor, second.case, "merge", main_case_id=str(first.case.pk))
    assert (refused.status_code, refused.json()["code"]) == (422, "main_not_open")
    itself = act(district.acceptor, second.case, "merge", main_case_id=str(second.case.pk))
    assert itself.status_code == 422
    assert proposed(district.acceptor, second.case) == [str(first.case.pk)]


def test_who_may_not_bind_is_refused(district: District, two: tuple[Walk, Walk]) -> None:
    first, second = two
    assert act(district.collector, second.case, "merge", main_case_id=str(first.case.pk)).status_code == 403
    assert act(district.other_collector, second.case, "merge").status_code == 404
    second.case.refresh_from_db()
    assert second.case.main_case_id is None
