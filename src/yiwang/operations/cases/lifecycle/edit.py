"""What an editor does to a lifecycle table, one operation at a time: data in, data out, nothing else is touched.

An operation that cannot be done is Invalid with its field; whether the table that comes out is sound is for
`lifecycle_check` to say.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from yiwang.core.errors import Invalid
from yiwang.operations.cases.lifecycle.shape import (
    ApprovalShape,
    Data,
    FieldShape,
    HintShape,
    Key,
    LabelShape,
    LimitShape,
    Shape,
    Share,
    StateShape,
    TableShape,
)

# What ends a case: when a node comes between a step and the end, these go with the step that now ends it.
ENDING = ("cancel_tasks", "end", "bind", "answer_reporters")
Verb = Annotated[str, Field(max_length=30)]


class Step(Shape):
    """A row of `transitions`: its verb, and one of the states it starts from ("" for an opening)."""

    verb: Verb
    start: Annotated[str, Field(max_length=30)] = ""


class SetLimit(Shape):
    """The limit of a state, or of a task's stage (sign, supervise); null: none."""

    op: Literal["set_limit"]
    stage: Key
    limit: LimitShape | None


class SetMarks(Shape):
    """The reminders of a stage by their share of the limit; "default" for every stage; null: as the default."""

    op: Literal["set_marks"]
    stage: Key
    marks: Annotated[dict[Key, Share], Field(max_length=6)] | None


class SetField(Shape):
    """A field of a step: added, or put in the place of the one of that name."""

    op: Literal["set_field"]
    step: Step
    field: FieldShape


class RemoveField(Shape):
    """A field that a step no longer asks for."""

    op: Literal["remove_field"]
    step: Step
    name: str


class SetStep(Shape):
    """Who may take a step, what it is called, which rules are checked; what is left out stays."""

    op: Literal["set_step"]
    step: Step
    label: LabelShape | None = None
    permission: str | None = None
    reach: Literal["anywhere", "area", "unit"] | None = None
    guards: list[str] | None = None
    hint: HintShape | None = None


class SetState(Shape):
    """What a state is called."""

    op: Literal["set_state"]
    state: Key
    label: LabelShape


class SetRequest(Shape):
    """The policy of a kind of request; what is left out stays, a null takes a bound away."""

    op: Literal["set_request"]
    kind: Key
    approvals: Annotated[list[ApprovalShape], Field(min_length=1, max_length=5)] | None = None
    blocks: bool | None = None
    evidence: bool | None = None
    before_due: bool | None = None
    most: Annotated[int, Field(ge=0, le=99)] | None = None
    longest_days: Annotated[int, Field(ge=1, le=3660)] | None = None


class NodeStep(Shape):
    """The step that leads on from a new node."""

    verb: Key
    label: LabelShape
    permission: str
    reach: Literal["anywhere", "area", "unit"] = "area"
    fields: Annotated[list[FieldShape], Field(max_length=12)] = []
    guards: list[str] = []
    effects: list[str] = []
    hint: HintShape | None = None


class BackStep(NodeStep):
    """The step that sends back from a new node, and the state it leads to."""

    to: Key


class InsertNode(Shape):
    """A new state in front of another: the steps in `through` lead to it instead, its own step leads on."""

    op: Literal["insert_node"]
    through: Annotated[list[Step], Field(min_length=1, max_length=20)]
    before: Key
    state: StateShape
    step: NodeStep
    back: BackStep | None = None


class RemoveNode(Shape):
    """A state that goes away again: what led to it leads where its main step leads."""

    op: Literal["remove_node"]
    state: Key


Operation = Annotated[
    SetLimit | SetMarks | SetField | RemoveField | SetStep | SetState | SetRequest | InsertNode | RemoveNode,
    Field(discriminator="op"),
]


def edited(data: Mapping[str, Any], operations: Sequence[Operation]) -> Data:
    """The table after the operations, in their order; the one that was given stays as it is.

    Raises Invalid `bad_table` when the table has not the form of one, and Invalid with the field
    ("operations.2.step.verb") of the first operation that cannot be done.
    """
    try:
        TableShape.model_validate(data)
    except ValidationError as error:
        path = ".".join(str(step) for step in error.errors()[0]["loc"])
        raise Invalid("bad_table", "流程表的格式不对，请先检查。", field=f"table.{path}") from error
    table = copy.deepcopy(dict(data))
    for number, operation in enumerate(operations):
        try:
            _DO[operation.op](table, operation)
        except Invalid as fault:
            field = f"operations.{number}.{fault.field}" if fault.field else f"operations.{number}"
            fault.field = field
            raise
    return table


