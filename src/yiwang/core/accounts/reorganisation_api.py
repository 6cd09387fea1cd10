"""Reorganising units over HTTP."""

from ninja import Path, Status

from yiwang.core.accounts import access, posts, reorganisation
from yiwang.core.accounts.schemas import (
    CloseIn,
    MergeIn,
    MoveIn,
    NewUnitIn,
    PostIn,
    PostNamesIn,
    RenameIn,
    ReorganisationPreview,
    UnitHistory,
    UnitOut,
    UnitPost,
    UnitPosts,
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


@router.post("/units/{int:unit_id}/units", permission=access.REORGANISE, response={201: UnitOut})
def create_unit(request: ActingRequest, unit_id: Path[int], payload: NewUnitIn) -> object:
    """A new unit below this one."""
    return Status(
        201, reorganisation.create(request.actor, unit_id, reorganisation.NewUnit(**payload.dict()))
    )


@router.get("/units/{int:unit_id}/posts", permission=access.REORGANISE, response=UnitPosts)
def list_unit_posts(request: ActingRequest, unit_id: Path[int]) -> object:
    """The posts of a unit and who holds them, those that were ended last."""
    return {"items": posts.of_unit(request.actor, unit_id)}


@router.post("/units/{int:unit_id}/posts", permission=access.REORGANISE, response={201: UnitPost})
def create_post(request: ActingRequest, unit_id: Path[int], payload: PostIn) -> object:
    """A new post of a unit."""
    return Status(201, posts.present(posts.create(request.actor, unit_id, **payload.dict()), []))


@router.put("/posts/{int:post_id}", permission=access.REORGANISE, response={204: None})
def rename_post(request: ActingRequest, post_id: Path[int], payload: PostNamesIn) -> object:
    """Give a post another name; what is written down keeps the name of its day."""
    posts.rename(request.actor, post_id, **payload.dict())
    return Status(204, None)


@router.post("/posts/{int:post_id}/end", permission=access.REORGANISE, response={204: None})
def end_post(request: ActingRequest, post_id: Path[int]) -> object:
    """End a post that nobody holds; it can no longer be given."""
    posts.end(request.actor, post_id)
    return Status(204, None)
