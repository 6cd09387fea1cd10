"""Working calendars over HTTP: looked at by everybody, changed by who maintains them, and who hears of it."""

from datetime import date

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.standards.notices import NOTICE_2027
from yiwang.core.accounts.models import Unit
from yiwang.core.accounts.queries import calendar_key_of
from yiwang.core.accounts.tests.people import Browser, person, unit
from yiwang.core.audit.models import Entry
from yiwang.core.calendars import queries
from yiwang.core.calendars.models import Calendar
from yiwang.core.events import relay
from yiwang.core.events.models import OutboxEvent

pytestmark = pytest.mark.django_db

OFFICE = [["08:00", "12:00"], ["14:00", "18:00"]]
NIGHT = [["00:00", "06:00"], ["22:00", "00:00"]]
SOURCE = "国办发明电〔2026〕9号（测试）"
EDIT = "calendars.edit_calendar"
NEW = {"key": "new", "name": "新", "name_en": "New", "spans": OFFICE}


@pytest.fixture(autouse=True)
def default() -> Calendar:
    """Not seeded: a calendar without days counts by weekdays, and is quickly made."""
    return Calendar.objects.create(
        key="default", name="默认工作日历", name_en="Default calendar", spans=OFFICE
    )


@pytest.fixture
def editor() -> Browser:
    return Browser(person("editor", EDIT))


@pytest.fixture
def night(editor: Browser) -> Browser:
    """The editor, who has made a calendar for those who work at night."""
    body = {"key": "night", "name": "夜间作业", "name_en": "Night work", "spans": NIGHT}
    assert editor.post("/calendars", body).status_code == 201
    return editor


def notice(text: str = NOTICE_2027, **more: object) -> dict[str, object]:
    return {"year": 2027, "source": SOURCE, "text": text, **more}


def changes() -> list[tuple[str, str, str]]:
    rows = (
        OutboxEvent.objects.filter(type="calendar.changed").order_by("pk").values_list("payload", flat=True)
    )
    return [(row["calendar"], row["first_on"], row["last_on"]) for row in rows]


