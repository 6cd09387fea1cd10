"""Marks of a case's clocks: who is told of them, and what they set going."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from yiwang.core import clock
from yiwang.core.accounts import absences
from yiwang.core.accounts.models import User
from yiwang.core.accounts.rules import AbsenceReason
from yiwang.core.accounts.tests.people import actor, person
from yiwang.core.actor import system
from yiwang.core.calendars import actions as calendars
from yiwang.core.calendars.declare import DeclaredDay
from yiwang.core.calendars.rules import ZONE
from yiwang.core.deadlines import actions as deadlines
from yiwang.core.deadlines import tasks
from yiwang.core.deadlines.models import Deadline
from yiwang.core.events import relay
from yiwang.core.events.models import OutboxEvent
from yiwang.core.ids import uuid7
from yiwang.core.notify.models import Notice
from yiwang.operations.cases import reminders
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.rules import Photo
from yiwang.operations.cases.tests.district import District, Walk, picture

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 9, tzinfo=ZONE)
REMINDERS = (reminders.TIME_SHORT, reminders.OVERDUE)


@pytest.fixture(autouse=True)
def on_monday() -> Iterator[None]:
    with clock.frozen(MONDAY):
        yield


def running(case: Case, stage: str) -> Deadline:
    return Deadline.objects.get(owner_id=case.pk, stage=stage, stopped_at=None)


def fire(at: datetime) -> list[tuple[str, UUID, str]]:
    """Let marks fire at a moment: kind, person and mark of each notice that comes of it."""
    before = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with clock.frozen(at):
        deadlines.fire_due()
    rows = Notice.objects.filter(pk__gt=before, kind__in=REMINDERS).order_by("pk")
    return [(row.kind, row.user_id, row.params["mark"]) for row in rows]


def test_the_unit_hears_that_its_time_is_short_up_and_long_over(district: District) -> None:
    case = Walk(district).to("handling").case
    handling = running(case, "handle")
    clerk = district.clerk.pk
    warn, due, late = handling.mark_at
    assert fire(warn) == [("case.time_short", clerk, "warn")]
    assert fire(due) == [("case.overdue", clerk, "due")]
    assert fire(late) == [("case.overdue", clerk, "late")]
    assert fire(late + timedelta(days=30)) == []
    notice = Notice.objects.filter(kind="case.overdue").order_by("pk")[0]
    assert notice.link == f"/cases/{case.pk}"
    assert notice.params["number"] == case.number
    assert notice.params["stage"]["zh"] == "处置"
    assert notice.params["due_at"] == handling.due_at.isoformat()
    events = OutboxEvent.objects.filter(type="notice.created").order_by("-pk")
    assert events[0].audience["user_ids"] == [str(clerk)]


def test_of_marks_that_come_at_once_only_the_last_is_told(district: District) -> None:
    case = Walk(district).to("handling").case
    told = fire(running(case, "handle").mark_at[2])
    assert told == [("case.overdue", district.clerk.pk, "late")]


@pytest.mark.parametrize(
    ("state", "who"),
    [
        ("pending_registration", "shift"),
        ("pending_dispatch", "dispatcher"),
        ("pending_check", "collector"),
        ("pending_close", "shift"),
    ],
)
def test_a_stages_clock_is_told_to_those_whose_step_it_waits_for(
    district: District, state: str, who: str
) -> None:
    case = Walk(district).to(state).case
    assert fire(running(case, state).warn_at) == [("case.time_short", getattr(district, who).pk, "warn")]


def test_a_check_that_was_given_to_somebody_is_told_to_them(district: District) -> None:
    walk = Walk(district).to("pending_check")
    other = person("thirdcollector", "cases.view_case", "cases.check_case", areas=["420117001"])
    walk.step("acceptor", "send_check", user_id=other.pk)
    assert fire(running(walk.case, "pending_check").warn_at) == [("case.time_short", other.pk, "warn")]


def test_for_somebody_away_the_substitute_is_told(district: District) -> None:
    case = Walk(district).to("handling").case
    stand_in = person("standin", at=district.unit)
    today = clock.today()
    last = today + timedelta(days=9)
    absences.enter(
        actor(district.clerk),
        absences.NewAbsence(today, last, AbsenceReason.SICK, district.clerk.pk, stand_in.pk, ""),
    )
    assert fire(running(case, "handle").warn_at) == [("case.time_short", stand_in.pk, "warn")]


def test_two_units_have_each_their_own_clock(district: District) -> None:
    walk = Walk(district).to("pending_dispatch")
    walk.step("dispatcher", "dispatch", unit_id=district.unit.pk, assist_ids=(district.other_unit.pk,))
    at = Deadline.objects.filter(stage="handle").first()
    assert at is not None
    told = fire(at.warn_at)
    assert {user for _, user, _ in told} == {district.clerk.pk, district.other_clerk.pk}


def test_nothing_is_told_of_a_clock_that_was_stopped(district: District) -> None:
    walk = Walk(district).to("pending_check")
    late = MONDAY + timedelta(days=60)
    assert {user for _, user, _ in fire(late)} == {district.collector.pk}
    assert walk.case.state == "pending_check"


def test_hundreds_of_marks_cost_a_fixed_number_of_statements(
    district: District, django_assert_max_num_queries: object
) -> None:
    few = [Walk(district).to("handling").case for _ in range(2)]
    template = running(few[0], "handle")
    deadlines.keep([copy_of(running(case, "handle"), case.pk) for case in few for _ in range(100)])
    with django_assert_max_num_queries(18):  # type: ignore[operator]
        assert len(fire(template.warn_at)) == 202


def copy_of(row: Deadline, owner: UUID) -> Deadline:
    fields = {field.attname: getattr(row, field.attname) for field in Deadline._meta.concrete_fields}
    return Deadline(**fields | {"id": None, "owner_id": owner})


def test_a_case_that_is_not_there_or_not_open_is_passed_by(district: District) -> None:
    case = Walk(district).to("handling").case
    template = running(case, "handle")
    deadlines.keep([copy_of(template, uuid7())])
    assert len(fire(template.warn_at)) == 1


def suspended(district: District) -> Walk:
    walk = Walk(district).to("handling")
    until = date(2026, 3, 10)
    evidence = Photo(picture(district.actor("clerk"), "blue").file_id, "evidence")
    walk.step("clerk", "ask_suspension", note="等待材料", until=until, photos=(evidence,))
    walk.step("dispatcher", "approve_suspension", note="同意")
    if walk.case.state != "suspended":
        walk.step("leader", "approve_suspension", note="同意")
    assert walk.case.state == "suspended"
    return walk


def test_a_suspension_that_ends_goes_on_by_itself_and_once(district: District) -> None:
    case = suspended(district).case
    before = Deadline.objects.filter(stage="handle").latest("pk")
    ends = datetime(2026, 3, 11, tzinfo=ZONE)
    assert running(case, "suspended").due_at == ends
    with clock.frozen(ends):
        assert fire(ends) == []
        relay.deliver_due()
        relay.deliver_due()
    case.refresh_from_db()
    assert case.state == "handling"
    step = case.steps.latest("seq")
    assert (step.verb, step.actor_name, step.note) == ("resume", "时钟", reminders.RESUMED)
    again = running(case, "handle")
    assert again.spent_us == before.spent_us + before.allowed_us - (before.remaining_us or 0)
    assert case.due_at == again.due_at
    OutboxEvent.objects.filter(type="case.suspension_ended").update(state="pending")
    relay.deliver_due()
    case.refresh_from_db()
    assert (case.state, case.version) == ("handling", step.seq - 1)


def test_a_suspension_ends_although_a_voiding_is_being_decided(district: District) -> None:
    walk = suspended(district)
    walk.step("shift", "ask_void", note="重复")
    ends = datetime(2026, 3, 11, tzinfo=ZONE)
    with clock.frozen(ends):
        fire(ends)
        relay.deliver_due()
        walk.case.refresh_from_db()
        assert (walk.case.state, walk.case.pending_request) == ("handling", "void")
        walk.step("leader", "refuse_void", note="不是同一件事")
    assert running(walk.case, "handle").due_at == walk.case.due_at


def test_a_suspension_that_somebody_ended_is_left_alone(district: District) -> None:
    walk = suspended(district)
    ends = datetime(2026, 3, 11, tzinfo=ZONE)
    with clock.frozen(ends):
        deadlines.fire_due()
        walk.step("clerk", "resume", note="材料已到")
        version = walk.case.version
        relay.deliver_due()
    walk.case.refresh_from_db()
    assert walk.case.version == version


def test_a_changed_calendar_moves_what_the_case_shows(district: District) -> None:
    one, other = Walk(district).to("handling").case, Walk(district).to("pending_check").case
    before = {row.pk: row.due_at for row in (one, other)}
    off = [DeclaredDay(date(2026, 3, 2) + timedelta(days=n), False, "测试") for n in range(3)]
    calendars.declare_days(system("test"), "default", off, source="测试通知")
    tasks.count_again(calendar="default", started_before="2027-01-01T00:00:00+08:00")
    relay.deliver_due()
    moved = Case.objects.in_bulk(before)
    for pk, due_at in before.items():
        nearest = Deadline.objects.filter(owner_id=pk, stopped_at=None).earliest("due_at")
        assert (moved[pk].due_at, moved[pk].warn_at) == (nearest.due_at, nearest.warn_at)
        assert due_at is not None
        assert moved[pk].due_at > due_at


def test_other_kinds_are_not_ours(district: District) -> None:
    reminders.refresh_clocks(reminders.DeadlineMoved("lamp", (uuid7(),)))
    reminders.refresh_clocks(reminders.DeadlineMoved("case", (uuid7(),)))


def test_who_leaves_is_not_told(district: District) -> None:
    case = Walk(district).to("handling").case
    User.objects.filter(pk=district.clerk.pk).update(is_active=False)
    assert fire(running(case, "handle").warn_at) == []
