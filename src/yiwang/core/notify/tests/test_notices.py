"""Each person is told once, sees their own notices only, and marks them as read."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.actor import system
from yiwang.core.errors import NotFound
from yiwang.core.events.models import OutboxEvent
from yiwang.core.ids import uuid7
from yiwang.core.notify import actions, queries
from yiwang.core.notify.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return person("anna")


def told(user: User, count: int = 1, kind: str = "case.your_turn") -> None:
    """Tell a person so often, a second apart."""
    start = clock.now() - timedelta(hours=1)
    for number in range(count):
        with clock.frozen(start + timedelta(seconds=number)):
            actions.notify([user.pk], kind=kind, params={"number": number}, link=f"/cases/{number}")


def test_each_person_is_told_once(anna: User) -> None:
    bert = person("bert")
    params = {"number": "2026-1", "category": {"zh": "井盖", "en": "Manhole"}}
    people = [anna.pk, bert.pk, anna.pk]
    assert actions.notify(people, kind="case.your_turn", params=params, link="/cases/1") == 2
    assert {notice.user_id for notice in Notice.objects.all()} == {anna.pk, bert.pk}
    notice = Notice.objects.get(user=anna)
    assert (notice.kind, notice.params, notice.link, notice.read_at) == (
        "case.your_turn",
        params,
        "/cases/1",
        None,
    )


def test_telling_nobody_is_nothing() -> None:
    assert actions.notify([], kind="case.your_turn") == 0
    assert not OutboxEvent.objects.exists()


def test_browsers_of_those_told_hear_that_there_is_something_and_not_what(anna: User) -> None:
    bert = person("bert")
    actions.notify([anna.pk, bert.pk], kind="case.your_turn", params={"secret": "x"}, link="/cases/1")
    event = OutboxEvent.objects.get(type="notice.created")
    assert set(event.audience["user_ids"]) == {str(anna.pk), str(bert.pk)}
    assert event.audience["area_code"] is None
    assert set(event.payload) == {"notice_id", "kind"}


def test_telling_many_costs_a_fixed_number_of_statements(anna: User, django_assert_num_queries) -> None:
    people = User.objects.bulk_create(User(username=f"u{n}", name=f"人{n}") for n in range(50))
    with django_assert_num_queries(5):
        actions.notify([user.pk for user in people], kind="case.your_turn")


def test_one_sees_ones_own_notices_newest_first(anna: User) -> None:
    told(anna, 3)
    told(person("bert"), 2)
    answer = Browser(anna).get("/notices")
    assert answer.status_code == 200
    page = answer.json()
    assert [notice["params"]["number"] for notice in page["items"]] == [2, 1, 0]
    assert (page["next"], page["unread"]) == (None, {"value": 3, "capped": False})
    assert page["items"][0]["link"] == "/cases/2"


def test_pages_follow_each_other_without_gap_or_repeat(anna: User) -> None:
    told(anna, 7)
    browser, cursor, numbers = Browser(anna), None, []
    while True:
        page = browser.get("/notices", limit=3, **({"after": cursor} if cursor else {})).json()
        numbers += [notice["params"]["number"] for notice in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert numbers == [6, 5, 4, 3, 2, 1, 0]


def test_the_list_costs_the_same_however_long(anna: User, django_assert_num_queries) -> None:
    me = actor(anna)
    for count in (1, 30):
        told(anna, count)
        with django_assert_num_queries(2):
            queries.notice_page(me)
            queries.unread_count(me)


def test_a_notice_is_read_once(anna: User) -> None:
    told(anna, 2)
    browser = Browser(anna)
    notice = Notice.objects.latest("id")
    assert browser.post(f"/notices/{notice.pk}/read").status_code == 204
    notice.refresh_from_db()
    first = notice.read_at
    assert first is not None
    assert browser.post(f"/notices/{notice.pk}/read").status_code == 204
    notice.refresh_from_db()
    assert notice.read_at == first
    assert browser.get("/notices").json()["unread"]["value"] == 1
    unread = browser.get("/notices", unread="true").json()["items"]
    assert [item["params"]["number"] for item in unread] == [0]
    assert OutboxEvent.objects.filter(type="notice.read").count() == 1


def test_all_notices_are_read_at_once(anna: User) -> None:
    told(anna, 3)
    told(person("bert"), 1)
    browser = Browser(anna)
    assert browser.post("/notices/read-all").status_code == 204
    assert browser.get("/notices").json()["unread"]["value"] == 0
    assert Notice.objects.filter(read_at__isnull=True).count() == 1
    assert browser.post("/notices/read-all").status_code == 204
    assert OutboxEvent.objects.filter(type="notice.read").count() == 1


def test_nobody_reads_the_notices_of_others(anna: User) -> None:
    told(anna)
    bert = Browser(person("bert"))
    answer = bert.post(f"/notices/{Notice.objects.get().pk}/read")
    assert (answer.status_code, answer.json()["code"]) == (404, "notice_not_found")
    assert Notice.objects.get().read_at is None
    assert bert.get("/notices").json()["items"] == []


@pytest.mark.parametrize("path", ["/notices", "/notices?unread=true"])
def test_who_is_not_signed_in_sees_nothing(path: str) -> None:
    assert Browser().get(path).status_code == 401
    assert Browser().post("/notices/read-all").status_code == 401


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"limit": 0}, 422),
        ({"limit": 201}, 422),
        ({"after": "%%%"}, 422),
        ({"after": "bnVsbA"}, 422),
        ({"limit": 200}, 200),
    ],
)
def test_bad_pages_are_named(anna: User, query: dict[str, object], status: int) -> None:
    assert Browser(anna).get("/notices", **query).status_code == status


@pytest.mark.parametrize("number", ["999999999", "99999999999999999999999999"])
def test_a_notice_that_is_not_there_is_not_found(anna: User, number: str) -> None:
    assert Browser(anna).post(f"/notices/{number}/read").status_code == 404


def test_the_system_has_no_notices() -> None:
    worker = system("worker")
    assert queries.notice_page(worker).items == []
    assert actions.read_all(worker) == 0
    with pytest.raises(NotFound):
        actions.read(worker, 1)


def test_a_person_who_does_not_exist_cannot_be_told() -> None:
    actions.notify([uuid7()], kind="x.y")
    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_many_are_told_many_things_in_few_statements(
    anna: User, django_assert_max_num_queries: object
) -> None:
    bob = person("bob")
    both, her = frozenset({anna.pk, bob.pk}), frozenset({anna.pk})
    words = [actions.Word(both, "lamp.lit", {"lamp": "“灯”", "n": n}, f"/lamps/{n}") for n in range(100)]
    words += [actions.Word(her, "lamp.out", {}), actions.Word(frozenset(), "lamp.lit", {})]
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert actions.notify_many(words) == 201
    assert actions.notify_many([]) == 0
    assert Notice.objects.filter(user=bob, params__lamp="“灯”").count() == 100
    notice = Notice.objects.filter(user=anna, kind="lamp.lit", link="/lamps/7").get()
    assert (notice.params, notice.read_at) == ({"lamp": "“灯”", "n": 7}, None)
    events = OutboxEvent.objects.filter(type="notice.created").order_by("pk")
    assert [(row.payload["kind"], len(row.audience["user_ids"])) for row in events] == [
        ("lamp.lit", 2),
        ("lamp.out", 1),
    ]
