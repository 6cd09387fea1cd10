"""Leave and substitution: who may enter it, what a substitute carries, and when it ends."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core import clock
from yiwang.core.accounts import absences, queries
from yiwang.core.accounts.models import Absence, Assignment, Unit, User
from yiwang.core.accounts.rules import AbsenceReason, Days, check_days
from yiwang.core.accounts.tests.people import SYSTEM, Browser, actor, person, unit
from yiwang.core.audit.models import Entry
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused
from yiwang.core.events.models import OutboxEvent

TODAY = date(2026, 3, 2)
days = st.dates(date(2026, 1, 1), date(2026, 4, 1))


@given(days, days, days, days)
def test_days_meet_exactly_when_they_share_one(a: date, b: date, c: date, d: date) -> None:
    one, other = Days(min(a, b), max(a, b)), Days(min(c, d), max(c, d))
    shared = {one.first + timedelta(n) for n in range((one.last - one.first).days + 1)} & {
        other.first + timedelta(n) for n in range((other.last - other.first).days + 1)
    }
    assert one.meets(other) == other.meets(one) == bool(shared)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(0, -1, "ends_before_start"), (0, 400, "too_long"), (-31, 1, "too_late"), (-5, -1, "is_over")],
)
def test_days_that_cannot_be_are_refused(first: int, last: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_days(Days(TODAY + timedelta(first), TODAY + timedelta(last)), TODAY)
    assert refused.value.code == code


@pytest.fixture
def water(db: None) -> Unit:
    return unit("water", unit("root"))


@pytest.fixture
def ann(water: Unit) -> User:
    return person(
        "ann", "cases.view_case", "cases.handle_case", "accounts.manage_user", at=water, areas=["4201"]
    )


@pytest.fixture
def bob(water: Unit) -> User:
    return person("bob", "cases.view_case", at=water)


@pytest.fixture
def chief(water: Unit) -> User:
    return person("chief", "accounts.manage_absences", at=water)


def away(
    by: User, who: User | None = None, substitute: User | None = None, first: int = 0, last: int = 3
) -> Absence:
    today = clock.today()
    return absences.enter(
        actor(by),
        absences.NewAbsence(
            starts_on=today + timedelta(first),
            ends_on=today + timedelta(last),
            reason=AbsenceReason.LEAVE,
            user_id=who.pk if who else None,
            substitute_id=substitute.pk if substitute else None,
        ),
    )


def test_a_substitute_carries_what_the_absent_person_holds_marked_and_without_what_is_personal(
    ann: User, bob: User
) -> None:
    away(ann, substitute=bob)
    stand_in = actor(bob)
    own, lent = stand_in.assignments
    assert (own.on_behalf_of, own.title) == (None, "岗bob")
    assert lent.on_behalf_of is not None
    assert (lent.on_behalf_of.user_id, lent.on_behalf_of.name) == (ann.pk, "人ann")
    assert lent.title == "岗ann（代人ann）"
    assert (lent.areas, lent.unit_path) == (("4201",), Unit.objects.get(code="water").path)
    assert lent.permissions == {"cases.view_case", "cases.handle_case"}
    assert stand_in.acting_for("cases.handle_case") == lent.on_behalf_of
    assert stand_in.acting_for("cases.view_case") is None, "what one may oneself one does oneself"
    assert stand_in.acting_for("cases.view_case", lambda scope: "4201" in scope.areas) == lent.on_behalf_of
    assert not stand_in.without({ann.pk}).can("cases.handle_case")
    assert stand_in.without({bob.pk}) is stand_in
    assert stand_in.post == "岗bob"
    assert stand_in.at(lent).post == "岗ann（代人ann）"
    assert actor(ann).can("cases.handle_case"), "who is away may still work"


def crowd(like: Absence) -> None:
    """Two thousand more people, each with a post and away once: so few rows as a test has can be had in any order."""
    post = Assignment.objects.get(user_id=like.user_id)
    people = User.objects.bulk_create(
        User(username=f"p{n}", name=f"人{n}", created_at=like.entered_at) for n in range(2000)
    )
    fields = {"post_id": post.post_id, "role_id": post.role_id, "unit_id": post.unit_id, "areas": post.areas}
    Assignment.objects.bulk_create(
        Assignment(user=one, valid_from=post.valid_from, **fields) for one in people
    )
    Absence.objects.bulk_create(
        Absence(
            user=one,
            substitute=next_one,
            starts_on=like.starts_on,
            ends_on=like.ends_on,
            reason=like.reason,
            entered_by_name="试",
        )
        for one, next_one in pairwise(people)
    )


def test_authority_is_known_with_one_query_and_the_assignments_by_their_index(ann: User, bob: User) -> None:
    crowd(away(ann, substitute=bob))
    with connection.cursor() as cursor:
        cursor.execute("analyze accounts_user, accounts_assignment, accounts_absence")
    with CaptureQueriesContext(connection) as caught:
        actor(bob)
    assert len(caught) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"explain {caught[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "accounts_assignment_user" in plan, plan
    assert "accounts_absence_substitute" in plan, plan


def test_it_begins_and_ends_with_its_days_and_with_its_cancelling(ann: User, bob: User) -> None:
    row = away(ann, substitute=bob, first=1, last=2)
    for day, carries in ((0, False), (1, True), (2, True), (3, False)):
        with clock.frozen(clock.now() + timedelta(days=day)):
            assert actor(bob).can("cases.handle_case") == carries, day
    with clock.frozen(clock.now() + timedelta(days=1)):
        absences.cancel(actor(ann), row.pk)
        assert not actor(bob).can("cases.handle_case")
        with pytest.raises(Conflict):
            absences.cancel(actor(ann), row.pk)


def test_a_substitution_is_not_handed_on(ann: User, bob: User, water: Unit) -> None:
    carla = person("carla", at=water)
    away(ann, substitute=bob)
    away(bob, substitute=carla)
    assert actor(carla).can("cases.view_case")
    assert not actor(carla).can("cases.handle_case")


def test_nothing_is_carried_for_a_closed_account(ann: User, bob: User) -> None:
    away(ann, substitute=bob)
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert not actor(bob).can("cases.handle_case")


def test_who_is_told_includes_the_substitute_and_leaves_out_the_absent(
    ann: User, bob: User, water: Unit
) -> None:
    dora = person("dora", "cases.handle_case", at=water)
    told = queries.holders("cases.handle_case", unit_path=water.path)
    assert set(told) == {ann, dora}
    away(ann, substitute=bob)
    assert set(queries.holders("cases.handle_case", unit_path=water.path)) == {bob, dora}
    assert set(queries.holders("accounts.manage_user")) == {ann}, "what is personal stays with the person"
    away(dora)
    assert dora in queries.holders("cases.handle_case"), "without a substitute nobody else would hear"


def test_one_enters_ones_own_with_a_colleague_and_nobody_else(ann: User, bob: User) -> None:
    stranger = person("stranger", at=unit("roads", unit("root")))
    with pytest.raises(Invalid, match="substitute_elsewhere"):
        away(ann, substitute=stranger)
    with pytest.raises(Refused, match="not_your_people"):
        away(bob, who=ann)
    with pytest.raises(Invalid, match="own_substitute"):
        away(ann, substitute=ann)


def test_a_manager_enters_for_the_unit_below_and_for_no_other(ann: User, bob: User, chief: User) -> None:
    stranger = person("stranger", at=unit("roads", unit("root")))
    row = away(chief, who=ann, substitute=bob)
    assert row.entered_by_name == "人chief"
    with pytest.raises(Refused, match="not_your_people"):
        away(chief, who=stranger)
    absences.cancel(actor(chief), row.pk)
    with pytest.raises(Refused, match="not_your_absence"):
        absences.cancel(actor(bob), away(chief, who=ann, substitute=bob).pk)


def test_a_substitute_of_the_manager_cannot_enter_absences(ann: User, bob: User, chief: User) -> None:
    away(chief, substitute=bob)
    with pytest.raises(Refused, match="not_your_people"):
        away(bob, who=ann, substitute=bob)


def test_absences_of_one_person_do_not_overlap_and_a_substitute_is_there(ann: User, bob: User) -> None:
    away(bob, first=2, last=4)
    with pytest.raises(Conflict, match="substitute_away"):
        away(ann, substitute=bob, first=0, last=2)
    away(ann, substitute=bob, first=0, last=1)
    with pytest.raises(Conflict, match="already_away"):
        away(ann, first=1, last=5)


def test_the_record_names_who_and_when_but_not_why(ann: User, bob: User) -> None:
    row = away(ann, substitute=bob)
    entry = Entry.objects.get(action="accounts.enter_absence")
    assert entry.after["substitute"] == str(bob.pk)
    assert "leave" not in str(entry.after)
    absences.cancel(actor(ann), row.pk)
    assert Entry.objects.filter(action="accounts.cancel_absence", object_id=str(row.pk)).exists()


def test_browsers_hear_that_authority_changed(ann: User, bob: User) -> None:
    def told() -> list[Any]:
        rows = OutboxEvent.objects.filter(type="account.authority_changed").order_by("pk")
        return [row.payload["user_id"] for row in rows]

    row = away(ann, substitute=bob, first=1, last=1)
    assert told() == [], "not yet"
    assert absences.announce_the_day(row.starts_on) == 1
    assert told() == [str(bob.pk)]
    assert absences.announce_the_day(row.ends_on + timedelta(1)) == 1
    away(ann, substitute=bob, first=0, last=0)
    assert set(told()[2:]) == {str(ann.pk), str(bob.pk)}


def test_over_http(ann: User, bob: User, chief: User) -> None:
    browser, today = Browser(ann), clock.today()
    body = {"starts_on": today.isoformat(), "ends_on": today.isoformat(), "reason": "sick", "note": "发烧"}
    made = browser.post("/absences", {**body, "substitute_id": str(bob.pk)})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["state"], told["reason"], told["may_cancel"]) == ("running", "sick", True)
    other = Browser(bob)
    [seen] = other.get("/absences").json()["items"]
    assert (seen["person"]["name"], seen["reason"], seen["note"], seen["may_cancel"]) == (
        "人ann",
        None,
        None,
        False,
    )
    posts = other.get("/session").json()["posts"]
    assert [post["on_behalf_of"] for post in posts] == [None, {"id": str(ann.pk), "name": "人ann"}]
    assert "cases.handle_case" in other.get("/session").json()["permissions"]
    assert other.delete(f"/absences/{told['id']}").status_code == 403
    assert [row["reason"] for row in Browser(chief).get("/absences").json()["items"]] == ["sick"]
    assert browser.delete(f"/absences/{told['id']}").status_code == 204
    assert "cases.handle_case" not in other.get("/session").json()["permissions"]
    assert browser.get("/absences").json()["items"] == []
    assert [row["state"] for row in browser.get("/absences", open="false").json()["items"]] == ["cancelled"]
    wrong = browser.post("/absences", {**body, "ends_on": "2020-01-01"})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["field"]) == (
        422,
        "ends_before_start",
        "ends_on",
    )


def test_a_stranger_sees_nothing_of_it(ann: User, bob: User) -> None:
    row = away(ann, substitute=bob)
    stranger = person("stranger", "accounts.manage_absences", at=unit("roads", unit("root")))
    assert Browser(stranger).get("/absences", open="false").json()["items"] == []
    with pytest.raises(NotFound):
        absences.cancel(actor(stranger), row.pk)


def test_people_are_colleagues_and_those_managed(ann: User, bob: User, chief: User) -> None:
    stranger = person("stranger", at=unit("roads", unit("root")))
    away(ann, substitute=bob)
    names = [row["username"] for row in Browser(bob).get("/people").json()["items"]]
    assert names == ["ann", "bob", "chief"]
    [found] = Browser(bob).get("/people", q="人ann").json()["items"]
    assert found["away_until"] == (clock.today() + timedelta(3)).isoformat()
    assert found["posts"] == [{"name": "岗ann", "unit": "water", "unit_id": found["posts"][0]["unit_id"]}]
    assert [row["username"] for row in Browser(stranger).get("/people").json()["items"]] == ["stranger"]


def test_lists_cost_the_same_for_one_and_for_many(ann: User, bob: User, chief: User, water: Unit) -> None:
    browser = Browser(chief)

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(path).status_code == 200
        return len(caught)

    away(ann, substitute=bob)
    few = cost("/absences"), cost("/people")
    post = Assignment.objects.get(user=bob).post
    for number in range(6):
        one = person(f"many{number}", at=water)
        Assignment.objects.filter(user=one).update(post=post)
        absences.enter(
            SYSTEM,
            absences.NewAbsence(clock.today(), clock.today(), AbsenceReason.TRIP, one.pk, bob.pk),
        )
    assert (cost("/absences"), cost("/people")) == few


def test_nobody_gives_themselves_anothers_authority(ann: User, bob: User, chief: User) -> None:
    with pytest.raises(Refused, match="not_to_yourself"):
        away(chief, ann, substitute=chief)
    away(ann, substitute=chief)
    assert actor(chief).can("cases.handle_case"), "what the absent person wants"


def test_who_manages_one_of_somebodys_posts_hands_on_none_of_the_others(
    ann: User, bob: User, chief: User, water: Unit
) -> None:
    post = person("high", "cases.force_close", at=unit("office", Unit.objects.get(code="root")))
    Assignment.objects.filter(user=post).update(user=ann)
    with pytest.raises(Refused, match="posts_elsewhere"):
        away(chief, ann, substitute=bob)
    assert away(chief, ann).substitute_id is None
    assert not actor(bob).can("cases.force_close")
