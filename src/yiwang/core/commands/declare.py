"""What a room offers to phones: the commands that may reach it late.

A room names them in `COMMANDS` of its `commands.py`; `registry.in_rooms` finds them. Running one is calling the room's
own action: what a phone does offline is decided by the same rules as what is done at a desk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from ninja import Schema

from yiwang.core.actor import Actor


class Doubt(StrEnum):
    """What speaks against the moment that a phone claims.

    NONE: its clock agrees with ours. CLOCK: it was wrong and has been put right by the difference at sending.
    BOUNDED: even so it lay in the future or too far back, and was moved to what can be.
    """

    NONE = ""
    CLOCK = "clock"
    BOUNDED = "bounded"


@dataclass(frozen=True, slots=True)
class Moment:
    """When a command was given: as the phone claims, as it counts, and when it reached us (all aware)."""

    occurred_at: datetime
    received_at: datetime
    claimed_at: datetime
    doubt: Doubt = Doubt.NONE


@dataclass(frozen=True, slots=True)
class CommandKind:
    """One kind of command. `key` is `room.verb`, `label` is worded {zh, en}.

    `run(actor, command_id, body, moment)` calls the room's action and returns what the phone is told, as JSON; it
    raises DomainErrors as actions do. `command_id` serves as the id of what is made. `permission`: None for what every
    person may try.
    """

    key: str
    label: dict[str, str]
    body: type[Schema]
    run: Callable[[Actor, UUID, Any, Moment], dict[str, Any]]
    permission: str | None = None
