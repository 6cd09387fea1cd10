"""What other rooms tell this one: how much of theirs hangs on a unit, so that it is known before a unit goes."""

import importlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

from django.apps import apps

Count = Callable[[Collection[int]], int]


@dataclass(frozen=True, slots=True)
class Concern:
    """Something of a room's that hangs on units: `key` is `room.things`, `count` takes the units' ids.

    With `is_open_work` a unit that has any cannot be closed without a successor to take it over.
    """

    key: str
    label: dict[str, str]
    count: Count
    is_open_work: bool = False


@cache
def concerns() -> tuple[Concern, ...]:
    """Every concern that a room declares as CONCERNS in its `concerns` module, in the order of the rooms."""
    found: list[Concern] = []
    for app in apps.get_app_configs():
        name = f"{app.name}.concerns"
        if app.name.startswith("yiwang.") and find_spec(name):
            found.extend(importlib.import_module(name).CONCERNS)
    return tuple(found)
