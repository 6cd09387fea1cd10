"""Finds the sectors and hands each room the declarations of the room's own types; finds what rooms declare of theirs.

Knows no business word: a declaration is any frozen dataclass that a room offers in its `declare` module.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, is_dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, TypeVar

from django.apps import apps

Declaration = TypeVar("Declaration")

# By name, because the core imports nothing from above.
SECTORS = "yiwang.sectors"


class BrokenSector(Exception):
    """A sector's manifest cannot be used; the message names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Sector:
    """One sector's manifest. `key` equals its folder's name; `name` is worded `{zh, en}`."""

    key: str
    name: dict[str, str]
    declarations: tuple[Any, ...] = ()


@cache
def sectors() -> tuple[Sector, ...]:
    """All sectors, in the order of their names."""
    package = importlib.import_module(SECTORS)
    found = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.ispkg)
    return tuple(load_sector(f"{package.__name__}.{name}.sector", name) for name in found)


def load_sector(module_name: str, folder: str) -> Sector:
    """The manifest in `module_name`; raises BrokenSector when it is not a valid one."""
    try:
        module = importlib.import_module(module_name)
    except Exception as error:  # whatever a manifest does wrong, its name belongs into the message
        raise BrokenSector(f"{module_name}: {error}") from error
    return checked(getattr(module, "SECTOR", None), module_name, folder)


def checked(sector: object, module_name: str, folder: str) -> Sector:
    """`sector` itself when it is a well-formed manifest for `folder`; raises BrokenSector otherwise."""
    if not isinstance(sector, Sector):
        raise BrokenSector(f"{module_name}: SECTOR must be a Sector(...), not {type(sector).__name__}")
    if sector.key != folder:
        raise BrokenSector(f"{module_name}: key {sector.key!r} must equal the folder's name {folder!r}")
    if not sector.name.get("zh") or not sector.name.get("en"):
        raise BrokenSector(f"{module_name}: name needs both zh and en")
    strangers = [item for item in sector.declarations if not is_dataclass(item) or isinstance(item, type)]
    if strangers:
        raise BrokenSector(f"{module_name}: not a declaration: {strangers[0]!r}")
    return sector


def declarations(kind: type[Declaration], among: Iterable[Sector] | None = None) -> tuple[Declaration, ...]:
    """Every declaration of one type, in the order of the sectors."""
    chosen = sectors() if among is None else among
    return tuple(item for sector in chosen for item in sector.declarations if isinstance(item, kind))


def in_rooms(module: str, name: str) -> Iterator[Any]:
    """What each room calls `name` in its `module` (`permissions.py`), in the order of the rooms; those without are
    passed over."""
    for app in apps.get_app_configs():
        path = f"{app.name}.{module}"
        if app.name.startswith("yiwang.") and find_spec(path):
            found = importlib.import_module(path)
            if hasattr(found, name):
                yield getattr(found, name)
