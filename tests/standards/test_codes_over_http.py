"""Code tables and working calendars over HTTP, as the console asks for them."""

from datetime import timedelta

import pytest
from django.test import Client

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, person, unit
from yiwang.core.audit.models import Entry
from yiwang.core.calendars import seed as calendars
from yiwang.operations.cases.tests import shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Browser:
    shipped.load()
    calendars.load()
    return Browser(person("editor", "codes.edit_code", "calendars.edit_calendar"))


@pytest.fixture
def reader(editor: Browser) -> Browser:
    return Browser(person("reader"))


@pytest.mark.parametrize("path", ["/codes", "/codes/case_sources", "/calendars/default?year=2026"])
def test_a_stranger_learns_nothing(path: str) -> None:
    assert Client().get(f"/api/v1{path}").status_code == 401


def test_the_tables_of_cases_are_there(reader: Browser) -> None:
    items = {item["key"]: item for item in reader.get("/codes").json()["items"]}
    assert set(items) == {"case_sources", "photo_slots", "refuse_reasons", "reporter_kinds", "return_reasons"}
    assert items["photo_slots"] == {
        "key": "photo_slots",
        "edition": "2026.1",
        "name": {"zh": "照片类别", "en": "Photo slots"},
        "count": 6,
    }


def test_sources_have_channels_and_sub_channels(reader: Browser) -> None:
    items = {item["code"]: item for item in reader.get("/codes/case_sources").json()["items"]}
    assert items["hotline_12345"] == {
        "code": "hotline_12345",
        "zh": "12345 市民热线",
        "en": "12345 citizens' hotline",
        "parent": "hotline",
        "active": True,
        "confidence": "local_rule",
        "local": False,
        "shipped": None,
    }
    wanted = {
        "collector_patrol",
        "hotline_12319",
        "wechat",
        "app",
        "web",
        "media",
        "video",
        "iot_alarm",
        "opinion",
    }
    assert wanted <= set(items)


def test_an_unknown_table_is_not_found(reader: Browser) -> None:
    answer = reader.get("/codes/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "code_table_missing")


def test_a_district_words_a_code_and_a_reader_may_not(editor: Browser, reader: Browser) -> None:
    body = {
        "name": {"zh": "微信小程序", "en": "WeChat mini program"},
        "valid_from": "2026-01-01",
        "parent": "public",
    }
    assert reader.write("put", "/codes/case_sources/wechat", body).json()["code"] == "permission_denied"
    answer = editor.write("put", "/codes/case_sources/wechat", body)
    assert answer.status_code == 200
    (wechat,) = [item for item in answer.json()["items"] if item["code"] == "wechat"]
    assert (wechat["zh"], wechat["local"]) == ("微信小程序", True)


def test_a_bad_code_is_refused_with_its_field(editor: Browser) -> None:
    body = {"name": {"zh": "某", "en": "Some"}, "valid_from": "2026-01-01", "parent": "nowhere"}
    answer = editor.write("put", "/codes/case_sources/fax", body)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        422,
        "unknown_parent",
        "parent",
    )


def test_the_calendar_shows_what_is_not_by_weekday(reader: Browser) -> None:
    answer = reader.get("/calendars/default", year=2026).json()
    assert answer["spans"] == [["08:00", "12:00"], ["14:00", "18:00"]]
    assert not answer["provisional"]
    days = {day["on"]: day for day in answer["days"]}
    assert days["2026-10-01"]["kind"] == "public_holiday"
    assert days["2026-02-14"] == {
        "on": "2026-02-14",
        "is_workday": True,
        "kind": "adjusted_workday",
        "name": {"zh": "春节", "en": "Spring Festival"},
        "source": "国务院办公厅年度节假日安排（chinesecalendar）",
        "is_local": False,
    }
    assert reader.get("/calendars/default", year=2027).json()["provisional"]


def test_a_notice_is_loaded(editor: Browser, reader: Browser) -> None:
    notice = {
        "source": "国办发明电〔2026〕7号",
        "days": [{"on": "2027-01-01", "is_workday": False, "name": "元旦"}],
    }
    assert reader.post("/calendars/default/notices", notice).status_code == 403
    answer = editor.post("/calendars/default/notices", notice)
    assert answer.status_code == 200
    assert not answer.json()["provisional"]
    assert [day["on"] for day in answer.json()["days"]] == ["2027-01-01"]


@pytest.mark.parametrize("year", ["", "1999", "2101", "soon"])
def test_a_year_out_of_range_is_refused(reader: Browser, year: str) -> None:
    assert reader.get("/calendars/default", year=year).status_code == 422


def order_of(browser: Browser, table: str = "photo_slots") -> list[str]:
    return [item["code"] for item in browser.get(f"/codes/{table}").json()["items"]]


