"""What a person sees and has to do: the same in the database as in memory, and never more."""

import pytest

from yiwang.core.accounts.tests.people import Browser
from yiwang.core.errors import Refused
from yiwang.core.ids import uuid7
from yiwang.operations.cases import access, queries, rules, store
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests.district import HERE, District, Walk, after_picture, picture

WHO = (
    "acceptor", "shift", "dispatcher", "clerk", "other_clerk", "collector", "other_collector", "leader",
)  # fmt: skip


def some_cases(district: District) -> list[Case]:
    """Cases in many conditions, here and in the other street."""
    waiting = [
        Walk(district).to(state).case for state in ("pending_registration", "pending_handle", "closed")
    ]
    elsewhere = Walk(district, lon=HERE[0] + 0.1).to("pending_check").case
    asked = Walk(district).to("handling")
    asked.step("clerk", "ask_return", note="错派")
    level_two = Walk(district).to("handling")
    level_two.step("clerk", "ask_return", note="错派")
    level_two.step("dispatcher", "approve_return")
    assisted = Walk(district).to("pending_dispatch")
    assisted.step("dispatcher", "dispatch", unit_id=district.unit.pk, assist_ids=(district.other_unit.pk,))
    verifying = Walk(district)
    verifying.step("acceptor", "ask_verify", user_id=district.collector.pk)
    return [*waiting, elsewhere, asked.case, level_two.case, assisted.case, verifying.case]


def test_lists_and_single_cases_show_the_same(district: District) -> None:
    cases = some_cases(district)
    for who in WHO:
        actor = district.actor(who)
        listed = set(access.list_cases_for(actor).values_list("pk", flat=True))
        for case in cases:
            dossier = store.load(case.pk)
            assert dossier is not None
            assert access.sees(actor, dossier) == (case.pk in listed), (who, case.state)


def test_my_work_is_what_i_have_a_main_step_for(district: District) -> None:
    """The list "mine" and the buttons are one rule: a primary button, and the case waits for me."""
    cases = some_cases(district)
    tables = queries.living_tables()
    for who in WHO:
        actor = district.actor(who)
        mine = set(
            access.list_cases_for(actor).filter(access.work_of(actor, tables)).values_list("pk", flat=True)
        )
        for case in cases:
            dossier = store.load(case.pk)
            assert dossier is not None
            ways = rules.allowed(tables[0], dossier.facts(case.reported_at), actor)
            waits = access.sees(actor, dossier) and any(way.row.is_main for way in ways)
            assert waits == (case.pk in mine), (who, case.state, [w.row.verb for w in ways])


def test_a_named_officer_verifies_and_the_result_is_kept(district: District) -> None:
    walk = Walk(district)
    walk.step("acceptor", "ask_verify", user_id=district.collector.pk, note="看是否属实")
    task = walk.case.tasks.get()
    assert (task.kind, task.assignee_name, task.instruction) == (
        "verify",
        district.collector.name,
        "看是否属实",
    )
    walk.step("collector", "confirm_found", note="属实", photos=(picture(district.actor("collector")),))
    assert walk.case.state == "reported"
    assert walk.case.tasks.get().result == "属实"
    assert walk.case.steps.last().data["verified"] == "done"
    walk.step("acceptor", "accept")


def test_two_units_each_have_a_task_a_clock_and_their_own_buttons(district: District) -> None:
    walk = Walk(district).to("pending_dispatch")
    walk.step("dispatcher", "dispatch", unit_id=district.unit.pk, assist_ids=(district.other_unit.pk,))
    dossier = store.load(walk.case.pk)
    assert dossier is not None
    assert [(t.is_main, t.unit) for t in dossier.tasks] == [
        (True, district.unit),
        (False, district.other_unit),
    ]
    assert {c.part_id for c in dossier.clocks if c.stopped_at is None} == {t.pk for t in dossier.tasks}
    for who in ("clerk", "other_clerk"):
        walk.step(who, "take")
        walk.step(who, "report_done", note="好了", photos=(after_picture(district.actor(who)),))
    assert walk.case.state == "pending_check"


def test_merged_cases_are_answered_when_the_main_one_closes(district: District) -> None:
    main, other = Walk(district), Walk(district, reporter_name="李雷", id=uuid7())
    other.step("acceptor", "merge", main_case_id=main.case.pk, note="同一堆垃圾")
    assert (other.case.group, other.case.main_case_id) == ("merged", main.case.pk)
    main.to("closed")
    answers = other.case.answers.all()
    assert [(a.of_case_id, a.outcome) for a in answers] == [(main.case.pk, "close")]
    other.case.refresh_from_db()
    other.step("acceptor", "unmerge", note="不是一回事")
    assert other.case.state == "pending_registration"


def test_a_main_case_is_not_bound_itself(district: District) -> None:
    main, other, third = Walk(district), Walk(district), Walk(district)
    other.step("acceptor", "merge", main_case_id=main.case.pk)
    with pytest.raises(Refused, match="has_bound"):
        main.step("acceptor", "merge", main_case_id=third.case.pk)


def test_nobody_binds_a_case_to_one_that_they_do_not_see_or_that_is_bound(district: District) -> None:
    main, other, third = Walk(district), Walk(district), Walk(district)
    other.step("acceptor", "merge", main_case_id=main.case.pk)
    for wrong in (other.case.pk, third.case.pk, uuid7()):
        with pytest.raises(Exception, match=r"main_not_open|unknown_case"):
            third.step("acceptor", "merge", main_case_id=wrong)


def test_who_reported_is_told_once_and_it_is_noted(district: District) -> None:
    case = Walk(district).to("closed").case
    acceptor = Browser(district.acceptor)
    (answer,) = acceptor.get(f"/cases/{case.pk}").json()["answers"]
    assert (answer["number"], answer["outcome_label"]["zh"], answer["told_at"]) == (case.number, "结案", None)
    assert acceptor.get("/cases/summary").json()["to_answer"] == 1
    listed = acceptor.get("/cases", answers="open").json()["items"]
    assert [row["id"] for row in listed] == [str(case.pk)]
    address = f"/cases/{case.pk}/answers/{answer['id']}/told"
    assert Browser(district.dispatcher).post(address, {"note": "x"}).status_code == 403
    told = acceptor.post(address, {"note": "电话告知"}).json()["answers"][0]
    assert (told["told_by"], told["told_note"]) == (district.acceptor.name, "电话告知")
    assert acceptor.post(address, {"note": "再次"}).status_code == 409
    assert acceptor.get("/cases", answers="open").json()["items"] == []


def test_where_nobody_outside_reported_nobody_is_to_be_told(district: District) -> None:
    case = Walk(district, reporter_name="", reporter_phone="").to("closed").case
    acceptor = Browser(district.acceptor)
    assert acceptor.get("/cases/summary").json()["to_answer"] == 0
    assert acceptor.get("/cases", answers="open").json()["items"] == []
    assert acceptor.get(f"/cases/{case.pk}").json()["answers"] == []


def test_a_check_is_no_work_for_who_handled(district: District) -> None:
    walk = Walk(district).to("pending_check")
    collector = Browser(district.collector)
    assert len(collector.get("/cases", work="mine").json()["items"]) == 1
    Case.objects.filter(pk=walk.case.pk).update(handlers=[district.collector.pk])
    assert collector.get("/cases", work="mine").json()["items"] == []
    assert collector.get("/cases/summary").json()["mine"] == 0
