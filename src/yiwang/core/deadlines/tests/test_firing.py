"""Marks fire once each, whoever fails meanwhile."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from yiwang.core import clock
from yiwang.core.deadlines import actions, firing, queries
from yiwang.core.deadlines.declare import Fired
from yiwang.core.deadlines.models import Deadline, StuckMark
from yiwang.core.deadlines.tests.limits import HOUR, MONDAY, OFFICE, kept, reminding, started
from yiwang.core.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db


def write(deadline_id: int) -> None:
    """Something in the database; for a deadline that is not there it is refused at commit."""
    StuckMark.objects.create(
        deadline_id=deadline_id, mark="torn", mark_at=MONDAY, reason="", attempts=1, at=MONDAY
    )


class Lamps:
    """Takes marks; fails on those whose owner is in `broken`."""

    def __init__(self) -> None:
        self.marks: list[tuple[int, str]] = []
        self.calls: list[int] = []
        self.broken: set[int] = set()

    def __call__(self, fired: list[Fired]) -> None:
        self.calls.append(len(fired))
        if bad := self.broken.intersection(mark.deadline_id for mark in fired):
            raise RuntimeError(f"lamps {bad} are broken")
        self.marks += [(mark.deadline_id, mark.mark) for mark in fired]


@pytest.fixture
def lamps() -> Iterator[Lamps]:
    lamps = Lamps()
    with reminding(lamps):
        yield lamps


def fire(at: datetime, limit: int = 500) -> int:
    with clock.frozen(at):
        return actions.fire_due(limit)


def test_marks_fire_when_they_are_due_and_once(lamps: Lamps) -> None:
    row = kept("10")
    assert fire(MONDAY + 8 * HOUR - HOUR / 3600) == 0
    assert fire(MONDAY + 8 * HOUR) == 1
    assert fire(MONDAY + 9 * HOUR) == 0
    assert fire(MONDAY + 30 * HOUR) == 2
    assert fire(MONDAY + 300 * HOUR) == 0
    assert lamps.marks == [(row.pk, "warn"), (row.pk, "due"), (row.pk, "late")]
    assert Deadline.objects.get(pk=row.pk).next_at is None


def test_a_mark_tells_whose_it_is() -> None:
    seen: list[Fired] = []
    row = kept("10")
    with reminding(seen.extend):
        fire(MONDAY + 8 * HOUR)
    assert seen == [
        Fired(row.pk, "lamp", row.owner_id, None, "burning", "warn", MONDAY + 8 * HOUR, MONDAY + 10 * HOUR)
    ]


def test_hundreds_fire_in_one_statement(lamps: Lamps, django_assert_max_num_queries: object) -> None:
    actions.keep([started("1") for _ in range(300)])
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert fire(MONDAY + HOUR, limit=200) == 400
    assert fire(MONDAY + HOUR) == 200
    assert (len(set(lamps.marks)), lamps.calls) == (600, [400, 200])


def test_the_longest_due_fire_first(lamps: Lamps) -> None:
    later, earlier = kept("2"), kept("1")
    fire(MONDAY + 10 * HOUR, limit=1)
    assert {pk for pk, _ in lamps.marks} == {earlier.pk}
    assert later.pk > 0


def test_a_stopped_limit_is_silent(lamps: Lamps) -> None:
    row = kept("10")
    actions.stop(row, OFFICE, MONDAY + HOUR)
    actions.keep([row])
    assert fire(MONDAY + 300 * HOUR) == 0
    assert lamps.marks == []


def test_a_kind_that_nobody_listens_to_fires_into_the_void() -> None:
    kept("1", owner_kind="kite")
    assert fire(MONDAY + HOUR) == 2
    assert fire(MONDAY + HOUR) == 0


def test_one_bad_owner_holds_up_nobody_else(lamps: Lamps) -> None:
    rows = [kept("1") for _ in range(9)]
    lamps.broken = {rows[4].pk}
    assert fire(MONDAY + HOUR) == 16
    assert {pk for pk, _ in lamps.marks} == {row.pk for row in rows} - {rows[4].pk}
    assert (queries.state().retried, queries.state().stuck) == (1, 0)
    assert fire(MONDAY + HOUR) == 0
    lamps.broken = set()
    assert fire(MONDAY + HOUR + firing.wait_after(1)) == 2
    assert sorted(lamps.marks) == sorted((row.pk, mark) for row in rows for mark in ("warn", "due"))
    assert queries.state().retried == 0


def test_one_bad_kind_holds_up_no_other(lamps: Lamps) -> None:
    kites = [kept("1", owner_kind="kite") for _ in range(40)]
    lamp = kept("1")

    def tear(fired: list[Fired]) -> None:
        write(fired[0].deadline_id)
        raise RuntimeError("torn")

    with reminding(tear, "kite"):
        assert fire(MONDAY + HOUR) == 2
    assert lamps.marks == [(lamp.pk, "warn"), (lamp.pk, "due")]
    assert not StuckMark.objects.exists()
    waiting = Deadline.objects.filter(owner_kind="kite", fired=0)
    assert waiting.count() == len(kites)
    assert waiting.filter(attempts=1).count() == firing.MOST_ALONE
    assert fire(MONDAY + HOUR + firing.PUT_OFF) == 80


def test_what_the_database_would_refuse_at_commit_counts_as_the_owners_failure(lamps: Lamps) -> None:
    kite, lamp = kept("1", owner_kind="kite"), kept("1")

    def tell_nobody(fired: list[Fired]) -> None:
        write(0)

    with reminding(tell_nobody, "kite"):
        assert fire(MONDAY + HOUR) == 2
    assert Deadline.objects.get(pk=kite.pk).attempts == 1
    assert lamps.marks[0][0] == lamp.pk


@pytest.fixture
def stuck(lamps: Lamps) -> StuckMark:
    """The first mark of a lamp that failed until it was given up."""
    row = kept("10")
    lamps.broken = {row.pk}
    at = MONDAY + 8 * HOUR
    for attempt in range(1, firing.MOST_ATTEMPTS + 1):
        assert fire(at) == 0
        at += firing.wait_after(attempt)
    return StuckMark.objects.get()


def test_after_many_attempts_the_mark_is_kept_and_the_next_goes_on(lamps: Lamps, stuck: StuckMark) -> None:
    assert (stuck.mark, stuck.attempts, stuck.mark_at) == ("warn", firing.MOST_ATTEMPTS, MONDAY + 8 * HOUR)
    assert "are broken" in stuck.reason
    assert list(queries.open_stuck()) == [stuck]
    lamps.broken = set()
    assert fire(MONDAY + 10 * HOUR) == 1
    assert lamps.marks == [(stuck.deadline_id, "due")]


def test_a_stuck_mark_is_fired_again_by_hand(lamps: Lamps, stuck: StuckMark) -> None:
    with pytest.raises(RuntimeError):
        actions.fire_stuck(stuck.pk)
    assert queries.state().stuck == 1
    lamps.broken = set()
    actions.fire_stuck(stuck.pk)
    assert lamps.marks == [(stuck.deadline_id, "warn")]
    assert queries.state().stuck == 0
    with pytest.raises(Conflict, match="stuck_mark_settled"):
        actions.fire_stuck(stuck.pk)
    with pytest.raises(NotFound, match="stuck_mark_not_found"):
        actions.fire_stuck(0)


def test_the_state_says_what_waits() -> None:
    assert (queries.state().running, queries.next_due_at()) == (0, None)
    row = kept("10")
    with clock.frozen(MONDAY):
        assert (queries.state().running, queries.state().waiting) == (1, 0)
    with clock.frozen(MONDAY + 9 * HOUR):
        assert (queries.state().waiting, queries.state().oldest_at) == (1, row.mark_at[0])
    assert queries.next_due_at() == row.mark_at[0]


def test_waiting_grows_and_ends() -> None:
    waits = [firing.wait_after(n).total_seconds() for n in (1, 2, 3, 9, 40)]
    assert waits == [1, 2, 4, 256, 300]
