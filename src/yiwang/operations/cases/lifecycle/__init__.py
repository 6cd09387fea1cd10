"""The lifecycle as a table: states, transitions, requests, who may, what must be given, what follows.

The table is versioned data (`editions/lifecycle_*.json`); a case keeps the version it was opened under. The
API's allowed actions, the buttons, the diagram in the documents and the property tests all derive from it.
Guards, conditions and effects are named here and are Python functions of the same names in `rules` and `effects`.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

Label = dict[str, str]

# Where a transition leads when that depends on the case: back to where it was held, or where the person says.
HELD, CHOSEN = "@held", "@chosen"
# Stages that are no state: the limit of a unit's handling (default: the condition's), and of an answer.
HANDLE, SUPERVISE = "handle", "supervise"


class Group(StrEnum):
    """What a state means to somebody who does not know the states: code asks the group, never a label."""

    OPEN = "open"
    CLOSED = "closed"
    REFUSED = "refused"
    MERGED = "merged"


class Reach(StrEnum):
    """By which side of a scope a transition is reached."""

    ANYWHERE = "anywhere"  # wherever in the district: whoever sees something may report it
    AREA = "area"  # the case lies in one of the scope's areas
    UNIT = "unit"  # a task of the case belongs to the scope's unit subtree


class Decision(StrEnum):
    """What a transition does to a request."""

    ASK = "ask"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class StageLimit:
    """The default limit of a stage: kind and amount as in `calendars.rules.Limit`."""

    kind: str
    amount: str


@dataclass(frozen=True, slots=True)
class State:
    """One state of a case. `limit` is None where tasks have clocks of their own, or none runs."""

    key: str
    label: Label
    group: Group
    limit: StageLimit | None


@dataclass(frozen=True, slots=True)
class FormField:
    """What the person gives with an action; `slots` are the photo slots, the first one being the usual."""

    name: str
    required: bool
    label: Label
    slots: tuple[str, ...] = ()
    options: tuple[tuple[str, Label], ...] = ()

    @property
    def slot(self) -> str | None:
        """The usual photo slot."""
        return self.slots[0] if self.slots else None


@dataclass(frozen=True, slots=True)
class TaskStep:
    """What a transition does to one task: its kind, the states it may be in, and the one after (None: stays)."""

    kind: str
    start: tuple[str, ...]
    end: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A state that a transition may lead to; `when` names the condition, "" is always."""

    state: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. `start` empty means the opening of a case; no outcome means the state stays."""

    verb: str
    label: Label
    start: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    permission: str
    reach: Reach
    style: str
    fields: tuple[FormField, ...]
    guards: tuple[str, ...]
    effects: tuple[str, ...]
    sources: tuple[str, ...]
    task: TaskStep | None
    request: str
    decision: Decision | None
    hint: Label | None

    @property
    def is_main(self) -> bool:
        """Whether this is the step forward: what makes the case somebody's work."""
        return self.style == "primary"

    @property
    def is_beside(self) -> bool:
        """Whether it only says something beside the way: no pending request keeps it back."""
        return self.style == "beside"

    @property
    def goes_back(self) -> bool:
        """Whether it only ends a standstill: the day of that comes, whatever is being decided meanwhile."""
        return bool(self.outcomes) and all(outcome.state == HELD for outcome in self.outcomes)

    @property
    def choices(self) -> tuple[str, ...]:
        """The states that the person may choose, where the row asks for one."""
        return next((tuple(key for key, _ in f.options) for f in self.fields if f.name == "to_state"), ())

    def ends(self) -> tuple[str, ...]:
        """Every state that it may lead to, as named in the table; empty when the state stays."""
        named = [outcome.state for outcome in self.outcomes if not outcome.state.startswith("@")]
        return (*named, *(self.choices if any(o.state == CHOSEN for o in self.outcomes) else ()))


@dataclass(frozen=True, slots=True)
class Approval:
    """One level of a request's approval: what it is called, and who holds it."""

    label: Label
    permission: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class RequestPolicy:
    """How a kind of request is dealt with.

    `blocks`: other steps wait for the decision. `most`: how many may be approved for one task (None: any number).
    `before_due`: only while the task's clock has not run over. `longest_days`: how far ahead `until` may lie.
    """

    kind: str
    label: Label
    approvals: tuple[Approval, ...]
    blocks: bool
    evidence: bool
    most: int | None
    before_due: bool
    longest_days: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """One version of the lifecycle. `marks`: stage → (name, share of the limit) of its reminders."""

    version: int
    edition: str
    states: dict[str, State]
    transitions: tuple[Transition, ...]
    requests: dict[str, RequestPolicy]
    limits: dict[str, StageLimit]
    marks: dict[str, tuple[tuple[str, Fraction], ...]]

    def openings(self) -> tuple[Transition, ...]:
        """The ways into the table, in the order in which they are tried."""
        return tuple(t for t in self.transitions if not t.start)

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """What can be done with a case in a state, in the table's order."""
        return tuple(t for t in self.transitions if state in t.start)

    def find(self, state: str, verb: str) -> Transition | None:
        """The transition of a verb from a state; None when the table has none."""
        return next((t for t in self.transitions if t.verb == verb and state in t.start), None)


