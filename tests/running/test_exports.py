"""Every list written out: the rows of its screen, by the permission and within the data scope of its own route."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from yiwang.core import clock
from yiwang.core.accounts import absences
from yiwang.core.accounts.models import SignInAttempt, User
from yiwang.core.accounts.rules import AbsenceReason
from yiwang.core.accounts.tests.people import Browser, actor, person, unit
from yiwang.core.events.models import DeadLetter, OutboxEvent
from yiwang.core.exporting import Wanted, exported, exported_list
from yiwang.core.exports.models import Export
from yiwang.core.notify.models import Delivery, Notice, Wishes
from yiwang.insight.evaluation import actions, queries
from yiwang.operations.cases import seed
from yiwang.operations.cases.tests import district as small
from yiwang.operations.cases.tests.district import District, Walk
from yiwang.operations.patrol.tests import small as patrols
from yiwang.operations.patrol.tests.test_inspections import sampled

pytestmark = pytest.mark.django_db
ALLOWED = (
    "accounts.manage_user",
    "accounts.manage_absences",
    "accounts.view_unit",
    "accounts.reorganise_units",
    "audit.view_entry",
    "system.view_state",
    "evaluation.view_board",
    "cases.view_case",
    "duty.review_attendance",
    "patrol.view_work",
)
TODAY = clock.today()
DAYS = {"from": (TODAY - timedelta(days=6)).isoformat(), "to": TODAY.isoformat()}
QUERIES: dict[str, dict[str, Any]] = {
    "codes.table": {"table": "case_sources"},
    "evaluation.days": DAYS,
    "evaluation.streets": DAYS,
    "evaluation.units": DAYS,
    "evaluation.cases": {**DAYS, "indicator": "reported"},
}
NEEDS_NOTHING = {"absences.list", "categories.list", "codes.table"}


@pytest.fixture
def district(db: None) -> District:
    """A small district at work."""
    small.land()
    small.seeded()
    return small.build()


def stuck() -> None:
    """An absence, a try to sign in, an event and a notice that nobody could take, of somebody with a telephone."""
    anna = person("stuck-anna", at=unit("stuck", unit("root")))
    User.objects.filter(pk=anna.pk).update(phone="13912345678")
    absences.enter(actor(anna), absences.NewAbsence(TODAY, TODAY, AbsenceReason.LEAVE, anna.pk, None, ""))
    SignInAttempt.objects.create(username=anna.username, succeeded=True)
    event = OutboxEvent.objects.create(
        type="tree.felled", aggregate="tree:1", payload={}, at=clock.now(), state="dead"
    )
    reason = "ValueError: nobody answers at 13912345678"
    DeadLetter.objects.create(event=event, handler="plant", reason=reason, attempts=8, at=clock.now())
    Wishes.objects.create(user=anna, mail="anna.wang@example.org")
    notice = Notice.objects.create(user=anna, kind="account.stand_in", params={"name": "李梅"})
    for channel in ("mail", "sms"):
        Delivery.objects.create(
            notice=notice, channel=channel, state="dead", attempts=6, reason="no_answer", due_at=clock.now()
        )


def patrolled() -> dict[str, dict[str, Any]]:
    """A plan with tasks and an inspection with its sample; what the lists of them are asked with."""
    town = patrols.build()
    patrols.planned(town)
    inspection = sampled(town)
    return {
        "patrol.results": {"inspection": inspection.pk},
        "duty.attendance": {"unit_id": town.unit.pk, "month": TODAY.isoformat()},
    }


def columns_of(browser: Browser, key: str) -> list[str]:
    """All columns that a list is offered with."""
    return [one["key"] for one in browser.get("/exports/columns", list=key).json()["items"]]


def written(
    browser: Browser, key: str, query: dict[str, Any] | None = None, *, sort: str = "", language: str = "zh"
) -> list[list[Any]]:
    """The rows of a list, as the worker reads them for somebody who asked over HTTP."""
    given = QUERIES.get(key, {}) if query is None else query
    columns = columns_of(browser, key)
    body = {"list_key": key, "query": given, "sort": sort, "columns": columns, "language": language}
    asked = browser.post("/exports", body)
    assert asked.status_code == 201, asked.content
    export = Export.objects.get(pk=asked.json()["id"])
    Export.objects.filter(pk=export.pk).update(state="stopped")
    wanted = Wanted(export.query, export.sort, tuple(export.columns), export.language)
    found = exported_list(key).found(actor(export.owner), wanted)
    rows = [list(row) for row in found.rows()]
    assert len(rows) <= found.count()
    return rows


def test_every_list_has_its_columns_in_both_languages_and_is_nobodys_without_permission(
    district: District,
) -> None:
    seed.load()
    Walk(district).to("handling")
    actions.catch_up()
    stuck()
    admin = Browser(person("everything", *ALLOWED, areas=["420117"]))
    asked = {**QUERIES, **patrolled()}
    stranger = Browser(person("stranger", "comments.none"))
    for key, listed in exported().items():
        assert all(column.zh and column.en for column in listed.columns)
        rows = written(admin, key, asked.get(key, {}), language="en")
        assert rows, key
        assert all(len(row) == len(listed.columns) for row in rows)
        assert not {"13912345678", "anna.wang@example.org"} & set(re.split(r"[' ]", str(rows))), key
        status = 200 if key in NEEDS_NOTHING else 403
        assert stranger.get("/exports/columns", list=key).status_code == status, key
        body = {"list_key": key, "query": asked.get(key, {}), "columns": [listed.columns[0].key]}
        assert stranger.post("/exports", body).status_code == (201 if status == 200 else 403), key


def test_what_could_not_be_delivered_is_written_out_with_masked_addresses() -> None:
    stuck()
    admin = Browser(person("d-admin", *ALLOWED))
    at = columns_of(admin, "system.dead_deliveries").index("to")
    addresses = {row[at] for row in written(admin, "system.dead_deliveries")}
    assert addresses == {"a********@example.org", "139****5678"}
    (letter,) = written(admin, "system.dead_letters")
    assert "139****78" in letter[columns_of(admin, "system.dead_letters").index("error")]


@pytest.mark.parametrize(
    ("key", "query", "sort"),
    [
        ("audit.entries", {"until": "9999-12-31"}, ""),
        ("audit.entries", {"since": "0001-01-01"}, ""),
        ("evaluation.days", {"from": "9999-12-31", "to": "9999-12-31"}, ""),
        ("evaluation.days", DAYS, "colour"),
        ("evaluation.days", DAYS, "name,-reported"),
        ("people.list", {}, "phone"),
        ("audit.entries", {}, "-id"),
    ],
)
def test_what_its_list_refuses_is_refused(key: str, query: dict[str, Any], sort: str) -> None:
    admin = Browser(person("r-admin", *ALLOWED))
    column = columns_of(admin, key)[0]
    body = {"list_key": key, "query": query, "sort": sort, "columns": [column]}
    assert admin.post("/exports", body).status_code == 422
    last = Wanted({"first": "0001-01-01", "last": "9999-12-31"}, "", ("at",), "zh")
    everything = User.objects.get(username="r-admin")
    assert exported_list("sign_ins.list").found(actor(everything), last).count() >= 0


def test_nothing_is_computed_before_it_is_allowed_and_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "board", lambda *_: pytest.fail("computed while it was asked for"))
    admin = Browser(person("c-admin", *ALLOWED))
    body = {"list_key": "evaluation.days", "query": DAYS, "columns": ["name"]}
    asked = [admin.post("/exports", body).status_code for _ in range(4)]
    assert asked == [201, 201, 201, 429]
    assert admin.post("/exports", {**body, "query": {}}).status_code == 429


def test_people_are_those_whom_one_administers_with_masked_numbers(district: District) -> None:
    water, fire = unit("x-water", unit("root")), unit("x-fire", unit("root"))
    near, far = person("x-near", at=water), person("x-far", at=fire)
    User.objects.filter(pk__in=(near.pk, far.pk)).update(phone="13912345678")
    chief = Browser(person("x-chief", *ALLOWED, at=water))
    rows = written(chief, "people.list", {"q": "x-", "sort": "username"})
    assert [row[1] for row in rows] == ["x-chief", "x-near"]
    assert rows[1][2] == "139****5678"
    assert written(chief, "people.list", {"q": "x-n"}) == rows[1:]
    for user in (near, far):
        SignInAttempt.objects.create(username=user.username, succeeded=True)
    tried = {row[2] for row in written(chief, "sign_ins.list")}
    assert "x-near" in tried
    assert "x-far" not in tried
    wrong = {"list_key": "people.list", "query": {"sort": "phone"}, "columns": ["name"]}
    assert chief.post("/exports", wrong).status_code == 422
    # What is the whole district's is not written out for a part of it.
    assert chief.get("/exports/columns", list="audit.entries").status_code == 403


def test_why_somebody_is_away_stands_only_where_the_screen_shows_it() -> None:
    water = unit("y-water")
    ann, bob = person("y-ann", at=water), person("y-bob", at=water)
    chief = person("y-chief", "accounts.manage_absences", at=water)
    absences.enter(
        actor(chief), absences.NewAbsence(TODAY, TODAY, AbsenceReason.SICK, ann.pk, bob.pk, "腿伤")
    )
    for user, said in ((chief, ["病假", "腿伤"]), (bob, [None, None])):
        (row,) = written(Browser(user), "absences.list")
        assert row[1:3] == ["人y-ann", row[2]]
        assert row[5:7] == said
    assert written(Browser(chief), "absences.list", {"q": "没有此人"}) == []


def test_units_posts_categories_and_codes_are_as_on_screen(district: District) -> None:
    seed.load()
    admin = Browser(person("z-admin", *ALLOWED))
    units = admin.get("/units").json()["items"]
    assert [row[0] for row in written(admin, "units.list")] == [one["code"] for one in units]
    posts = written(admin, "posts.list", {"q": "root"})
    assert ["岗z-admin", "人z-admin", "角色"] in [row[1:4] for row in posts]
    table = admin.get("/codes/case_sources").json()["items"]
    assert [row[0] for row in written(admin, "codes.table")] == [one["code"] for one in table]
    events = [one for one in admin.get("/categories").json()["items"] if one["kind"] == "event"]
    lines = sum(len(one["conditions"]) or 1 for one in events)
    rows = written(admin, "categories.list", {"show": "event"})
    assert len(rows) == lines > 100
    assert {row[1] for row in rows} == {"事件"}
    assert all(row[7] for row in rows if row[6])


def test_the_board_and_the_cases_of_a_figure_are_as_on_screen(district: District) -> None:
    for state in ("handling", "closed", "pending_dispatch"):
        Walk(district).to(state)
    actions.catch_up()
    admin = Browser(person("e-admin", *ALLOWED))
    board = admin.get("/evaluation/board", **DAYS).json()
    rows = written(admin, "evaluation.streets", sort="-reported")
    at = columns_of(admin, "evaluation.streets")
    reported = board["figures"]["reported"]["value"]
    assert sum(row[at.index("reported")] for row in rows) == reported > 1
    (closing,) = {row[at.index("closing_rate")] for row in rows}
    figure = board["figures"]["closing_rate"]
    assert closing == round(100 * figure["value"] / figure["of"] + 1e-9, 1)
    days = written(admin, "evaluation.days")
    assert sum(row[1] for row in days) == reported
    assert days[-1][0] == TODAY
    listed = admin.get("/evaluation/cases", indicator="reported", **DAYS).json()["items"]
    cases = written(admin, "evaluation.cases")
    assert [row[0] for row in cases] == [one["number"] for one in listed]
    backwards = {"from": TODAY.isoformat(), "to": date(2020, 1, 1).isoformat()}
    body = {"list_key": "evaluation.units", "query": backwards, "columns": ["name"]}
    assert admin.post("/exports", body).status_code == 422


def test_the_log_says_in_words_what_was_done() -> None:
    admin = Browser(person("l-admin", *ALLOWED))
    admin.get("/audit/entries")
    rows = written(admin, "audit.entries", {"action": "accounts."})
    assert ["任职", "任职"] in [row[3:5] for row in rows]
    english = written(admin, "audit.entries", {"action": "accounts."}, language="en")
    assert ["gave a post", "Assignment"] in [row[3:5] for row in english]
    assert not any(str(row[3]).startswith("accounts.") for row in rows)
