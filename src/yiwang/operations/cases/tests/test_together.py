"""Several people at once: one wins, the others are told; numbers stay unique. Real transactions, real threads."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from yiwang.core.accounts.models import Assignment
from yiwang.core.deadlines.models import Deadline
from yiwang.core.errors import Conflict, DomainError
from yiwang.core.ids import uuid7
from yiwang.operations.cases import actions
from yiwang.operations.cases.actions import NewCase
from yiwang.operations.cases.models import Case, Task
from yiwang.operations.cases.rules import Given
from yiwang.operations.cases.tests import district as small
from yiwang.operations.cases.tests.district import CATEGORY, HERE, Walk

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(works: list[Callable[[], object]]) -> list[object]:
    """What each work returned or raised, all started together."""
    start = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(index: int) -> None:
        start.wait()
        try:
            results[index] = works[index]()
        except DomainError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_five_who_take_the_same_step_one_wins(town: small.District) -> None:
    case = Walk(town).case
    given = Given(condition_id=town.condition.pk)
    shift = town.actor("shift")
    results = all_at_once(
        [lambda: actions.advance(shift, case.pk, verb="register", expected_version=0, given=given)] * 5
    )
    assert Counter(type(result) for result in results) == {Case: 1, Conflict: 4}
    case.refresh_from_db()
    assert (case.version, case.state, case.steps.count()) == (1, "pending_dispatch", 2)


def test_different_steps_at_once_leave_one_history(town: small.District) -> None:
    walk = Walk(town).to("handling")
    shift, clerk, case_id, version = town.actor("shift"), town.actor("clerk"), walk.case.pk, walk.case.version
    photo = small.after_picture(clerk)
    results = all_at_once(
        [
            lambda: actions.advance(
                clerk, case_id, verb="report_done", expected_version=version,
                given=Given(note="好了", photos=(photo,)),
            ),
            lambda: actions.advance(
                clerk, case_id, verb="ask_return", expected_version=version, given=Given(note="错派")
            ),
            lambda: actions.advance(shift, case_id, verb="close", expected_version=version, given=Given()),
        ]
    )  # fmt: skip
    assert sum(isinstance(result, Case) for result in results) == 1
    walk.case.refresh_from_db()
    assert walk.case.version == version + 1
    assert Deadline.objects.filter(owner_id=walk.case.pk, stopped_at__isnull=True).count() == 1
    assert Task.objects.filter(case=walk.case, kind="handle").count() == 1


def test_filings_at_once_have_numbers_of_their_own(town: small.District) -> None:
    acceptor = town.actor("acceptor")

    def file(case_id: object = None) -> Case:
        new = NewCase(
            id=case_id,  # type: ignore[arg-type]
            category=CATEGORY, description="垃圾", lon=HERE[0], lat=HERE[1], source="hotline_12345",
        )  # fmt: skip
        return actions.open_case(acceptor, new)

    results = all_at_once([file] * 8)
    assert len({case.number for case in results if isinstance(case, Case)}) == 8
    same = uuid7()
    again = all_at_once([lambda: file(same)] * 4)
    assert Case.objects.filter(pk=same).count() == 1
    assert all(isinstance(result, Case) for result in again)


def test_authority_that_ended_this_moment_no_longer_acts(town: small.District) -> None:
    case = Walk(town).case
    assert town.actor("shift").can("cases.register_case")
    Assignment.objects.filter(user=town.shift).update(valid_to=date(2020, 2, 1))
    with pytest.raises(DomainError):
        actions.advance(
            town.actor("shift"), case.pk, verb="register", expected_version=0,
            given=Given(condition_id=town.condition.pk),
        )  # fmt: skip


def test_of_two_that_are_bound_to_each_other_at_once_one_is_bound(town: small.District) -> None:
    one, other = Walk(town).case, Walk(town).case
    acceptor = town.actor("acceptor")

    def bind(case: Case, main: Case) -> Callable[[], object]:
        given = Given(main_case_id=main.pk)
        return lambda: actions.advance(acceptor, case.pk, verb="merge", expected_version=0, given=given)

    for _ in range(3):
        results = all_at_once([bind(one, other), bind(other, one)])
        if any(isinstance(result, Case) for result in results):
            break
    assert sorted(type(result).__name__ for result in results) == ["Case", "Invalid"]
    assert set(Case.objects.values_list("group", flat=True)) == {"open", "merged"}
