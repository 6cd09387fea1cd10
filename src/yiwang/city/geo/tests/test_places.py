"""What stands at a point, against the real district on real PostGIS."""

from datetime import date, timedelta

import numpy as np
import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.city.geo import actions, queries
from yiwang.city.geo.cut.district import Cut
from yiwang.city.geo.models import DutyAssignment, DutyGrid
from yiwang.city.geo.places import LOCATE
from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts.models import Assignment, Unit
from yiwang.core.accounts.tests.people import SYSTEM, person
from yiwang.core.clock import today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

YANGLUO = (114.55333, 30.65704)
ZONE = (114.57, 30.70)
ZHUCHENG = (114.80, 30.8667)


def collector(username: str = "collector", areas: tuple[str, ...] = ("420117002",)) -> Assignment:
    user = person(username, "geo.view_map", at=Unit.objects.get(code="yangluo"), areas=areas)
    return Assignment.objects.get(user=user)


def test_a_town_point_finds_its_street_community_and_grid(cut: Cut) -> None:
    place = queries.locate(*YANGLUO)
    assert place is not None
    assert (place.district.code, place.district.name) == ("420117", "新洲区")
    assert (place.street.code, place.street.name) == ("420117002", "阳逻街道")
    assert place.community.code.startswith("420117002")
    assert place.unit_grid.startswith(place.community.code)
    assert len(place.unit_grid) == 15
    assert cut.unit_grids[place.unit_grid].covers(shapely.Point(YANGLUO))
    assert place.duty_grid is not None
    assert place.unit_grid in cut.duty_grids[place.duty_grid.code]


def test_the_management_class_of_a_place_is_the_nearest_that_is_set() -> None:
    place = queries.locate(*YANGLUO)
    assert place is not None
    assert place.area_class is None
    seen = []
    for code, grade in (("420117", "C"), (place.street.code, "B"), (place.community.code, "A")):
        actions.set_area_class(SYSTEM, code, grade)
        seen.append(queries.locate(*YANGLUO).area_class)  # type: ignore[union-attr]
    actions.set_area_class(SYSTEM, place.community.code, None)
    seen.append(queries.locate(*YANGLUO).area_class)  # type: ignore[union-attr]
    assert seen == ["C", "B", "A", "B"]
    assert queries.locate(*ZHUCHENG).area_class == "C"  # type: ignore[union-attr]


def test_it_is_one_query() -> None:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        queries.locate(*YANGLUO)
    assert len(caught) == 1


def test_the_query_reads_by_indexes_only() -> None:
    with connection.cursor() as cursor:
        cursor.execute("analyze")
        cursor.execute("explain " + LOCATE, {"lon": YANGLUO[0], "lat": YANGLUO[1], "day": today()})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using geo_unitgrid_geometry" in plan
    assert "Seq Scan on geo_unitgrid" not in plan
    assert "Seq Scan on geo_area" not in plan
    assert "Seq Scan on geo_dutygrid" not in plan


@pytest.mark.parametrize("point", [(114.3, 30.6), (0, 0), (114.8, 31.2), (30.65704, 114.55333), (180, 90)])
def test_outside_there_is_nothing(point: tuple[float, float]) -> None:
    assert queries.locate(*point) is None
    assert queries.locate_many([point[0]], [point[1]]) == [None]


def test_a_corner_of_several_grids_belongs_to_the_lowest_code(cut: Cut) -> None:
    codes = sorted(cut.unit_grids)
    tree = shapely.STRtree([cut.unit_grids[code] for code in codes])
    for code in codes[::500]:
        for lon, lat in cut.unit_grids[code].exterior.coords[:4]:
            touching = tree.query(shapely.Point(lon, lat), predicate="intersects")
            lowest = codes[min(touching)]
            place = queries.locate(lon, lat)
            assert place is not None
            assert place.unit_grid == lowest
            assert queries.locate_many([lon], [lat]) == [lowest]


@given(share=st.floats(0, 1), number=st.integers(0, 2_499), edge=st.integers(0, 30))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_point_on_a_border_always_has_exactly_one_grid(
    cut: Cut, share: float, number: int, edge: int
) -> None:
    ring = np.array(cut.unit_grids[sorted(cut.unit_grids)[number]].exterior.coords)
    begin, end = ring[edge % (len(ring) - 1)], ring[edge % (len(ring) - 1) + 1]
    lon, lat = (begin + (end - begin) * share).tolist()
    place = queries.locate(lon, lat)
    assert place is not None
    assert queries.locate_many([lon], [lat]) == [place.unit_grid]


