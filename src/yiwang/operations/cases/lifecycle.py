"""The lifecycle as a table: states, transitions, who may, what must be given, what follows.

The table is versioned data (`editions/lifecycle_*.json`); a case keeps the version it was opened under. The
API's allowed actions, the buttons, the diagram in the documents and the property tests all derive from it.
Guards and effects are named here and are Python functions of the same names in `rules` and `effects`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Label = dict[str, str]


class Group(StrEnum):
    """What a state means to somebody who does not know the states: code asks the group, never a label."""

    OPEN = "open"
    CLOSED = "closed"
    REFUSED = "refused"


class Reach(StrEnum):
    """By which side of a scope a transition is reached."""

    ANYWHERE = "anywhere"  # wherever in the district: whoever sees something may report it
    AREA = "area"  # the case lies in one of the scope's areas
    UNIT = "unit"  # an open task of the case belongs to the scope's unit subtree


@dataclass(frozen=True, slots=True)
class StageLimit:
    """The default limit of a stage: kind and amount as in `calendars.rules.Limit`."""

    kind: str
    amount: str


@dataclass(frozen=True, slots=True)
class State:
    """One state of a case. `limit` is None where the case's own condition row gives it, or none runs."""

    key: str
    label: Label
    group: Group
    limit: StageLimit | None


@dataclass(frozen=True, slots=True)
class FormField:
    """What the person gives with an action; `slot` is the photo slot for photos."""

    name: str
    required: bool
    label: Label
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. `start` empty means the opening of a case; `end` None means the state stays."""

    verb: str
    label: Label
    start: tuple[str, ...]
    end: str | None
    permission: str
    reach: Reach
    style: str
    fields: tuple[FormField, ...]
    guards: tuple[str, ...]
    effects: tuple[str, ...]
    sources: tuple[str, ...]
    pending_request: str
    hint: Label | None

    @property
    def is_main(self) -> bool:
        """Whether this is the step forward: what makes the case somebody's work."""
        return self.style == "primary"


@dataclass(frozen=True, slots=True)
class Table:
    """One version of the lifecycle."""

    version: int
    edition: str
    states: dict[str, State]
    transitions: tuple[Transition, ...]

    def openings(self) -> tuple[Transition, ...]:
        """The ways into the table, in the order in which they are tried."""
        return tuple(t for t in self.transitions if not t.start)

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """What can be done with a case in a state, in the table's order."""
        return tuple(t for t in self.transitions if state in t.start)

    def find(self, state: str, verb: str) -> Transition | None:
        """The transition of a verb from a state; None when the table has none."""
        return next((t for t in self.leaving(state) if t.verb == verb), None)


class BrokenTable(ValueError):
    """A lifecycle table contradicts itself; the message names the row."""


def parse(data: dict[str, Any]) -> Table:
    """The table from its declared form; raises BrokenTable when a row names what does not exist."""
    states = {row["key"]: _state(row) for row in data["states"]}
    table = Table(
        version=int(data["version"]),
        edition=data["edition"],
        states=states,
        transitions=tuple(_transition(row) for row in data["transitions"]),
    )
    _check(table)
    return table


def _state(row: dict[str, Any]) -> State:
    limit = row.get("limit")
    return State(row["key"], row["label"], Group(row["group"]), StageLimit(**limit) if limit else None)


def _transition(row: dict[str, Any]) -> Transition:
    return Transition(
        verb=row["verb"],
        label=row["label"],
        start=tuple(row["from"]),
        end=row["to"],
        permission=row["permission"],
        reach=Reach(row["reach"]),
        style=row.get("style", "default"),
        fields=tuple(FormField(**field) for field in row.get("fields", ())),
        guards=tuple(row.get("guards", ())),
        effects=tuple(row.get("effects", ())),
        sources=tuple(row.get("sources", ())),
        pending_request=row.get("pending_request", ""),
        hint=row.get("hint"),
    )


def _check(table: Table) -> None:
    for row in table.transitions:
        unknown = [state for state in (*row.start, row.end) if state and state not in table.states]
        if unknown:
            raise BrokenTable(f"{row.verb}: unknown state {unknown[0]}")
        if not row.start and not row.end:
            raise BrokenTable(f"{row.verb}: neither from nor to")
        ended = [state for state in row.start if table.states[state].group is not Group.OPEN]
        if ended:
            raise BrokenTable(f"{row.verb}: leaves {ended[0]}, which is final")
    for state in table.states:
        verbs = [row.verb for row in table.leaving(state)]
        twice = {verb for verb in verbs if verbs.count(verb) > 1}
        if twice:
            raise BrokenTable(f"{state}: two ways for {min(twice)}")
