"""First data of this room: the divisions, units, posts, managing bodies and grids of the district."""

from django.conf import settings

from yiwang.city.geo import actions
from yiwang.city.geo.models import Area, DutyGrid, ManagingBody, UnitGrid
from yiwang.city.geo.validity import valid_on
from yiwang.core import clock
from yiwang.core.accounts.models import Post, Unit
from yiwang.core.actor import system

SEED = 420117
"""Decides where generated lines run; another number cuts another, equally plausible district."""


def load() -> dict[str, int]:
    """Load the district's folder; again changes nothing. Returns how many rows of each kind hold today."""
    actions.load_district(system("seed"), settings.DISTRICT_DIR, seed=SEED)
    today = valid_on(clock.today())
    counts = {
        model._meta.model_name: model.objects.filter(today).count() for model in (Area, UnitGrid, DutyGrid)
    }
    return {
        "areas": counts["area"],
        "unit_grids": counts["unitgrid"],
        "duty_grids": counts["dutygrid"],
        "managing_bodies": ManagingBody.objects.filter(today).count(),
        "units": Unit.objects.count(),
        "posts": Post.objects.count(),
    }
