"""What a parameter says at present."""

import time
from dataclasses import dataclass, field
from datetime import datetime

from yiwang.core.parameters.declare import Parameter, Value, declared
from yiwang.core.parameters.models import SetValue

FRESH_FOR_S = 10.0  # another process may have set a value meanwhile


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter with its value; `version` is 0 while nobody has set it."""

    parameter: Parameter
    value: Value
    version: int
    changed_at: datetime | None
    changed_by: str


@dataclass(slots=True)
class Memory:
    """What was read last, and when."""

    values: dict[str, object] = field(default_factory=dict)
    read_at: float = -FRESH_FOR_S


_memory = Memory()


def number(parameter: Parameter) -> int:
    """The number that holds; at most ten seconds old."""
    return int(_value(parameter, _cached().get(parameter.key)))


def switched_on(parameter: Parameter) -> bool:
    """Whether it is switched on; at most ten seconds old."""
    return bool(_value(parameter, _cached().get(parameter.key)))


def settings() -> list[Setting]:
    """Every parameter as it stands, not from memory."""
    rows = SetValue.objects.in_bulk()
    return [_setting(parameter, rows.get(parameter.key)) for parameter in declared()]


def forget() -> None:
    """Read again at the next question."""
    _memory.read_at = -FRESH_FOR_S


def _setting(parameter: Parameter, row: SetValue | None) -> Setting:
    if row is None:
        return Setting(parameter, parameter.default, 0, None, "")
    return Setting(parameter, _value(parameter, row.value), row.version, row.changed_at, row.changed_by_name)


def _value(parameter: Parameter, stored: object) -> Value:
    """What was set under other bounds gives way to the default."""
    return stored if isinstance(stored, int) and parameter.fits(stored) else parameter.default


def _cached() -> dict[str, object]:
    now = time.monotonic()
    if now - _memory.read_at >= FRESH_FOR_S:
        _memory.values, _memory.read_at = dict(SetValue.objects.values_list("key", "value")), now
    return _memory.values
