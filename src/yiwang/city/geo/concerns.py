"""What of this room hangs on a unit, told before the unit is merged or closed."""

from collections.abc import Collection

from yiwang.city.geo.models import ManagingBody
from yiwang.core.accounts.declare import Concern


def managing_bodies(units: Collection[int]) -> int:
    """Managing bodies of areas that are these units."""
    return ManagingBody.objects.filter(unit__in=units).count()


CONCERNS = (
    Concern("geo.managing_bodies", {"zh": "管理主体", "en": "Managing bodies of areas"}, managing_bodies),
)
