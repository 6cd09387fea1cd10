"""The routes over HTTP: by nobody, without the permission, with it, and with wrong input."""

from typing import Any

import pytest
import shapely
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yiwang.city.geo import actions
from yiwang.city.geo.coordinates import wgs84_to_bd09, wgs84_to_gcj02
from yiwang.city.geo.models import Edition
from yiwang.core.accounts.models import Assignment
from yiwang.core.accounts.tests.people import SYSTEM, Browser, person
from yiwang.core.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

YANGLUO = {"lon": 114.55333, "lat": 30.65704}
ROUTES = [
    "/geo/locate?lon=114.55333&lat=30.65704",
    "/geo/areas",
    "/geo/layers/streets",
    "/geo/layers/unit-grids?bbox=114.5,30.6,114.6,30.7",
]


@pytest.fixture(scope="module")
def browser(loaded: dict[str, int]) -> Browser:
    return Browser(person("viewer", "geo.view_map"))


@pytest.fixture(scope="module")
def stranger(loaded: dict[str, int]) -> Browser:
    return Browser(person("stranger", "files.upload_file"))


def get(browser: Browser, path: str, **query: Any) -> Any:
    return browser.client.get("/api/v1" + path, query)


@pytest.mark.parametrize("path", ROUTES)
def test_nobody_is_refused(path: str) -> None:
    answer = Client().get("/api/v1" + path)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


@pytest.mark.parametrize("path", ROUTES)
def test_without_the_permission_it_is_refused(stranger: Browser, path: str) -> None:
    answer = get(stranger, path)
    assert answer.status_code == 403
    assert answer.json()["code"] == "permission_denied"


@pytest.mark.parametrize("path", ROUTES)
def test_with_the_permission_it_is_given(browser: Browser, path: str) -> None:
    assert get(browser, path).status_code == 200


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/geo/locate", "lon"),
        ("/geo/locate?lon=181&lat=30", "lon"),
        ("/geo/locate?lon=114&lat=91", "lat"),
        ("/geo/locate?lon=nan&lat=30", "lon"),
        ("/geo/locate?lon=inf&lat=30", "lon"),
        ("/geo/locate?lon=x&lat=30", "lon"),
        ("/geo/locate?lon=114&lat=30&datum=mars", "datum"),
        ("/geo/layers/moons", "layer"),
        ("/geo/layers/unit-grids", "bbox"),
        ("/geo/layers/streets?bbox=1,2,3", "bbox"),
        ("/geo/layers/streets?bbox=a,b,c,d", "bbox"),
        ("/geo/layers/streets?bbox=nan,nan,nan,nan", "bbox"),
        ("/geo/layers/streets?bbox=115,30,114,31", "bbox"),
        ("/geo/layers/streets?bbox=114,30,115,95", "bbox"),
        ("/geo/layers/streets?zoom=-1", "zoom"),
        ("/geo/layers/streets?zoom=23", "zoom"),
        ("/geo/layers/streets?zoom=ten", "zoom"),
    ],
)
def test_wrong_input_is_named(browser: Browser, path: str, field: str) -> None:
    answer = get(browser, path)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json()["errors"]}


def test_a_point_is_described(browser: Browser) -> None:
    holder = Assignment.objects.get(user=person("officer", "cases.view_case"))
    actions.assign_duty(SYSTEM, assignment=holder, areas=["420117002"])
    place = get(browser, "/geo/locate", lon=114.57, lat=30.70).json()
    assert place["street"] == {"code": "420117002", "name": "阳逻街道", "name_en": "Yangluo Street"}
    assert place["unit_grid"].startswith(place["community"]["code"])
    assert place["duty_person"]["name"] == "人officer"
    assert place["duty_people"] == [place["duty_person"]]
    assert place["managing_body"]["code"] == "yangluo_zone"
    assert len(place["managing_bodies"]) == 2


