"""Many points at once give what one query for each gives."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwang.city.geo import actions, queries
from yiwang.city.geo.models import ManagingBody, UnitGrid
from yiwang.city.geo.tests.test_places import YANGLUO, ZONE, collector
from yiwang.core.accounts.tests.people import SYSTEM
from yiwang.core.clock import today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def test_a_book_says_what_a_query_says() -> None:
    with connection.cursor() as cursor:
        cursor.execute("analyze")  # or each of many questions goes through all grids
    actions.assign_duty(SYSTEM, assignment=collector(), areas=("420117002",))
    actions.set_area_class(SYSTEM, "420117002", "B")
    assert ManagingBody.objects.exists()
    points = [YANGLUO, ZONE, (114.0, 30.0)]
    points += [
        tuple(p) for p in np.random.default_rng(2).uniform((114.5, 30.6), (115.0, 31.0), (150, 2)).tolist()
    ]
    grid = UnitGrid.objects.first()
    assert grid is not None
    points += [tuple(corner) for corner in grid.geometry.coords[0][:5]]
    days = [today() - timedelta(days=n % 3) for n in range(len(points))]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = queries.PlaceBook().find(points, days)
    assert len(asked) <= 6
    assert found == [queries.locate(*point, day=day) for point, day in zip(points, days, strict=True)]
    assert any(place and place.duty_people for place in found)
    assert any(place and place.managing_bodies for place in found)
    assert None in found


def test_grids_that_were_cut_anew_count_on_their_days() -> None:
    place = queries.locate(*YANGLUO)
    assert place is not None
    UnitGrid.objects.filter(code=place.unit_grid).update(valid_to=today())
    yesterday = today() - timedelta(days=1)
    before, now = queries.PlaceBook().find([YANGLUO, YANGLUO], [yesterday, today()])
    assert before is not None
    assert before.unit_grid == place.unit_grid
    assert now == queries.locate(*YANGLUO)
