"""Reads the imports of the source and says which of them enter another room by something that is not a door."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
DOORS = {"actions", "queries", "access", "events", "declare", "models", "ingest", "history"}
# Further doors of single rooms, each with what it is for.
NAMED_DOORS = {
    # Administering people, units and their posts, also from a terminal and out of a table.
    "yiwang.core.accounts": {"staff", "reorganisation", "posts"},
    "yiwang.core.imports": {"tables"},  # reading tables, for who brings in rows of their own
    # A filled form as a row of a table, its findings; its shape inside what another room says over HTTP.
    "yiwang.core.forms": {"rules", "schemas"},
    "yiwang.operations.cases": {"schemas"},  # a report inside what another room takes over HTTP
    "yiwang.core.calendars": {
        "rules"
    },  # working time is computed in memory, by pure functions over a calendar
    "yiwang.core.deadlines": {"rules"},  # the marks of a limit are values that its owner states
}
# The project puts the rooms together: it also mounts their routes, loads their data and runs their loops.
PROJECT_DOORS = DOORS | {"api", "seed", "permissions", "sessions", "relay", "listen", "sealer"}
# What every room writes its routes with; it has no business of its own to protect.
OPEN_ROOMS = {"yiwang.core.http"}


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the platform by its dotted name, tests and migrations left out."""
    for file in sorted((SOURCE / "yiwang").rglob("*.py")):
        parts = file.relative_to(SOURCE).with_suffix("").parts
        if not {"tests", "migrations"}.intersection(parts):
            yield ".".join(part for part in parts if part != "__init__"), file


def room_of(module: str) -> str | None:
    """The room that a module belongs to: a folder of a floor, or the project as a whole. None for floors themselves."""
    parts = module.split(".")
    if parts[:2] == ["yiwang", "project"]:
        return "yiwang.project"
    return ".".join(parts[:3]) if len(parts) >= 3 else None


def is_room(name: str) -> bool:
    """Whether a dotted name is a folder with modules, and not a single module such as core.clock."""
    return (SOURCE / name.replace(".", "/")).is_dir()


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def wrong_ways(module: str, source: str) -> list[str]:
    """Imports of `module` that enter another room past its doors, in words."""
    own = room_of(module)
    doors = PROJECT_DOORS if own == "yiwang.project" else DOORS
    found: dict[str, None] = {}
    for line, name in imported(source):
        other = room_of(name) if name.startswith("yiwang.") else None
        if other is None or other in (own, *OPEN_ROOMS) or not is_room(other):
            continue
        entrance = name.removeprefix(other).lstrip(".").split(".")[0]
        if entrance not in doors | NAMED_DOORS.get(other, set()):
            found[f"{module}:{line} enters {other} by {entrance or 'the wall'}"] = None
    return list(found)
