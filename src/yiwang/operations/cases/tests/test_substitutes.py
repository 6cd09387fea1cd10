"""Who works for somebody absent: what they may, what stands in the record, and where they keep off."""

from datetime import timedelta

import pytest

from yiwang.core import clock
from yiwang.core.accounts import absences
from yiwang.core.accounts.models import User
from yiwang.core.accounts.rules import AbsenceReason
from yiwang.core.accounts.tests import people
from yiwang.core.audit.models import Entry
from yiwang.core.errors import DomainError, Refused
from yiwang.core.notify.models import Notice
from yiwang.operations.cases import access, actions, handlers, queries
from yiwang.operations.cases.models import Case, Step
from yiwang.operations.cases.rules import Given, Photo
from yiwang.operations.cases.tests.district import District, Walk, picture


def stands_in(who: User, substitute: User) -> None:
    today = clock.today()
    absences.enter(
        people.SYSTEM,
        absences.NewAbsence(today, today + timedelta(2), AbsenceReason.LEAVE, who.pk, substitute.pk),
    )


def step(walk: Walk, who: User, verb: str) -> None:
    version = walk.case.version
    walk.case = actions.advance(
        people.actor(who), walk.case.pk, verb=verb, expected_version=version, given=Given()
    )


@pytest.fixture
def deputy(district: District) -> User:
    """A colleague of the clerk's without any authority over cases of their own."""
    return people.person("deputy", at=district.unit)


def test_a_substitute_sees_and_takes_the_step_and_the_record_says_for_whom(
    district: District, deputy: User
) -> None:
    walk = Walk(district).to("pending_handle")
    assert access.list_cases_for(people.actor(deputy)).count() == 0
    stands_in(district.clerk, deputy)
    actor = people.actor(deputy)
    assert list(access.list_cases_for(actor)) == [walk.case]
    mine = access.work_of(actor, (queries.current_table(),))
    assert Case.objects.filter(mine).exists()
    step(walk, deputy, "take")
    taken = Step.objects.get(case=walk.case, verb="take")
    assert (taken.actor_name, taken.on_behalf_of, taken.post) == ("人deputy", "人clerk", "岗clerk")
    assert Entry.objects.get(action="cases.take").post == "岗clerk（代人clerk）"


def test_the_substitute_is_told_in_the_place_of_the_absent(district: District, deputy: User) -> None:
    stands_in(district.clerk, deputy)
    walk = Walk(district).to("pending_handle")
    handlers.tell_next(walk.case.pk, walk.case.version)
    assert set(Notice.objects.values_list("user_id", flat=True)) == {deputy.pk}


def test_neither_the_substitute_nor_the_absent_checks_what_was_handled_in_the_absents_name(
    district: District, deputy: User
) -> None:
    stands_in(district.clerk, deputy)
    walk = Walk(district).to("pending_handle")
    step(walk, deputy, "take")
    walk.case.refresh_from_db()
    assert set(walk.case.handlers) == {deputy.pk, district.clerk.pk}


def test_what_the_absent_may_not_check_their_substitute_may_not_check_in_their_name(
    district: District,
) -> None:
    """The collector handles and checks; whoever stands in for the collector cannot check the collector's work."""
    friend = people.person("friend", at=people.unit("centre", people.unit("root")))
    walk = Walk(district).to("pending_check")
    Case.objects.filter(pk=walk.case.pk).update(handlers=[district.collector.pk])
    stands_in(district.collector, friend)
    mine = access.work_of(people.actor(friend), (queries.current_table(),))
    assert not access.list_cases_for(people.actor(friend)).filter(mine).exists()
    with pytest.raises(DomainError) as refused:
        step(walk, friend, "pass_check")
    assert isinstance(refused.value, Refused)


def test_two_levels_of_an_approval_are_two_people_in_whosever_name(district: District) -> None:
    """Who approved the first level has a substitute, who cannot give the second in that name."""
    table = queries.current_table()
    policy = table.requests["extension"]
    first, second = policy.approvals[0], policy.approvals[1]
    home = people.unit("centre", people.unit("root"))
    both = people.person(
        "both", "cases.view_case", first.permission, second.permission, areas=["420117"], at=home
    )
    friend = people.person("friend", "cases.view_case", areas=["420117"], at=home)
    walk = Walk(district).to("handling")
    evidence = Photo(picture(district.actor("clerk")).file_id, "evidence")
    walk.step("clerk", "ask_extension", note="要等配件", photos=(evidence,))
    step(walk, both, "approve_extension")
    stands_in(both, friend)
    actor = people.actor(friend)
    assert actor.can(second.permission)
    mine = access.work_of(actor, (table,))
    assert not access.list_cases_for(actor).filter(mine).exists()
    with pytest.raises(Refused):
        step(walk, friend, "approve_extension")


def test_with_clean_hands_the_substitute_checks(district: District) -> None:
    friend = people.person("friend", at=people.unit("centre", people.unit("root")))
    walk = Walk(district).to("pending_check")
    stands_in(district.collector, friend)
    mine = access.work_of(people.actor(friend), (queries.current_table(),))
    assert access.list_cases_for(people.actor(friend)).filter(mine).count() == 1
    step(walk, friend, "pass_check")
    assert Step.objects.get(case=walk.case, verb="pass_check").on_behalf_of == "人collector"
