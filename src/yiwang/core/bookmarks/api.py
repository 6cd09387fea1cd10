"""Saved views and pins over HTTP."""

from typing import Annotated, Any

from ninja import Path, Query, Status

from yiwang.core.actor import Actor
from yiwang.core.bookmarks import access, actions
from yiwang.core.bookmarks.actions import Sharing
from yiwang.core.bookmarks.models import SavedView
from yiwang.core.bookmarks.schemas import PinIn, PinOut, Pins, ViewChangeIn, ViewIn, ViewOut, Views
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router

router = Router(tags=["bookmarks"])

LARGEST_ID = 2**63 - 1
Kind = Annotated[str, Path(pattern=r"^[a-z][a-z_]*$", max_length=40)]
ObjectId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]+$", max_length=60)]


@router.get("/views", permission=SIGNED_IN, response=Views)
def list_views(
    request: ActingRequest, list_key: Annotated[str, Query(alias="list", max_length=60)]
) -> object:
    """The views of a list that one can choose from: one's own, those of one's units, everybody's."""
    found = access.views_for(request.actor).filter(list_key=list_key).order_by("name", "id")
    own_first = sorted(found, key=lambda view: view.owner_id is None)
    return {"items": [shown(request.actor, view) for view in own_first]}


@router.post("/views", permission=SIGNED_IN, response={201: ViewOut})
def save_view(request: ActingRequest, payload: ViewIn) -> object:
    """Keep how a list is looked at; sharing needs `bookmarks.share_view` for the unit."""
    sharing = Sharing(payload.shared, payload.unit_id)
    view = actions.save_view(
        request.actor, list_key=payload.list_key, name=payload.name, look=payload.look, sharing=sharing
    )
    return Status(201, shown(request.actor, view))


@router.put("/views/{int:view_id}", permission=SIGNED_IN, response=ViewOut)
def change_view(request: ActingRequest, view_id: int, payload: ViewChangeIn) -> object:
    """Name a view anew or let it look otherwise; 409 when somebody was first."""
    view = actions.change_view(
        request.actor,
        min(view_id, LARGEST_ID),
        name=payload.name,
        look=payload.look,
        expected_version=payload.expected_version,
    )
    return shown(request.actor, view)


@router.delete("/views/{int:view_id}", permission=SIGNED_IN, response={204: None})
def remove_view(request: ActingRequest, view_id: int) -> object:
    """Take a view away."""
    actions.remove_view(request.actor, min(view_id, LARGEST_ID))
    return Status(204, None)


@router.get("/pins", permission=SIGNED_IN, response=Pins)
def list_pins(request: ActingRequest) -> object:
    """What the person keeps at hand."""
    return {"items": list(access.pins_for(request.actor))}


@router.put("/pins/{kind}/{object_id}", permission=SIGNED_IN, response=PinOut)
def pin(request: ActingRequest, kind: Kind, object_id: ObjectId, payload: PinIn) -> object:
    """Keep an object at hand."""
    return actions.pin(request.actor, kind=kind, object_id=object_id, title=payload.title)


@router.delete("/pins/{kind}/{object_id}", permission=SIGNED_IN, response={204: None})
def unpin(request: ActingRequest, kind: Kind, object_id: ObjectId) -> object:
    """Let it go."""
    actions.unpin(request.actor, kind=kind, object_id=object_id)
    return Status(204, None)


def shown(actor: Actor, view: SavedView) -> dict[str, Any]:
    """A view as the wire shows it."""
    return {
        "id": view.pk,
        "list_key": view.list_key,
        "name": view.name,
        "look": view.look,
        "shared": view.owner_id is None,
        "unit": {"id": view.unit.pk, "name": view.unit.short_name} if view.unit else None,
        "version": view.version,
        "editable": access.may_edit(actor, view),
    }
