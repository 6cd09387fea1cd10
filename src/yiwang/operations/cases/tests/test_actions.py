"""The loop on a real database: every step, what it leaves behind, and what it refuses."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db.models import QuerySet

from yiwang.core import clock
from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts.tests import people
from yiwang.core.audit.models import Entry
from yiwang.core.deadlines.models import Deadline
from yiwang.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from yiwang.core.events.models import OutboxEvent
from yiwang.core.files import actions as files
from yiwang.core.ids import uuid7
from yiwang.operations.cases import access, actions
from yiwang.operations.cases.actions import NewCase
from yiwang.operations.cases.models import Case, Task
from yiwang.operations.cases.rules import Given, Photo
from yiwang.operations.cases.tests.district import CATEGORY, HERE, SEE, District, Walk, after_picture, picture

# A Tuesday, 10:00 in the district.
MORNING = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)


def test_the_whole_loop_leaves_a_whole_record(district: District) -> None:
    walk = Walk(district).to("closed")
    case = Case.objects.get(pk=walk.case.pk)
    verbs = [step.verb for step in case.steps.all()]
    assert verbs == ["take_call", "register", "dispatch", "take", "report_done", "pass_check", "close"]
    assert [step.seq for step in case.steps.all()] == list(range(1, 8))
    assert case.version == 6
    assert case.ended_at is not None
    assert case.due_at is None
    assert not running(case).exists()
    assert {task.state for task in case.tasks.all()} == {Task.State.DONE}
    entries = Entry.objects.filter(object_id=str(case.pk)).order_by("id")
    assert [entry.action for entry in entries] == [f"cases.{verb}" for verb in verbs]
    published = OutboxEvent.objects.filter(aggregate=f"case:{case.pk}").order_by("id")
    assert [event.type for event in published] == ["case.opened"] + ["case.advanced"] * 6


def test_a_case_knows_its_place_and_number(district: District) -> None:
    case = Walk(district).case
    assert len(case.number) == 19
    assert case.number.startswith("420117")
    assert case.area_code.startswith(case.place["street"]["code"])
    assert len(case.area_code) == 15
    assert case.address
    assert case.reporter.phone == "13812345678"


def test_serials_of_a_day_follow_each_other(district: District) -> None:
    with clock.frozen(MORNING):
        numbers = [Walk(district).case.number for _ in range(3)]
    assert [number[-5:] for number in numbers] == ["00001", "00002", "00003"]


def test_the_same_report_sent_twice_is_one_case(district: District) -> None:
    own = uuid7()
    first, again = Walk(district, id=own).case, Walk(district, id=own).case
    assert first.pk == again.pk == own
    assert Case.objects.count() == 1
    with pytest.raises(Conflict, match="id_taken"):
        actions.open_case(
            district.actor("collector"),
            NewCase(
                id=own,
                category=CATEGORY,
                description="另一个",
                lon=HERE[0],
                lat=HERE[1],
                source="collector_patrol",
                photos=(picture(district.actor("collector")),),
            ),
        )


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"lon": 114.0, "lat": 29.0}, "outside_district", "lon"),
        ({"source": "rumour"}, "unknown_code", "source"),
        ({"category": "event.none"}, "unknown_category", "category"),
        ({"occurred_at": datetime(2030, 1, 1, tzinfo=UTC)}, "in_the_future", "occurred_at"),
    ],
)
def test_bad_input_is_named_and_leaves_nothing(
    district: District, changes: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        Walk(district, **changes)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not Case.objects.exists()


def test_registering_fixes_the_condition_as_it_stands(district: District) -> None:
    walk = Walk(district).to("pending_dispatch")
    with clock.frozen(MORNING):
        walk.to("pending_handle")
    assert walk.case.condition_snapshot is not None
    assert walk.case.condition_snapshot["limit"] == {"kind": "working_hour", "amount": "4"}
    # 10:00 to 12:00 is two hours, 14:00 to 16:00 the other two.
    assert walk.case.due_at == datetime(2026, 11, 17, 8, 0, tzinfo=UTC)
    assert walk.case.warn_at == datetime(2026, 11, 17, 7, 12, tzinfo=UTC)


def test_a_step_takes_no_photo_that_it_does_not_ask_for(district: District) -> None:
    walk = Walk(district)
    photo = after_picture(district.actor("shift"))
    with pytest.raises(Invalid, match="not_asked"):
        walk.step("shift", "register", condition_id=district.condition.pk, photos=(photo,))
    assert not walk.case.photos.exists()


def test_a_report_shows_what_was_found_and_not_what_was_done(district: District) -> None:
    with pytest.raises(Invalid, match="wrong_slot"):
        Walk(district, photos=(after_picture(district.actor("acceptor")),))
    assert not Case.objects.exists()


def test_a_condition_of_another_class_is_refused(district: District) -> None:
    walk = Walk(district)
    with pytest.raises(Invalid, match="unknown_condition"):
        walk.step("shift", "register", condition_id=999_999)


def test_a_unit_that_handles_nothing_cannot_be_chosen(district: District) -> None:
    walk = Walk(district).to("pending_dispatch")
    for unit_id in (district.shift.assignments.get().unit_id, 999_999):
        with pytest.raises(Invalid, match="unknown_unit"):
            walk.step("dispatcher", "dispatch", unit_id=unit_id)


def test_a_refused_report_ends(district: District) -> None:
    collector = district.actor("collector")
    case = actions.open_case(
        collector,
        NewCase(
            category=CATEGORY,
            description="垃圾",
            lon=HERE[0],
            lat=HERE[1],
            source="collector_patrol",
            photos=(picture(collector),),
        ),
    )
    assert case.state == "reported"
    with pytest.raises(Invalid):
        advance(district, "acceptor", case, "refuse")
    ended = advance(district, "acceptor", case, "refuse", note="不属城管职责")
    assert (ended.state, ended.group, ended.due_at) == ("not_accepted", "refused", None)


def test_a_return_is_asked_for_and_decided(district: District) -> None:
    walk = Walk(district).to("handling")
    walk.step("clerk", "ask_return", note="不是我单位管的")
    assert (walk.case.state, walk.case.pending_request) == ("handling", "return")
    assert walk.case.due_at is not None, "the clock goes on while a return is under review"
    with pytest.raises(Refused, match="request_pending"):
        walk.step("clerk", "report_done", note="好了", photos=(picture(district.actor("clerk")),))
    walk.step("dispatcher", "refuse_return", note="确属你单位")
    assert (walk.case.state, walk.case.pending_request) == ("handling", "")
    walk.step("clerk", "ask_return", note="真的不是")
    walk.step("dispatcher", "approve_return")
    assert (walk.case.state, walk.case.pending_request) == ("handling", "return"), "one of two approvals"
    walk.step("shift", "approve_return", note="同意")
    assert (walk.case.state, walk.case.handling_unit) == ("pending_dispatch", None)
    assert [r.state for r in walk.case.requests.all()] == ["refused", "approved"]
    walk.step("dispatcher", "dispatch", unit_id=district.other_unit.pk)
    assert [t.state for t in walk.case.tasks.all()] == [Task.State.CANCELLED, Task.State.WAITING]


def test_rework_goes_on_with_the_clock_where_it_stopped(district: District) -> None:
    with clock.frozen(MORNING):
        walk = Walk(district).to("handling")
    with clock.frozen(MORNING + timedelta(hours=1)):
        walk.to("pending_check")
    with clock.frozen(MORNING + timedelta(days=1)):
        walk.step("collector", "fail_check", note="还有一堆")
    # One of four hours was used on Tuesday; three remain from Wednesday 10:00: 12:00, then 14:00 to 15:00.
    assert walk.case.due_at == datetime(2026, 11, 18, 7, 0, tzinfo=UTC)
    # The warning comes when a fifth of the four hours is left: 48 minutes before.
    assert walk.case.warn_at == datetime(2026, 11, 18, 6, 12, tzinfo=UTC)
    assert (walk.case.state, walk.case.rework_count) == ("handling", 1)
    handle, check = walk.case.tasks.all()
    assert (handle.state, check.state) == (Task.State.RUNNING, Task.State.FAILED)
    walk.to("closed")
    assert walk.case.tasks.filter(kind="check").count() == 2


def test_the_warning_of_rework_is_counted_in_working_time(district: District) -> None:
    with clock.frozen(MORNING):
        walk = Walk(district).to("handling")
    with clock.frozen(MORNING + timedelta(hours=1)):
        walk.to("pending_check")
    with clock.frozen(MORNING + timedelta(hours=23, minutes=30)):
        walk.step("collector", "fail_check", note="还有一堆")
    # Three hours from Wednesday 09:30 end at 14:30; 48 minutes of working time before that it is 11:42.
    assert walk.case.due_at == datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
    assert walk.case.warn_at == datetime(2026, 11, 18, 3, 42, tzinfo=UTC)


def test_rework_of_overdue_handling_stays_overdue(district: District) -> None:
    with clock.frozen(MORNING):
        walk = Walk(district).to("handling")
    due = walk.case.due_at
    with clock.frozen(MORNING + timedelta(days=3)):
        walk.to("pending_check").step("collector", "fail_check", note="没好")
    assert walk.case.due_at == due


def test_at_most_one_clock_runs(district: District) -> None:
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
        assert running(walk.case).count() == (0 if state == "closed" else 1), state


def running(case: Case) -> QuerySet[Deadline]:
    return Deadline.objects.filter(owner_kind="case", owner_id=case.pk, stopped_at__isnull=True)


def test_who_comes_second_is_told_what_happened(district: District) -> None:
    walk = Walk(district)
    stale = walk.case.version
    walk.to("pending_dispatch")
    with pytest.raises(Conflict) as conflict:
        actions.advance(
            district.actor("shift"),
            walk.case.pk,
            verb="decline",
            expected_version=stale,
            given=Given(note="x"),
        )
    assert conflict.value.code == "case_changed"
    assert conflict.value.params["verb"] == "register"
    assert conflict.value.params["state"] == "pending_dispatch"


def test_each_post_may_do_its_own_and_nothing_else(district: District) -> None:
    """Every row tried by everybody: only those whose permission reaches the case get through."""
    walk = Walk(district)
    mine = {"pending_registration": "shift", "pending_dispatch": "dispatcher", "pending_handle": "clerk"}
    for state, owner in mine.items():
        walk.to(state)
        for who in ("acceptor", "shift", "dispatcher", "clerk", "other_clerk", "collector", "leader"):
            verbs = {"register", "dispatch", "take"} if who != owner else {"close", "accept"}
            for verb in verbs:
                with pytest.raises(DomainError):
                    walk.step(who, verb, condition_id=1, unit_id=1, note="x")
    assert walk.case.version == 2


def test_what_each_post_sees(district: District) -> None:
    walk = Walk(district).to("pending_handle")
    seen = {
        name: access.list_cases_for(district.actor(name)).filter(pk=walk.case.pk).exists()
        for name in (
            "acceptor",
            "dispatcher",
            "clerk",
            "other_clerk",
            "collector",
            "other_collector",
            "leader",
        )
    }
    assert seen == {
        "acceptor": True, "dispatcher": True, "clerk": True, "other_clerk": False, "collector": True,
        "other_collector": False, "leader": True,
    }  # fmt: skip
    with pytest.raises(NotFound):
        access.get_case_for(district.actor("other_clerk"), walk.case.pk)
    with pytest.raises(NotFound):
        access.get_case_for(district.actor("clerk"), uuid4())


def test_a_unit_still_sees_what_it_once_had(district: District) -> None:
    walk = Walk(district).to("handling")
    walk.step("clerk", "ask_return", note="错派")
    walk.step("dispatcher", "approve_return")
    walk.step("shift", "approve_return")
    assert access.get_case_for(district.actor("clerk"), walk.case.pk).pk == walk.case.pk
    with pytest.raises(Refused):
        walk.step("clerk", "take")


def test_a_published_lifecycle_never_changes(district: District) -> None:
    import json

    from yiwang.operations.cases.seed import LIFECYCLE

    data = json.loads(LIFECYCLE.read_text(encoding="utf-8"))
    actions.publish_lifecycle(data)
    data["transitions"][2]["label"]["zh"] = "另一个词"
    with pytest.raises(Conflict, match="version_published"):
        actions.publish_lifecycle(data)


def advance(district: District, who: str, case: Case, verb: str, **given: object) -> Case:
    return actions.advance(
        district.actor(who),
        case.pk,
        verb=verb,
        expected_version=case.version,
        given=Given(**given),  # type: ignore[arg-type]
    )


def test_a_photo_counts_once_in_a_case(district: District) -> None:
    clerk = district.actor("clerk")
    walk = Walk(district).to("handling")
    photo = after_picture(clerk)
    walk.step("clerk", "report_done", note="好了", photos=(photo,))
    walk.step("collector", "fail_check", note="没好")
    with pytest.raises(Invalid, match="photo_used"):
        walk.step("clerk", "report_done", note="真好了", photos=(photo,))
    assert walk.to("pending_check").case.photos.count() == 2


def test_a_document_is_no_photo(district: District) -> None:
    clerk = district.actor("clerk")
    walk = Walk(district).to("handling")
    document = files.store(clerk, stream=BytesIO(b"%PDF-1.4\n%%EOF\n"), name="说明.pdf")
    with pytest.raises(Invalid, match="not_a_picture"):
        walk.step("clerk", "report_done", note="好了", photos=(Photo(document.pk, "after"),))


def test_whoever_had_a_hand_in_it_does_not_check(district: District) -> None:
    """Also the one who only took the task, when a colleague reported it done."""
    walk = Walk(district).to("handling")
    colleague = people.person("colleague", *SEE, "cases.handle_case", at=district.unit)
    done = after_picture(people.actor(colleague))
    actions.advance(
        people.actor(colleague),
        walk.case.pk,
        verb="report_done",
        expected_version=walk.case.version,
        given=Given(note="好了", photos=(done,)),
    )
    walk.case.refresh_from_db()
    role = district.collector.assignments.get().role
    clerk_post = district.clerk.assignments.get().post
    accounts.assign(people.SYSTEM, user=district.clerk, post=clerk_post, role=role, areas=["420117"])
    with pytest.raises(Refused, match="checker_handled"):
        walk.step("clerk", "pass_check")