WRITES = [
    ("post", "/calendars", {"key": "night", "name": "夜", "name_en": "Night", "spans": NIGHT}),
    ("put", "/calendars/default/spans", {"spans": NIGHT}),
    (
        "post",
        "/calendars/default/days",
        {"source": SOURCE, "days": [{"on": "2027-03-03", "is_workday": False}]},
    ),
    ("post", "/calendars/default/notice", notice()),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_only_who_maintains_calendars_changes_them(method: str, path: str, body: object) -> None:
    reader = Browser(person("reader", "accounts.view_unit", areas=["420117"]))
    assert Browser().write(method, path, body).status_code == 401
    refused = reader.write(method, path, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert Calendar.objects.get().version == 1


def test_the_list_says_what_is_provisional(night: Browser, django_assert_max_num_queries: object) -> None:
    night.post("/calendars/default/notice", notice())
    reader = Browser(person("reader"))
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        items = reader.get("/calendars").json()["items"]
    assert [(item["key"], item["base"], item["official_until"]) for item in items] == [
        ("default", None, 2027),
        ("night", "default", 2027),
    ]
    assert items[1]["spans"] == NIGHT
    assert items[0]["provisional_years"] == []


def test_a_calendar_without_a_notice_is_provisional_and_with_one_is_not(editor: Browser) -> None:
    assert editor.get("/calendars/default", year=2027).json()["provisional"]
    answer = editor.post("/calendars/default/notice", notice()).json()
    assert (answer["applied"], answer["problems"], len(answer["rows"])) == (True, [], 11)
    year = editor.get("/calendars/default", year=2027).json()
    assert not year["provisional"]
    days = {day["on"]: day for day in year["days"]}
    assert days["2027-02-06"]["name"] == {"zh": "春节", "en": "Spring Festival"}
    assert days["2027-02-14"]["kind"] == "adjusted_workday"
    assert days["2027-02-14"]["source"] == SOURCE
    assert changes()[-1] == ("default", "2027-01-01", "2027-10-09")
    assert Entry.objects.get(action="calendars.load_notice").object_id == "default"


def test_a_dry_run_says_what_would_change_and_changes_nothing(editor: Browser) -> None:
    answer = editor.post("/calendars/default/notice", notice(dry_run=True)).json()
    assert not answer["applied"]
    assert {"on": "2027-02-14", "is_workday": True} in answer["changed"]
    assert changes() == []
    assert editor.get("/calendars/default", year=2027).json()["provisional"]
    applied = editor.post("/calendars/default/notice", notice()).json()
    assert applied["changed"] == answer["changed"]


def test_a_notice_with_a_slip_is_told_by_line_and_not_loaded(editor: Browser) -> None:
    wrong = NOTICE_2027.replace("共3天", "共4天", 1)
    answer = editor.post("/calendars/default/notice", notice(wrong, dry_run=True)).json()
    assert [problem["code"] for problem in answer["problems"]] == ["count_wrong"]
    refused = editor.post("/calendars/default/notice", notice(wrong))
    assert (refused.status_code, refused.json()["code"]) == (422, "notice_wrong")
    assert "第 1 行" in str(refused.json())
    assert editor.post("/calendars/default/notice", notice("没有日期")).json()["code"] == "no_days"
    assert changes() == []


def test_a_corrected_notice_replaces_the_one_before(editor: Browser) -> None:
    editor.post("/calendars/default/notice", notice())
    rows = [{"name": "元旦", "first_on": "2027-01-01", "kind": "off"}]
    answer = editor.post("/calendars/default/notice", notice("", rows=rows)).json()
    assert [day["on"] for day in editor.get("/calendars/default", year=2027).json()["days"]] == ["2027-01-01"]
    assert {"on": "2027-02-14", "is_workday": False} in answer["changed"]


def test_who_follows_a_calendar_follows_its_notice(night: Browser) -> None:
    night.post("/calendars/default/notice", notice())
    assert [key for key, _, _ in changes()] == ["default", "night"]
    days = {day["on"]: day for day in night.get("/calendars/night", year=2027).json()["days"]}
    assert not days["2027-10-01"]["is_workday"]
    refused = night.post("/calendars/night/notice", notice())
    assert refused.json()["code"] == "notice_belongs_to_base"
    assert queries.calendar_by_key("night").day_length.total_seconds() == 8 * 3600


def test_a_day_is_ruled_here_and_taken_back(night: Browser) -> None:
    night.post("/calendars/default/notice", notice())
    seen = len(changes())
    ruled = {"source": "区管委会决定", "days": [{"on": "2027-10-01", "is_workday": True, "name": "保障"}]}
    days = night.post("/calendars/night/days", ruled).json()["days"]
    (day,) = [day for day in days if day["on"] == "2027-10-01"]
    assert (day["is_workday"], day["is_local"], day["source"]) == (True, True, "区管委会决定")
    assert not queries.calendar_by_key("default").is_workday(date(2027, 10, 1))
    night.post("/calendars/default/notice", notice())
    assert queries.calendar_by_key("night").is_workday(date(2027, 10, 1))
    back = {"source": "取消", "days": [{"on": "2027-10-01", "is_workday": None}]}
    days = night.post("/calendars/night/days", back).json()["days"]
    assert not any(day["is_local"] for day in days)
    assert changes()[seen:] == [("night", "2027-10-01", "2027-10-01")] * 2
    assert Entry.objects.filter(action="calendars.declare_locally").count() == 2


def test_changed_hours_have_every_running_limit_counted_again(editor: Browser) -> None:
    answer = editor.write("put", "/calendars/default/spans", {"spans": NIGHT, "expected_version": 1})
    assert (answer.status_code, answer.json()["spans"], answer.json()["version"]) == (200, NIGHT, 2)
    editor.write("put", "/calendars/default/spans", {"spans": NIGHT})
    assert changes() == [("default", "2000-01-01", "2100-12-31")]
    relay.deliver_due()
    assert ProcrastinateJob.objects.filter(task_name="deadlines.count_again").count() == 2
    entry = Entry.objects.get(action="calendars.set_spans")
    assert entry.object_id == "default"


def test_who_looked_at_an_older_version_is_told(editor: Browser) -> None:
    editor.write("put", "/calendars/default/spans", {"spans": NIGHT})
    late = {"spans": OFFICE, "expected_version": 1}
    refused = editor.write("put", "/calendars/default/spans", late)
    assert (refused.status_code, refused.json()["code"]) == (409, "calendar_changed")
    refused = editor.post("/calendars/default/notice", notice(expected_version=1))
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/calendars/default/spans", {"spans": [["08:00", "08:00"]]}, "spans_wrong"),
        ("/calendars/default/spans", {"spans": [["08:00", "12:00"], ["11:00", "13:00"]]}, "spans_wrong"),
        ("/calendars/default/spans", {"spans": []}, "invalid_input"),
        ("/calendars/default/spans", {"spans": [["8", "12:00"]]}, "invalid_input"),
        ("/calendars/nothing/spans", {"spans": OFFICE}, "calendar_missing"),
        ("/calendars", NEW | {"key": "default"}, "calendar_exists"),
        ("/calendars", NEW | {"key": "New"}, "invalid_input"),
        (
            "/calendars",
            {"key": "new", "name": "x", "name_en": "x", "spans": OFFICE, "base": "none"},
            "calendar_missing",
        ),
        (
            "/calendars",
            {"key": "new", "name": "x", "name_en": "x", "spans": OFFICE, "base": "night"},
            "base_has_base",
        ),
        ("/calendars/nothing/notice", notice(), "calendar_missing"),
        ("/calendars/nothing/notice", notice(dry_run=True), "calendar_missing"),
    ],
)
def test_what_cannot_be_is_refused(night: Browser, path: str, body: object, code: str) -> None:
    answer = night.write("put" if path.endswith("spans") else "post", path, body)
    assert answer.json()["code"] == code, answer.content


