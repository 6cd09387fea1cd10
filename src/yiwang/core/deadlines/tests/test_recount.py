"""A calendar changes while limits run: they are due when the new one says, and fire accordingly."""

from datetime import date, datetime

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.core import clock
from yiwang.core.actor import system
from yiwang.core.calendars import actions as calendars
from yiwang.core.calendars import queries
from yiwang.core.calendars.declare import DeclaredDay
from yiwang.core.calendars.models import Calendar
from yiwang.core.deadlines import actions, recount, tasks
from yiwang.core.deadlines.models import Deadline
from yiwang.core.deadlines.tests.limits import HOUR, MONDAY, OFFICE, kept, limit, local, started
from yiwang.core.events import relay
from yiwang.core.events.models import OutboxEvent

pytestmark = pytest.mark.django_db

TUESDAY = date(2025, 11, 4)
FAR = local("2101-01-01 00:00")


@pytest.fixture(autouse=True)
def calendar() -> Calendar:
    spans = [["08:00", "12:00"], ["14:00", "18:00"]]
    return Calendar.objects.create(key="default", name="默认", name_en="Default", spans=spans)


@pytest.fixture(autouse=True)
def on_monday() -> object:
    with clock.frozen(MONDAY + HOUR):
        yield


def tuesday_off() -> None:
    calendars.declare_days(
        system("test"), "default", [DeclaredDay(TUESDAY, False, "测试")], source="测试通知"
    )


def moved() -> list[list[str]]:
    rows = OutboxEvent.objects.filter(type="deadline.moved").order_by("pk")
    return [row.payload["owner_ids"] for row in rows]


def times(row: Deadline) -> list[datetime]:
    row = Deadline.objects.get(pk=row.pk)
    return [row.due_at, *row.mark_at]


def test_an_unchanged_calendar_changes_nothing(django_assert_num_queries: object) -> None:
    rows = [kept("2", kind=kind) for kind in ("working_day", "working_hour")]
    actions.extend(rows[0], limit("3", "working_hour"), OFFICE, MONDAY)
    actions.stop(rows[1], OFFICE, MONDAY + HOUR)
    rows.append(actions.go_on(rows[1], OFFICE, MONDAY + 5 * HOUR))
    actions.keep(rows)
    before = list(Deadline.objects.order_by("pk").values())
    queries.calendar_by_key("default")
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert recount.count_again("default", started_before=FAR) is None
    assert list(Deadline.objects.order_by("pk").values()) == before
    assert moved() == []


def test_a_day_off_moves_the_working_kinds_and_no_other() -> None:
    days, hours = kept("2", kind="working_day"), kept("10", kind="working_hour")
    urgent, natural = kept("30"), kept("2", kind="natural_day")
    done, short = kept("2", kind="working_day"), kept("2", kind="working_hour")
    actions.stop(done, OFFICE, MONDAY + HOUR)
    actions.keep([done])
    still = [times(row) for row in (urgent, natural, done, short)]
    tuesday_off()
    recount.count_again("default", started_before=FAR)
    assert times(days)[0] == local("2025-11-05 18:00")
    assert times(hours)[:3] == [
        local("2025-11-05 10:00"),
        local("2025-11-03 18:00"),
        local("2025-11-05 10:00"),
    ]
    assert [times(row) for row in (urgent, natural, done, short)] == still
    assert moved() == [sorted(str(row.owner_id) for row in (days, hours))]


def test_another_calendar_is_left_alone(calendar: Calendar) -> None:
    row = kept("2", kind="working_day")
    Deadline.objects.update(calendar="night")
    tuesday_off()
    recount.count_again("default", started_before=FAR)
    assert times(row)[0] == row.due_at


def test_what_was_extended_and_gone_on_with_is_counted_from_its_last_start() -> None:
    first = kept("2", kind="working_day")
    actions.stop(first, OFFICE, MONDAY + 4 * HOUR)
    again = actions.go_on(first, OFFICE, local("2025-11-03 14:00"))
    actions.extend(again, limit("1", "working_day"), OFFICE, local("2025-11-03 15:00"))
    actions.keep([first, again])
    assert times(again)[0] == local("2025-11-05 18:00")
    tuesday_off()
    recount.count_again("default", started_before=FAR)
    assert times(again)[0] == local("2025-11-06 18:00")
    assert times(again)[1] == local("2025-11-06 11:12")


def test_a_mark_that_has_fired_and_lies_ahead_again_fires_again() -> None:
    row = kept("2", kind="working_day")
    Deadline.objects.filter(pk=row.pk).update(fired=1, next_at=row.mark_at[1])
    tuesday_off()
    with clock.frozen(local("2025-11-04 17:00")):
        recount.count_again("default", started_before=FAR)
    again = Deadline.objects.get(pk=row.pk)
    assert (again.fired, again.next_at) == (0, local("2025-11-05 14:48"))


def test_it_goes_on_where_it_was_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recount, "AT_ONCE", 2)
    rows = [started("2", kind="working_day") for _ in range(5)]
    actions.keep(rows)
    tuesday_off()
    last = recount.count_again("default", started_before=FAR)
    assert last == rows[1].pk
    assert recount.count_again("default", started_before=FAR, after_id=last) == rows[3].pk
    assert recount.count_again("default", started_before=FAR, after_id=rows[3].pk) is None
    assert {times(row)[0] for row in rows} == {local("2025-11-05 18:00")}
    assert len(moved()) == 3
    assert recount.count_again("default", started_before=FAR) == rows[1].pk
    assert len(moved()) == 3


def test_a_long_count_is_done_in_several_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recount, "AT_ONCE", 1)
    monkeypatch.setattr(tasks, "BATCHES", 2)
    rows = [started("2", kind="working_day") for _ in range(3)]
    actions.keep(rows)
    tuesday_off()
    assert tasks.count_again(calendar="default", started_before=FAR.isoformat()) == 2
    arguments = ProcrastinateJob.objects.get().args
    assert arguments["after_id"] == rows[1].pk
    assert tasks.count_again(**arguments) == 2
    assert {times(row)[0] for row in rows} == {local("2025-11-05 18:00")}


def test_a_changed_calendar_has_it_done_now_and_once_more() -> None:
    """Once more: another transaction may be about to commit a limit that it reckoned by the old calendar."""
    tuesday_off()
    relay.deliver_due()
    jobs = list(ProcrastinateJob.objects.filter(task_name="deadlines.count_again").order_by("id"))
    assert [job.scheduled_at is None for job in jobs] == [True, False]
    row = kept("2", kind="working_day")
    late = kept("2", kind="working_day", now=local("2025-11-05 08:00"))
    tasks.count_again(**jobs[0].args)
    assert times(row)[0] == local("2025-11-05 18:00")
    assert times(late)[0] == late.due_at
