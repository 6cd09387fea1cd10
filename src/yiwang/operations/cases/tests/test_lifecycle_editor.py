"""The editor of the lifecycle: what it finds wrong, what it changes, and what no sequence of changes can break."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from pydantic import TypeAdapter

from yiwang.core.accounts.queries import all_permissions
from yiwang.core.errors import DomainError, Invalid
from yiwang.operations.cases import rules
from yiwang.operations.cases.effects import EFFECTS
from yiwang.operations.cases.lifecycle import Group, Table, parse
from yiwang.operations.cases.lifecycle import graph as lifecycle_graph
from yiwang.operations.cases.lifecycle import svg as lifecycle_svg
from yiwang.operations.cases.lifecycle import walk as lifecycle_walk
from yiwang.operations.cases.lifecycle import words as lifecycle_words
from yiwang.operations.cases.lifecycle.check import Known, check
from yiwang.operations.cases.lifecycle.edit import Operation, edited
from yiwang.operations.cases.rules import CONDITIONS, GUARDS
from yiwang.operations.cases.tests import memory

SHIPPED = json.loads(
    (Path(__file__).parent.parent / "editions" / "lifecycle_2.json").read_text(encoding="utf-8")
)
KNOWN = Known(frozenset(all_permissions()))
# A failing example of this size takes minutes to shrink; its operations can be read as they are.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
OPERATIONS = TypeAdapter(list[Operation])
REVIEW = {
    "op": "insert_node",
    "through": [{"verb": "pass_check", "start": "pending_check"}],
    "before": "pending_close",
    "state": {
        "key": "reviewing",
        "label": {"zh": "待复审", "en": "To be reviewed"},
        "group": "open",
        "limit": {"kind": "working_hour", "amount": "2"},
    },
    "step": {
        "verb": "review",
        "label": {"zh": "复审通过", "en": "Review passed"},
        "permission": "cases.close_case",
        "fields": [{"name": "note", "required": True, "label": {"zh": "复审意见", "en": "Note"}}],
    },
}


def do(*operations: dict[str, Any], table: dict[str, Any] = SHIPPED) -> dict[str, Any]:
    return edited(table, OPERATIONS.validate_python(list(operations)))


def row(table: dict[str, Any], verb: str, start: str = "") -> dict[str, Any]:
    return next(r for r in table["transitions"] if r["verb"] == verb and (not start or start in r["from"]))


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    table = copy.deepcopy(SHIPPED)
    change(table)
    return table


def codes(table: dict[str, Any], known: Known = KNOWN) -> dict[str, str]:
    """The problems: path → code."""
    return {problem.path: problem.code for problem in check(table, known).problems}


def test_every_name_has_words_and_every_word_a_name() -> None:
    assert set(lifecycle_words.GUARD_WORDS) == set(GUARDS)
    assert set(lifecycle_words.CONDITION_WORDS) == set(CONDITIONS)
    assert set(lifecycle_words.EFFECT_WORDS) == set(EFFECTS)
    assert set(lifecycle_words.NODE_EFFECTS) <= set(EFFECTS)
    assert all(hasattr(rules.Given(), name) for name in lifecycle_words.FIELDS)
    said = {f["name"] for r in SHIPPED["transitions"] for f in r.get("fields", ())}
    assert said <= lifecycle_words.FIELDS


def test_the_shipped_table_is_sound_in_every_situation() -> None:
    checked = check(SHIPPED, KNOWN)
    assert (checked.ok, checked.problems) == (True, [])
    assert checked.walk is not None
    assert checked.walk.whole
    assert checked.walk.situations > 200
    states = {key for key in parse(SHIPPED).states if key != "voided"}
    assert checked.walk.visited == states  # voiding is an escape, which opens no ordinary way


def test_nothing_is_left_over_on_any_way() -> None:
    table = parse(SHIPPED)
    walker = lifecycle_walk.Walker(table, 6000)
    walker.aside.clear()
    walker.run()
    assert walker.out.whole
    for node in walker.seen.values():
        tasks = {task.pk: task for task in node.dossier.tasks}
        state = node.dossier.case.state
        asked = [
            r for r in node.dossier.requests if r.state == "pending" and r.task_id and r.kind != "appeal"
        ]
        assert all(tasks[r.task_id].state in ("waiting", "running") for r in asked), node.path
        checks = [t for t in node.dossier.open_tasks("check") if state not in ("pending_check", "suspended")]
        assert not checks, node.path


def transition(number: int, **changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda table: table["transitions"][number].update(changes)


def number(verb: str) -> int:
    return next(n for n, r in enumerate(SHIPPED["transitions"]) if r["verb"] == verb)


ACCEPT, REFUSE, CLOSE = number("accept"), number("refuse"), number("close")
AT, END = f"transitions.{ACCEPT}", f"transitions.{CLOSE}"


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        (lambda t: t.pop("states"), "states", "missing"),
        (lambda t: t.update(colour="red"), "colour", "extra_forbidden"),
        (lambda t: t["states"][0].update(key="No Key"), "states.0.key", "string_pattern_mismatch"),
        (lambda t: t["states"][0]["limit"].update(amount="0"), "states.0.limit.amount", "greater_than"),
        (lambda t: t["states"][0]["limit"].update(kind="week"), "states.0.limit.kind", "enum"),
        (lambda t: t["states"][0]["label"].update(zh=""), "states.0.label.zh", "string_too_short"),
        (lambda t: t["states"].append(t["states"][0]), f"states.{len(SHIPPED['states'])}.key", "twice"),
        (transition(ACCEPT, to="nowhere"), f"{AT}.to", "unknown_state"),
        (transition(ACCEPT, **{"from": ["reported", "nowhere"]}), f"{AT}.from", "unknown_state"),
        (transition(ACCEPT, permission="cases.dance"), f"{AT}.permission", "unknown_permission"),
        (transition(ACCEPT, permission=""), f"{AT}.permission", "required"),
        (transition(ACCEPT, guards=["no_such"]), f"{AT}.guards", "unknown_guard"),
        (transition(ACCEPT, effects=["no_such"]), f"{AT}.effects", "unknown_effect"),
        (transition(ACCEPT, to=[{"state": "reported", "when": "moon"}]), f"{AT}.to", "unknown_condition"),
        (transition(ACCEPT, to="@chosen"), f"{AT}.fields", "required"),
        (transition(ACCEPT, verb="refuse"), f"transitions.{REFUSE}.verb", "twice"),
        (lambda t: t["requests"]["void"].update(approvals=[]), "requests.void.approvals", "too_short"),
        (lambda t: t["requests"]["void"]["approvals"][0].update(permission="cases.x"),
            "requests.void.approvals.0.permission", "unknown_permission"),
        (lambda t: t["requests"]["extension"].update(longest_days=0), "requests.extension.longest_days",
            "greater_than_equal"),
        (lambda t: t["marks"]["default"].update(warn="0"), "marks.default.warn", "out_of_range"),
        (lambda t: t["marks"].update(moon={"warn": "1/2"}), "marks.moon", "unknown_stage"),
        (lambda t: t["marks"]["default"].update(warn="1/3"), "marks.default.warn", "out_of_range"),
        (lambda t: t["marks"]["default"].update(soon="1"), "marks.default.soon", "twice"),
        (lambda t: t["transitions"].remove(row(t, "refuse_void")), "requests.void", "cannot_decide"),
        (lambda t: t["transitions"].remove(row(t, "resume")), "transitions", "needed"),
        (lambda t: t["states"].append({"key": "island", "label": {"zh": "岛", "en": "Island"}, "group": "open"}),
            f"states.{len(SHIPPED['states'])}.key", None),
        (lambda t: [t["transitions"].remove(row(t, v, "pending_close")) for v in ("close", "rework", "send_back")],
            "states.8.key", "no_way_out"),
        (lambda t: t["states"][7].update(limit=None), "states.7.key", "no_limit"),
        (lambda t: t["requests"]["extension"].update(most="2"), "requests.extension.most", "int_type"),
        (lambda t: t["requests"]["extension"].update(blocks="false"), "requests.extension.blocks", "bool_type"),
        (lambda t: row(t, "pass_check").update(guards=[]), f"transitions.{number('pass_check')}.guards", "own_check"),
        (lambda t: row(t, "resume")["fields"].append(SHIPPED["transitions"][number("visit")]["fields"][0]),
            f"transitions.{number('resume')}.fields", "by_itself"),
        (lambda t: row(t, "approve_void").update(permission="cases.view_case"),
            f"transitions.{number('approve_void')}.permission", "by_its_levels"),
        (transition(CLOSE, effects=[]), f"{END}.effects", "open_but_ended"),
        (transition(ACCEPT, effects=["end"]), f"{AT}.effects", "ended_but_open"),
        (transition(ACCEPT, effects=["rework"]), f"{AT}.effects", "failed"),
    ],
)  # fmt: skip
def test_each_fault_is_named_by_its_row_and_field(
    change: Callable[[dict[str, Any]], object], path: str, code: str | None
) -> None:
    checked = check(changed(change), KNOWN)
    found = {(problem.path, problem.code) for problem in checked.problems}
    assert not checked.ok
    assert path in {p for p, _ in found}, found
    if code is not None:
        assert (path, code) in found, found
    assert all(problem.message["zh"] and problem.message["en"] for problem in checked.problems)


def test_a_case_that_gets_stuck_is_told_with_a_way_to_it() -> None:
    step = REVIEW["step"] | {"guards": ["no_handling"]}  # type: ignore[operator]
    (problem,) = check(do(REVIEW | {"step": step}), KNOWN).problems
    assert (problem.code, problem.row) == ("dead_end", "reviewing")
    assert "处置反馈 → 核查通过" in problem.message["zh"]


def test_a_walk_that_was_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle_walk, "MOST_STEPS", 100)
    checked = check(SHIPPED, KNOWN)
    assert {(p.code, p.level) for p in checked.problems} == {("too_many_ways", "warning")}
    assert checked.walk is not None
    assert checked.walk.steps < 300


def test_a_permission_that_nobody_holds_is_a_warning() -> None:
    checked = check(SHIPPED, Known(KNOWN.permissions, held=KNOWN.permissions - {"cases.close_case"}))
    assert checked.ok
    assert {(p.code, p.level) for p in checked.problems} == {("nobody_holds", "warning")}


def test_limits_marks_fields_and_requests_are_edited_without_code() -> None:
    table = do(
        {"op": "set_limit", "stage": "pending_check", "limit": {"kind": "natural_day", "amount": "2"}},
        {"op": "set_limit", "stage": "sign", "limit": {"kind": "working_hour", "amount": "4"}},
        {"op": "set_marks", "stage": "pending_check", "marks": {"half": "1/2", "due": "1"}},
        {"op": "set_field", "step": {"verb": "accept", "start": "reported"},
            "field": {"name": "note", "required": True, "label": {"zh": "受理意见", "en": "Note"}}},
        {"op": "remove_field", "step": {"verb": "pass_check", "start": "pending_check"}, "name": "photos"},
        {"op": "set_step", "step": {"verb": "close", "start": "pending_close"}, "permission": "cases.force_close"},
        {"op": "set_state", "state": "pending_close", "label": {"zh": "待办结", "en": "To be finished"}},
        {"op": "set_request", "kind": "extension", "most": 1, "evidence": True, "approvals": [
            {"label": {"zh": "领导", "en": "Leader"}, "permission": "cases.approve_request"}]},
        {"op": "set_request", "kind": "suspension", "longest_days": None},
    )  # fmt: skip
    assert check(table, KNOWN).ok
    state = {s["key"]: s for s in table["states"]}
    assert state["pending_check"]["limit"] == {"kind": "natural_day", "amount": "2"}
    assert table["limits"]["sign"] == {"kind": "working_hour", "amount": "4"}
    assert table["marks"]["pending_check"] == {"half": "1/2", "due": "1"}
    assert row(table, "accept")["fields"][0]["required"] is True
    assert [f["name"] for f in row(table, "pass_check")["fields"]] == ["note"]
    assert row(table, "close")["permission"] == "cases.force_close"
    assert (table["requests"]["extension"]["most"], len(table["requests"]["extension"]["approvals"])) == (
        1,
        1,
    )
    assert table["requests"]["extension"]["before_due"] is True
    assert table["requests"]["suspension"]["longest_days"] is None
    assert do(table=SHIPPED) == SHIPPED


def test_a_node_comes_between_two_others_and_goes_again() -> None:
    back = {"verb": "review_back", "label": {"zh": "退回核查", "en": "Back"}, "permission": "cases.close_case",
        "effects": ["open_check"], "to": "pending_check"}  # fmt: skip
    table = do(REVIEW | {"back": back})
    assert row(table, "pass_check")["to"] == "reviewing"
    assert (row(table, "review")["from"], row(table, "review")["to"]) == (["reviewing"], "pending_close")
    assert "reviewing" in row(table, "force_close")["from"]
    assert "reviewing" in row(table, "urge")["from"]
    keys = [state["key"] for state in table["states"]]
    assert keys.index("reviewing") == keys.index("pending_close") - 1
    assert check(table, KNOWN).ok, check(table, KNOWN).problems
    without = do({"op": "remove_node", "state": "reviewing"}, table=table)
    assert without == SHIPPED


def test_a_node_before_the_end_takes_the_ending_with_it() -> None:
    last = REVIEW | {"through": [{"verb": "close", "start": "pending_close"}], "before": "closed"}
    table = do(last)
    assert "end" not in row(table, "close")["effects"]
    assert row(table, "review")["effects"] == ["end", "answer_reporters"]
    assert check(table, KNOWN).ok, check(table, KNOWN).problems
    assert check(do({"op": "remove_node", "state": "reviewing"}, table=table), KNOWN).ok


def test_a_review_of_the_work_sends_back_to_the_same_unit() -> None:
    through = {"through": [{"verb": "report_done", "start": "handling"}], "before": "pending_check"}
    back = {
        "verb": "redo",
        "label": {"zh": "退回处置", "en": "Again"},
        "permission": "cases.dispatch_case",
        "to": "handling",
    }
    table = do(REVIEW | through | {"back": back})
    assert (row(table, "redo")["effects"], row(table, "redo")["guards"]) == (["rework"], ["has_handling"])
    assert check(table, KNOWN).ok, check(table, KNOWN).problems


@pytest.mark.parametrize(
    ("operation", "field", "code"),
    [
        ({"op": "set_limit", "stage": "moon", "limit": None}, "operations.0.stage", "unknown_stage"),
        ({"op": "set_state", "state": "moon", "label": {"zh": "月", "en": "Moon"}}, "operations.0.state",
            "unknown_state"),
        ({"op": "remove_field", "step": {"verb": "accept", "start": "reported"}, "name": "until"}, "operations.0.name",
            "unknown_field"),
        ({"op": "set_step", "step": {"verb": "dance"}}, "operations.0.step.verb", "unknown_step"),
        ({"op": "set_request", "kind": "dance"}, "operations.0.kind", "unknown_request"),
        ({"op": "remove_node", "state": "suspended"}, "operations.0.state", "no_main_step"),
        (REVIEW | {"before": "handling"}, "operations.0.through.0", "leads_elsewhere"),
        (REVIEW | {"before": "suspended", "through": [{"verb": "approve_suspension", "start": "handling"}]},
            "operations.0.through.0", "a_decision"),
        (REVIEW | {"state": REVIEW["state"] | {"key": "closed"}}, "operations.0.state.key", "taken"),
    ],
)  # fmt: skip
def test_an_operation_that_cannot_be_is_refused_by_name(
    operation: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        do(operation)
    assert (refusal.value.field, refusal.value.code) == (field, code)


LIMITS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(sorted(lifecycle_words.LIMIT_KIND_WORDS)),
        "amount": st.sampled_from(["0.5", "1", "8"]),
    }
)
SPLITTABLE = [
    (r["verb"], (r["from"] or [""])[0], o["state"])
    for r in SHIPPED["transitions"]
    if not r.get("decision")
    for o in ([{"state": r["to"]}] if isinstance(r.get("to"), str) else r.get("to") or [])
    if not o["state"].startswith("@")
]
OPEN_STATES = [s["key"] for s in SHIPPED["states"] if s["group"] == "open"]


@st.composite
def operations(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What an administrator might do, sensible or not."""
    steps: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 5))):
        match draw(st.sampled_from(["limit", "field", "request", "node", "node", "step", "remove"])):
            case "limit":
                wish = draw(st.none() | LIMITS)
                steps.append({"op": "set_limit", "stage": draw(st.sampled_from(OPEN_STATES)), "limit": wish})
            case "field":
                found = draw(st.sampled_from([r for r in SHIPPED["transitions"] if r["from"]]))
                field = {
                    "name": "note",
                    "required": draw(st.booleans()),
                    "label": {"zh": "意见", "en": "Note"},
                }
                step = {"verb": found["verb"], "start": found["from"][0]}
                steps.append({"op": "set_field", "step": step, "field": field})
            case "request":
                level = {"label": {"zh": "级", "en": "Level"}, "permission": "cases.approve_request"}
                kind, levels = draw(st.sampled_from(sorted(SHIPPED["requests"]))), draw(st.integers(1, 3))
                most = draw(st.none() | st.integers(0, 3))
                steps.append({"op": "set_request", "kind": kind, "approvals": [level] * levels, "most": most})
            case "node":
                verb, start, before = draw(st.sampled_from(SPLITTABLE))
                node: dict[str, Any] = REVIEW | {
                    "through": [{"verb": verb, "start": start}],
                    "before": before,
                    "state": REVIEW["state"] | {"key": f"node{number}", "limit": draw(st.none() | LIMITS)},  # type: ignore[operator]
                    "step": REVIEW["step"] | {"verb": f"pass{number}"},  # type: ignore[operator]
                }
                if start and draw(st.booleans()):
                    node["back"] = {
                        **REVIEW["step"],
                        "verb": f"back{number}",
                        "to": draw(st.sampled_from([start, *OPEN_STATES])),
                    }  # type: ignore[dict-item]
                steps.append(node)
            case "step":
                found = draw(
                    st.sampled_from([r for r in SHIPPED["transitions"] if r["from"] and r["permission"]])
                )
                steps.append({"op": "set_step", "step": {"verb": found["verb"], "start": found["from"][0]},
                    "permission": draw(st.sampled_from(["cases.close_case", "cases.handle_case"]))})  # fmt: skip
            case _:
                steps.append({"op": "remove_node", "state": draw(st.sampled_from([*OPEN_STATES, "node0"]))})
    return steps


