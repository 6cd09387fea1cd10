from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from yiwang.city.geo import actions, queries, seed
from yiwang.city.geo.models import Area, DutyGrid, Edition, ManagingBody, UnitGrid
from yiwang.city.geo.validity import valid_on
from yiwang.core.accounts.models import Post, Unit
from yiwang.core.actor import system
from yiwang.core.audit.models import Entry
from yiwang.core.clock import today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
ACTOR = system("tests")


def test_the_whole_district_is_there(loaded: dict[str, int]) -> None:
    assert loaded["areas"] == 1 + 15 + 677
    assert 2_500 <= loaded["unit_grids"] <= 4_000
    assert loaded["duty_grids"] >= 677
    assert loaded["managing_bodies"] == 2
    assert set(UnitGrid.objects.values_list("community", flat=True)) == set(
        Area.objects.filter(level="community").values_list("code", flat=True)
    )


def test_loading_again_changes_nothing(loaded: dict[str, int]) -> None:
    before = (
        Edition.objects.get(),
        set(UnitGrid.objects.values_list("pk", flat=True)),
        Entry.objects.count(),
    )
    assert seed.load() == loaded
    after = (Edition.objects.get(), set(UnitGrid.objects.values_list("pk", flat=True)), Entry.objects.count())
    assert before == after
    assert before[0].number == after[0].number


def test_a_changed_name_is_taken_over_and_grids_stay(folder: Path, tmp_path: Path) -> None:
    grids = set(UnitGrid.objects.values_list("pk", flat=True))
    for file in folder.iterdir():
        if file.is_file():
            text = file.read_text(encoding="utf-8").replace("红旗社区,Hongqi", "红星社区,Hongxing")
            (tmp_path / file.name).write_text(text, encoding="utf-8")
    edition = queries.edition_number()
    assert actions.load_district(ACTOR, tmp_path, seed=seed.SEED)
    assert Area.objects.get(code="420117001001").name == "红星社区"
    assert set(UnitGrid.objects.values_list("pk", flat=True)) == grids
    assert queries.edition_number() == edition + 1


def test_cutting_anew_keeps_the_old_grids_with_an_end(folder: Path, loaded: dict[str, int]) -> None:
    old = set(UnitGrid.objects.values_list("pk", flat=True))
    actions.cut_anew(ACTOR, folder, seed=7)
    ended = UnitGrid.objects.filter(valid_to=today())
    assert set(ended.values_list("pk", flat=True)) == old
    assert UnitGrid.objects.filter(valid_on(today())).exclude(pk__in=old).count() >= 677
    assert DutyGrid.objects.filter(valid_on(today()), valid_from=today()).count() >= 677
    assert Area.objects.count() == loaded["areas"]
    before = queries.locate(114.80, 30.85, day=today() - timedelta(days=1))
    after = queries.locate(114.80, 30.85)
    assert before is not None
    assert after is not None
    assert UnitGrid.objects.get(code=before.unit_grid, valid_to=today()).pk in old
    # Grids that were born today cannot end today.
    with pytest.raises(IntegrityError, match="geo_duty_grid_period"), transaction.atomic():
        actions.cut_anew(ACTOR, folder, seed=seed.SEED)


def test_units_stand_in_the_order_and_tree_of_the_plan() -> None:
    bureau = Unit.objects.get(code="urban_management")
    assert bureau.name == "新洲区城市管理执法局"
    below = Unit.objects.filter(path__startswith=bureau.path).exclude(pk=bureau.pk)
    assert {"supervision", "command", "sanitation", "enforcement"} <= set(
        below.values_list("code", flat=True)
    )
    assert Unit.objects.filter(kind="member_department", handles_cases=True).count() == 9
    assert Unit.objects.filter(kind="street_centre").count() == 14
    assert Unit.objects.filter(kind="development_zone").count() == 1
    served = Unit.objects.exclude(area_code="").values_list("area_code", flat=True)
    assert set(served) <= set(Area.objects.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("unit", "keys"),
    [
        ("supervision", {"acceptor", "shift_leader", "collector", "inspector"}),
        ("command", {"dispatcher", "leader"}),
        ("urban_management", {"leader", "administrator", "unit_clerk"}),
        ("yangluo", {"leader", "unit_clerk", "collector"}),
    ],
)
def test_posts_of_a_unit(unit: str, keys: set[str]) -> None:
    assert set(Post.objects.filter(unit__code=unit).values_list("key", flat=True)) == keys


def test_every_handling_unit_has_a_clerk() -> None:
    assert not Unit.objects.filter(handles_cases=True).exclude(posts__key="unit_clerk").exists()


def test_the_zone_manages_whole_communities_of_its_street() -> None:
    zone = ManagingBody.objects.get(code="yangluo_zone")
    assert 5 <= len(zone.areas) <= 40
    assert all(area.startswith("420117002") and len(area) == 12 for area in zone.areas)
    assert zone.unit is not None
    assert not zone.verified
    street = Area.objects.get(code="420117002").geometry
    assert street.covers(zone.geometry)
    assert 5e6 < zone.area_m2 < 80e6


def test_the_new_area_manages_three_streets_since_2022() -> None:
    body = ManagingBody.objects.get(code="changjiang_new_area")
    assert body.areas == ["420117002", "420117003", "420117009"]
    assert body.valid_from is not None
    assert body.valid_from.year == 2022
    assert not body.verified


def test_areas_on_the_ellipsoid_add_up_to_the_district() -> None:
    total = sum(UnitGrid.objects.values_list("area_m2", flat=True))
    assert 1_400e6 < total < 1_520e6