class BrokenTable(ValueError):
    """A lifecycle table contradicts itself; the message names the row."""


def parse(data: dict[str, Any]) -> Table:
    """The table from its declared form; raises BrokenTable when a row names what does not exist."""
    table = Table(
        version=int(data["version"]),
        edition=data["edition"],
        states={row["key"]: _state(row) for row in data["states"]},
        transitions=tuple(_transition(row) for row in data["transitions"]),
        requests={kind: _policy(kind, row) for kind, row in data.get("requests", {}).items()},
        limits={stage: StageLimit(**limit) for stage, limit in data.get("limits", {}).items()},
        marks={stage: _marks(shares) for stage, shares in data.get("marks", {}).items()},
    )
    _check(table)
    return table


def _state(row: dict[str, Any]) -> State:
    limit = row.get("limit")
    return State(row["key"], row["label"], Group(row["group"]), StageLimit(**limit) if limit else None)


def _transition(row: dict[str, Any]) -> Transition:
    task = row.get("task")
    return Transition(
        verb=row["verb"],
        label=row["label"],
        start=tuple(row["from"]),
        outcomes=_outcomes(row.get("to")),
        permission=row.get("permission", ""),
        reach=Reach(row["reach"]),
        style=row.get("style", "default"),
        fields=tuple(_field(field) for field in row.get("fields", ())),
        guards=tuple(row.get("guards", ())),
        effects=tuple(row.get("effects", ())),
        sources=tuple(row.get("sources", ())),
        task=TaskStep(task["kind"], tuple(task["from"]), task.get("to")) if task else None,
        request=row.get("request", ""),
        decision=Decision(row["decision"]) if "decision" in row else None,
        hint=row.get("hint"),
    )


def _outcomes(to: str | list[dict[str, str]] | None) -> tuple[Outcome, ...]:
    if to is None:
        return ()
    if isinstance(to, str):
        return (Outcome(to),)
    return tuple(Outcome(item["state"], item.get("when", "")) for item in to)


def _field(row: dict[str, Any]) -> FormField:
    slots = row.get("slots") or ([row["slot"]] if row.get("slot") else [])
    options = tuple((item["value"], item["label"]) for item in row.get("options", ()))
    return FormField(row["name"], bool(row["required"]), row["label"], tuple(slots), options)


def _policy(kind: str, row: dict[str, Any]) -> RequestPolicy:
    return RequestPolicy(
        kind=kind,
        label=row["label"],
        approvals=tuple(
            Approval(item["label"], item["permission"], Reach(item.get("reach", "area")))
            for item in row["approvals"]
        ),
        blocks=row.get("blocks", True),
        evidence=row.get("evidence", False),
        most=row.get("most"),
        before_due=row.get("before_due", False),
        longest_days=row.get("longest_days"),
    )


def _marks(shares: dict[str, str]) -> tuple[tuple[str, Fraction], ...]:
    return tuple(
        sorted(((name, Fraction(share)) for name, share in shares.items()), key=lambda item: item[1])
    )


def _check(table: Table) -> None:
    for row in table.transitions:
        _check_row(table, row)
    for kind, policy in table.requests.items():
        if not policy.approvals:
            raise BrokenTable(f"request {kind}: nobody approves it")
    for state in table.states:
        verbs = [row.verb for row in table.leaving(state)]
        twice = {verb for verb in verbs if verbs.count(verb) > 1}
        if twice:
            raise BrokenTable(f"{state}: two ways for {min(twice)}")


def _check_row(table: Table, row: Transition) -> None:
    unknown = [state for state in (*row.start, *row.ends()) if state not in table.states]
    if unknown:
        raise BrokenTable(f"{row.verb}: unknown state {unknown[0]}")
    if not row.start and not row.outcomes:
        raise BrokenTable(f"{row.verb}: neither from nor to")
    if row.request and row.request not in table.requests:
        raise BrokenTable(f"{row.verb}: unknown request {row.request}")
    if bool(row.request) != (row.decision is not None):
        raise BrokenTable(f"{row.verb}: a request and what is done to it belong together")
    if not row.permission and row.decision not in (Decision.APPROVE, Decision.REFUSE):
        raise BrokenTable(f"{row.verb}: no permission")