def play(table: Table, chance: Random) -> None:
    """A random walk with the real steps: it never leaves the table, and an end can be reached from where it stands."""
    both = [memory.actor(*memory.all_permissions(table), unit_path="1.") for _ in range(2)]
    walk = memory.Walk(table).open(chance.choice(table.openings()), both[0])
    for _ in range(chance.randrange(30)):
        who = chance.choice(both)
        ways = walk.ways(who)
        if not ways:
            continue
        way, before = chance.choice(ways), lifecycle_walk.copied(walk.dossier)
        try:
            walk.take(way.row.verb, who, **memory.complete(way, walk))
        except DomainError:
            walk.dossier = before
        state = table.states[walk.case.state]
        assert (state.group is Group.OPEN) == (walk.case.ended_at is None)
    assert lifecycle_walk.can_end(table, walk.dossier), walk.case.state


def test_a_case_with_a_pending_request_can_still_end() -> None:
    table = parse(SHIPPED)
    everybody = memory.actor(*memory.all_permissions(table), unit_path="1.")
    walk = memory.Walk(table).open(table.openings()[0], everybody)
    walk.take("ask_verify", everybody)
    walk.take("ask_void", everybody, note="重复")
    assert (walk.case.state, walk.case.pending_request) == ("verifying", "void")
    assert lifecycle_walk.can_end(table, walk.dossier)


