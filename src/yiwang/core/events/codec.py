"""Events as JSON and back, by the types of their fields."""

from typing import Any

from pydantic import TypeAdapter

from yiwang.core.events.declare import EVENT_TYPES, Audience, Event


class UnknownEvent(Exception):
    """A stored event whose type no room declares any more."""


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Made once for each class: building one costs more than using it."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def event_to_json(event: Event) -> dict[str, Any]:
    """The event's fields as JSON values."""
    payload: dict[str, Any] = _adapter(type(event)).dump_python(event, mode="json")
    return payload


def event_from_json(event_type: str, payload: dict[str, Any]) -> Event:
    """The event again. Raises UnknownEvent, or pydantic's ValidationError when the fields no longer fit."""
    if event_type not in EVENT_TYPES:
        raise UnknownEvent(f"no room declares the event type {event_type!r}")
    event: Event = _adapter(EVENT_TYPES[event_type]).validate_python(payload)
    return event


def audience_to_json(audience: Audience) -> dict[str, Any]:
    """The audience's fields as JSON values."""
    fields: dict[str, Any] = _adapter(Audience).dump_python(audience, mode="json")
    return fields


def audience_from_json(fields: dict[str, Any]) -> Audience:
    """The audience again."""
    audience: Audience = _adapter(Audience).validate_python(fields)
    return audience
