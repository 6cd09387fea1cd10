"""Phrases: one's own, those of one's units, everybody's; each changed only by whose they are."""

import pytest

from yiwang.core.accounts.events import UnitClosed, UnitMerged
from yiwang.core.accounts.models import Unit, User
from yiwang.core.accounts.tests import people
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.actor import system
from yiwang.core.audit.models import Entry
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused
from yiwang.core.phrases import actions, queries
from yiwang.core.phrases.access import EDIT
from yiwang.core.phrases.actions import Wording
from yiwang.core.phrases.declare import ShippedPhrase
from yiwang.core.phrases.handlers import hand_phrases_over_after_closing, hand_phrases_over_after_merger
from yiwang.core.phrases.models import Phrase

pytestmark = pytest.mark.django_db

TOPIC = "tree.fell"
SHIPPED = [
    ShippedPhrase(f"{TOPIC}.dead", TOPIC, "已枯死，准予砍伐", "Dead; felling granted", 20),
    ShippedPhrase(f"{TOPIC}.alive", TOPIC, "尚存活，不予砍伐", "Alive; felling refused", 10),
]


@pytest.fixture
def root() -> Unit:
    return people.unit("root")


@pytest.fixture
def parks(root: Unit) -> Unit:
    return people.unit("parks", root)


@pytest.fixture
def anna(parks: Unit) -> User:
    return person("anna", at=parks)


def texts(user: User, **asked: object) -> list[str]:
    return [item["text"] for item in Browser(user).get("/phrases", **asked).json()["items"]]


def add(browser: Browser, text: str, **more: object) -> object:
    return browser.post("/phrases", {"topic": TOPIC, "text": text, **more})


def test_an_edition_is_shipped_once_and_stays_as_it_was_changed(root: Unit, anna: User) -> None:
    assert actions.ship(SHIPPED) == 2
    assert texts(anna, topic=TOPIC) == ["尚存活，不予砍伐", "已枯死，准予砍伐"]
    head = actor(person("head", EDIT, at=root))
    alive = Phrase.objects.get(shipped_key=f"{TOPIC}.alive")
    actions.change(head, alive.pk, wording=Wording("活着，不砍"), expected_version=1)
    actions.remove(head, Phrase.objects.get(shipped_key=f"{TOPIC}.dead").pk)
    assert actions.ship(SHIPPED) == 0
    assert texts(anna) == ["活着，不砍"]


def test_ones_own_come_first_then_the_units_then_everybodys(root: Unit, parks: Unit, anna: User) -> None:
    actions.ship(SHIPPED[:1])
    add(Browser(person("boss", EDIT, at=parks)), "园林：同意", shared=True, unit_id=parks.pk)
    add(Browser(person("head", EDIT, at=root)), "全区：同意", shared=True, unit_id=root.pk)
    browser = Browser(anna)
    made = add(browser, " 我的：同意 ").json()
    assert (made["text"], made["shared"], made["editable"], made["unit"]) == ("我的：同意", False, True, None)
    assert texts(anna, topic=TOPIC) == ["我的：同意", "园林：同意", "全区：同意", "已枯死，准予砍伐"]
    assert texts(anna, topic="tree.plant") == []
    assert texts(anna, shared="false") == ["我的：同意"]
    shown = browser.get("/phrases").json()["items"]
    assert [item["editable"] for item in shown] == [True, False, False, False]
    assert [item["unit"] and item["unit"]["name"] for item in shown] == [None, "parks", "root", None]


def test_nobody_sees_what_is_another_persons_or_another_units(root: Unit, parks: Unit, anna: User) -> None:
    add(Browser(person("boss", EDIT, at=parks)), "园林：同意", shared=True, unit_id=parks.pk)
    add(Browser(anna), "我的")
    assert texts(person("water", at=people.unit("water", root))) == []
    assert texts(person("above", at=root)) == []


def test_what_is_used_more_stands_higher_in_its_order(anna: User) -> None:
    actions.ship(ShippedPhrase(f"{TOPIC}.{n}", TOPIC, n, n) for n in ("甲", "乙"))
    second = Phrase.objects.get(text="乙")
    assert Browser(anna).post(f"/phrases/{second.pk}/use").status_code == 204
    assert texts(anna) == ["乙", "甲"]
    assert Phrase.objects.get(text="乙").used == 1


@pytest.mark.parametrize("where", ["elsewhere", "above", "everybody"])
def test_a_unit_maintains_its_own_subtree_only(root: Unit, parks: Unit, where: str) -> None:
    unit = {"elsewhere": people.unit("water", root).pk, "above": root.pk, "everybody": None}[where]
    answer = add(Browser(person("boss", EDIT, at=parks)), "同意", shared=True, unit_id=unit)
    assert (answer.status_code, answer.json()["code"]) == (403, "may_not_share")


