"""Where people clocked in is forgotten after a while; that they did is not."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from yiwang.city.duty.models import Clocking
from yiwang.city.duty.parameters import KEEP
from yiwang.core import clock
from yiwang.core.actor import system
from yiwang.core.audit import actions as audit
from yiwang.core.files import actions as files
from yiwang.core.parameters import queries as parameters


@transaction.atomic
def forget_places() -> int:
    """Blank the places and photos of clockings past their time, on the record; how many."""
    now = clock.now()
    until = now - timedelta(days=parameters.number(KEEP))
    count = blank(Clocking.objects.filter(occurred_at__lt=until))
    if count:
        audit.record(
            system("schedule"),
            action="duty.forget_places",
            object_type="retention",
            object_id=now.astimezone(clock.LOCAL).date().isoformat(),
            before=None,
            after={"clockings": count},
        )
    return count


def blank(rows: QuerySet[Clocking], **further: Any) -> int:
    """Take place and photo out of clockings, and `further` values; how many held some. The photos go with the sweep."""
    held = Q(location__isnull=False) | Q(photo__isnull=False)
    for field, value in further.items():
        held |= ~Q(**{field: value})
    found = dict(rows.filter(held).select_for_update().values_list("pk", "photo"))
    files.release(photo for photo in found.values() if photo)
    return Clocking.objects.filter(pk__in=found).update(
        location=None, accuracy_m=None, place="", distance_m=None, photo=None, **further
    )
