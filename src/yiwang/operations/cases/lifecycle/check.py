"""Whether a lifecycle table can be published: every fault named by its row and field, in words.

Three looks, each only when the one before found nothing: the form (`lifecycle_shape`), what the rows name and how
they belong together, and a walk through every situation that a case can come into (`lifecycle_walk`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from yiwang.core.deadlines.rules import MOST_PERCENT, Mark
from yiwang.operations.cases.effects import EFFECTS
from yiwang.operations.cases.lifecycle import CHOSEN, Decision, Group, Table, Transition, parse
from yiwang.operations.cases.lifecycle import walk as lifecycle_walk
from yiwang.operations.cases.lifecycle.shape import TableShape
from yiwang.operations.cases.lifecycle.words import FIELDS, SLOTS, TASK_STATES, shape_fault
from yiwang.operations.cases.rules import CHECK, CONDITIONS, GUARDS
from yiwang.operations.cases.rules.guards import checker_did_not_handle

ERROR, WARNING = "error", "warning"
BY_ITSELF = "resume"
# How a check ends: whoever says so must not have handled.
CHECKED = frozenset({"done", "failed", "unable"})
LONGEST_MARK = 20
NOT_STAGES = frozenset({"default", "handle", "supervise", "sign", "verify", "check", "suspended"})
# Steps that the platform takes by itself, or that others' rules count on: the table must know them.
NEEDED = frozenset({"register", "dispatch", "report_done", "resume", "merge", "unmerge"})


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault. `path` leads to it in the table's JSON ("transitions.12.permission"), `row` names its row in words."""

    path: str
    row: str
    field: str
    code: str
    message: Mapping[str, str]
    level: str = ERROR


@dataclass(frozen=True, slots=True)
class Known:
    """What a table may name: permissions that exist, those that somebody holds (None: not asked), case sources."""

    permissions: frozenset[str]
    held: frozenset[str] | None = None
    sources: frozenset[str] | None = None


@dataclass(slots=True)
class Checked:
    """The outcome: what is wrong, and the table when it could be read at all."""

    problems: list[Problem] = field(default_factory=list)
    table: Table | None = None
    walk: lifecycle_walk.Walk | None = None

    @property
    def ok(self) -> bool:
        """Whether it may be published: warnings do not stand in the way."""
        return not any(problem.level == ERROR for problem in self.problems)


def check(data: Mapping[str, Any], known: Known) -> Checked:
    """Look through a table in its declared form. Never raises for what stands in the table."""
    checked = Checked()
    try:
        TableShape.model_validate(data)
    except ValidationError as error:
        checked.problems = [_of_shape(data, dict(item)) for item in error.errors()]
        return checked
    checked.problems = [*_names(data, known), *_once(data)]
    if not checked.ok:
        return checked
    try:
        table = parse(dict(data))
    except ValueError as error:
        checked.problems.append(Problem("", "", "", "broken", _say(str(error), str(error))))
        return checked
    checked.table = table
    checked.problems += [*_ways(data, table), *_requests(data, table), *_apart(data, table)]
    if checked.ok:
        checked.walk = lifecycle_walk.walk(table)
        checked.problems += _walked(data, table, checked.walk)
    return checked


def row_name(data: Mapping[str, Any], path: str) -> str:
    """The key, or verb and first state, of the row that a path leads into."""
    parts = path.split(".")
    if parts[0] in ("states", "transitions") and len(parts) > 1 and parts[1].isdigit():
        rows = data.get(parts[0])
        row = rows[int(parts[1])] if isinstance(rows, list) and int(parts[1]) < len(rows) else None
        if isinstance(row, Mapping):
            return str(row.get("key") or row.get("verb") or parts[1])
    return parts[1] if len(parts) > 1 else parts[0]


