"""The shipped table, and what no sequence of allowed actions can do to it. No database."""

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from yiwang.core.actor import Actor, Scope
from yiwang.core.errors import Invalid, Refused
from yiwang.operations.cases import rules
from yiwang.operations.cases.lifecycle import BrokenTable, Group, Table, Transition, parse
from yiwang.operations.cases.queries import checked_table
from yiwang.operations.cases.rules import Facts, Given, Photo

SHIPPED = json.loads(
    (Path(__file__).parent.parent / "editions" / "lifecycle_1.json").read_text(encoding="utf-8")
)
TABLE = checked_table(SHIPPED)
GRID = "420117001001001"
UNIT_PATH = "1.4."
CONDITION = 7


def actor(*permissions: str, areas: tuple[str, ...] = ("420117",), unit_path: str = "") -> Actor:
    scope = Scope(
        role="r", post="p", unit_id=1, unit_name="u", unit_path=unit_path, areas=areas,
        permissions=frozenset(permissions),
    )  # fmt: skip
    return Actor(user_id=uuid4(), name="甲", assignments=(scope,))


EVERYTHING = actor(*{t.permission for t in TABLE.transitions}, unit_path="1.")


def complete(row: Transition) -> Given:
    """All that a row asks for."""
    wanted = {f.name: f for f in row.fields}
    photos = (Photo(uuid4(), str(wanted["photos"].slot)),) if "photos" in wanted else ()
    return Given(note="说明", unit_id=4, condition_id=CONDITION, photos=photos)