def _state(table: Data, key: str, field: str) -> Data:
    found = next((row for row in table["states"] if row["key"] == key), None)
    if found is None:
        raise Invalid("unknown_state", f"没有环节 {key}。", field=field, state=key)
    return found  # type: ignore[no-any-return]


def _row(table: Data, step: Step, field: str = "step") -> Data:
    for row in table["transitions"]:
        if row["verb"] == step.verb and (step.start in row["from"] or (not step.start and not row["from"])):
            return row  # type: ignore[no-any-return]
    message = f"从 {step.start or '（入口）'} 出发没有动作 {step.verb}。"
    raise Invalid("unknown_step", message, field=f"{field}.verb", verb=step.verb, start=step.start)


def _plain(shape: Shape, **options: Any) -> Data:
    return shape.model_dump(mode="json", by_alias=True, **options)


def _set_limit(table: Data, op: SetLimit) -> None:
    limit = _plain(op.limit) if op.limit else None
    if any(row["key"] == op.stage for row in table["states"]):
        _state(table, op.stage, "stage")["limit"] = limit
    elif op.stage in table.get("limits", {}) and limit is not None:
        table["limits"][op.stage] = limit
    else:
        raise Invalid("unknown_stage", f"没有环节 {op.stage}。", field="stage", stage=op.stage)


def _set_marks(table: Data, op: SetMarks) -> None:
    marks = table.setdefault("marks", {})
    if op.marks is None:
        marks.pop(op.stage, None)
    else:
        marks[op.stage] = dict(op.marks)


def _set_field(table: Data, op: SetField) -> None:
    fields = _row(table, op.step).setdefault("fields", [])
    wanted = _plain(op.field, exclude_defaults=True)
    place = next((n for n, known in enumerate(fields) if known["name"] == op.field.name), None)
    if place is None:
        fields.append(wanted)
    else:
        fields[place] = wanted


def _remove_field(table: Data, op: RemoveField) -> None:
    row = _row(table, op.step)
    kept = [known for known in row.get("fields", []) if known["name"] != op.name]
    if len(kept) == len(row.get("fields", [])):
        raise Invalid("unknown_field", f"这一步没有填写项 {op.name}。", field="name", name=op.name)
    row["fields"] = kept


def _set_step(table: Data, op: SetStep) -> None:
    row = _row(table, op.step)
    row |= _plain(op, exclude={"op", "step"}, exclude_none=True)


def _set_label(table: Data, op: SetState) -> None:
    _state(table, op.state, "state")["label"] = _plain(op.label)


def _set_request(table: Data, op: SetRequest) -> None:
    policy = table.get("requests", {}).get(op.kind)
    if policy is None:
        raise Invalid("unknown_request", f"没有申请 {op.kind}。", field="kind", kind=op.kind)
    given = _plain(op, include=op.model_fields_set - {"op", "kind"})
    bounds = {"most", "longest_days"}
    policy |= {name: value for name, value in given.items() if value is not None or name in bounds}


def _insert_node(table: Data, op: InsertNode) -> None:
    keys = [row["key"] for row in table["states"]]
    if op.state.key in keys:
        raise Invalid("taken", f"环节 {op.state.key} 已存在。", field="state.key", state=op.state.key)
    before = _state(table, op.before, "before")
    rows = [_row(table, step, f"through.{number}") for number, step in enumerate(op.through)]
    for number, row in enumerate(rows):
        _check_through(row, op.before, number)
    if op.back is not None and op.back.to not in keys:
        raise Invalid("unknown_state", f"没有环节 {op.back.to}。", field="back.to", state=op.back.to)
    moved = _lead_to(rows, op, ends=before["group"] != "open")
    table["states"].insert(keys.index(op.before), _plain(op.state))
    _open_to(table, op, {start for row in rows for start in row["from"]})
    place = max(table["transitions"].index(row) for row in rows) + 1
    forward = _node_row(op.step, op.state.key, op.before, "primary")
    forward["effects"] = list(dict.fromkeys([*forward.get("effects", []), *moved]))
    new = [forward]
    if op.back is not None:
        back = _node_row(op.back, op.state.key, op.back.to, "danger")
        if not op.back.effects and any(_hands_in(row) for row in rows):
            back["effects"], back["guards"] = ["rework"], [*back.get("guards", []), "has_handling"]
        new.append(back)
    table["transitions"][place:place] = new


