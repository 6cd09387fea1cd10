"""Which working calendar a unit has."""

from django.db import transaction

from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.calendars import queries as calendars
from yiwang.core.errors import Invalid, NotFound, Refused

EDIT = "calendars.edit_calendar"


@transaction.atomic
def set_calendar(actor: Actor, unit_id: int, key: str | None) -> Unit:
    """Give a unit, and those below it that have none, a calendar; None: that of the unit above it again.

    Limits that begin from now on run by it; those that run already keep the calendar under which they began.
    Records `accounts.set_calendar`. Raises: NotFound `unit_not_found`; Refused `unit_not_yours` outside the subtree
    for which the actor maintains calendars; Invalid `calendar_missing`.
    """
    unit = Unit.objects.select_for_update().filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("unit_not_found", "没有这个单位。", field="unit_id")
    paths = [scope.unit_path for scope in actor.scopes(EDIT)]
    if not actor.is_system and not any(path and unit.path.startswith(path) for path in paths):
        raise Refused("unit_not_yours", "这个单位不在您的管理范围内。", unit=unit.short_name)
    if key is not None and not calendars.calendar_exists(key):
        raise Invalid("calendar_missing", "没有这个工作日历。", field="calendar", calendar=key)
    if unit.calendar != key:
        before, unit.calendar = unit.calendar, key
        unit.save(update_fields=["calendar"])
        audit.record(
            actor,
            action="accounts.set_calendar",
            object_type="unit",
            object_id=str(unit.pk),
            before={"calendar": before},
            after={"calendar": key},
        )
    return unit
