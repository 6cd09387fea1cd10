"""The shipped table, and what no sequence of allowed steps can do to it: real rules and effects, no database."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from yiwang.core.actor import Actor
from yiwang.core.errors import DomainError, Invalid, Refused
from yiwang.operations.cases import rules
from yiwang.operations.cases.lifecycle import BrokenTable, Decision, Group, Table, Transition, parse
from yiwang.operations.cases.models import Request, Task
from yiwang.operations.cases.queries import checked_table
from yiwang.operations.cases.rules import Facts, Given, Photo, TaskFact
from yiwang.operations.cases.tests.memory import (
    CONDITION,
    GRID,
    MAIN,
    MORNING,
    UNITS,
    Walk,
    actor,
    all_permissions,
    complete,
)

SHIPPED = json.loads(
    (Path(__file__).parent.parent / "editions" / "lifecycle_2.json").read_text(encoding="utf-8")
)
TABLE = checked_table(SHIPPED)
DOER = actor(*all_permissions(TABLE), unit_path="1.")
CHECKER = actor(*all_permissions(TABLE), unit_path="1.")
LEADER = actor(*all_permissions(TABLE), unit_path="1.")


def sound(walk: Walk) -> None:
    """What must be true of every case after every step."""
    case, dossier = walk.case, walk.dossier
    state = TABLE.states[case.state]
    running = [c for c in dossier.clocks if c.stopped_at is None]
    assert case.group == state.group
    assert (case.ended_at is None) == (state.group is Group.OPEN)
    assert (case.main_case_id is None) == (state.group is not Group.MERGED)
    assert len({(c.part_id, c.stage) for c in running}) == len(running), "a clock runs twice"
    assert not running or state.group is Group.OPEN, "a clock runs after the end"
    by_task = {c.part_id for c in running if c.stage == "handle"}
    at_work = {t.pk for t in dossier.open_tasks("handle")}
    assert by_task == (set() if case.state == "suspended" else at_work)
    assert (case.suspended_until is None) == (case.state != "suspended")
    shown = [c.due_at for c in running if c.stage != "suspended"]
    assert case.due_at == (min(shown) if shown else None)
    mains = [t for t in dossier.open_tasks("handle") if t.is_main]
    assert len(mains) <= 1
    if case.state in ("pending_handle", "handling", "suspended"):
        assert mains or any(t.is_main and t.state == "done" for t in dossier.tasks), "nobody is responsible"
        assert case.handling_unit is not None
    if case.state == "pending_check":
        assert len(dossier.open_tasks("check")) == 1
        assert not at_work
    if case.state == "verifying":
        assert len(dossier.open_tasks("verify")) == 1
    if state.group is not Group.OPEN:
        assert not dossier.open_tasks()
        assert all(r.kind == "appeal" for r in dossier.requests if r.state == Request.State.PENDING)
    pending = {(r.kind, r.task_id) for r in dossier.requests if r.state == Request.State.PENDING}
    assert bool(case.pending_request) == bool(pending)
    assert [s.seq for s in dossier.new if type(s).__name__ == "Step"] == list(range(1, case.version + 2))


@settings(max_examples=120, deadline=None)
@examples(st.data())
def test_no_sequence_of_allowed_steps_leaves_the_table(data: st.DataObject) -> None:
    walk = Walk(TABLE).open(data.draw(st.sampled_from(TABLE.openings())), DOER)
    sound(walk)
    for _ in range(data.draw(st.integers(0, 40))):
        walk.later(hours=data.draw(st.sampled_from([0.1, 2, 30])))
        person = data.draw(st.sampled_from([DOER, CHECKER]))
        possible = walk.ways(person)
        if walk.case.group == Group.OPEN:
            assert possible, f"nobody can do anything in {walk.case.state}"
        if not possible:
            break
        chosen = data.draw(st.sampled_from(possible))
        held = walk.case.held_state
        taken = walk.take(chosen.row.verb, person, **complete(chosen, walk))
        assert taken.row is chosen.row
        assert walk.case.state in {*chosen.row.ends(), taken.from_state, held}
        sound(walk)


@settings(max_examples=60, deadline=None)
@examples(st.data())
def test_from_wherever_a_walk_is_it_can_be_closed(data: st.DataObject) -> None:
    """No corner without a way out: after any walk, somebody can bring the case to an end."""
    walk = Walk(TABLE).open(data.draw(st.sampled_from(TABLE.openings())), DOER)
    for _ in range(data.draw(st.integers(0, 25))):
        possible = walk.ways(DOER)
        if not possible:
            break
        chosen = data.draw(st.sampled_from(possible))
        walk.take(chosen.row.verb, DOER, **complete(chosen, walk))
    for _ in range(60):
        if walk.case.group != Group.OPEN:
            return
        person = CHECKER if walk.case.state == "pending_check" else DOER
        forward = [w for w in walk.ways(person) if _forward(w.row)]
        assert forward, f"stuck in {walk.case.state} with {walk.case.pending_request!r}"
        walk.take(forward[0].row.verb, person, **complete(forward[0], walk))
    pytest.fail(f"no end from {walk.case.state}")


def _forward(row: Transition) -> bool:
    return row.verb == "resume" or (
        row.decision is Decision.REFUSE if row.request else row.is_main or row.verb == "answer_supervision"
    )


@settings(max_examples=80, deadline=None)
@examples(st.data(), st.sampled_from(sorted({t.verb for t in TABLE.transitions})))
def test_what_is_not_offered_is_refused(data: st.DataObject, verb: str) -> None:
    """The buttons and the decision are one rule: what is offered is accepted, what is not is refused."""
    walk = Walk(TABLE).open(TABLE.openings()[1], DOER)
    for _ in range(data.draw(st.integers(0, 12))):
        possible = walk.ways(DOER)
        if not possible:
            break
        chosen = data.draw(st.sampled_from(possible))
        walk.take(chosen.row.verb, DOER, **complete(chosen, walk))
    offered = [w for w in walk.ways(DOER) if w.row.verb == verb]
    if not offered:
        row = TABLE.find(walk.case.state, verb)
        given = complete(rules.Chosen(row), walk) if row else {}
        with pytest.raises(DomainError):
            walk.take(verb, DOER, **given)


def test_every_state_can_reach_an_end() -> None:
    ending = {key for key, state in TABLE.states.items() if state.group is not Group.OPEN}
    while True:
        more = {s for t in TABLE.transitions if set(t.ends()) & ending for s in t.start} | ending
        if more == ending:
            break
        ending = more
    assert ending == set(TABLE.states)


def test_every_state_is_reached() -> None:
    reached = {end for t in TABLE.openings() for end in t.ends()}
    while more := {e for t in TABLE.transitions for e in t.ends() if reached & set(t.start)} - reached:
        reached |= more
    assert reached == set(TABLE.states)


@pytest.mark.parametrize("row", TABLE.transitions, ids=lambda t: f"{'+'.join(t.start)}-{t.verb}")
def test_every_row_names_its_permission_and_is_worded_twice(row: Transition) -> None:
    named = (
        [row.permission] if row.permission else [a.permission for a in TABLE.requests[row.request].approvals]
    )
    assert all(permission.startswith("cases.") for permission in named)
    assert row.label["zh"]
    assert row.label["en"]
    assert all(f.label["zh"] and f.label["en"] for f in row.fields)


# For each row a walk to a state in which it can be taken, by the verbs before it.
WAYS_TO: dict[str, list[str]] = {
    "reported": [],
    "pending_registration": ["accept"],
    "verifying": ["ask_verify"],
    "pending_dispatch": ["accept", "register"],
    "pending_handle": ["accept", "register", "dispatch"],
    "handling": ["accept", "register", "dispatch", "take"],
    "suspended": [
        "accept", "register", "dispatch", "take", "ask_suspension", "approve_suspension", "approve_suspension",
    ],
    "pending_check": ["accept", "register", "dispatch", "take", "report_done"],
    "pending_close": ["accept", "register", "dispatch", "take", "report_done", "pass_check"],
    "closed": ["accept", "register", "dispatch", "take", "report_done", "pass_check", "close"],
    "forced_closed": ["accept", "register", "dispatch", "take", "force_close"],
    "archived": ["accept", "register", "dispatch", "take", "force_close", "archive"],
    "not_accepted": ["refuse"],
    "voided": ["ask_void", "approve_void"],
    "merged": ["merge"],
}  # fmt: skip
BEFORE = {
    "sign": ["ask_countersign"],
    "answer_supervision": ["supervise"],
    **{
        f"{what}_{kind}": [f"ask_{kind}"]
        for kind in TABLE.requests
        for what in ("approve", "refuse", "withdraw")
    },
}


def stand(state: str, verb: str = "") -> Walk:
    """A case in that state, ready for the verb; each step by somebody with all permissions, one unit only."""
    walk = Walk(TABLE).open(TABLE.openings()[0], DOER)
    path = [*WAYS_TO[state]]
    if verb in ("rework", "ask_appeal", "approve_appeal", "refuse_appeal", "withdraw_appeal"):
        walk_late = path.index("report_done") if "report_done" in path else len(path)
    else:
        walk_late = -1
    for n, step in enumerate([*path, *BEFORE.get(verb, [])]):
        if n == walk_late:
            walk.later(days=30)
        people = [DOER, CHECKER, LEADER] if "check" not in step else [CHECKER]
        found = ((who, w) for who in people for w in walk.ways(who) if w.row.verb == step)
        person, chosen = next(found)
        given = complete(chosen, walk)
        given.pop("assist_ids", None) if step == "dispatch" else None
        walk.take(step, person, **given)
    assert walk.case.state == state
    return walk


@pytest.mark.parametrize(
    "row", [t for t in TABLE.transitions if t.start], ids=lambda t: f"{t.start[0]}-{t.verb}"
)
def test_authority_of_each_row(row: Transition) -> None:
    """Nobody, the wrong person, the right person in the wrong area, the right person."""
    start = {"supervise": "handling", "answer_supervision": "handling"}.get(row.verb, row.start[0])
    if row.verb == "send_back" and row.start == ("pending_close",):
        walk = Walk(TABLE).open(TABLE.openings()[2], DOER)
    elif "appeal" in row.verb:
        walk = stand("closed", row.verb)
    else:
        walk = stand(start, row.verb)
    asked = next((r for r in walk.dossier.requests if r.kind == row.request), None)
    permission = (
        row.permission or TABLE.requests[row.request].approvals[asked.level if asked else 0].permission
    )
    nobody = Actor(user_id=None, name="")
    wrong = actor("cases.view_case", unit_path="1.")
    elsewhere = actor(permission, areas=("420118",), unit_path="9.")
    right = actor(permission, unit_path="1.")
    for person in (nobody, wrong, elsewhere):
        assert row.verb not in {w.row.verb for w in walk.ways(person)}
        with pytest.raises(Refused):
            walk.take(row.verb, person, **complete(rules.Chosen(row), walk))
    assert row.verb in {w.row.verb for w in walk.ways(right)}


def task(**changes: object) -> TaskFact:
    return replace(TaskFact(uuid4(), "handle", "running", True, 4, "1.4."), **changes)  # type: ignore[arg-type]


def facts(state: str, **changes: object) -> Facts:
    base = Facts(state=state, area_code=GRID, category_conditions=frozenset({CONDITION}))
    return replace(base, **changes)  # type: ignore[arg-type]


def test_unit_work_is_for_the_unit_and_those_above_it() -> None:
    here = facts("handling", tasks=(task(unit_path="1.4.9."),))
    row = TABLE.find("handling", "report_done")
    assert row is not None
    (way,) = rules.candidates(row, here)
    assert rules.may(TABLE, actor(row.permission, areas=(), unit_path="1.4."), way, here)
    assert not rules.may(TABLE, actor(row.permission, areas=(), unit_path="1.40."), way, here)
    assert not rules.may(TABLE, actor(row.permission, areas=("420117",), unit_path=""), way, here)


@pytest.mark.parametrize(
    "row", [t for t in TABLE.transitions if any(f.required for f in t.fields)], ids=lambda t: t.verb
)
def test_each_missing_field_is_named(row: Transition) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_given(row.fields, Given())
    assert {f.field for f in refusal.value.fields} == {f.name for f in row.fields if f.required}


def test_a_note_of_blanks_is_no_reason() -> None:
    refuse = TABLE.find("reported", "refuse")
    assert refuse is not None
    with pytest.raises(Invalid):
        rules.check_given(refuse.fields, Given(note="   \n"))


def test_photos_of_the_wrong_slot_are_refused() -> None:
    done = TABLE.find("handling", "report_done")
    assert done is not None
    with pytest.raises(Invalid) as refusal:
        rules.check_given(done.fields, Given(note="好了", photos=(Photo(uuid4(), "near"),)))
    assert [f.code for f in refusal.value.fields] == ["wrong_slot"]


def test_who_handled_does_not_check() -> None:
    person = actor("cases.check_case")
    here = facts(
        "pending_check",
        handlers=frozenset({UUID(str(person.user_id))}),
        tasks=(task(kind="check", unit_path=""),),
    )
    assert {w.row.verb for w in rules.allowed(TABLE, here, person)} == set()
    with pytest.raises(Refused, match="checker_handled"):
        rules.decide(TABLE, here, person, "pass_check", Given())


def test_the_main_step_waits_for_a_blocking_request_and_not_for_an_extension() -> None:
    walk = stand("handling")
    walk.take("ask_return", DOER, note="错派")
    assert "report_done" not in {w.row.verb for w in walk.ways(DOER)}
    with pytest.raises(Refused, match="request_pending"):
        walk.take("report_done", DOER, note="好了", photos=(Photo(uuid4(), "after"),))
    walk.take("refuse_return", DOER, note="不同意")
    asked = walk.take("ask_extension", DOER, note="缺料", photos=(Photo(uuid4(), "evidence"),))
    assert walk.dossier.requests[-1].seq == asked.step.seq, "its evidence is found by the step"
    walk.take("report_done", DOER, note="好了", photos=(Photo(uuid4(), "after"),))
    assert walk.case.state == "pending_check"
    assert [r.state for r in walk.dossier.requests] == [Request.State.REFUSED, Request.State.LAPSED]


def test_an_extension_adds_one_original_limit_at_most_twice_and_only_in_time() -> None:
    walk = stand("handling")
    first = walk.case.due_at
    assert first is not None
    for _ in range(2):
        walk.take("ask_extension", DOER, note="缺料", photos=(Photo(uuid4(), "evidence"),))
        walk.take("approve_extension", CHECKER)
        assert walk.case.pending_request == "extension", "the leader has not approved yet"
        walk.take("approve_extension", LEADER)
    # 10:00 + 4 h = 16:00; + 4 h = Wednesday 10:00; + 4 h = 16:00.
    assert walk.case.due_at == first + timedelta(days=1)
    with pytest.raises(Refused, match="asked_too_often"):
        walk.take("ask_extension", DOER, note="又缺料", photos=(Photo(uuid4(), "evidence"),))
    late = stand("handling").later(days=3)
    assert "ask_extension" not in {w.row.verb for w in late.ways(DOER)}
    with pytest.raises(Refused, match="too_late"):
        late.take("ask_extension", DOER, note="缺料", photos=(Photo(uuid4(), "evidence"),))


def test_two_levels_are_two_people_and_neither_is_who_asked() -> None:
    walk = stand("handling")
    walk.take("ask_return", DOER, note="错派")
    for person in (DOER, CHECKER):
        if person is CHECKER:
            walk.take("approve_return", CHECKER)
        assert "approve_return" not in {w.row.verb for w in walk.ways(person)}
        with pytest.raises(Refused, match="same_person"):
            walk.take("approve_return", person)
    walk.take("approve_return", LEADER)
    assert walk.case.state == "pending_dispatch"


def test_a_request_that_needs_evidence_wants_it() -> None:
    walk = stand("handling")
    with pytest.raises(Invalid):
        walk.take("ask_extension", DOER, note="缺料")


def test_a_suspension_stops_the_clocks_until_its_day_and_no_longer_than_a_year() -> None:
    walk = stand("handling").later(hours=1)
    evidence = (Photo(uuid4(), "evidence"),)
    for days in (0, 366):
        with pytest.raises(Invalid, match="day_out_of_range"):
            walk.take(
                "ask_suspension",
                DOER,
                note="冬天",
                until=MORNING.date() + timedelta(days=days),
                photos=evidence,
            )
    walk.take(
        "ask_suspension",
        DOER,
        note="冬天不宜补种",
        until=MORNING.date() + timedelta(days=90),
        photos=evidence,
    )
    walk.take("approve_suspension", CHECKER)
    walk.take("approve_suspension", LEADER)
    assert (walk.case.state, walk.case.due_at, walk.case.held_state) == ("suspended", None, "handling")
    ends = walk.dossier.running(None, stage="suspended")
    assert ends is not None
    assert ends.due_at == walk.case.suspended_until
    walk.later(days=90, hours=23).take("resume", DOER)
    # One of four working hours was used before; resumed on a Monday at 10:00, the rest ends at 15:00.
    assert walk.case.due_at == walk.now + timedelta(hours=5)
    with pytest.raises(Refused, match="asked_too_often"):
        walk.take(
            "ask_suspension", DOER, note="还冷", until=walk.now.date() + timedelta(days=9), photos=evidence
        )


def test_the_check_comes_when_every_unit_has_done_its_part() -> None:
    walk = stand("pending_dispatch")
    walk.take("dispatch", DOER, unit_id=4, assist_ids=(5, 6))
    clerks = {n: actor("cases.handle_case", areas=(), unit_path=f"1.{n}.") for n in (4, 5, 6)}
    for n in (5, 4, 6):
        walk.take("take", clerks[n])
    done = {"note": "好了", "photos": (Photo(uuid4(), "after"),)}
    walk.take("report_done", clerks[4], **done)
    walk.take("report_done", clerks[6], **done)
    assert walk.case.state == "handling"
    walk.take("report_done", clerks[5], **done)
    assert walk.case.state == "pending_check"
    walk.take("fail_check", CHECKER, note="没好")
    assert [t.state for t in walk.dossier.tasks if t.kind == "handle"] == ["running", "done", "done"]


def test_the_return_of_an_assisting_unit_leaves_the_others_at_work() -> None:
    walk = stand("pending_dispatch")
    walk.take("dispatch", DOER, unit_id=4, assist_ids=(5,))
    helper = actor("cases.handle_case", areas=(), unit_path="1.5.")
    walk.take("ask_return", helper, note="与我单位无关")
    walk.take("take", actor("cases.handle_case", areas=(), unit_path="1.4."))
    for person in (CHECKER, LEADER):
        walk.take("approve_return", person)
    assert walk.case.state == "handling"
    assert [t.state for t in walk.dossier.tasks] == [Task.State.RUNNING, Task.State.CANCELLED]


def test_whoever_has_two_tasks_says_which() -> None:
    walk = stand("pending_dispatch")
    walk.take("dispatch", DOER, unit_id=4, assist_ids=(5,))
    with pytest.raises(Invalid, match="which_task"):
        walk.take("take", DOER)
    walk.take("take", DOER, task_id=walk.dossier.tasks[1].pk)
    assert [t.state for t in walk.dossier.tasks] == ["waiting", "running"]


def test_no_unit_gets_two_open_tasks() -> None:
    walk = stand("pending_dispatch")
    with pytest.raises(Invalid, match="unit_twice"):
        walk.take("dispatch", DOER, unit_id=4, assist_ids=(4,))
    walk.take("dispatch", DOER, unit_id=4)
    with pytest.raises(Invalid, match="unit_twice"):
        walk.take("add_unit", DOER, assist_ids=(4,))


def test_a_transfer_goes_on_with_the_clock() -> None:
    walk = stand("handling").later(hours=1)
    walk.take("transfer", DOER, unit_id=5, note="职责调整")
    assert walk.case.state == "pending_handle"
    old, new = walk.dossier.tasks
    assert (old.state, new.state, new.is_main, walk.case.handling_unit) == (
        "cancelled",
        "waiting",
        True,
        UNITS[5],
    )
    # One of four hours was used: from 11:00, one until noon, two from 14:00.
    assert walk.case.due_at == MORNING + timedelta(hours=6)


def test_a_return_settles_what_else_was_asked_for_the_task() -> None:
    walk = stand("handling")
    walk.take("ask_extension", DOER, note="雨天", photos=(Photo(uuid4(), "evidence"),))
    walk.take("ask_return", DOER, note="错派")
    walk.take("approve_return", CHECKER)
    walk.take("approve_return", LEADER)
    assert (walk.case.state, walk.case.pending_request) == ("pending_dispatch", "")
    assert sorted(item.state for item in walk.dossier.requests) == ["approved", "lapsed"]


def test_the_dispatch_waits_for_those_who_sign() -> None:
    walk = stand("pending_dispatch", "sign")
    with pytest.raises(Refused, match="signs_open"):
        walk.take("dispatch", DOER, unit_id=4)
    walk.take("sign", DOER, note="同意")
    walk.take("dispatch", DOER, unit_id=4)


def test_a_bound_case_goes_on_where_it_was() -> None:
    walk = stand("pending_registration").later(hours=0.5)
    due = walk.case.due_at
    walk.take("merge", DOER, main_case_id=MAIN.id)
    assert (walk.case.group, walk.case.main_case_id, walk.case.due_at) == ("merged", MAIN.id, None)
    assert due is not None
    walk.later(days=1).take("unmerge", DOER, note="不是一回事")
    assert (walk.case.state, walk.case.main_case_id, walk.case.ended_at) == (
        "pending_registration",
        None,
        None,
    )
    assert walk.case.due_at == due + timedelta(days=1), "half of the hour is left"
    with pytest.raises(Invalid, match="unknown_case"):
        walk.take("merge", DOER, main_case_id=uuid4())


def test_reopening_begins_a_round_of_its_own() -> None:
    walk = stand("closed")
    walk.take("visit", DOER, score=1, note="没解决")
    walk.take("reopen", DOER, note="群众不满意")
    assert (walk.case.state, walk.case.round, walk.case.handling_unit) == ("pending_dispatch", 1, None)
    walk.take("dispatch", DOER, unit_id=4)
    walk.take("take", DOER)
    walk.take("report_done", DOER, note="好了", photos=(Photo(uuid4(), "after"),))
    assert walk.case.state == "pending_check"


def test_an_appeal_is_for_what_ran_over_and_leaves_the_facts() -> None:
    in_time = stand("closed")
    assert "ask_appeal" not in {w.row.verb for w in in_time.ways(DOER)}
    walk = stand("closed", "approve_appeal")
    walk.take("approve_appeal", CHECKER)
    walk.take("approve_appeal", LEADER)
    assert walk.case.exempt
    assert any(c.stopped_at > c.due_at for c in walk.dossier.clocks if c.stage == "handle" and c.stopped_at)


def test_a_self_handled_matter_takes_the_short_way() -> None:
    photos = (Photo(uuid4(), "before"), Photo(uuid4(), "after"))
    officer = actor("cases.self_handle", "cases.report_case")
    row = rules.opening(TABLE, officer, "collector_patrol", Given(photos=photos), "self_handle")
    walk = Walk(TABLE).open(row, officer)
    assert walk.case.state == "pending_close"
    assert walk.case.handlers == [officer.user_id]
    with pytest.raises(Refused, match="nobody_handled"):
        walk.take("rework", DOER, note="没弄好")
    walk.take("send_back", DOER, note="没弄好")
    assert walk.case.state == "pending_registration"
    with pytest.raises(Invalid):
        rules.opening(TABLE, officer, "collector_patrol", Given(photos=photos[:1]), "self_handle")


def test_every_reporter_of_a_bound_case_is_answered() -> None:
    walk = stand("pending_close")
    walk.memory.bound_cases.append(MAIN.id)
    walk.take("close", DOER, note="已办结")
    answers = [row for row in walk.dossier.new if type(row).__name__ == "Answer"]
    assert [(a.case_id, a.of_case_id) for a in answers] == [  # type: ignore[union-attr]
        (walk.case.pk, walk.case.pk),
        (MAIN.id, walk.case.pk),
    ]


def test_the_opening_follows_source_and_post() -> None:
    patrol = Given(photos=(Photo(uuid4(), "near"),))
    assert rules.opening(TABLE, actor("cases.report_case"), "collector_patrol", patrol).verb == "report"
    assert rules.opening(TABLE, actor("cases.take_call"), "hotline_12345", Given()).verb == "take_call"
    with pytest.raises(Refused):
        rules.opening(TABLE, actor("cases.report_case"), "hotline_12345", Given())
    with pytest.raises(Invalid):
        rules.opening(TABLE, actor("cases.report_case"), "collector_patrol", Given())


def broken(change: object) -> Table:
    data = json.loads(json.dumps(SHIPPED))
    change(data)  # type: ignore[operator]
    return checked_table(data)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d["transitions"][3].update(to="nowhere"), "unknown state"),
        (lambda d: d["transitions"][0].update(to=None), "neither"),
        (lambda d: d["transitions"].append(d["transitions"][3]), "two ways"),
        (lambda d: d["transitions"][3].update(guards=["phase_of_moon"]), "no function"),
        (lambda d: d["transitions"][3].update(effects=["rain"]), "no function"),
        (lambda d: d["transitions"][3].update(to=[{"state": "closed", "when": "full_moon"}]), "no function"),
        (lambda d: d["transitions"][3].update(permission=""), "no permission"),
        (lambda d: d["transitions"][3].update(request="wish"), "unknown request"),
        (lambda d: d["requests"]["return"].update(approvals=[]), "nobody approves"),
    ],
)
def test_a_broken_table_says_what_is_wrong(change: object, reason: str) -> None:
    with pytest.raises(BrokenTable, match=reason):
        broken(change)


def test_the_shipped_table_parses_to_itself() -> None:
    assert parse(SHIPPED) == TABLE
