"""Likeness: symmetric, monotone, bounded; metres as the ellipsoid has them."""

import math
import random

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from yiwang.operations.duplicates import rules
from yiwang.operations.duplicates.rules import Policy, Report, Sameness

TEXTS = st.text(st.sampled_from("井盖破损垃圾路灯不亮，a1B2 。"), max_size=30)
POLICIES = st.builds(
    Policy,
    radius_m=st.integers(1, 2000),
    days=st.integers(1, 365),
    words_min=st.floats(0, 1),
    same_class=st.sampled_from(Sameness),
)
NEAR = st.floats(-0.01, 0.01)
HOURS = st.floats(-10_000, 10_000)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    kind = draw(st.sampled_from(["event", "component"]))
    major = f"{kind}.{draw(st.sampled_from(['01', '02']))}"
    return Report(
        category=f"{major}-{draw(st.sampled_from('xy'))}",
        major=major,
        lon=114.8 + draw(NEAR),
        lat=30.8 + draw(NEAR),
        words=rules.words_of(draw(TEXTS)),
    )


@given(reports(), reports(), HOURS, POLICIES)
def test_it_does_not_matter_which_comes_first(a: Report, b: Report, hours: float, policy: Policy) -> None:
    one, other = rules.likeness(a, b, hours, policy), rules.likeness(b, a, -hours, policy)
    assert one == other
    assert rules.is_proposed(one, policy, is_open=True) == rules.is_proposed(other, policy, is_open=True)


@given(reports(), reports(), HOURS, POLICIES)
def test_every_score_lies_between_0_and_1(a: Report, b: Report, hours: float, policy: Policy) -> None:
    found = rules.likeness(a, b, hours, policy)
    assert 0 <= found.score <= 1
    assert 0 <= found.words_score <= 1
    assert found.distance_m >= 0
    assert found.hours_apart >= 0


@given(reports(), POLICIES)
def test_nothing_is_liker_than_the_same(a: Report, policy: Policy) -> None:
    found = rules.likeness(a, a, 0, policy)
    assert found.same_class is Sameness.MINOR
    assert found.score == pytest.approx(1.0 if a.words else 1 - rules.WORDS_WEIGHT)


@given(reports(), reports(), HOURS, st.floats(0, 1000), st.floats(0, 1), POLICIES)
def test_nearer_or_sooner_is_never_less_alike(
    a: Report, b: Report, hours: float, later: float, share: float, policy: Policy
) -> None:
    here = rules.likeness(a, b, hours, policy)
    after = rules.likeness(a, b, abs(hours) + later, policy)
    assert after.score <= here.score + 1e-9
    closer = Report(
        b.category, b.major, a.lon + (b.lon - a.lon) * share, a.lat + (b.lat - a.lat) * share, b.words
    )
    nearer = rules.likeness(a, closer, hours, policy)
    assert nearer.score >= here.score - 1e-6
    if rules.is_proposed(after, policy, is_open=False):
        assert rules.is_proposed(here, policy, is_open=False)


@given(reports(), reports(), HOURS, POLICIES)
def test_a_closer_class_or_more_words_are_never_less_alike(
    a: Report, b: Report, hours: float, policy: Policy
) -> None:
    here = rules.likeness(a, b, hours, policy)
    same_major = Report("other", a.major, b.lon, b.lat, b.words)
    same_minor = Report(a.category, a.major, b.lon, b.lat, b.words)
    same_words = Report(b.category, b.major, b.lon, b.lat, a.words)
    assert rules.likeness(a, same_minor, hours, policy).score >= here.score - 1e-9
    if here.same_class is not Sameness.MINOR:
        assert rules.likeness(a, same_major, hours, policy).score >= here.score - 1e-9
    assert rules.likeness(a, same_words, hours, policy).score >= here.score - 1e-9