def test_the_same_place_in_every_datum(browser: Browser) -> None:
    here = get(browser, "/geo/locate", **YANGLUO).json()
    for datum, convert in (("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)):
        lon, lat = convert(YANGLUO["lon"], YANGLUO["lat"])
        there = get(browser, "/geo/locate", lon=lon, lat=lat, datum=datum).json()
        assert there["lon"] == pytest.approx(YANGLUO["lon"], abs=1e-8)
        assert there["lat"] == pytest.approx(YANGLUO["lat"], abs=1e-8)
        assert there["unit_grid"] == here["unit_grid"]


def test_outside_is_not_found(browser: Browser) -> None:
    answer = get(browser, "/geo/locate", lon=30.65, lat=80)
    assert answer.status_code == 404
    assert answer.json()["code"] == "outside_district"


def test_the_tree_of_areas(browser: Browser) -> None:
    items = get(browser, "/geo/areas").json()["items"]
    assert len(items) == 693
    seen = {None}
    for item in items:
        assert item["parent"] in seen
        seen.add(item["code"])
    assert items[0]["name"] == "新洲区"
    assert {item["level"] for item in items[1:16]} == {"street"}


@pytest.mark.parametrize(
    ("layer", "count"), [("districts", 1), ("streets", 15), ("communities", 677), ("duty-grids", 677)]
)
@pytest.mark.parametrize("zoom", [8, 11, 22])
def test_a_layer_is_a_feature_collection(browser: Browser, layer: str, count: int, zoom: int) -> None:
    found = get(browser, f"/geo/layers/{layer}", zoom=zoom).json()
    assert found["type"] == "FeatureCollection"
    assert len(found["features"]) == count if layer != "duty-grids" else len(found["features"]) >= count
    assert found["truncated"] is False
    feature = found["features"][0]
    assert feature["id"] == feature["properties"]["code"]
    assert shapely.from_geojson(str(feature["geometry"]).replace("'", '"')).is_valid


def test_unit_grids_of_a_box(browser: Browser) -> None:
    box = shapely.box(114.54, 30.65, 114.57, 30.67)
    found = get(browser, "/geo/layers/unit-grids", bbox="114.54,30.65,114.57,30.67").json()
    assert 20 < len(found["features"]) < 400
    for feature in found["features"]:
        assert shapely.from_geojson(str(feature["geometry"]).replace("'", '"')).envelope.intersects(box)


def test_too_many_grids_are_cut_off_and_said_so(browser: Browser) -> None:
    found = get(browser, "/geo/layers/unit-grids", bbox="114,30,116,32").json()
    assert found["truncated"] is True
    assert len(found["features"]) == 2_000


@pytest.mark.parametrize("path", ROUTES[1:])
def test_what_the_client_holds_is_not_sent_again(browser: Browser, path: str) -> None:
    first = get(browser, path)
    again = browser.client.get("/api/v1" + path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert "no-cache" in first["Cache-Control"]
    assert "private" in first["Cache-Control"]


def test_each_box_and_zoom_and_map_has_its_own_tag(browser: Browser) -> None:
    tags = {
        get(browser, "/geo/layers/streets", **query)["ETag"]
        for query in ({}, {"zoom": 9}, {"bbox": "114,30,115,31"}, {"bbox": "114,30,115,32"})
    }
    Edition.objects.update(number=F("number") + 1)
    tags.add(get(browser, "/geo/layers/streets")["ETag"])
    assert len(tags) == 5


def test_a_kept_layer_costs_one_small_query(browser: Browser) -> None:
    get(browser, "/geo/layers/communities", zoom=10)
    with CaptureQueriesContext(connection) as caught:
        get(browser, "/geo/layers/communities", zoom=10)
    about_geo = [query["sql"] for query in caught if '"geo_' in query["sql"]]
    assert len(about_geo) == 1
    assert "geo_edition" in about_geo[0]


def test_a_management_class_is_set_with_a_record(browser: Browser, stranger: Browser) -> None:
    path, wish = "/geo/areas/420117002/class", {"area_class": "A", "note": "中心城区"}
    assert stranger.write("put", path, wish).status_code == 403
    assert browser.write("put", path, wish).status_code == 403
    editor = Browser(person("editor", "geo.view_map", "geo.edit_area"))
    tag = get(editor, "/geo/areas")["ETag"]
    answer = editor.write("put", path, wish)
    assert (answer.status_code, answer.json()["effective_class"]) == (200, "A")
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.object_id) == ("geo.set_area_class", "420117002")
    assert (entry.before, entry.after) == ({"area_class": None}, {"area_class": "A", "note": "中心城区"})
    areas = get(editor, "/geo/areas")
    below = next(item for item in areas.json()["items"] if item["parent"] == "420117002")
    assert (below["area_class"], below["effective_class"]) == (None, "A")
    assert areas["ETag"] != tag
    assert get(editor, "/geo/locate", **YANGLUO).json()["area_class"] == "A"


def test_what_is_no_area_or_no_class_is_named(browser: Browser) -> None:
    editor = Browser(person("editor", "geo.edit_area"))
    missing = editor.write("put", "/geo/areas/999999/class", {"area_class": "A"})
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_area")
    wrong = editor.write("put", "/geo/areas/420117/class", {"area_class": "D"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "area_class")