def test_who_may_not_share_cannot(anna: User, parks: Unit) -> None:
    assert add(Browser(anna), "同意", shared=True, unit_id=parks.pk).json()["code"] == "may_not_share"
    assert not Phrase.objects.exists()


def test_a_head_maintains_what_lies_below(root: Unit, parks: Unit) -> None:
    head = Browser(person("head", EDIT, at=root))
    made = add(head, "同意", shared=True, unit_id=parks.pk).json()
    assert made["editable"]
    body = {"text": "同意砍伐", "expected_version": 1, "order": 5}
    assert head.write("put", f"/phrases/{made['id']}", body).json()["version"] == 2
    late = head.write("put", f"/phrases/{made['id']}", {**body, "text": "x"})
    assert (late.status_code, late.json()["code"]) == (409, "phrase_changed")
    assert add(head, "一律同意", shared=True).status_code == 201
    assert head.delete(f"/phrases/{made['id']}").status_code == 204
    entries = Entry.objects.filter(object_id=str(made["id"])).order_by("id")
    assert [entry.action for entry in entries] == ["phrases.add", "phrases.change", "phrases.remove"]
    assert (entries[1].before["text"], entries[1].after["text"]) == ("同意", "同意砍伐")


def test_others_are_not_changed_nor_found(anna: User, parks: Unit) -> None:
    bert = Browser(person("bert", at=parks))
    mine = add(Browser(anna), "我的").json()["id"]
    shared = add(Browser(person("boss", EDIT, at=parks)), "共用", shared=True, unit_id=parks.pk).json()["id"]
    body = {"text": "x", "expected_version": 1}
    assert bert.write("put", f"/phrases/{mine}", body).status_code == 404
    assert bert.post(f"/phrases/{mine}/use").status_code == 404
    assert bert.write("put", f"/phrases/{shared}", body).json()["code"] == "not_your_phrase"
    assert bert.delete(f"/phrases/{shared}").status_code == 403
    assert Phrase.objects.filter(removed_at__isnull=True).count() == 2


def test_the_words_of_ones_own_stay_out_of_the_record(anna: User) -> None:
    add(Browser(anna), "王先生好说话")
    assert "王先生" not in str(Entry.objects.get(action="phrases.add").after)


def test_the_same_words_twice_are_one_too_many(anna: User) -> None:
    browser = Browser(anna)
    assert add(browser, "同意").status_code == 201
    assert add(browser, "同意 ").json()["code"] == "phrase_known"


def test_there_are_bounds(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_OF_ONES_OWN", 1)
    browser = Browser(anna)
    add(browser, "一")
    assert add(browser, "二").json()["code"] == "too_many_phrases"
    for bad in (
        {"topic": "Tree", "text": "x"},
        {"topic": TOPIC, "text": "  "},
        {"topic": TOPIC, "text": "x" * 501},
    ):
        assert browser.post("/phrases", bad).status_code == 422


def test_a_list_costs_the_same_however_long(anna: User, django_assert_num_queries) -> None:
    me = actor(anna)
    for count in (1, 20):
        for number in range(count):
            actions.add(me, topic=TOPIC, wording=Wording(f"{count}-{number}"), unit_id=None, shared=False)
        with django_assert_num_queries(1):
            [phrase.unit for phrase in queries.phrases(me)]


def test_a_successor_has_the_phrases_that_a_unit_shared(root: Unit, parks: Unit) -> None:
    green, worker = people.unit("green", root), system("worker")
    for unit, text in ((parks, "同意"), (parks, "已修剪"), (green, "同意")):
        actions.add(worker, topic=TOPIC, wording=Wording(text), unit_id=unit.pk, shared=True)
    hand_phrases_over_after_merger(UnitMerged(parks.pk, green.pk))
    assert sorted(texts(person("bert", at=green))) == ["同意", "已修剪"]
    hand_phrases_over_after_closing(UnitClosed(green.pk, None))
    hand_phrases_over_after_closing(UnitClosed(green.pk, root.pk))
    assert sorted(texts(person("carl", at=root))) == ["同意", "已修剪"]


def test_what_is_not_there(anna: User) -> None:
    me, worker = actor(anna), system("worker")
    with pytest.raises(NotFound):
        actions.use(me, 1)
    with pytest.raises(Invalid, match="unit_not_found"):
        actions.add(worker, topic=TOPIC, wording=Wording("x"), unit_id=10**9, shared=True)
    with pytest.raises(Refused):
        actions.add(worker, topic=TOPIC, wording=Wording("x"), unit_id=None, shared=False)
    made = actions.add(worker, topic=TOPIC, wording=Wording("x"), unit_id=None, shared=True)
    with pytest.raises(Invalid, match="empty"):
        actions.change(worker, made.pk, wording=Wording(" "), expected_version=1)
    with pytest.raises(Conflict):
        actions.change(worker, made.pk, wording=Wording("y"), expected_version=2)
