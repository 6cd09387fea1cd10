"""Whose views a person sees, and which of them the person may change. Pins are always one's own."""

from django.db.models import QuerySet

from yiwang.core.accounts import access as accounts
from yiwang.core.actor import Actor
from yiwang.core.bookmarks.models import Pin, SavedView
from yiwang.core.errors import NotFound, Refused

SHARE = "bookmarks.share_view"


def views_for(actor: Actor) -> QuerySet[SavedView]:
    """One's own, those of one's units and of all units above them, everybody's; and those one may change."""
    return SavedView.objects.filter(accounts.shared_with(actor, SHARE)).select_related("unit")


def may_edit(actor: Actor, view: SavedView) -> bool:
    """Whether the actor may change a view that the actor sees."""
    if view.owner_id is not None:
        return view.owner_id == actor.user_id
    return accounts.may_share(actor, SHARE, view.unit.path if view.unit else None)


def lock_view_for(actor: Actor, view_id: int) -> SavedView:
    """One view, to be changed. Raises NotFound `view_not_found`, Refused `not_your_view`."""
    view = views_for(actor).select_for_update(of=("self",)).filter(pk=view_id).first()
    if view is None:
        raise NotFound("view_not_found", "没有这个视图。")
    if not may_edit(actor, view):
        raise Refused("not_your_view", "这个视图由上级单位维护，您可以另存为自己的。")
    return view


def pins_for(actor: Actor) -> QuerySet[Pin]:
    """One's own pins, the newest first."""
    if actor.user_id is None:
        return Pin.objects.none()
    return Pin.objects.filter(user_id=actor.user_id).order_by("-pinned_at", "-id")
