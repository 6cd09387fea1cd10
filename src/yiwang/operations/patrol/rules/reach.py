"""How far an assignment reaches: which units, areas and people lie within it."""

from collections.abc import Iterable

from yiwang.core.actor import Scope

DISTRICT = 6


def holds_area(scope: Scope, area_code: str) -> bool:
    """Whether an area (a code of any length) lies within the scope's; a root unit without areas has them all."""
    if scope.is_everywhere and not scope.areas:
        return True
    return any(area and area_code.startswith(area) for area in scope.areas)


def holds_unit(scope: Scope, path: str, area_code: str) -> bool:
    """Whether a unit lies within the scope: below its unit, or serving an area of it ("" for the whole district)."""
    if scope.unit_path and path.startswith(scope.unit_path):
        return True
    return any(
        area and (area_code.startswith(area) or (not area_code and len(area) <= DISTRICT))
        for area in scope.areas
    )


def holds_person(scope: Scope, path: str, areas: Iterable[str]) -> bool:
    """Whether somebody whose assignment is for this unit and these areas lies within the scope: below its unit, or with
    an area within its areas. Who has a whole district has everybody."""
    if scope.unit_path and path.startswith(scope.unit_path):
        return True
    whole = any(area and len(area) <= DISTRICT for area in scope.areas)
    return whole or any(area and one.startswith(area) for one in areas for area in scope.areas)