@given(reports(), reports(), HOURS, POLICIES)
def test_a_wider_policy_proposes_all_that_a_narrow_one_does(
    a: Report, b: Report, hours: float, policy: Policy
) -> None:
    # Still asking for words where it did: without them the same minor class would have to do.
    wider = Policy(policy.radius_m + 10, policy.days + 1, policy.words_min / 2, Sameness.ANY)
    if rules.is_proposed(rules.likeness(a, b, hours, policy), policy, is_open=False):
        assert rules.is_proposed(rules.likeness(a, b, hours, wider), wider, is_open=False)


@pytest.mark.django_db
def test_metres_are_those_of_the_ellipsoid() -> None:
    chance = random.Random(1)
    pairs = []
    for _ in range(500):
        lon, lat = chance.uniform(73, 135), chance.uniform(18, 53)
        pairs.append((lon, lat, lon + chance.uniform(-0.02, 0.02), lat + chance.uniform(-0.02, 0.02)))
    with connection.cursor() as cursor:
        cursor.execute(
            "select st_distance(st_point(a, b)::geography, st_point(c, d)::geography)"
            " from unnest(%s::float8[], %s::float8[], %s::float8[], %s::float8[]) as t(a, b, c, d)",
            [list(column) for column in zip(*pairs, strict=True)],
        )
        metres = [row[0] for row in cursor.fetchall()]
    ours = [rules.metres_between(at(a, b), at(c, d)) for a, b, c, d in pairs]
    assert ours == pytest.approx(metres, rel=2e-6, abs=1e-6)


@given(
    st.floats(73, 135),
    st.floats(-80, 80),
    st.integers(1, 2000),
    st.floats(-0.03, 0.03),
    st.floats(-0.03, 0.03),
)
def test_the_box_holds_every_point_of_the_circle(
    lon: float, lat: float, radius: int, east: float, north: float
) -> None:
    west, south, right, top = rules.box_around(lon, lat, radius)
    there = at(lon + east, lat + north)
    if rules.metres_between(at(lon, lat), there) <= radius:
        assert west <= there.lon <= right
        assert south <= there.lat <= top
    assert (top - south) * 111_000 < 2.2 * radius


def at(lon: float, lat: float) -> Report:
    return Report("x", "x", lon, lat, frozenset())


@pytest.mark.parametrize(
    ("category", "words", "proposed"),
    [("x", "", True), ("y", "", False), ("x", "垃圾", True), ("y", "垃圾", True), ("x", "路灯", False)],
)
def test_who_says_nothing_yet_is_compared_by_class(category: str, words: str, proposed: bool) -> None:
    policy = Policy(100, 7, 0.1, Sameness.MAJOR)
    there = Report("x", "event.01", 114.8, 30.8, rules.words_of("垃圾没人清"))
    here = Report(category, "event.01", 114.8, 30.8, rules.words_of(words))
    assert rules.is_proposed(rules.likeness(here, there, 1, policy), policy, is_open=False) == proposed


def test_who_has_no_words_in_common_scores_nothing() -> None:
    assert rules.words_score(rules.words_of("井盖破损"), rules.words_of("路灯不亮")) == 0
    assert rules.words_score(frozenset(), rules.words_of("路灯")) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("井盖破", {"井盖", "盖破"}),
        ("Ｋ３路", {"k", "3", "路"}),
        ("投诉，垃圾", {"垃圾"}),
        ("灯。亮", {"灯", "亮"}),
        ("", set()),
    ],
)
def test_words(text: str, words: set[str]) -> None:
    assert rules.words_of(text) == words


@given(TEXTS, TEXTS)
def test_common_words_stand_in_both(one: str, other: str) -> None:
    for word in rules.common_words(one, other):
        assert word in one.lower()
        assert rules.words_of(word) <= rules.words_of(other) | rules.words_of(one)


def test_common_words_are_put_together() -> None:
    assert rules.common_words("人行道井盖破损，3天没人修", "井盖破损 3 处") == ("井盖破损", "3")


@given(TEXTS, TEXTS)
def test_the_measure_is_the_cosine_of_the_sets(one: str, other: str) -> None:
    a, b = rules.words_of(one), rules.words_of(other)
    if a and b:
        assert rules.words_score(a, b) == pytest.approx(len(a & b) / math.sqrt(len(a) * len(b)))
