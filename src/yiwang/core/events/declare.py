"""What rooms declare to this one: their events, and the handlers that listen to them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from uuid import UUID

CHANNEL = "yiwang_events"
_TYPE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


class Event:
    """Something that happened. Subclass it as a frozen dataclass with a `type` such as "case.registered".

    Fields are ids, codes, numbers, times and short texts, never personal values: the payload goes to every
    browser that the audience admits. `aggregate` names what it happened to ("case:<uuid>"); events of one
    aggregate are delivered in their order.
    """

    type: ClassVar[str]

    @property
    def aggregate(self) -> str:
        """What it happened to, `kind:id`."""
        raise NotImplementedError

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # A dataclass with slots is made twice, the second time as a copy of the same name.
        known = EVENT_TYPES.get(cls.type)
        if known is not None and _identity(known) != _identity(cls):
            raise TypeError(f"event type {cls.type!r} is declared by {_identity(known)} and {_identity(cls)}")
        if not _TYPE.fullmatch(cls.type):
            raise TypeError(f"event type {cls.type!r} must read room.past_tense")
        EVENT_TYPES[cls.type] = cls


EVENT_TYPES: dict[str, type[Event]] = {}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose browsers hear of an event at once: these users, and those whose authority covers place or units.

    `area_code` is where it happened (a unit grid has 15 digits), `unit_paths` the units concerned; with a
    `permission`, only an assignment that holds it counts. An empty audience is nobody.
    """

    area_code: str | None = None
    unit_paths: tuple[str, ...] = ()
    user_ids: tuple[UUID, ...] = ()
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class Handler:
    """A function that listens to one type of event; `name` is stored with each delivery, so keep it."""

    name: str
    event_type: str
    run: Callable[[Any], None]


E = TypeVar("E", bound=Event)
_HANDLERS: dict[str, dict[str, Handler]] = {}


def handles(event_class: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Let a function in a room's handlers.py listen to `event_class`.

    It runs in the worker, in the transaction that also notes its delivery: its effect happens once. It must
    not do anything that a rollback cannot take back; for that it defers a job.
    """

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        name = f"{function.__module__}.{function.__qualname__}"
        _HANDLERS.setdefault(event_class.type, {})[name] = Handler(name, event_class.type, function)
        return function

    return register


def handlers_of(event_type: str) -> tuple[Handler, ...]:
    """The handlers of one type, in the order of the installed rooms (floors upward) and of their files."""
    return tuple(_HANDLERS.get(event_type, {}).values())


def handled_types() -> frozenset[str]:
    """The types that somebody listens to."""
    return frozenset(_HANDLERS)


def forget_handler(function: Callable[..., Any]) -> None:
    """Take a handler away again, for tests."""
    for known in list(_HANDLERS.values()):
        for name, handler in list(known.items()):
            if handler.run is function:
                del known[name]
    for event_type in [key for key, known in _HANDLERS.items() if not known]:
        del _HANDLERS[event_type]


def _identity(event_class: type[Event]) -> str:
    return f"{event_class.__module__}.{event_class.__qualname__}"
