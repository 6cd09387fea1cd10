"""What every change of this room leaves behind: a higher version, an audit entry, and word to boards and phones."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.errors import Conflict
from yiwang.core.events import actions as events
from yiwang.core.events.declare import Audience, Event
from yiwang.operations.patrol import access


def note(
    actor: Actor, verb: str, kind: str, key: UUID, *, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    """Write `patrol.<verb>` into the audit log."""
    audit.record(
        actor,
        action=f"patrol.{verb}",
        object_type=f"patrol_{kind}",
        object_id=str(key),
        before=before,
        after=after,
    )


def tell(event: Event, row: Any, people: Iterable[UUID] = ()) -> None:
    """Announce to those who oversee the row's unit and area, and to the people whose it is."""
    audience = Audience(
        area_code=row.area_code,
        unit_paths=(row.unit.path,),
        user_ids=tuple(sorted(set(people))),
        permission=access.VIEW,
    )
    events.publish(event, audience)


def require_version(row: Any, expected: int) -> None:
    """Raises Conflict `patrol_changed` when somebody changed the row since it was looked at."""
    if row.version != expected:
        raise Conflict("patrol_changed", "内容刚刚被别人修改过，请看最新情况。", version=row.version)