def test_values_are_put_in_order_and_back_on_the_record(editor: Browser, reader: Browser) -> None:
    first = order_of(editor)
    turned = [first[-1], *first[:-1]]
    put = editor.post("/codes/photo_slots/local/order", {"codes": turned, "expected_version": 0})
    assert put.json()["order_version"] == 1
    assert order_of(reader) == turned
    assert editor.get("/codes/photo_slots/local/difference").json()["moved"] == [first[-1]]
    late = editor.post("/codes/photo_slots/local/order", {"codes": first, "expected_version": 0})
    assert (late.status_code, late.json()["code"]) == (409, "order_changed")
    half = editor.post("/codes/photo_slots/local/order", {"codes": first[1:], "expected_version": 1})
    assert half.status_code == 422
    assert put.json()["own_order"]
    assert editor.post("/codes/photo_slots/local/order/reset", {"expected_version": 0}).status_code == 409
    back = editor.post("/codes/photo_slots/local/order/reset", {"expected_version": 1}).json()
    assert (back["own_order"], back["order_version"]) == (False, 2)
    assert order_of(reader) == first
    acts = Entry.objects.filter(object_type="code_table", object_id="photo_slots").order_by("id")
    assert [(one.action, one.after) for one in acts] == [
        ("codes.put_in_order", {"order": turned}),
        ("codes.reset_order", {"order": first}),
    ]
    for path, body in (
        ("local/order", {"codes": turned, "expected_version": 0}),
        ("local/order/reset", {"expected_version": 0}),
    ):
        assert reader.post(f"/codes/photo_slots/{path}", body).status_code == 403


def test_who_saw_an_order_before_it_was_reset_overwrites_nothing(editor: Browser) -> None:
    path = "/codes/photo_slots/local/order"
    first = order_of(editor)
    mine, theirs = [first[-1], *first[:-1]], [*first[1:], first[0]]
    assert editor.post(path, {"codes": mine, "expected_version": 0}).json()["order_version"] == 1
    assert editor.post(f"{path}/reset", {"expected_version": 1}).json()["order_version"] == 2
    assert editor.post(path, {"codes": theirs, "expected_version": 2}).json()["order_version"] == 3
    assert editor.post(path, {"codes": mine, "expected_version": 1}).json()["code"] == "order_changed"
    assert order_of(editor) == theirs


def test_dictionaries_are_the_whole_districts(editor: Browser) -> None:
    part = unit("codes-part", unit("root"))
    holder = Browser(person("codes-part-editor", "codes.edit_code", at=part))
    code = order_of(editor)[0]
    table = "/codes/photo_slots"
    body = {"name": {"zh": "现场", "en": "Scene"}, "valid_from": clock.today().isoformat()}
    answers = [
        holder.write("put", f"{table}/{code}", body),
        holder.get(f"{table}/local/difference"),
        holder.post(f"{table}/local/order", {"codes": order_of(editor), "expected_version": 0}),
        holder.post(f"{table}/local/order/reset", {"expected_version": 0}),
        holder.post(f"{table}/{code}/reset", {}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert holder.get(table).status_code == 200


def test_what_was_planned_and_goes_with_a_reset_is_on_the_record(editor: Browser) -> None:
    code = order_of(editor)[0]
    now, later = clock.today(), clock.today() + timedelta(days=30)
    for zh, day in (("现场照", now), ("全景照", later)):
        body = {"name": {"zh": zh, "en": "Photo"}, "valid_from": day.isoformat()}
        assert editor.write("put", f"/codes/photo_slots/{code}", body).status_code == 200
    assert editor.post(f"/codes/photo_slots/{code}/reset", {}).status_code == 200
    entry = Entry.objects.get(action="codes.reset_code", object_id=f"photo_slots:{code}")
    assert entry.before is not None
    assert [(one["name"], one["from"], one["to"]) for one in entry.before["versions"]] == [
        ("现场照", now.isoformat(), later.isoformat()),
        ("全景照", later.isoformat(), None),
    ]


def test_what_the_district_says_differently_is_shown_and_goes_back(editor: Browser, reader: Browser) -> None:
    today = clock.today().isoformat()
    before = editor.get("/codes/photo_slots").json()["items"]
    code, name = before[0]["code"], {"zh": before[0]["zh"], "en": before[0]["en"]}
    for key, words in ((code, {"zh": "现场照", "en": "Scene"}), ("drone", {"zh": "航拍", "en": "Drone"})):
        body = {"name": words, "valid_from": today}
        assert editor.write("put", f"/codes/photo_slots/{key}", body).status_code == 200
    found = editor.get("/codes/photo_slots/local/difference").json()
    by_code = {one.pop("code"): one for one in found["changes"]}
    assert by_code == {
        code: {"kind": "name", "shipped": name, "local": {"zh": "现场照", "en": "Scene"}},
        "drone": {"kind": "added", "shipped": None, "local": {"zh": "航拍", "en": "Drone"}},
    }
    assert found["upgrade"] is None
    assert editor.post("/codes/photo_slots/drone/reset", {}).json()["code"] == "nothing_shipped"
    assert reader.post(f"/codes/photo_slots/{code}/reset", {}).status_code == 403
    assert editor.post(f"/codes/photo_slots/{code}/reset", {}).json()["items"][0] == before[0]
    assert [one["kind"] for one in editor.get("/codes/photo_slots/local/difference").json()["changes"]] == [
        "added"
    ]
    assert Entry.objects.filter(action="codes.reset_code", object_id=f"photo_slots:{code}").exists()
