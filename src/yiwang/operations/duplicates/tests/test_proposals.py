"""What is proposed: near, lately or still open, of the class asked for, and only what one may open."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, actor
from yiwang.core.actor import Actor
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests.district import CATEGORY, HERE, District, Walk
from yiwang.operations.duplicates import actions, policies, queries
from yiwang.operations.duplicates.queries import NewReport
from yiwang.operations.duplicates.rules import Policy, Sameness

A_METRE = 1 / 111_000
LOOSE = Policy(100, 7, 0.0, Sameness.ANY)


def report(**changes: object) -> NewReport:
    new = {"category": CATEGORY, "lon": HERE[0], "lat": HERE[1], "description": "路口的暴露垃圾没人清"}
    return NewReport(**{**new, **changes})  # type: ignore[arg-type]


def found(who: Actor, **changes: object) -> list[Case]:
    return [item.case for item in queries.similar_to_report(who, report(**changes)).items]


def moved(case: Case, metres_north: float = 0.0, **changes: object) -> Case:
    """The case as if it were elsewhere, or something else."""
    Case.objects.filter(pk=case.pk).update(
        location=Point(HERE[0], HERE[1] + metres_north * A_METRE, srid=4326), **changes
    )
    case.refresh_from_db()
    return case


def test_the_likest_comes_first_with_its_reasons(district: District) -> None:
    far = moved(Walk(district).case, 60)
    near = moved(Walk(district).case, 10)
    answer = Browser(district.acceptor).post(
        "/duplicates/similar",
        {"category": CATEGORY, "lon": HERE[0], "lat": HERE[1], "description": "路口的暴露垃圾没人清"},
    )
    assert answer.status_code == 200
    body = answer.json()
    assert [item["case"]["id"] for item in body["items"]] == [str(near.pk), str(far.pk)]
    first = body["items"][0]
    assert first["distance_m"] == pytest.approx(10, abs=0.2)
    assert first["score"] > body["items"][1]["score"] > 0
    assert [reason["code"] for reason in first["reasons"]] == ["class", "place", "time", "words"]
    assert first["reasons"][0]["label"]["zh"].startswith("同一小类：")
    assert first["common_words"] == ["暴露垃圾", "路口"]
    assert (first["case"]["number"], first["case"]["version"]) == (near.number, near.version)
    assert (body["hidden"], body["policy"]["radius_m"]) == (0, 100)


def test_too_far_is_not_proposed(district: District) -> None:
    moved(Walk(district).case, 101)
    assert found(district.actor("acceptor")) == []


def test_an_open_case_is_never_too_old_a_closed_one_is(district: District) -> None:
    me, long_ago = district.actor("acceptor"), clock.now() - timedelta(days=8)
    running = moved(Walk(district).case, occurred_at=long_ago, reported_at=long_ago)
    done = moved(Walk(district).to("closed").case)
    assert set(found(me)) == {running, done}
    moved(done, occurred_at=long_ago, reported_at=long_ago)
    assert found(me) == [running]


@pytest.mark.parametrize("group", ["refused", "merged"])
def test_what_cannot_be_bound_to_is_not_proposed(district: District, group: str) -> None:
    main = moved(Walk(district).case, 500)
    case = Walk(district).case
    ends = {"due_at": None, "warn_at": None, "suspended_until": None, "ended_at": clock.now()}
    moved(case, group=group, main_case=main if group == "merged" else None, **ends)
    assert found(district.actor("acceptor")) == []


def test_the_class_is_as_close_as_the_policy_asks(district: District) -> None:
    me, system = district.actor("acceptor"), district.actor("shift")
    case = Walk(district).case
    category = case.category
    others = type(category).objects.filter(kind=category.kind, version=0).exclude(key=category.key)
    near = others.filter(major_code=category.major_code)[0]
    other = others.exclude(major_code=category.major_code)[0]
    for sameness, cases in (("minor", 1), ("major", 2), ("any", 3)):
        policy = Policy(100, 7, 0.0, Sameness(sameness))
        version = policies.policy_for(CATEGORY).version
        actions.change_policy(system, CATEGORY, policy, expected_version=version)
        for kind in (near, other):
            moved(Walk(district).case, category=kind)
        assert {one.category for one in found(me)} == {category, near, other} - (
            {near, other} if cases == 1 else {other} if cases == 2 else set()
        )
        Case.objects.exclude(pk=case.pk).update(location=Point(114.9, 30.85, srid=4326))


def test_words_are_asked_for(district: District) -> None:
    me = district.actor("acceptor")
    Walk(district)
    assert found(me, description="有人占道打牌") == []
    assert len(found(me)) == 1
    assert len(found(me, description="")) == 1


def test_a_disabled_policy_proposes_nothing(district: District, django_assert_num_queries) -> None:
    me = district.actor("acceptor")
    Walk(district)
    off = Policy(100, 7, 0.0, Sameness.ANY, enabled=False)
    actions.change_policy(district.actor("shift"), "event", off, expected_version=0)
    found_now = queries.similar_to_report(me, report())
    assert (found_now.items, found_now.hidden, found_now.policy) == ((), 0, off)


def test_one_is_told_how_many_one_may_not_open(district: District) -> None:
    case = Walk(district).case
    moved(Walk(district).case, 5)
    other = district.actor("other_collector")
    similar = queries.similar_to_report(other, report())
    assert (list(similar.items), similar.hidden) == ([], 2)
    assert queries.similar_to_report(district.actor("collector"), report()).hidden == 0
    browser = Browser(district.other_collector)
    assert browser.get(f"/cases/{case.pk}/duplicates").status_code == 404


def test_what_one_may_not_open_does_not_crowd_out_the_rest(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_SHOWN", 2)
    for metres in (1, 2, 3):
        moved(Walk(district).case, metres)
    mine = [moved(Walk(district).case, metres, area_code="420117002001001") for metres in (40, 50, 60)]
    similar = queries.similar_to_report(district.actor("other_collector"), report())
    assert [item.case for item in similar.items] == mine[:2]
    assert similar.hidden == 3
    assert len(queries.similar_to_report(district.actor("acceptor"), report()).items) == 2


def test_a_case_is_not_its_own_duplicate(district: District) -> None:
    first, second = Walk(district).case, Walk(district).case
    answer = Browser(district.dispatcher).get(f"/cases/{first.pk}/duplicates").json()
    assert [item["case"]["id"] for item in answer["items"]] == [str(second.pk)]
    assert found(district.actor("acceptor"), left_out=first.pk) == [second]


def test_it_costs_the_same_however_many(district: District, django_assert_max_num_queries) -> None:
    Walk(district)
    who = actor(district.acceptor)
    for _ in range(2):
        # Class, policy, candidates, the district, cases, photos.
        with django_assert_max_num_queries(6):
            assert queries.similar_to_report(who, report()).items
        for _ in range(4):
            Walk(district)


def test_what_cannot_be_compared_is_named(district: District) -> None:
    browser = Browser(district.acceptor)
    for changes, status in (
        ({"category": "event.no_such_thing"}, 422),
        ({"category": "Event!"}, 422),
        ({"lon": 181}, 422),
        ({"lat": 90}, 422),
        ({"description": "x" * 2001}, 422),
        ({"description": ""}, 200),
        ({"occurred_at": "2026-11-22T12:00:00"}, 422),
        ({"occurred_at": "2026-11-22T12:00:00+08:00"}, 200),
        ({"occurred_at": "9999-12-31T23:59:59Z"}, 422),
        ({"occurred_at": "0001-01-01T00:00:00+08:00"}, 422),
    ):
        body = {"category": CATEGORY, "lon": HERE[0], "lat": HERE[1], "description": "垃圾", **changes}
        assert browser.post("/duplicates/similar", body).status_code == status, changes


def test_who_may_not_see_cases_asks_in_vain(district: District) -> None:
    from yiwang.core.accounts.tests.people import person

    body = {"category": CATEGORY, "lon": HERE[0], "lat": HERE[1]}
    assert Browser(person("nobody")).post("/duplicates/similar", body).status_code == 403
    assert Browser().post("/duplicates/similar", body).status_code == 401


# Copies of the one case that is there, all over the district and the last two years.
CROWD = """
insert into cases_case ({names}) select {values} from cases_case, generate_series(1, 2000) as n
"""
OWN = {
    "id": "gen_random_uuid()",
    "number": "'c' || n",
    "location": "st_setsrid(st_makepoint(114.7 + random() * 0.3, 30.8 + random() * 0.1), 4326)",
    "reported_at": "reported_at - n * interval '9 hours'",
}


def test_places_are_looked_up_in_the_indexes_made_for_it(district: District) -> None:
    Walk(district)
    columns = [f.column for f in Case._meta.concrete_fields if not f.generated]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(OWN.get(name, f'"{name}"') for name in columns)
    wanted = queries.Wanted(policies.known_class(CATEGORY), *HERE, "垃圾", clock.now())
    with connection.cursor() as cursor:
        cursor.execute("select indexdef from pg_indexes where indexname = 'cases_open_by_place'")
        assert "WHERE" in cursor.fetchone()[0]
        cursor.execute(CROWD.format(names=names, values=values))
        cursor.execute("analyze cases_case")
    assert "_by_place" in queries.candidates(wanted, LOOSE).explain()
