"""Limits as rows: what the verbs change in memory, and what `keep` writes of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from yiwang.core.deadlines import actions, queries
from yiwang.core.deadlines.models import Deadline
from yiwang.core.deadlines.tests.limits import HOUR, LATE, MONDAY, OFFICE, kept, limit, local, started
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db


def read(deadline: Deadline) -> Deadline:
    return Deadline.objects.get(pk=deadline.pk)


def test_the_verbs_touch_no_database(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        first = started()
        actions.stop(first, OFFICE, MONDAY + HOUR)
        second = actions.go_on(first, OFFICE, MONDAY + 3 * HOUR)
        actions.extend(second, limit("1"), OFFICE, MONDAY + 4 * HOUR)
    assert second.due_at == MONDAY + 13 * HOUR


def test_what_is_kept_is_what_was_reckoned(django_assert_num_queries: object) -> None:
    rows = [started(str(n), kind=kind) for n in (1, 2) for kind in ("working_day", "natural_day")]
    with django_assert_num_queries(1):  # type: ignore[operator]
        actions.keep(rows)
    for row in rows:
        assert actions.run_of(read(row)) == actions.run_of(row)
    for row in rows:
        actions.stop(row, OFFICE, MONDAY + 3 * HOUR)
    rows.append(actions.go_on(rows[0], OFFICE, MONDAY + 24 * HOUR))
    with django_assert_num_queries(2):  # type: ignore[operator]
        actions.keep(rows)
    for row in rows:
        again = read(row)
        assert actions.run_of(again) == actions.run_of(row)
        assert (again.stopped_at, again.remaining_us, again.next_at) == (
            row.stopped_at,
            row.remaining_us,
            row.next_at,
        )
    assert [row.pk for row in queries.of_owners("lamp", [rows[0].owner_id])] == [rows[0].pk, rows[-1].pk]


def test_stopping_twice_is_stopping_once() -> None:
    row = started()
    actions.stop(row, OFFICE, MONDAY + HOUR)
    actions.stop(row, OFFICE, MONDAY + 5 * HOUR)
    assert row.stopped_at == MONDAY + HOUR
    assert actions.left(row, OFFICE, MONDAY + 9 * HOUR) == 9 * HOUR


def test_only_a_stopped_one_goes_on() -> None:
    with pytest.raises(ValueError, match="has not stopped"):
        actions.go_on(started(), OFFICE, MONDAY)


def test_more_time_while_it_stands_is_there_when_it_goes_on() -> None:
    row = kept("1", kind="working_day")
    actions.stop(row, OFFICE, MONDAY + 2 * HOUR)
    actions.extend(row, limit("1", "working_day"), OFFICE, MONDAY + 3 * HOUR)
    actions.keep([row])
    assert actions.left(row, OFFICE, MONDAY) == timedelta(hours=14)
    again = actions.go_on(read(row), OFFICE, local("2025-11-06 08:00"))
    assert again.due_at == local("2025-11-07 16:00")


def test_a_mark_that_fired_since_it_was_read_is_not_fired_again() -> None:
    """Whoever read the row before the worker fired: what it writes must not put the mark back."""
    row = kept("10")
    stale = read(row)
    Deadline.objects.filter(pk=row.pk).update(fired=1, next_at=row.mark_at[1])
    actions.extend(stale, limit("1"), OFFICE, MONDAY + 9 * HOUR)
    actions.keep([stale])
    assert (read(row).fired, read(row).next_at) == (1, MONDAY + 11 * HOUR)


@pytest.mark.parametrize("learn", [True, False])
def test_a_mark_that_fired_while_it_was_stopped_is_not_fired_by_what_goes_on(learn: bool) -> None:
    row = kept("10")
    stale = read(row)
    Deadline.objects.filter(pk=row.pk).update(fired=1, next_at=row.mark_at[1])
    actions.stop(stale, OFFICE, MONDAY + 9 * HOUR)
    again = actions.go_on(stale, OFFICE, MONDAY + 9 * HOUR)
    actions.keep([stale, again], learn=learn)
    assert [row.fired for row in Deadline.objects.order_by("pk")] == [1, 1]
    assert Deadline.objects.get(stopped_at=None).next_at == MONDAY + 10 * HOUR


def test_a_mark_that_lies_ahead_again_fires_again() -> None:
    row = kept("10")
    Deadline.objects.filter(pk=row.pk).update(fired=2, next_at=row.mark_at[2])
    row = read(row)
    actions.extend(row, limit("5"), OFFICE, MONDAY + 10 * HOUR)
    actions.keep([row])
    assert (read(row).fired, read(row).next_at) == (0, MONDAY + 12 * HOUR)


def test_a_past_that_is_brought_in_fires_nothing() -> None:
    running, stopped = started(), started()
    actions.pass_over(running, MONDAY + 11 * HOUR)
    actions.stop(stopped, OFFICE, MONDAY + HOUR)
    actions.pass_over(stopped, MONDAY + 11 * HOUR)
    actions.keep([running, stopped])
    assert (read(running).fired, read(running).next_at) == (2, MONDAY + 20 * HOUR)
    assert (read(stopped).fired, read(stopped).next_at) == (2, None)


def test_a_moment_of_a_past_that_is_brought_in_still_fires() -> None:
    row = actions.until(owner_kind="lamp", owner_id=uuid7(), stage="dark", until=MONDAY, now=MONDAY - HOUR)
    actions.pass_over(row, MONDAY + HOUR)
    assert row.next_at == MONDAY


def test_a_moment_ends_when_it_says() -> None:
    row = actions.until(
        owner_kind="lamp", owner_id=uuid7(), stage="dark", until=MONDAY + 48 * HOUR, now=MONDAY
    )
    actions.keep([row])
    assert (row.marks, row.next_at, row.limit_kind) == (["due"], MONDAY + 48 * HOUR, "moment")
    assert actions.left(row, None, MONDAY + HOUR) == 47 * HOUR
    actions.stop(row, None, MONDAY + HOUR)
    assert actions.go_on(row, None, MONDAY + 2 * HOUR).due_at == MONDAY + 49 * HOUR


def test_nothing_is_kept_without_a_statement(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        actions.keep([])


def test_without_marks_nothing_fires_and_the_deadline_stands() -> None:
    row = kept("1", marks=())
    assert (row.next_at, row.due_at) == (None, MONDAY + HOUR)
    actions.extend(row, limit("1"), OFFICE, MONDAY)
    actions.keep([row])
    assert read(row).due_at == MONDAY + 2 * HOUR


@pytest.mark.parametrize(
    "change",
    [
        {"stopped_at": MONDAY},
        {"stopped_at": MONDAY, "remaining_us": 0},
        {"fired": 4},
        {"marks": ["due"]},
        {"percents": []},
    ],
)
def test_the_database_refuses_what_cannot_be(change: dict[str, object]) -> None:
    row = kept(marks=LATE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.filter(pk=row.pk).update(**change)