def edit_and_play(wishes: list[dict[str, Any]], seed: int) -> None:
    table: dict[str, Any] = SHIPPED
    for wish in wishes:
        try:
            table = do(wish, table=table)
        except Invalid:
            continue
    checked = check(table, KNOWN)
    if checked.ok:
        assert checked.table is not None
        for n in range(4):
            play(checked.table, Random(seed + n))


WALKS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)


@settings(WALKS, max_examples=4)
@examples(operations(), st.integers(0, 2**32))
def test_what_passes_the_check_never_traps_a_case(wishes: list[dict[str, Any]], seed: int) -> None:
    edit_and_play(wishes, seed)


@pytest.mark.full
@settings(WALKS, max_examples=150)
@examples(operations(), st.integers(0, 2**32))
def test_nothing_that_passes_the_check_traps_a_case(wishes: list[dict[str, Any]], seed: int) -> None:
    edit_and_play(wishes, seed)


def test_the_picture_holds_every_state_and_every_step_that_leads_on() -> None:
    table = parse(do(REVIEW))
    picture = lifecycle_graph.graph(table)
    assert {node.key for node in picture.nodes} == set(table.states)
    drawn = {(r.verb, end) for edge in picture.edges for r in edge.rows for end in [edge.end]}
    assert {(r.verb, end) for r in table.transitions for end in r.ends() if [end] != list(r.start)} <= drawn
    boxes = [(node.x, node.y) for node in picture.nodes]
    for n, (x, y) in enumerate(boxes):
        for x2, y2 in boxes[:n]:
            apart = abs(x - x2) >= lifecycle_graph.WIDTH or abs(y - y2) >= lifecycle_graph.HEIGHT
            assert apart, "two states lie on each other"
    for node in picture.nodes:
        assert node.x - lifecycle_graph.WIDTH / 2 > 0
        assert node.x + lifecycle_graph.WIDTH / 2 < picture.width
        assert 0 < node.y - lifecycle_graph.HEIGHT / 2 < node.y + lifecycle_graph.HEIGHT / 2 < picture.height
    json.dumps(picture.as_json())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_drawing_is_well_formed_and_says_every_state(language: str) -> None:
    table = parse(SHIPPED)
    root = ElementTree.fromstring(lifecycle_svg.svg(table, language))
    said = {element.text for element in root.iter() if element.text}
    assert {state.label[language] for state in table.states.values()} <= said
    assert lifecycle_svg.svg(table, language) == lifecycle_svg.svg(table, language)