@pytest.fixture
def tree(night: Browser) -> dict[str, Unit]:
    root = unit("root")
    bureau = unit("bureau", root)
    return {"root": root, "bureau": bureau, "team": unit("team", bureau), "other": unit("other", root)}


def test_a_unit_has_the_calendar_of_the_one_above_until_it_has_its_own(
    night: Browser, tree: dict[str, Unit], django_assert_num_queries: object
) -> None:
    assert {calendar_key_of(row.pk) for row in tree.values()} == {"default"}
    answer = night.write("put", f"/units/{tree['bureau'].pk}/calendar", {"calendar": "night"})
    assert (answer.status_code, answer.json()["calendar"]) == (200, "night")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert calendar_key_of(tree["team"].pk) == "night"
    assert calendar_key_of(tree["other"].pk) == calendar_key_of(None) == "default"
    night.write("put", f"/units/{tree['team'].pk}/calendar", {"calendar": "default"})
    assert calendar_key_of(tree["team"].pk) == "default"
    night.write("put", f"/units/{tree['bureau'].pk}/calendar", {"calendar": None})
    assert calendar_key_of(tree["bureau"].pk) == "default"
    assert Entry.objects.filter(action="accounts.set_calendar").count() == 3


def test_a_units_calendar_is_set_by_who_maintains_it_there(tree: dict[str, Unit]) -> None:
    elsewhere = Browser(person("elsewhere", EDIT, at=tree["other"]))
    body = {"calendar": "night"}
    refused = elsewhere.write("put", f"/units/{tree['bureau'].pk}/calendar", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "unit_not_yours")
    assert elsewhere.write("put", f"/units/{tree['other'].pk}/calendar", body).status_code == 200
    wrong = {"calendar": "nothing"}
    assert (
        elsewhere.write("put", f"/units/{tree['other'].pk}/calendar", wrong).json()["code"]
        == "calendar_missing"
    )
    assert elsewhere.write("put", "/units/999999/calendar", body).status_code == 404
    reader = Browser(person("reader", "accounts.view_unit"))
    assert reader.write("put", f"/units/{tree['other'].pk}/calendar", body).status_code == 403
    assert Browser().write("put", f"/units/{tree['other'].pk}/calendar", body).status_code == 401