def _say(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _problem(data: Mapping[str, Any], path: str, code: str, *said: str, level: str = ERROR) -> Problem:
    name = path.split(".", 2)[2] if path.count(".") >= 2 else path
    return Problem(path, row_name(data, path), name, code, _say(*said), level)


def _of_shape(data: Mapping[str, Any], item: Mapping[str, Any]) -> Problem:
    steps = [str(step) for step in item["loc"] if str(step) not in ("[key]", "constrained-str", "str")]
    path = ".".join(step for step in steps if not step.startswith("list["))
    zh, en = shape_fault(str(item["type"]), item.get("ctx") or {}, str(item["msg"]))
    return _problem(data, path, str(item["type"]), zh, en)


def _names(data: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    """What a row names must exist."""
    states = {row["key"] for row in data["states"]}
    for number, row in enumerate(data["transitions"]):
        at = f"transitions.{number}"
        yield from _unknown(data, f"{at}.from", row["from"], states, "环节", "state")
        ends = [o["state"] for o in _outcomes(row) if not o["state"].startswith("@")]
        yield from _unknown(data, f"{at}.to", ends, states, "环节", "state")
        whens = [o["when"] for o in _outcomes(row) if o.get("when")]
        yield from _unknown(data, f"{at}.to", whens, CONDITIONS, "走向条件", "condition")
        yield from _unknown(data, f"{at}.guards", row.get("guards", ()), GUARDS, "检查规则", "guard")
        yield from _unknown(data, f"{at}.effects", row.get("effects", ()), EFFECTS, "办理效果", "effect")
        if row.get("request"):
            kinds = data.get("requests", {})
            yield from _unknown(data, f"{at}.request", [row["request"]], kinds, "申请", "request")
        if row.get("permission"):
            yield from _permission(data, f"{at}.permission", row["permission"], known)
        elif row.get("decision") not in (Decision.APPROVE, Decision.REFUSE):
            yield _problem(data, f"{at}.permission", "required", "请选择所需权限。", "Choose the permission.")
        if known.sources is not None:
            yield from _unknown(
                data, f"{at}.sources", row.get("sources", ()), known.sources, "来源", "source"
            )
        yield from _fields(data, at, row, states)
    for kind, policy in data.get("requests", {}).items():
        for number, level in enumerate(policy["approvals"]):
            path = f"requests.{kind}.approvals.{number}.permission"
            yield from _permission(data, path, level["permission"], known)
    for table in ("marks", "limits"):
        known_stages = states | NOT_STAGES
        for stage in data.get(table, {}):
            yield from _unknown(data, f"{table}.{stage}", [stage], known_stages, "环节", "stage")
    yield from _marks(data)


def _fields(data: Mapping[str, Any], at: str, row: Mapping[str, Any], states: set[str]) -> Iterator[Problem]:
    names = [wanted["name"] for wanted in row.get("fields", ())]
    for number, wanted in enumerate(row.get("fields", ())):
        path = f"{at}.fields.{number}"
        yield from _unknown(data, f"{path}.name", [wanted["name"]], FIELDS, "填写项", "field")
        slots = [*wanted.get("slots", ()), *([wanted["slot"]] if wanted.get("slot") else [])]
        yield from _unknown(data, f"{path}.slots", slots, SLOTS, "照片类别", "photo slot")
        if wanted["name"] == "photos" and not slots:
            yield _problem(data, f"{path}.slots", "required", "请选择照片类别。", "Choose the photo slot.")
        if names.count(wanted["name"]) > 1:
            yield _problem(
                data, f"{path}.name", "twice", "同一填写项出现两次。", "The field stands there twice."
            )
        if wanted["name"] == "to_state":
            chosen = [option["value"] for option in wanted.get("options", ())]
            yield from _unknown(data, f"{path}.options", chosen, states, "环节", "state")
    task = row.get("task")
    if task:
        named = [*task["from"], *([task["to"]] if task.get("to") else [])]
        yield from _unknown(data, f"{at}.task", named, TASK_STATES, "任务状态", "task state")
    if any(o["state"] == CHOSEN for o in _outcomes(row)) and "to_state" not in names:
        message = "“由办理人选择”的走向需要“退回到哪一步”这一填写项。"
        yield _problem(
            data, f"{at}.fields", "required", message, "A chosen outcome needs the field to_state."
        )


def _outcomes(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    to = row.get("to")
    if to is None:
        return []
    return [{"state": to}] if isinstance(to, str) else list(to)


def _unknown(
    data: Mapping[str, Any], path: str, named: Iterable[str], known: Iterable[str], *words: str
) -> Iterator[Problem]:
    zh, en = words
    for name in named:
        if name not in set(known):
            yield _problem(data, path, f"unknown_{en.replace(' ', '_')}", f"没有名为 {name} 的{zh}。",
                f"There is no {en} named {name}.")  # fmt: skip


def _permission(data: Mapping[str, Any], path: str, permission: str, known: Known) -> Iterator[Problem]:
    if permission not in known.permissions:
        message = f"There is no permission {permission}."
        yield _problem(data, path, "unknown_permission", f"没有权限 {permission}。", message)
    elif known.held is not None and permission not in known.held:
        yield _problem(data, path, "nobody_holds", "目前没有任何岗位有这个权限，案件会停在这里。",
            "Nobody holds this permission today: cases would stop here.", level=WARNING)  # fmt: skip


def _marks(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Reminders stand at whole per cents within what the clocks know, no two at one moment."""
    for stage, marks in data.get("marks", {}).items():
        seen: set[Fraction] = set()
        for name, text in marks.items():
            path, share = f"marks.{stage}.{name}", Fraction(text)
            try:
                Mark(name, share)
            except ValueError:
                zh = f"提醒点应为时限的整百分之几，最多 {MOST_PERCENT}%。"
                en = f"A mark stands at a whole per cent of the limit, {MOST_PERCENT} at most."
                yield _problem(data, path, "out_of_range", zh, en)
            if share in seen:
                yield _problem(
                    data, path, "twice", "同一时刻已有提醒点。", "There is a mark at that moment already."
                )
            if len(name) > LONGEST_MARK:
                zh, en = f"名称最多 {LONGEST_MARK} 个字符。", f"A name has {LONGEST_MARK} characters at most."
                yield _problem(data, path, "too_long", zh, en)
            seen.add(share)


def _once(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Keys are unique, and from one state a verb leads one way."""
    keys = [row["key"] for row in data["states"]]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            yield _problem(
                data, f"states.{number}.key", "twice", "环节的键重复。", "The key stands there twice."
            )
    taken: set[tuple[str, str]] = set()
    for number, row in enumerate(data["transitions"]):
        for start in row["from"] or [""]:
            if (start, row["verb"]) in taken:
                zh = f"从 {start or '（入口）'} 出发已有同名动作。"
                en = f"There is already a step of that name from {start or 'the opening'}."
                yield _problem(data, f"transitions.{number}.verb", "twice", zh, en)
            taken.add((start, row["verb"]))


def _ways(data: Mapping[str, Any], table: Table) -> Iterator[Problem]:
    """Every state can be come to and, while open, left; the platform's own steps are there."""
    if not table.openings():
        yield Problem("transitions", "", "", "no_opening", _say("没有立案入口。", "There is no way in."))
    reached = lifecycle_walk.reachable(table)
    for number, state in enumerate(table.states.values()):
        at = f"states.{number}.key"
        if state.key not in reached:
            yield _problem(
                data, at, "unreachable", "没有任何动作能到达这个环节。", "No step leads to this state."
            )
        leaving = [
            row
            for row in table.leaving(state.key)
            if not lifecycle_walk.is_escape(table, row) and row.outcomes
        ]
        if state.group is Group.OPEN and not leaving:
            yield _problem(data, at, "no_way_out", "案件到这个环节后，除强制结案外无法离开。",
                "Apart from closing by force, nothing leads on from this state.")  # fmt: skip
    for verb in sorted(NEEDED - {row.verb for row in table.transitions}):
        yield Problem(
            "transitions",
            verb,
            "verb",
            "needed",
            _say(f"平台需要动作 {verb}，不能删除。", f"The platform needs the step {verb}."),
        )


def _requests(data: Mapping[str, Any], table: Table) -> Iterator[Problem]:
    """What can be asked for can be decided, both ways, wherever it was asked."""
    rows: dict[tuple[str, Decision | None], set[str]] = {}
    for row in table.transitions:
        rows.setdefault((row.request, row.decision), set()).update(row.start)
    for kind, policy in table.requests.items():
        at = f"requests.{kind}"
        asked = rows.get((kind, Decision.ASK), set())
        for decision, word in ((Decision.APPROVE, "同意"), (Decision.REFUSE, "不同意")):
            missing = asked - rows.get((kind, decision), set())
            if missing:
                named = "、".join(sorted(table.states[key].label["zh"] for key in missing))
                yield _problem(data, at, "cannot_decide", f"在“{named}”提出的申请没有“{word}”的动作。",
                    f"Asked for in {sorted(missing)}, it cannot be decided there: no {decision} step.")  # fmt: skip
        needs = [row for row in table.transitions if row.request == kind and row.decision is Decision.ASK]
        if policy.evidence and any(not _takes_evidence(row) for row in needs):
            yield _problem(data, f"{at}.evidence", "no_field", "要求证明材料，但申请动作没有“证明材料”这一填写项。",
                "Evidence is asked for, but the asking step has no field for it.")  # fmt: skip
        if policy.most == 0:
            yield _problem(data, f"{at}.most", "never", "次数为 0，这种申请永远不会被批准。",
                "At most 0: this request can never be asked for.", level=WARNING)  # fmt: skip


def _apart(data: Mapping[str, Any], table: Table) -> Iterator[Problem]:
    """Supervision and handling stay apart, whoever decides on a request is named by its levels, and what the platform
    does by itself asks for nothing that it cannot give."""
    for number, row in enumerate(table.transitions):
        checks = row.task is not None and row.task.kind == CHECK and row.task.end in CHECKED
        if checks and checker_did_not_handle.__name__ not in row.guards:
            zh = "核查动作须有“处置人不能核查”这条检查规则。"
            en = "A step that checks needs the guard that keeps those who handled off it."
            yield _problem(data, f"transitions.{number}.guards", "own_check", zh, en)
        asked = [wanted.name for wanted in row.fields if wanted.required and wanted.name != "note"]
        if row.verb == BY_ITSELF and asked:
            zh = "这一步到期由平台自动办理，只能有说明一项必填。"
            en = "The platform takes this step by itself on its day: it can give a note only."
            yield _problem(data, f"transitions.{number}.fields", "by_itself", zh, en)
        if row.permission and row.decision in (Decision.APPROVE, Decision.REFUSE):
            zh = "由谁审批写在申请的审批级里，这里不能另设权限。"
            en = "Who decides stands in the levels of the request: no permission of its own here."
            yield _problem(data, f"transitions.{number}.permission", "by_its_levels", zh, en)


def _takes_evidence(row: Transition) -> bool:
    return any(wanted.name == "photos" and "evidence" in wanted.slots for wanted in row.fields)


def _walked(data: Mapping[str, Any], table: Table, walk: lifecycle_walk.Walk) -> Iterator[Problem]:
    order = list(table.states)
    for finding in walk.findings:
        at = f"states.{order.index(finding.state)}.key" if finding.state in table.states else "transitions"
        if finding.verb and finding.code in ("failed", "ended_but_open", "open_but_ended"):
            numbers = [n for n, r in enumerate(table.transitions) if r.verb == finding.verb]
            fitting = [n for n in numbers if finding.state in (table.transitions[n].start or ("",))]
            at = f"transitions.{(fitting or numbers or [0])[0]}.effects"
        zh, en = lifecycle_walk.words(finding, table)
        yield _problem(data, at, finding.code, zh, en)
    if not walk.whole:
        yield _problem(data, "transitions", "too_many_ways", "案件可能的情形太多，没有全部走完，死路可能没有查出。",
            "There are more situations than were walked through: a dead end may have been missed.",
            level=WARNING)  # fmt: skip
