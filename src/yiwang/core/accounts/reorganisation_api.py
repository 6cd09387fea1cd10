"""Reorganising units over HTTP."""

from ninja import Path

from yiwang.core.accounts import access, reorganisation
from yiwang.core.accounts.schemas import (
    CloseIn,
    MergeIn,
    MoveIn,
    RenameIn,
    ReorganisationPreview,
    UnitHistory,
    UnitOut,
)
from yiwang.core.http.routes import ActingRequest, Router

router = Router(tags=["accounts"])


@router.get(
    "/units/{int:unit_id}/reorganisation", permission=access.REORGANISE, response=ReorganisationPreview
)
def preview_reorganisation(request: ActingRequest, unit_id: Path[int], into: int | None = None) -> object:
    """What merging the unit into another (`into`), or closing it, would touch; changes nothing."""
    return reorganisation.preview(request.actor, unit_id, into)


@router.get("/units/{int:unit_id}/changes", permission="accounts.view_unit", response=UnitHistory)
def list_unit_changes(request: ActingRequest, unit_id: Path[int]) -> object:
    """How the unit came to be what it is."""
    return access.unit_history(unit_id)


@router.post("/units/{int:unit_id}/move", permission=access.REORGANISE, response=UnitOut)
def move_unit(request: ActingRequest, unit_id: Path[int], payload: MoveIn) -> object:
    """Put a unit with all below it under another."""
    return reorganisation.move(request.actor, unit_id, **payload.dict())


@router.post("/units/{int:unit_id}/merge", permission=access.REORGANISE, response=UnitOut)
def merge_unit(request: ActingRequest, unit_id: Path[int], payload: MergeIn) -> object:
    """Let a unit become part of another, which takes over its people, its units and its open work."""
    return reorganisation.merge(request.actor, unit_id, **payload.dict())


@router.post("/units/{int:unit_id}/rename", permission=access.REORGANISE, response=UnitOut)
def rename_unit(request: ActingRequest, unit_id: Path[int], payload: RenameIn) -> object:
    """Give a unit another name."""
    return reorganisation.rename(request.actor, unit_id, **payload.dict())


@router.post("/units/{int:unit_id}/close", permission=access.REORGANISE, response=UnitOut)
def close_unit(request: ActingRequest, unit_id: Path[int], payload: CloseIn) -> object:
    """End a unit from a day on; a successor takes over what is open."""
    return reorganisation.close(request.actor, unit_id, **payload.dict())
