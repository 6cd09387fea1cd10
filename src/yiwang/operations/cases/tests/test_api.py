"""The room over HTTP: shapes, authority, conflicts, pages, query counts."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwang.core.accounts.tests.people import Browser, person
from yiwang.operations.cases.tests.district import CATEGORY, HERE, District, Walk, after_picture, picture


def body(**changes: Any) -> dict[str, Any]:
    new = {
        "category": CATEGORY, "description": "路口有一堆垃圾", "lon": HERE[0], "lat": HERE[1],
        "source": "hotline_12345", "reporter": {"name": "王小明", "phone": "13812345678"},
    }  # fmt: skip
    return {**new, **changes}


def act(browser: Browser, case: dict[str, Any], verb: str, **given: Any) -> Any:
    payload = {"verb": verb, "expected_version": case["version"], **given}
    return browser.post(f"/cases/{case['id']}/actions", payload)


def test_the_loop_over_http_by_five_posts(district: District) -> None:
    acceptor, shift, dispatcher = (
        Browser(district.acceptor),
        Browser(district.shift),
        Browser(district.dispatcher),
    )
    clerk, collector = Browser(district.clerk), Browser(district.collector)
    answer = acceptor.post("/cases", body())
    assert answer.status_code == 201, answer.content
    case = answer.json()
    assert (case["state"], case["state_label"]["zh"]) == ("pending_registration", "待立案")
    assert [(a["verb"], a["group"]) for a in case["actions"]] == [
        ("ask_verify", "step"), ("merge", "step"), ("urge", "beside"),
    ]  # fmt: skip
    case = shift.get(f"/cases/{case['id']}").json()
    assert [a["verb"] for a in case["actions"]] == ["register", "decline", "send_back", "ask_void", "merge"]
    case = act(shift, case, "register", condition_id=district.condition.pk).json()
    case = act(dispatcher, case, "dispatch", unit_id=district.unit.pk, note="请尽快").json()
    assert case["unit"]["name"] == "water"
    case = act(clerk, case, "take").json()
    photo = after_picture(district.actor("clerk"))
    case = act(
        clerk, case, "report_done", note="已清理", photos=[{"file_id": str(photo.file_id), "slot": "after"}]
    ).json()
    case = act(collector, case, "pass_check").json()
    case = act(shift, case, "close").json()
    assert (case["state"], case["light"], case["due_at"]) == ("closed", None, None)
    assert [s["label"]["zh"] for s in case["timeline"]] == [
        "受理登记", "立案", "派遣", "接单", "处置反馈", "核查通过", "结案",
    ]  # fmt: skip
    assert [p["slot"] for p in case["photos"]] == ["after"]
    assert case["photos"][0]["thumbnail_url"]


def test_a_row_is_the_same_in_the_list_and_on_the_page(district: District) -> None:
    photo = picture(district.actor("collector"))
    wish = body(
        source="collector_patrol", reporter=None, photos=[{"file_id": str(photo.file_id), "slot": "near"}]
    )
    reported = Browser(district.collector).post("/cases", wish).json()
    Walk(district).to("handling")
    viewer = Browser(district.collector)
    rows = viewer.get("/cases").json()["items"]
    assert len(rows) == 2
    for row in rows:
        page = viewer.get(f"/cases/{row['id']}").json()
        assert row == {name: page[name] for name in row}
    by_id = {row["id"]: row for row in rows}
    assert by_id[reported["id"]]["thumbnail_url"].startswith(f"/api/v1/files/{photo.file_id}/content?")
    assert sorted((row["unit"] or {}).get("name", "") for row in rows) == ["", "water"]


def test_the_first_page_says_how_many_there_are(district: District) -> None:
    for _ in range(3):
        Walk(district)
    viewer = Browser(district.shift)
    first = viewer.get("/cases", limit=2).json()
    second = viewer.get("/cases", limit=2, after=first["next"]).json()
    assert (first["total"], second["total"]) == ({"value": 3, "capped": False}, None)
    assert (len(first["items"]), len(second["items"])) == (2, 1)


def test_a_forbidden_action_is_refused_and_leaves_nothing(district: District) -> None:
    case = Walk(district).case
    refused = act(Browser(district.dispatcher), {"id": case.pk, "version": 0}, "register", condition_id=1)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    case.refresh_from_db()
    assert case.version == 0


def test_who_comes_second_gets_409_with_what_happened(district: District) -> None:
    walk = Walk(district)
    stale = {"id": walk.case.pk, "version": 0}
    walk.to("pending_dispatch")
    answer = act(Browser(district.shift), stale, "decline", note="重复")
    assert answer.status_code == 409
    problem = answer.json()
    assert (problem["code"], problem["params"]["verb"]) == ("case_changed", "register")


def test_missing_fields_are_named(district: District) -> None:
    case = Walk(district).case
    answer = act(Browser(district.shift), {"id": case.pk, "version": 0}, "decline")
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("note", "required")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lon": 181}, "lon"),
        ({"description": " "}, "description"),
        ({"lat": "x"}, "lat"),
        ({"category": "nothing"}, "category"),
        ({"source": "rumour"}, "source"),
        ({"lon": 100.0, "lat": 20.0}, "lon"),
        ({"occurred_at": "2026-01-01T00:00:00"}, "occurred_at"),
        ({"reporter": {"phone": "call me"}}, "reporter.phone"),
        ({"photos": [{"file_id": str(uuid4()), "slot": "near"}]}, "photos"),
    ],
)
def test_bad_reports_are_named(district: District, change: dict[str, Any], field: str) -> None:
    answer = Browser(district.acceptor).post("/cases", body(**change))
    assert answer.status_code == 422, answer.content
    assert [e["field"] for e in answer.json()["errors"]] == [field]


def test_nobody_the_wrong_the_right_and_the_right_in_the_wrong_place(district: District) -> None:
    case = Walk(district).case
    assert Browser().get(f"/cases/{case.pk}").status_code == 401
    assert Browser(person("stranger", "accounts.view_unit")).get(f"/cases/{case.pk}").status_code == 403
    assert Browser(district.collector).get(f"/cases/{case.pk}").status_code == 200
    hidden = Browser(district.other_collector).get(f"/cases/{case.pk}")
    missing = Browser(district.other_collector).get(f"/cases/{uuid4()}")
    assert (hidden.status_code, hidden.json()) == (404, missing.json())


def test_a_reporter_is_masked_for_those_who_may_not_see(district: District) -> None:
    case = Walk(district).case
    plain = Browser(district.acceptor).get(f"/cases/{case.pk}").json()["reporter"]
    masked = Browser(district.collector).get(f"/cases/{case.pk}").json()["reporter"]
    assert plain == {"name": "王小明", "phone": "13812345678", "masked": False, "erased_at": None}
    assert masked == {"name": "王**", "phone": "138****5678", "masked": True, "erased_at": None}


def test_a_grid_officer_reports_with_a_photo(district: District) -> None:
    browser = Browser(district.collector)
    answer = browser.post("/cases", body(source="collector_patrol", reporter=None))
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("photos", "required")]
    photo = picture(district.actor("collector"))
    answer = browser.post(
        "/cases",
        body(
            source="collector_patrol", reporter=None, photos=[{"file_id": str(photo.file_id), "slot": "near"}]
        ),
    )
    assert (answer.status_code, answer.json()["state"]) == (201, "reported")


def test_my_work_is_what_waits_for_me(district: District) -> None:
    walk = Walk(district)
    owners = {
        "pending_registration": "shift", "pending_dispatch": "dispatcher", "pending_handle": "clerk",
        "handling": "clerk", "pending_check": "collector", "pending_close": "shift",
    }  # fmt: skip
    names = (
        "acceptor",
        "shift",
        "dispatcher",
        "clerk",
        "other_clerk",
        "collector",
        "other_collector",
        "leader",
    )
    browsers = {name: Browser(getattr(district, name)) for name in names}
    for state, owner in owners.items():
        walk.to(state)
        waiting = [n for n, b in browsers.items() if b.get("/cases", work="mine").json()["items"]]
        assert waiting == [owner], state
    walk.step("shift", "rework", note="再来")
    walk.step("clerk", "ask_return", note="错派")
    waiting = [n for n, b in browsers.items() if b.get("/cases/summary").json()["mine"]]
    assert waiting == ["dispatcher"], "a pending request waits for who decides it, not for who asked"


def test_filters_narrow_and_pages_follow(district: District) -> None:
    for _ in range(5):
        Walk(district)
    Walk(district, description="井盖破损").to("handling")
    browser = Browser(district.acceptor)
    assert browser.get("/cases").json()["total"] == {"value": 6, "capped": False}
    for query, expected in (
        ({"state": "handling"}, 1),
        ({"state": "handling,pending_registration"}, 6),
        ({"group": "closed"}, 0),
        ({"q": "井盖"}, 1),
        ({"area": "420117001"}, 6),
        ({"area": "420117002"}, 0),
        ({"category": CATEGORY}, 6),
        ({"source": "wechat"}, 0),
        ({"unit": district.unit.pk}, 1),
        ({"due": "overdue"}, 0),
        ({"reported_from": "2030-01-01T00:00:00+08:00"}, 0),
    ):
        assert len(browser.get("/cases", **query).json()["items"]) == expected, query
    for sort in (
        "-reported_at",
        "reported_at",
        "due_at",
        "number",
        "-number",
        "unit,-due_at",
        "-state,street,number",
    ):
        numbers: list[str] = []
        cursor = None
        while True:
            found = browser.get("/cases", sort=sort, limit=2, **({"after": cursor} if cursor else {})).json()
            numbers += [row["number"] for row in found["items"]]
            cursor = found["next"]
            if not cursor:
                break
        assert len(set(numbers)) == len(numbers) == 6, sort
    for wrong in (
        "description",
        "",
        "number,number",
        "number,-number",
        "state,street,unit,number",
        "--number",
    ):
        assert browser.get("/cases", sort=wrong).status_code == 422, wrong
    assert browser.get("/cases", after="nonsense").status_code == 422


def test_a_longer_list_asks_no_more_of_the_database(district: District) -> None:
    browser = Browser(district.shift)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get("/cases").status_code == 200
        return len(captured)

    Walk(district).to("handling")
    browser.get("/cases")
    one = queries()
    for _ in range(4):
        Walk(district).to("pending_check")
    assert queries() == one
    assert one <= 9


def test_the_map_shows_points_in_the_box(district: District) -> None:
    Walk(district)
    browser = Browser(district.acceptor)
    here = browser.get("/cases/map", bbox="114.7,30.8,114.9,30.9").json()
    assert here["features"][0]["geometry"] == {"type": "Point", "coordinates": list(HERE)}
    assert here["truncated"] is False
    assert browser.get("/cases/map", bbox="115.2,30.8,115.3,30.9").json()["features"] == []
    for bad in ("1,2,3", "a,b,c,d", "3,2,1,0", "nan,0,1,1"):
        answer = browser.get("/cases/map", bbox=bad)
        assert (answer.status_code, answer.json()["field"]) == (422, "bbox")
    assert Browser(district.other_collector).get("/cases/map", bbox="114,30,116,31").json()["features"] == []


def test_the_summary_counts_what_one_sees(district: District) -> None:
    Walk(district).to("closed")
    Walk(district)
    figures = Browser(district.acceptor).get("/cases/summary").json()
    assert (figures["open"], figures["reported_today"], figures["closed_today"]) == (1, 2, 1)
    assert figures["by_street"] == [{"code": "420117001", "name": "邾城街道", "count": 1}]
    states = {row["state"]: row["count"] for row in figures["by_state"]}
    assert states["pending_registration"] == 1
    assert "closed" not in states
    elsewhere = Browser(district.other_collector).get("/cases/summary").json()
    assert (elsewhere["open"], elsewhere["by_street"]) == (0, [])


def test_the_lifecycle_is_there_to_be_drawn(district: District) -> None:
    table = Browser(district.leader).get("/cases/lifecycle").json()
    assert table["version"] == 2
    assert {"key": "closed", "label": {"zh": "已结案", "en": "Closed"}, "group": "closed"} in table["states"]