def facts(state: str, **changes: object) -> Facts:
    base = Facts(
        state=state, area_code=GRID, task_paths=(UNIT_PATH,), category_conditions=frozenset({CONDITION})
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def after(row: Transition, before: Facts) -> Facts:
    """The facts that a row leaves behind, as far as the table decides them."""
    pending = {"ask_return": "return", "approve_return": "", "refuse_return": ""}
    return replace(
        before,
        state=row.end or before.state,
        pending_request=pending.get(row.verb, before.pending_request),
    )


@examples(st.data())
def test_no_sequence_of_allowed_actions_leaves_the_table(data: st.DataObject) -> None:
    openings = TABLE.openings()
    here = facts(str(data.draw(st.sampled_from(openings)).end))
    for _ in range(data.draw(st.integers(0, 40))):
        assert here.state in TABLE.states
        possible = rules.allowed(TABLE, here, EVERYTHING)
        if TABLE.states[here.state].group is not Group.OPEN:
            assert possible == ()
            break
        assert possible, f"nobody can do anything in {here.state}"
        row = data.draw(st.sampled_from(possible))
        assert rules.decide(TABLE, here, EVERYTHING, row.verb, complete(row)) is row
        here = after(row, here)


@examples(st.sampled_from(sorted(TABLE.states)), st.sampled_from(sorted({t.verb for t in TABLE.transitions})))
def test_what_is_not_allowed_is_refused(state: str, verb: str) -> None:
    row = TABLE.find(state, verb)
    if row is not None and row.pending_request == "":
        assert rules.decide(TABLE, facts(state), EVERYTHING, verb, complete(row)) is row
    else:
        with pytest.raises(Refused):
            rules.decide(TABLE, facts(state), EVERYTHING, verb, Given(note="x"))


def test_every_state_can_reach_an_end() -> None:
    ending = {key for key, state in TABLE.states.items() if state.group is not Group.OPEN}
    while True:
        more = {s for t in TABLE.transitions if t.end in ending for s in t.start} | ending
        if more == ending:
            break
        ending = more
    assert ending == set(TABLE.states)


def test_every_state_is_reached() -> None:
    reached = {t.end for t in TABLE.openings()}
    while more := {t.end for t in TABLE.transitions if t.end and reached & set(t.start)} - reached:
        reached |= more
    assert reached == set(TABLE.states)


def test_each_open_state_has_one_main_step() -> None:
    for key, state in TABLE.states.items():
        main = [t.verb for t in TABLE.leaving(key) if t.is_main and not t.pending_request]
        assert len(main) == (1 if state.group is Group.OPEN else 0), key


@pytest.mark.parametrize("row", TABLE.transitions, ids=lambda t: f"{'+'.join(t.start)}-{t.verb}")
def test_every_row_names_its_permission_and_is_worded_twice(row: Transition) -> None:
    assert row.permission.startswith("cases.")
    assert row.label["zh"]
    assert row.label["en"]
    assert all(f.label["zh"] and f.label["en"] for f in row.fields)


@pytest.mark.parametrize(
    "row", [t for t in TABLE.transitions if t.start], ids=lambda t: f"{t.start[0]}-{t.verb}"
)
def test_authority_of_each_row(row: Transition) -> None:
    """Nobody, the wrong person, the right person in the wrong area, the right person."""
    here = facts(row.start[0], pending_request=row.pending_request)
    nobody = Actor(user_id=None, name="")
    wrong = actor("cases.view_case", unit_path="1.")
    elsewhere = actor(row.permission, areas=("420118",), unit_path="9.")
    right = actor(row.permission, unit_path="1.")
    for person in (nobody, wrong, elsewhere):
        assert row not in rules.allowed(TABLE, here, person)
        with pytest.raises(Refused):
            rules.decide(TABLE, here, person, row.verb, complete(row))
    assert row in rules.allowed(TABLE, here, right)


def test_unit_work_is_for_the_unit_and_those_above_it() -> None:
    here = facts("handling", task_paths=("1.4.9.",))
    take = TABLE.find("handling", "report_done")
    assert take is not None
    assert rules.may(actor(take.permission, areas=(), unit_path="1.4."), take, here)
    assert not rules.may(actor(take.permission, areas=(), unit_path="1.40."), take, here)
    assert not rules.may(actor(take.permission, areas=("420117",), unit_path=""), take, here)


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
    here = facts("pending_check", handlers=frozenset({UUID(str(person.user_id))}))
    assert {t.verb for t in rules.allowed(TABLE, here, person)} == set()
    with pytest.raises(Refused, match="checker_handled"):
        rules.decide(TABLE, here, person, "pass_check", Given())


def test_the_main_step_waits_for_a_pending_request() -> None:
    here = facts("handling", pending_request="return")
    assert {t.verb for t in rules.allowed(TABLE, here, EVERYTHING)} == {"approve_return", "refuse_return"}
    with pytest.raises(Refused, match="request_pending"):
        rules.decide(TABLE, here, EVERYTHING, "report_done", complete(TABLE.find("handling", "report_done")))  # type: ignore[arg-type]


def test_the_opening_follows_source_and_post() -> None:
    patrol = Given(photos=(Photo(uuid4(), "near"),))
    assert rules.opening(TABLE, actor("cases.report_case"), "collector_patrol", patrol).end == "reported"
    assert (
        rules.opening(TABLE, actor("cases.take_call"), "hotline_12345", Given()).end == "pending_registration"
    )
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
        (lambda d: d["transitions"][2].update(to="nowhere"), "unknown state"),
        (lambda d: d["transitions"][2].update({"from": ["closed"]}), "final"),
        (lambda d: d["transitions"][0].update(to=None), "neither"),
        (lambda d: d["transitions"].append(d["transitions"][2]), "two ways"),
        (lambda d: d["transitions"][2].update(guards=["phase_of_moon"]), "no function"),
        (lambda d: d["transitions"][2].update(effects=["rain"]), "no function"),
    ],
)
def test_a_broken_table_says_what_is_wrong(change: object, reason: str) -> None:
    with pytest.raises(BrokenTable, match=reason):
        broken(change)


def test_the_shipped_table_parses_to_itself() -> None:
    assert parse(SHIPPED) == TABLE
