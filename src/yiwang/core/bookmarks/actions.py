"""Save, change, share and take away views; pin and unpin."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.accounts import access as accounts
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.bookmarks import access
from yiwang.core.bookmarks.models import Pin, SavedView
from yiwang.core.errors import Conflict, Invalid, Refused
from yiwang.core.locks import hold

MOST_VIEWS = 50
MOST_PINS = 50


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who sees a view: its owner alone, or (`shared`) a unit and all below it, or everybody when there is no unit."""

    shared: bool = False
    unit_id: int | None = None


@transaction.atomic
def save_view(
    actor: Actor, *, list_key: str, name: str, look: dict[str, Any], sharing: Sharing = Sharing()
) -> SavedView:
    """Keep how a list is looked at. Raises Refused `may_not_share`, Invalid `empty`, `unit_not_found`,
    `too_many_views`, Conflict `view_known` (the same name stands in the same list already)."""
    owner_id, unit = _whose(actor, sharing)
    _hold_names(list_key, owner_id, unit)
    same = SavedView.objects.filter(list_key=list_key, owner_id=owner_id, unit=unit)
    if same.count() >= MOST_VIEWS:
        raise Invalid("too_many_views", "视图太多，请先清理不用的。", most=MOST_VIEWS)
    view = SavedView(list_key=list_key, name=_named(name), look=look, owner_id=owner_id, unit=unit)
    _refuse_known(view)
    view.save()
    _record(actor, "bookmarks.save_view", view, after=_told(view))
    return view


@transaction.atomic
def change_view(
    actor: Actor, view_id: int, *, name: str, look: dict[str, Any], expected_version: int
) -> SavedView:
    """Name a view anew or let it look otherwise. Raises NotFound, Refused, Invalid, Conflict `view_changed`."""
    view = access.lock_view_for(actor, view_id)
    if view.version != expected_version:
        raise Conflict("view_changed", "这个视图刚刚被改过，请看最新内容。", version=view.version)
    _hold_names(view.list_key, view.owner_id, view.unit)
    before = _told(view)
    view.name, view.look = _named(name), look
    view.version, view.changed_at = view.version + 1, clock.now()
    _refuse_known(view)
    view.save()
    _record(actor, "bookmarks.change_view", view, before=before, after=_told(view))
    return view


@transaction.atomic
def remove_view(actor: Actor, view_id: int) -> None:
    """Take a view away. Raises NotFound, Refused."""
    view = access.lock_view_for(actor, view_id)
    _record(actor, "bookmarks.remove_view", view, before=_told(view))
    view.delete()


@transaction.atomic
def hand_over(unit_id: int, successor_id: int) -> None:
    """What a unit shared is shared in its successor; a name that stands there already gets a mark behind it."""
    successor = Unit.objects.get(pk=successor_id)
    for view in SavedView.objects.select_for_update().filter(unit_id=unit_id).order_by("id"):
        view.unit = successor
        if _known(view):
            view.name = f"{view.name[:30]} #{view.pk}"
        view.save(update_fields=["unit", "name"])


@transaction.atomic
def pin(actor: Actor, *, kind: str, object_id: str, title: str) -> Pin:
    """Keep an object at hand; again renews its title. Raises Invalid `too_many_pins`."""
    if actor.user_id is None:
        raise Refused("only_people_pin", "只有人员可以收藏。")
    hold(f"bookmarks.pins:{actor.user_id}")
    others = access.pins_for(actor).exclude(kind=kind, object_id=object_id)
    if others.count() >= MOST_PINS:
        raise Invalid("too_many_pins", "收藏太多，请先取消不用的。", most=MOST_PINS)
    kept, _ = Pin.objects.update_or_create(
        user_id=actor.user_id, kind=kind, object_id=object_id, defaults={"title": title.strip()}
    )
    return kept


@transaction.atomic
def unpin(actor: Actor, *, kind: str, object_id: str) -> None:
    """Let an object go; one that is not pinned is no fault."""
    access.pins_for(actor).filter(kind=kind, object_id=object_id).delete()


def _hold_names(list_key: str, owner_id: UUID | None, unit: Unit | None) -> None:
    """One at a time gives a name among the views of a list."""
    hold(f"bookmarks:{list_key}:{owner_id}:{unit.pk if unit else ''}")


def _whose(actor: Actor, sharing: Sharing) -> tuple[Any, Unit | None]:
    """The owner, or None with the unit that shares it."""
    if not sharing.shared:
        if actor.user_id is None:
            raise Refused("only_people_own_views", "只有人员有自己的视图。")
        return actor.user_id, None
    return None, accounts.sharing_unit(actor, access.SHARE, sharing.unit_id)


def _named(name: str) -> str:
    named = name.strip()
    if not named:
        raise Invalid("empty", "请给视图起个名字。", field="name")
    return named


def _known(view: SavedView) -> bool:
    same = SavedView.objects.filter(list_key=view.list_key, owner_id=view.owner_id, unit=view.unit)
    return same.filter(name=view.name).exclude(pk=view.pk).exists()


def _refuse_known(view: SavedView) -> None:
    if _known(view):
        raise Conflict("view_known", "同名的视图已经有了。", field="name")


def _told(view: SavedView) -> dict[str, Any]:
    """What the record keeps of a shared one; of one's own only which list it is of."""
    if view.owner_id is not None:
        return {"list": view.list_key}
    return {"list": view.list_key, "name": view.name, "unit": view.unit_id, "look": view.look}


def _record(
    actor: Actor,
    action: str,
    view: SavedView,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        actor, action=action, object_type="saved_view", object_id=str(view.pk), before=before, after=after
    )
