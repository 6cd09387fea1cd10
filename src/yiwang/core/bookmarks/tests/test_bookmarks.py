"""Views of lists and pins: one's own, shared ones; each changed only by whose they are."""

from typing import Any

import pytest

from yiwang.core.accounts.events import UnitClosed, UnitMerged
from yiwang.core.accounts.models import Unit, User
from yiwang.core.accounts.tests import people
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.audit.models import Entry
from yiwang.core.bookmarks import actions
from yiwang.core.bookmarks.access import SHARE
from yiwang.core.bookmarks.handlers import hand_views_over_after_closing, hand_views_over_after_merger
from yiwang.core.bookmarks.models import Pin, SavedView
from yiwang.core.erasing import Erasure, reach
from yiwang.core.errors import Invalid
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db

LIST = "trees.list"
LOOK = {"query": {"tab": "mine"}, "columns": ["number", "state"], "sort": "due_at"}


@pytest.fixture
def root() -> Unit:
    return people.unit("root")


@pytest.fixture
def parks(root: Unit) -> Unit:
    return people.unit("parks", root)


@pytest.fixture
def anna(parks: Unit) -> User:
    return person("anna", at=parks)


@pytest.fixture
def head(parks: Unit) -> User:
    return person("head", SHARE, at=parks)


def save(who: User, name: str, **more: Any) -> Any:
    return Browser(who).post("/views", {"list_key": LIST, "name": name, "look": LOOK, **more})


def names(who: User, of: str = LIST) -> list[str]:
    return [item["name"] for item in Browser(who).get("/views", list=of).json()["items"]]


def test_ones_own_view_is_seen_by_nobody_else(anna: User, head: User) -> None:
    assert save(anna, " 我的超时 ").status_code == 201
    assert names(anna) == ["我的超时"]
    assert names(head) == []
    assert names(anna, "flowers.list") == []
    assert Browser().get("/views", list=LIST).status_code == 401
    mine = SavedView.objects.get()
    assert mine.look == LOOK
    stranger = Browser(head)
    assert stranger.delete(f"/views/{mine.pk}").status_code == 404
    body = {"name": "x", "look": LOOK, "expected_version": 1}
    assert stranger.write("put", f"/views/{mine.pk}", body).status_code == 404


def test_a_shared_view_is_seen_below_and_kept_by_who_shares(
    root: Unit, parks: Unit, anna: User, head: User
) -> None:
    below = person("below", at=people.unit("gardens", parks))
    beside = person("beside", SHARE, at=people.unit("roads", root))
    assert save(head, "本单位待办", shared=True, unit_id=parks.pk).status_code == 201
    assert (names(anna), names(below), names(beside)) == (["本单位待办"], ["本单位待办"], [])
    view = SavedView.objects.get()
    assert Browser(anna).get("/views", list=LIST).json()["items"][0]["editable"] is False
    assert Browser(anna).delete(f"/views/{view.pk}").json()["code"] == "not_your_view"
    assert save(anna, "也想共享", shared=True, unit_id=parks.pk).json()["code"] == "may_not_share"
    assert save(beside, "管别人", shared=True, unit_id=parks.pk).json()["code"] == "may_not_share"
    assert save(head, "给所有人", shared=True).json()["code"] == "may_not_share"
    chief = person("chief", SHARE, at=root)
    assert save(chief, "全区", shared=True).status_code == 201
    assert names(beside) == ["全区"]
    assert Entry.objects.filter(action="bookmarks.save_view").count() == 2


def test_of_two_who_change_it_the_second_is_told(head: User, parks: Unit) -> None:
    view = save(head, "本单位", shared=True, unit_id=parks.pk).json()
    body = {"name": "本单位超时", "look": {"sort": "number"}, "expected_version": 1}
    assert Browser(head).write("put", f"/views/{view['id']}", body).json()["version"] == 2
    again = Browser(head).write("put", f"/views/{view['id']}", body)
    assert (again.status_code, again.json()["code"]) == (409, "view_changed")


def test_names_are_unlike_and_views_are_not_without_end(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert save(anna, "一").status_code == 201
    assert save(anna, "一").json()["code"] == "view_known"
    assert save(anna, "  ").status_code == 422
    assert save(anna, "大", look={"x": "y" * 9000}).status_code == 422
    assert save(anna, "半", look={"x": "\ud800"}).status_code == 422
    monkeypatch.setattr(actions, "MOST_VIEWS", 1)
    assert save(anna, "二").json()["code"] == "too_many_views"


def test_a_successor_has_the_views_of_the_unit(root: Unit, parks: Unit, head: User) -> None:
    greens = people.unit("greens", root)
    actions.save_view(
        people.SYSTEM, list_key=LIST, name="一", look=LOOK, sharing=actions.Sharing(True, greens.pk)
    )
    save(head, "一", shared=True, unit_id=parks.pk)
    event = UnitMerged(unit_id=parks.pk, successor_id=greens.pk)
    hand_views_over_after_merger(event)
    hand_views_over_after_merger(event)
    assert sorted(SavedView.objects.filter(unit=greens).values_list("name", flat=True))[0] == "一"
    assert SavedView.objects.filter(unit=greens).count() == 2
    hand_views_over_after_closing(UnitClosed(unit_id=greens.pk, successor_id=None))
    assert SavedView.objects.filter(unit=greens).count() == 2


def test_pins_are_ones_own_and_pinned_once(anna: User, head: User, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, key = Browser(anna), str(uuid7())
    assert browser.write("put", f"/pins/case/{key}", {"title": "旧"}).status_code == 200
    assert browser.write("put", f"/pins/case/{key}", {"title": "新"}).status_code == 200
    assert [pin["title"] for pin in browser.get("/pins").json()["items"]] == ["新"]
    assert Browser(head).get("/pins").json()["items"] == []
    assert Browser(head).delete(f"/pins/case/{key}").status_code == 204
    assert Pin.objects.count() == 1
    assert browser.delete(f"/pins/case/{key}").status_code == 204
    assert browser.get("/pins").json()["items"] == []
    monkeypatch.setattr(actions, "MOST_PINS", 0)
    with pytest.raises(Invalid):
        actions.pin(actor(anna), kind="case", object_id=key, title="多")


def test_who_is_erased_goes_out_of_views_and_pins(anna: User) -> None:
    case = uuid7()
    save(anna, "找13912345678", look={"query": {"q": "13912345678"}})
    actions.pin(actor(anna), kind="case", object_id=str(case), title="王五家门口")
    erasure = Erasure(
        objects=frozenset({case}),
        certain=("13912345678",),
        mask=lambda text: text.replace("13912345678", "***").replace("王五", "**"),
    )
    reached = reach(erasure)
    assert (reached["bookmarks.view"], reached["bookmarks.pin"]) == (1, 1)
    view = SavedView.objects.get()
    assert (view.name, view.look) == ("找***", {"query": {"q": "***"}})
    assert Pin.objects.get().title == "**家门口"
