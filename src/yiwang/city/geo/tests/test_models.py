"""What the database itself refuses."""

from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import DatabaseError, IntegrityError, transaction

from yiwang.city.geo.models import Area, DutyGrid, Edition, UnitGrid

pytestmark = pytest.mark.django_db

SQUARE = Polygon.from_bbox((114, 30, 115, 31))
SQUARE.srid = 4326


def area(code: str, parent: str | None, level: str, **more: Any) -> Area:
    return Area.objects.create(
        code=code, parent_id=parent, level=level, kind="street", name="某", name_en="Some",
        geometry=MultiPolygon(SQUARE, srid=4326), simulated=True, source="test", **more,
    )  # fmt: skip


@pytest.fixture
def community() -> Area:
    area("420117", None, "district")
    area("420117001", "420117", "street")
    return area("420117001001", "420117001", "community")


def grid(code: str, **more: Any) -> UnitGrid:
    return UnitGrid.objects.create(
        code=code, community_id="420117001001", geometry=SQUARE, area_m2=1, simulated=True, **more
    )


def refused(constraint: str) -> Any:
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("code", "parent", "level", "constraint"),
    [
        ("420118", None, "street", "geo_area_level_fits_code"),
        ("420117002", None, "street", "geo_area_level_fits_code"),
        ("42011700200", "420117", "street", "geo_area_level_fits_code"),
        ("42011700X", "420117", "street", "geo_area_level_fits_code"),
        ("420118001", "420117", "street", "geo_area_lies_in_parent"),
    ],
)
@pytest.mark.usefixtures("community")
def test_codes_fit_level_and_parent(code: str, parent: str | None, level: str, constraint: str) -> None:
    with refused(constraint), transaction.atomic():
        area(code, parent, level)


@pytest.mark.usefixtures("community")
@pytest.mark.parametrize("code", ["42011700100100", "4201170010010011", "42011700100100a"])
def test_a_unit_grid_has_fifteen_digits(code: str) -> None:
    with pytest.raises(DatabaseError, match=r"geo_unit_grid_code|too long"), transaction.atomic():
        grid(code)


@pytest.mark.usefixtures("community")
def test_a_unit_grid_lies_in_its_community() -> None:
    with refused("geo_unit_grid_lies_in_community"), transaction.atomic():
        grid("420117001002001")


@pytest.mark.usefixtures("community")
def test_a_period_ends_after_it_begins() -> None:
    day = date(2026, 5, 1)
    with refused("geo_unit_grid_period"), transaction.atomic():
        grid("420117001001001", valid_from=day, valid_to=day)
    with refused("geo_area_period"), transaction.atomic():
        area("420117003", "420117", "street", valid_from=day, valid_to=date(2026, 4, 1))


@pytest.mark.usefixtures("community")
def test_a_code_is_never_used_twice_on_one_day() -> None:
    day = date(2026, 5, 1)
    grid("420117001001001", valid_to=day)
    grid("420117001001001", valid_from=day)
    with refused("geo_unit_grid_once"), transaction.atomic():
        grid("420117001001001", valid_from=date(2026, 6, 1))
    grid("420117001001002", valid_from=date(2026, 6, 1))


def test_so_it_is_with_duty_grids(community: Area) -> None:
    def duty(code: str) -> DutyGrid:
        return DutyGrid.objects.create(
            code=code,
            name="某",
            name_en="Some",
            community=community,
            geometry=MultiPolygon(SQUARE, srid=4326),
        )

    duty("420117001001Z01")
    with refused("geo_duty_grid_once"), transaction.atomic():
        duty("420117001001Z01")
    with refused("geo_duty_grid_lies_in_community"), transaction.atomic():
        duty("420117001002Z01")


def test_there_is_one_edition() -> None:
    Edition.objects.create()
    with refused("geo_one_edition"), transaction.atomic():
        Edition.objects.create(pk=2)
