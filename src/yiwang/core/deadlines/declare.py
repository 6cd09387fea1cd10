"""What a room declares to this one: what it does when a mark of its limits fires."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Fired:
    """A mark that was reached at `at` (aware UTC); told once. Marks of one deadline come in their order."""

    deadline_id: int
    owner_kind: str
    owner_id: UUID
    part_id: UUID | None
    stage: str
    mark: str
    at: datetime
    due_at: datetime


Reminder = Callable[[list[Fired]], None]
_REMINDERS: dict[str, Reminder] = {}


def on_marks(owner_kind: str) -> Callable[[Reminder], Reminder]:
    """Let a function in a room's reminders.py act on the marks of its kind, hundreds at once, set-based.

    It runs in the transaction that notes them as fired: its effect in the database happens once. It must not do
    anything that a rollback cannot take back, and it must not lock the owners: whoever changes an owner locks it
    first and its deadlines then, so that here, where the deadlines are held, it would be the other way round.
    What needs the owner's lock publishes an event and is done by that event's handler.

    When it fails on many it is tried on fewer, so that one bad owner does not hold up the others.
    """

    def register(function: Reminder) -> Reminder:
        _REMINDERS[owner_kind] = function
        return function

    return register


def reminder_of(owner_kind: str) -> Reminder | None:
    """What a kind does when its marks fire; None: nothing."""
    return _REMINDERS.get(owner_kind)


def forget_reminder(owner_kind: str) -> None:
    """Take a reminder away again, for tests."""
    _REMINDERS.pop(owner_kind, None)