def _check_through(row: Data, before: str, number: int) -> None:
    field = f"through.{number}"
    if row.get("decision"):
        message = "审批动作之后不能直接加环节，请改用增加审批级数。"
        raise Invalid("a_decision", message, field=field, verb=row["verb"])
    to = row.get("to")
    ends = [to] if isinstance(to, str) else [outcome["state"] for outcome in to or ()]
    if before not in ends:
        message = f"动作 {row['verb']} 不通向 {before}。"
        raise Invalid("leads_elsewhere", message, field=field, verb=row["verb"], before=before)


def _lead_to(rows: Sequence[Data], op: InsertNode, *, ends: bool) -> list[str]:
    """Turn the rows to the new node; what they did to end the case goes to the step that ends it now."""
    moved: list[str] = []
    for row in rows:
        to = row["to"]
        if isinstance(to, str):
            row["to"] = op.state.key
        else:
            row["to"] = [o | {"state": op.state.key} if o["state"] == op.before else o for o in to]
        if ends:
            moved += [effect for effect in row.get("effects", ()) if effect in ENDING]
            row["effects"] = [effect for effect in row.get("effects", ()) if effect not in ENDING]
    return moved


def _open_to(table: Data, op: InsertNode, starts: set[str]) -> None:
    """What can be done before and after the new node, or nearly everywhere, can be done in it as well."""
    opened = {row["key"] for row in table["states"] if row["group"] == "open"} - {op.state.key}
    for row in table["transitions"]:
        around = starts & set(row["from"]) and op.before in row["from"]
        everywhere = 2 * len(opened & set(row["from"])) > len(opened)
        if around or everywhere:
            row["from"].append(op.state.key)


def _node_row(step: NodeStep, start: str, to: str, style: str) -> Data:
    row = _plain(step, exclude={"to"}, exclude_defaults=True)
    row |= {"reach": step.reach, "from": [start], "to": to, "style": style}
    row["fields"] = [_plain(wanted, exclude_defaults=True) for wanted in step.fields]
    return row


def _hands_in(row: Data) -> bool:
    task = row.get("task") or {}
    return bool(task.get("kind") == "handle" and task.get("to") == "done")


def _remove_node(table: Data, op: RemoveNode) -> None:
    _state(table, op.state, "state")
    leaving = [row for row in table["transitions"] if row["from"] == [op.state]]
    main = next((r for r in leaving if r.get("style") == "primary" and isinstance(r.get("to"), str)), None)
    if main is None or main["to"].startswith("@"):
        raise Invalid("no_main_step", "这个环节没有唯一的主要去向，不能直接删除。", field="state")
    moved = [effect for effect in main.get("effects", ()) if effect in ENDING]
    for row in table["transitions"]:
        to = row.get("to")
        if to == op.state:
            row["to"] = main["to"]
        elif isinstance(to, list):
            row["to"] = [o | {"state": main["to"]} if o["state"] == op.state else o for o in to]
        if row.get("to") != to and moved:
            row["effects"] = list(dict.fromkeys([*row.get("effects", ()), *moved]))
    table["transitions"] = [row for row in table["transitions"] if row["from"] != [op.state]]
    for row in table["transitions"]:
        row["from"] = [start for start in row["from"] if start != op.state]
    table["states"] = [row for row in table["states"] if row["key"] != op.state]
    table.get("marks", {}).pop(op.state, None)


_DO: dict[str, Callable[[Data, Any], None]] = {
    "set_limit": _set_limit,
    "set_marks": _set_marks,
    "set_field": _set_field,
    "remove_field": _remove_field,
    "set_step": _set_step,
    "set_state": _set_label,
    "set_request": _set_request,
    "insert_node": _insert_node,
    "remove_node": _remove_node,
}
OPERATIONS = tuple(_DO)
