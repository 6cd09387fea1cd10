"""What may want attention among the tables that were brought in."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q, Sum

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.imports.models import Run
from yiwang.core.setup import Attention, Item

RECENT = timedelta(days=30)


def runs(actor: Actor) -> Iterator[Item]:
    """Imports of the last month with refused rows, or broken off."""
    recent = Run.objects.filter(started_at__gt=clock.now() - RECENT)
    troubled = recent.filter(Q(faulty__gt=0) | Q(state=Run.State.FAILED))
    rows = troubled.aggregate(rows=Sum("faulty"))["rows"] or 0
    yield Item("imports.faulty", troubled.count(), "/system/imports", params={"rows": rows})


ATTENTION = (Attention("imports.bring_in", runs),)
