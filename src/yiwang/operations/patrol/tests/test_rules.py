"""The rules of patrols: frequency, drawing, tasks of a day, check-ins and coverage, who suits a call."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.actor import Scope
from yiwang.core.errors import Conflict
from yiwang.operations.patrol.rules import reach, sampling, states
from yiwang.operations.patrol.rules.drafting import Place, Scheme, Window, drafts
from yiwang.operations.patrol.rules.frequency import Frequency, Per, times_on
from yiwang.operations.patrol.rules.presence import CheckIn, Step, check_in, distance_m, length_m, walked
from yiwang.operations.patrol.rules.states import MOVES, State
from yiwang.operations.patrol.rules.suitable import Candidate, ranked
from yiwang.operations.patrol.rules.teams import in_place_of

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
TIMES = st.integers(0, 12)
WEEKDAYS = st.frozensets(st.integers(1, 7), min_size=1)
PHASES = st.integers(0, 2**32 - 1)
MONDAY = date(2026, 11, 23)


@given(TIMES, DAYS, WEEKDAYS, PHASES)
def test_a_week_has_exactly_its_visits_spread_evenly(
    times: int, day: date, weekdays: frozenset[int], phase: int
) -> None:
    monday = day - timedelta(days=day.weekday())
    week = [
        times_on(Frequency(times, Per.WEEK), monday + timedelta(days=n), weekdays=weekdays, phase=phase)
        for n in range(7)
    ]
    assert sum(week) == times
    worked = [week[n - 1] for n in weekdays]
    assert max(worked) - min(worked) <= 1
    assert all(count == 0 for n, count in enumerate(week, start=1) if n not in weekdays)


@given(TIMES, DAYS, WEEKDAYS, PHASES)
def test_a_month_has_exactly_its_visits(times: int, day: date, weekdays: frozenset[int], phase: int) -> None:
    days = [day.replace(day=n) for n in range(1, monthrange(day.year, day.month)[1] + 1)]
    often = Frequency(times, Per.MONTH)
    assert sum(times_on(often, one, weekdays=weekdays, phase=phase) for one in days) == times


@given(st.integers(1, 92), DAYS, WEEKDAYS, PHASES)
def test_every_so_many_working_days_there_is_one(
    every: int, day: date, weekdays: frozenset[int], phase: int
) -> None:
    often = Frequency(1, Per.DAYS, every)
    ahead = (day + timedelta(days=n) for n in range(7 * (every + 1)))
    working = [one for one in ahead if one.isoweekday() in weekdays][:every]
    assert sum(times_on(often, one, weekdays=weekdays, phase=phase) for one in working) == 1


KEYS = st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from("ABC")), unique_by=lambda one: one[0])


@given(KEYS, st.integers(0, 60), st.integers(0, sampling.MOST_SEED))
def test_a_sample_is_the_same_for_everybody_and_in_proportion(
    keys: list[tuple[int, str]], size: int, seed: int
) -> None:
    people = [sampling.Member(str(key), stratum) for key, stratum in keys]
    drawn = sampling.draw(people, size, seed)
    assert drawn == sampling.draw(reversed(people), size, seed)
    assert len(drawn) == len(set(drawn)) == min(size, len(people))
    stratum_of = {member.key: member.stratum for member in people}
    for stratum in set(stratum_of.values()):
        there = sum(1 for one in stratum_of.values() if one == stratum)
        got = sum(1 for one in drawn if stratum_of[one] == stratum)
        exact = Fraction(there * len(drawn), len(people))
        # A small stratum that would round to nothing gets one, which some other one gives.
        assert got <= there
        assert abs(got - exact) < len(set(stratum_of.values()))


@given(st.lists(st.integers(0, 10_000), unique=True), st.integers(0, 60), st.integers(0, 2**40))
def test_a_larger_sample_holds_the_smaller_one(keys: list[int], size: int, seed: int) -> None:
    people = [sampling.Member(str(key)) for key in keys]
    assert sampling.draw(people, size + 1, seed)[: min(size, len(people))] == sampling.draw(
        people, size, seed
    )


@given(st.integers(1, 100), st.integers(0, 5000))
def test_a_share_of_something_is_something(percent: int, population: int) -> None:
    size = sampling.size_of(percent, population)
    assert 0 <= size <= population
    assert (size > 0) == (population > 0)
    assert Fraction(population * percent, 100) <= size < Fraction(population * percent, 100) + 1


@given(st.lists(st.text(max_size=3)), st.integers(1, 9))
def test_shares_among_teams_differ_by_one_at_most(keys: list[str], among: int) -> None:
    runs = sampling.split(keys, among)
    assert [key for run in runs for key in run] == keys
    assert max(map(len, runs)) - min(map(len, runs)) <= 1


DAY, NIGHT = Window(time(8), time(12)), Window(time(14), time(18))
PLACES = st.lists(
    st.builds(
        Place, st.uuids(), st.sampled_from("ABC"), st.sampled_from(["", "g1", "g2", "g3"]), st.integers(0, 9)
    ),
    unique_by=lambda one: one.id,
    max_size=25,
)
ANNA, BEN = UUID(int=1), UUID(int=2)


def scheme(**changes: object) -> Scheme:
    values = {
        "frequency": {"A": Frequency(2), "B": Frequency(1), "C": Frequency(2, Per.WEEK)},
        "windows": (DAY, NIGHT),
        "weekdays": frozenset(range(1, 8)),
        "people": (),
        "percent": 100,
        "seed": 7,
        "starts_on": date(2024, 1, 1),
        "ends_on": None,
    }
    return Scheme(**{**values, **changes})  # type: ignore[arg-type]


@given(PLACES, DAYS, st.sampled_from([100, 30]))
def test_tasks_of_a_day_are_the_same_however_often_and_in_whatever_order(
    places: list[Place], day: date, percent: int
) -> None:
    plan, known = scheme(percent=percent), {place.id: place for place in places}
    made = drafts(plan, places, day, {("g1", 0): ANNA})
    assert made == drafts(plan, reversed(places), day, {("g1", 0): ANNA})
    assert len({draft.key for draft in made}) == len(made)
    for draft in made:
        assert draft.places
        assert (draft.person == ANNA) == (draft.grid == "g1" and draft.window is DAY)
        assert draft.grid or {known[one].grid for one in draft.places} == {""}


@given(PLACES, DAYS)
def test_each_place_is_visited_as_often_as_its_grade_says(places: list[Place], day: date) -> None:
    visits = [place for draft in drafts(scheme(), places, day, {}) for place in draft.places]
    monday = day - timedelta(days=day.weekday())
    for place in places:
        if place.grade != "C":
            assert visits.count(place.id) == {"A": 2, "B": 1}[place.grade]
    week = [
        one
        for n in range(7)
        for draft in drafts(scheme(), places, monday + timedelta(days=n), {})
        for one in draft.places
    ]
    assert all(week.count(place.id) == 2 for place in places if place.grade == "C")


def test_a_plan_makes_nothing_outside_its_days_and_its_own_people_take_turns() -> None:
    places = [Place(UUID(int=n), "B", f"g{n}", n) for n in range(40)]
    assert drafts(scheme(ends_on=MONDAY), places, MONDAY + timedelta(days=1), {}) == []
    assert drafts(scheme(starts_on=MONDAY), places, MONDAY - timedelta(days=1), {}) == []
    made = drafts(scheme(people=(ANNA, BEN), windows=(DAY,)), places, MONDAY, {})
    assert [draft.person for draft in made] == [ANNA, BEN]  # all that is one person's is one task
    assert sorted(one for draft in made for one in draft.places) == [place.id for place in places]


LON, LAT = 114.8, 30.86
METRE = 1 / 111_195


def test_accuracy_counts_for_the_person_within_bounds() -> None:
    assert check_in(60, 50, 15).within
    assert not check_in(60, 50, 5).within
    assert not check_in(900, 50, 5000).within
    assert check_in(0, 0, -3).within


STREET = [(LON, LAT), (LON, LAT + 1000 * METRE)]


def trail(*north_m: float, east_m: float = 0.0, every_s: float = 30.0) -> list[Step]:
    return [Step(n * every_s, LON + east_m * METRE, LAT + m * METRE) for n, m in enumerate(north_m)]


def test_a_street_that_is_walked_whole_is_covered_whole() -> None:
    [found] = walked([STREET], [trail(*range(0, 1001, 100))], 20)
    assert found.share == pytest.approx(1)
    assert found.length_m == pytest.approx(length_m(STREET), rel=1e-3) == pytest.approx(1000, rel=1e-3)


def test_walking_beside_it_is_not_walking_it_and_a_gap_is_not_bridged() -> None:
    assert walked([STREET], [trail(*range(0, 1001, 100), east_m=60)], 20)[0].covered_m == 0
    with_gap = [*trail(0, 100, 200), Step(4000, LON, LAT + 1000 * METRE)]
    assert walked([STREET], [with_gap], 20)[0].covered_m == pytest.approx(240, abs=5)
    assert walked([STREET], [], 20)[0].share == 0


@given(st.lists(st.floats(0, 1000), max_size=12), st.floats(0, 1000), st.floats(5, 60))
def test_more_trail_and_a_greater_distance_never_cover_less(
    steps: list[float], further: float, near: float
) -> None:
    first = walked([STREET], [trail(*steps)], near)[0]
    assert 0 <= first.covered_m <= first.length_m + 1e-9
    assert walked([STREET], [trail(*steps, further)], near)[0].covered_m >= first.covered_m - 1e-6
    assert walked([STREET], [trail(*steps)], near + 10)[0].covered_m >= first.covered_m - 1e-6


@given(st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_distance_is_the_same_both_ways(east: float, north: float) -> None:
    there = distance_m(LON, LAT, LON + east, LAT + north)
    assert there == pytest.approx(distance_m(LON + east, LAT + north, LON, LAT))
    assert there >= 0


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        user_id=st.uuids(),
        on_duty=st.booleans(),
        skills=st.frozensets(st.sampled_from(["drain", "fire"])),
        open_tasks=st.integers(0, 9),
        distance_m=st.none() | st.floats(0, 20_000),
    ),
    unique_by=lambda one: one.user_id,
)


@given(CANDIDATES, st.sampled_from(["", "drain"]))
def test_the_ranking_needs_no_order_and_keeps_its_promises(people: list[Candidate], skill: str) -> None:
    found = ranked(people, skill=skill)
    assert found == ranked(reversed(people), skill=skill)
    assert {one.candidate.user_id for one in found} == {one.user_id for one in people}
    for one, after in pairwise(found):
        assert one.candidate.on_duty >= after.candidate.on_duty
        same = one.candidate.on_duty == after.candidate.on_duty
        if skill and same:
            assert (skill in one.candidate.skills) >= (skill in after.candidate.skills)
    assert all(one.reasons for one in found)


def test_near_and_idle_comes_before_nearer_and_busy() -> None:
    near = Candidate(ANNA, True, frozenset(), 4, 100.0)
    idle = Candidate(BEN, True, frozenset(), 0, 600.0)
    assert [one.candidate.user_id for one in ranked([near, idle])] == [BEN, ANNA]


def test_ended_tasks_move_by_late_news_only() -> None:
    for verb, moves in MOVES.items():
        for state in State:
            if state in moves:
                assert states.after(verb, state) is moves[state]
            else:
                with pytest.raises(Conflict, match="task_not_open"):
                    states.after(verb, state)
    assert {verb for verb, moves in MOVES.items() if State.DONE in moves or State.CANCELLED in moves} == set()


def test_what_happened_in_time_counts_late() -> None:
    end = datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert states.counts_late(end + timedelta(minutes=30), end, timedelta(minutes=30))
    assert not states.counts_late(end + timedelta(minutes=31), end, timedelta(minutes=30))


@given(st.sampled_from(["start", "work", "finish"]), st.sampled_from(list(State)), st.booleans())
def test_what_happened_before_the_end_moves_no_done_task(verb: str, state: State, closed: bool) -> None:
    kept = state is State.DONE or (closed and state is State.MISSED)
    if kept:
        assert states.on_site(verb, state, before_end=True, closed=closed) is state
    if kept or closed:
        with pytest.raises(Conflict, match="task_not_open"):
            states.on_site(verb, state, before_end=False, closed=closed)


CHECKS = st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 3))


@given(st.lists(CHECKS, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_check_in_that_stands_needs_no_order(checks: list[tuple[bool, int, int]], chance: Random) -> None:
    def standing(rows: list[tuple[bool, int, int]]) -> tuple[CheckIn, datetime]:
        kept: CheckIn | None = None
        kept_at: datetime | None = None
        for within, metres, minute in rows:
            one, at = CheckIn(float(metres), within), datetime(2026, 11, 23, 10, minute, tzinfo=UTC)
            if one.stands_before(at, kept, kept_at):
                kept, kept_at = one, at
        assert kept is not None
        assert kept_at is not None
        return kept, kept_at

    found = standing(checks)
    assert found[0].within == any(within for within, _, _ in checks)
    assert standing(chance.sample(checks, len(checks))) == found


@given(st.lists(st.integers(0, 5), unique=True), st.integers(0, 5), st.integers(6, 9))
def test_a_place_in_a_team_is_handed_over_and_no_other(team: list[int], giver: int, receiver: int) -> None:
    after = in_place_of(team, giver, receiver)
    assert receiver in after
    assert giver not in after
    assert [one for one in after if one != receiver] == [one for one in team if one != giver]


AREAS = st.lists(st.sampled_from(["420117", "420117001", "420117002", "420117001001"]), max_size=2)
PATHS = st.sampled_from(["1.", "1.2.", "1.2.3.", "1.4."])


@given(PATHS, AREAS, PATHS, AREAS, st.sampled_from(["420117", "420117001", "420117001001", "420117002"]))
def test_what_reaches_far_reaches_what_lies_within(
    path: str, areas: list[str], other: str, theirs: list[str], area: str
) -> None:
    scope = Scope("r", "p", 1, "u", path, tuple(areas), frozenset())
    if reach.holds_area(scope, area):
        assert reach.holds_area(scope, f"{area}001")
    if reach.holds_unit(scope, other, area):
        assert reach.holds_unit(scope, f"{other}7.", f"{area}001")
    if reach.holds_person(scope, other, theirs):
        assert reach.holds_person(scope, f"{other}7.", [f"{one}001" for one in theirs])
    assert reach.holds_person(scope, other, theirs) or not other.startswith(path)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=4), st.integers(0, 10))
def test_what_two_people_walked_is_what_each_walked(first: list[int], second: int) -> None:
    one, other = trail(*(100 * n for n in first)), trail(100 * second, 100 * second + 50)
    both = walked([STREET], [one, other], 20)[0].covered_m
    alone = [walked([STREET], [each], 20)[0].covered_m for each in (one, other)]
    assert max(alone) - 1e-6 <= both <= sum(alone) + 1e-6
    assert both == pytest.approx(walked([STREET], [other, one], 20)[0].covered_m)


def test_a_step_back_in_time_is_a_gap() -> None:
    back = [Step(60, LON, LAT), Step(0, LON, LAT + 300 * METRE)]
    assert walked([STREET], [back], 20)[0].covered_m == pytest.approx(60, abs=5)
