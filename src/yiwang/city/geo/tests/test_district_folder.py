"""The declared district, and what is refused."""

import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
import shapely

from yiwang.city.geo.district_folder import BrokenFolder, District, folder_digest, read_district

COMMUNITIES = {
    "420117001": 61, "420117002": 101, "420117003": 70, "420117004": 53, "420117005": 46, "420117006": 69,
    "420117007": 29, "420117008": 60, "420117009": 45, "420117010": 40, "420117011": 43, "420117012": 33,
    "420117102": 20, "420117400": 6, "420117406": 1,
}  # fmt: skip


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__")))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_units_of_the_statistical_list_are_there(district: District) -> None:
    streets = [area for area in district.areas if area.level == "street"]
    assert {street.code for street in streets} == set(COMMUNITIES)
    assert Counter(area.parent for area in district.areas if area.level == "community") == COMMUNITIES
    assert sum(COMMUNITIES.values()) == 677
    assert all(area.name and area.name_en.isprintable() for area in district.areas)


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("420117001029", "旭新社区", "community"),
        ("420117001242", "破月村委会", "village"),
        ("420117002500", "兴达养殖场生活区", "settlement"),
        ("420117003501", "一大队", "settlement"),
        ("420117004220", "绿湾村委会", "village"),
        ("420117010524", "一队村", "village"),
        ("420117010537", "七仙湖生活区", "settlement"),
        ("420117400204", "王家河村委会", "village"),
        ("420117406598", "原种场虚拟生活区", "settlement"),
    ],
)
def test_codes_and_names_are_those_of_the_list(district: District, code: str, name: str, kind: str) -> None:
    area = next(area for area in district.areas if area.code == code)
    assert (area.name, area.kind) == (name, kind)


def test_street_codes_agree_with_an_independent_list(district: District, data_dir: Path) -> None:
    with (data_dir / "boundaries" / "wuhan_streets.csv").open(encoding="utf-8") as file:
        listed = {row["code"]: row["name"] for row in csv.DictReader(file) if row["district"] == "420117"}
    assert {area.code: area.name for area in district.areas if area.level == "street"} == listed


def test_the_outline_is_generalised_and_near_the_precise_one(district: District, data_dir: Path) -> None:
    features = json.loads((data_dir / "boundaries" / "wuhan_districts_wgs84.geojson").read_text())["features"]
    precise = next(
        shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in features
        if str(feature["properties"]["adcode"]) == "420117"
    )
    outline = district.outline
    assert outline.intersection(precise).area / outline.union(precise).area >= 0.93
    corners = shapely.get_coordinates(outline)
    assert 100 <= len(corners) - 1 <= 150
    assert (corners.round(3) == corners).all()
    assert outline.hausdorff_distance(precise) * 100_000 > 300


def test_every_street_has_a_point_inside(district: District) -> None:
    assert set(district.points) == set(COMMUNITIES)
    assert all(district.outline.contains(shapely.Point(point)) for point in district.points.values())


def test_the_outline_says_what_it_is(folder: Path) -> None:
    note = json.loads((folder / "outline.geojson").read_text(encoding="utf-8"))["properties"]["note"]
    assert "not for legal use" in note["en"]
    assert "simulated" in note["en"]
    assert "不具法律效力" in note["zh"]
    assert "模拟" in note["zh"]


def test_units_of_the_plan(district: District) -> None:
    kinds = Counter(unit.kind for unit in district.units)
    assert kinds["member_department"] == 9
    assert kinds["street_centre"] == 14
    assert kinds["development_zone"] == 1
    assert kinds["lead_bureau"] == kinds["supervision_centre"] == kinds["command_centre"] == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("areas.csv", "420117001001,", "420117001003,", "not a new code"),
        ("areas.csv", "420117001001,420117001,community", "420117001001,420117001,street", "not a new code"),
        ("areas.csv", "420117001001,420117001,", "420117001001,420117002,", "does not lie in"),
        ("points.csv", "420117400,", "420117401,", "no point for 420117400"),
        ("units.csv", "supervision,urban_management,", "supervision,nobody,", "supervision: its parent"),
        ("units.csv", "区城综委,420117,0", "区城综委,420117,no", "handles_cases must be 0 or 1"),
        ("posts.csv", "command,leader", "commando,leader", "no such unit: commando"),
    ],
)
def test_a_folder_that_does_not_fit_together_is_refused(
    copy: Path, file: str, old: str, new: str, reason: str
) -> None:
    change(copy / file, old, new)
    with pytest.raises(BrokenFolder, match=reason):
        read_district(copy)


def test_the_digest_follows_every_file(copy: Path, folder: Path) -> None:
    assert folder_digest(copy) == folder_digest(folder)
    change(copy / "posts.csv", "派遣员", "调度员")
    assert folder_digest(copy) != folder_digest(folder)
