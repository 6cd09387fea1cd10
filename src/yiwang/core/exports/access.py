"""Exports are one's own: what somebody may see is theirs to have written out, and nobody else's to fetch."""

from uuid import UUID

from django.db.models import QuerySet

from yiwang.core.actor import Actor
from yiwang.core.errors import NotFound
from yiwang.core.exports.models import Export


def exports_of(actor: Actor) -> QuerySet[Export]:
    """One's own, the newest first."""
    return Export.objects.filter(owner_id=actor.user_id).order_by("-asked_at", "-id")


def get_export_for(actor: Actor, export_id: UUID) -> Export:
    """One of them. Raises NotFound `export_not_found`."""
    found = exports_of(actor).filter(pk=export_id).first()
    if found is None:
        raise NotFound("export_not_found", "没有这个导出文件。")
    return found


def lock_export_for(actor: Actor, export_id: UUID) -> Export:
    """One of them, to be changed; waits for the worker that finishes it. Raises NotFound `export_not_found`."""
    get_export_for(actor, export_id)
    return Export.objects.select_for_update().get(pk=export_id)
