"""The list of cases as a table: the same rows as on screen, by the same authority, however it is interrupted."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from openpyxl import load_workbook

from yiwang.core import clock
from yiwang.core.accounts.models import Assignment
from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.audit.models import Entry
from yiwang.core.erasing import Erasure, reach
from yiwang.core.exports import actions, work
from yiwang.core.exports.models import Export
from yiwang.core.files import store
from yiwang.core.notify.models import Notice
from yiwang.operations.cases import exporting
from yiwang.operations.cases.tests.district import District, Walk

pytestmark = pytest.mark.django_db(transaction=True)

COLUMNS = ["number", "state", "description", "street", "unit", "reported_at"]


def ask(browser: Browser, **more: Any) -> Any:
    body = {"list_key": "cases.list", "columns": COLUMNS, "sort": "number", **more}
    return browser.post("/exports", body)


def cells(browser: Browser, export: dict[str, Any]) -> list[list[Any]]:
    answer = browser.get(f"/exports/{export['id']}/file")
    assert answer.status_code == 200, answer.content
    content = b"".join(answer.streaming_content)
    assert len(content) == int(answer["Content-Length"])
    return [list(row) for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)]


def reading(monkeypatch: pytest.MonkeyPatch, shown: Callable[..., Iterator[Any]]) -> None:
    """Let something happen while the worker reads the list of cases."""
    listed = replace(work.exported_list("cases.list"), shown=shown)
    monkeypatch.setattr(work, "exported_list", lambda key: listed)


def test_the_table_is_the_list(town: District) -> None:
    for state in ("pending_dispatch", "handling", "handling"):
        Walk(town).to(state)
    browser = Browser(town.shift)
    export = ask(browser, query={"state": "handling"}, said=["状态：处置中"]).json()
    assert (export["state"], export["list_name"]["zh"]) == ("waiting", "案件列表")
    work.write(export["id"])
    now = browser.get(f"/exports/{export['id']}").json()
    assert (now["state"], now["done"], now["total"]) == ("ready", 2, 2)
    seen = browser.get("/cases", state="handling", sort="number").json()["items"]
    heading, *rows = cells(browser, export)
    assert heading == ["案件编号", "状态", "问题描述", "街道", "处置单位", "上报时间"]
    expected = [
        [row["number"], row["state_label"]["zh"], row["description"], row["street"], row["unit"]["name"]]
        for row in seen
    ]
    assert [row[:5] for row in rows] == expected
    assert Entry.objects.filter(action__in=("exports.ask", "exports.fetch")).count() == 2


def test_every_column_can_be_written_in_both_languages(town: District) -> None:
    Walk(town).to("closed")
    browser = Browser(town.shift)
    offered = browser.get("/exports/columns", list="cases.list").json()["items"]
    keys = [column["key"] for column in offered]
    for language in ("zh", "en"):
        export = ask(browser, columns=keys, language=language).json()
        work.write(export["id"])
        heading, row = cells(browser, export)
        assert heading == [column[language] for column in offered]
        by_key = dict(zip(keys, row, strict=True))
        assert by_key["state"] == {"zh": "已结案", "en": "Closed"}[language]
        assert by_key["light"] is None
        assert by_key["ended_at"] is not None


def test_nobody_has_more_written_out_than_they_see(town: District) -> None:
    walk = Walk(town).to("handling")
    elsewhere = Browser(town.other_collector)
    export = ask(elsewhere).json()
    work.write(export["id"])
    assert cells(elsewhere, export)[1:] == []
    assert Browser(town.shift).get(f"/exports/{export['id']}").status_code == 404
    assert Browser(town.shift).get(f"/exports/{export['id']}/file").status_code == 404
    assert ask(Browser(person("nobody"))).status_code == 403
    assert ask(Browser()).status_code == 401
    mine = ask(Browser(town.shift)).json()
    Assignment.objects.filter(user=town.shift).delete()
    work.write(mine["id"])
    ended = Export.objects.get(pk=mine["id"])
    assert (ended.state, ended.reason) == ("failed", "not_allowed")
    assert Notice.objects.filter(user_id=town.shift.pk, kind="exports.failed").exists()
    assert walk.case.number not in str(ended.said)


@pytest.mark.parametrize(
    "wrong",
    [
        {"list_key": "stars.list"},
        {"columns": ["number", "phone"]},
        {"columns": ["number", "number"]},
        {"columns": []},
        {"sort": "description"},
        {"query": {"group": "half"}},
        {"form": "pdf"},
    ],
    ids=lambda wrong: next(iter(wrong)) + str(len(str(wrong))),
)
def test_what_the_list_does_not_know_is_refused_at_once(town: District, wrong: dict[str, Any]) -> None:
    assert ask(Browser(town.shift), **wrong).status_code == 422
    assert not Export.objects.exists()


def test_it_can_be_called_off_and_done_again_after_a_kill(
    town: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        Walk(town)
    browser = Browser(town.shift)
    stopped, broken = ask(browser).json(), ask(browser).json()

    def elsewhere() -> None:
        actions.stop(town.actor("shift"), stopped["id"])
        connection.close()

    def calls_off(*given: Any) -> Any:
        for row in exporting.shown(*given):
            clerk = threading.Thread(target=elsewhere)
            clerk.start()
            clerk.join(30)
            yield row

    reading(monkeypatch, calls_off)
    work.write(stopped["id"], tell_every=2)
    assert Export.objects.get(pk=stopped["id"]).state == "stopped"
    assert browser.get(f"/exports/{stopped['id']}/file").status_code == 409
    monkeypatch.undo()
    # As a killed worker leaves it: under way, with some rows told.
    Export.objects.filter(pk=broken["id"]).update(state="running", done=2)
    work.write(broken["id"], tell_every=1)
    work.write(broken["id"])
    assert len(cells(browser, broken)) == 5
    browser.delete(f"/exports/{broken['id']}")
    assert browser.get(f"/exports/{broken['id']}").json()["state"] == "gone"


def test_two_workers_at_one_leave_one_file(town: District, monkeypatch: pytest.MonkeyPatch) -> None:
    Walk(town)
    browser = Browser(town.shift)
    export = ask(browser).json()

    def finished_by_another(*given: Any) -> Any:
        monkeypatch.undo()
        other = threading.Thread(target=lambda: (work.write(export["id"]), connection.close()))
        other.start()
        other.join(60)
        yield from exporting.shown(*given)

    reading(monkeypatch, finished_by_another)
    work.write(export["id"])
    assert len(cells(browser, export)) == 2


def test_what_is_under_way_when_somebody_is_erased_is_dropped(
    town: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    Walk(town)
    browser = Browser(town.shift)
    export = ask(browser).json()

    def erase() -> None:
        with transaction.atomic():
            reach(Erasure(objects=frozenset(), certain=("13912345678",), mask=lambda text: text))
        connection.close()

    def erased_meanwhile(*given: Any) -> Any:
        eraser = threading.Thread(target=erase)
        eraser.start()
        eraser.join(60)
        yield from exporting.shown(*given)

    reading(monkeypatch, erased_meanwhile)
    work.write(export["id"])
    assert Export.objects.get(pk=export["id"]).state == "stopped"
    assert store.size_of(f"{store.ASIDE}/exports/{export['id']}") is None


def test_who_lost_the_post_fetches_nothing(town: District) -> None:
    browser = Browser(town.shift)
    export = ask(browser).json()
    work.write(export["id"])
    role = Assignment.objects.get(user=town.shift).role
    role.permissions = ["accounts.view_unit"]
    role.save()
    assert browser.get(f"/exports/{export['id']}/file").status_code == 403


def test_no_more_than_a_few_at_once_and_files_go_when_somebody_is_erased(
    town: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(town.shift)
    exports = [ask(browser).json() for _ in range(actions.MOST_AT_ONCE)]
    assert ask(browser).status_code == 429
    for export in exports:
        work.write(export["id"])
    Export.objects.filter(pk=exports[0]["id"]).update(
        ended_at=clock.now() - work.KEPT_FOR - timedelta(days=1)
    )
    assert work.forget_old() == 1
    with transaction.atomic():
        reached = reach(Erasure(objects=frozenset(), certain=("13912345678",), mask=lambda text: text))
    assert reached["exports.file"] == 2
    assert set(Export.objects.values_list("state", flat=True)) == {"gone"}
    assert all(store.size_of(f"{store.ASIDE}/exports/{one['id']}") is None for one in exports)