def test_many_points_are_answered_as_single_ones() -> None:
    points = np.random.default_rng(1).uniform((114.45, 30.55), (115.08, 31.04), (300, 2))
    singles = [queries.locate(*point) for point in points.tolist()]
    many = queries.locate_many(points[:, 0].tolist(), points[:, 1].tolist())
    assert many == [place and place.unit_grid for place in singles]
    assert None in many


def test_the_zone_comes_before_the_greater_body_that_holds_it() -> None:
    place = queries.locate(*ZONE)
    assert place is not None
    assert [body.code for body in place.managing_bodies] == ["yangluo_zone", "changjiang_new_area"]
    assert place.managing_body is not None
    assert place.managing_body.name == "阳逻经济开发区"
    assert place.street.name == "阳逻街道"


def test_before_2022_the_new_area_managed_nothing() -> None:
    place = queries.locate(*ZONE, day=date(2021, 12, 31))
    assert place is not None
    assert [body.code for body in place.managing_bodies] == ["yangluo_zone"]
    since = queries.locate(*ZONE, day=date(2022, 1, 1))
    assert since is not None
    assert len(since.managing_bodies) == 2


def test_elsewhere_nobody_else_manages() -> None:
    place = queries.locate(*ZHUCHENG)
    assert place is not None
    assert place.managing_body is None
    assert place.duty_person is None


def test_the_person_on_duty_is_found() -> None:
    given_out = actions.assign_duty(SYSTEM, assignment=collector(), areas=["420117002"])
    assert given_out == DutyGrid.objects.filter(code__startswith="420117002").count()
    place = queries.locate(*YANGLUO)
    assert place is not None
    assert place.duty_person is not None
    assert (place.duty_person.name, place.duty_person.post) == ("人collector", "岗collector")
    other = queries.locate(*ZHUCHENG)
    assert other is not None
    assert other.duty_people == ()


def test_duty_is_given_out_once_and_in_the_order_of_who_is_asked() -> None:
    first, leader = collector(), collector("leader")
    actions.assign_duty(SYSTEM, assignment=leader, areas=["420117"], kind=DutyAssignment.Kind.LEADER)
    actions.assign_duty(SYSTEM, assignment=first, areas=["420117002"])
    assert actions.assign_duty(SYSTEM, assignment=first, areas=["420117002"]) == 0
    place = queries.locate(*YANGLUO)
    assert place is not None
    assert [one.name for one in place.duty_people] == ["人collector", "人leader"]


def test_duty_ends_with_its_period_with_the_post_and_with_the_account() -> None:
    holder = collector()
    tomorrow = today() + timedelta(days=1)
    actions.assign_duty(SYSTEM, assignment=holder, areas=["420117002"], valid_to=tomorrow)

    def on_duty(day: date) -> bool:
        place = queries.locate(*YANGLUO, day=day)
        assert place is not None
        return place.duty_person is not None

    assert on_duty(today())
    assert not on_duty(tomorrow)
    assert not on_duty(today() - timedelta(days=1))
    DutyAssignment.objects.update(valid_to=None)
    assert on_duty(tomorrow)
    Assignment.objects.filter(pk=holder.pk).update(valid_to=tomorrow)
    assert not on_duty(tomorrow)
    assert on_duty(today())
    accounts.User.objects.filter(pk=holder.user_id).update(is_active=False)
    assert not on_duty(today())


def test_names_of_areas_are_kept() -> None:
    assert queries.area_names()["420117102"].name == "凤凰镇"
    with CaptureQueriesContext(connection) as caught:
        assert queries.area_names()["420117001001"].name_en == "Hongqi Community"
    assert len(caught) == 1


def test_a_finder_answers_streams_without_the_database() -> None:
    finder = queries.grid_finder()
    with CaptureQueriesContext(connection) as caught:
        one = finder.find(*YANGLUO)
        assert finder.find_many([YANGLUO[0], 0.0], [YANGLUO[1], 0.0]) == [one, None]
    assert len(caught) == 0
    place = queries.locate(*YANGLUO)
    assert place is not None
    assert place.unit_grid == one
