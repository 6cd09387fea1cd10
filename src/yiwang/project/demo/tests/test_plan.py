"""The demo's past as it is planned: repeatable, in order, lawful, and standing where it should."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from yiwang.core import registry
from yiwang.core.calendars.rules import Limit, work_calendar
from yiwang.operations.cases.categories.edition import read_edition
from yiwang.operations.cases.declare import CaseCategory
from yiwang.project.demo import plan
from yiwang.project.demo.plan import FULL, Deed, Story, Surroundings
from yiwang.project.demo.texts import words

NOW = datetime(2026, 6, 17, 7, 20, tzinfo=UTC)
CATEGORIES = {item.key: item for item in read_edition(registry.declarations(CaseCategory)).categories}
LIMITS: dict[tuple[str, int], Limit] = {
    (item.key, number): condition.limit
    for item in CATEGORIES.values()
    for number, condition in enumerate(item.conditions, start=1)
}
AROUND = Surroundings(words(), LIMITS, work_calendar((("08:00", "12:00"), ("14:00", "18:00")), {}))


def made(now: datetime = NOW, seed: int = 7) -> tuple[list[Story], list[Deed]]:
    return plan.make(now, seed, AROUND)


@pytest.fixture(scope="module")
def whole() -> tuple[list[Story], list[Deed]]:
    return made()


def verbs_by_case(deeds: list[Deed]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for deed in deeds:
        found.setdefault(deed.case, []).append(deed.verb)
    return found


def test_every_text_is_about_a_known_class_and_condition() -> None:
    assert len(words().texts) >= 160
    assert len({text.category for text in words().texts}) >= 40
    for text in words().texts:
        assert (text.category, text.condition) in LIMITS, text.text
        assert text.handled, text.text
        assert text.checked, text.text
    for text in words().refused:
        assert text.category in CATEGORIES
        assert text.refusal


def test_no_text_stands_there_twice() -> None:
    assert max(Counter(text.text for text in words().texts).values()) == 1
    assert max(Counter(words().people).values()) == 1


def test_the_same_seed_and_moment_give_the_same_past(whole: tuple[list[Story], list[Deed]]) -> None:
    assert made() == whole
    assert made(seed=8) != whole
    assert made(now=NOW + timedelta(hours=1)) != whole


def test_there_are_about_150_cases_of_many_kinds(whole: tuple[list[Story], list[Deed]]) -> None:
    stories, deeds = whole
    assert 140 <= len(stories) <= 165
    assert {deed.case for deed in deeds} == {story.case for story in stories}
    assert len({story.text.category for story in stories}) >= 40
    assert len({story.street for story in stories}) == 14


def test_steps_are_in_order_and_not_in_the_future(whole: tuple[list[Story], list[Deed]]) -> None:
    _, deeds = whole
    assert [deed.at for deed in deeds] == sorted(deed.at for deed in deeds)
    assert NOW - timedelta(days=plan.DAYS_BACK + 1) <= deeds[0].at
    assert deeds[-1].at <= NOW
    assert all(deed.at.tzinfo is not None for deed in deeds)


def test_each_case_is_opened_first_and_once(whole: tuple[list[Story], list[Deed]]) -> None:
    for verbs in verbs_by_case(whole[1]).values():
        assert verbs[0] == "open"
        assert verbs.count("open") == 1


@pytest.mark.parametrize(
    ("state", "last"),
    [
        ("reported", "open"),
        ("pending_dispatch", "register"),
        ("return_asked", "ask_return"),
        ("pending_check", "report_done"),
        ("pending_close", "pass_check"),
        ("verifying", "ask_verify"),
        ("extension_asked", "ask_extension"),
        ("suspended", "confirm_suspension"),
        ("supervised", "supervise"),
        ("void_asked", "ask_void"),
    ],
)
def test_open_cases_stand_where_they_should(
    whole: tuple[list[Story], list[Deed]], state: str, last: str
) -> None:
    stops = FULL.stops(refused=len(words().refused))
    verbs = verbs_by_case(whole[1])
    ends = [verbs[case][-1] for case, stop in enumerate(stops) if stop == state]
    assert ends == [last] * FULL.open_cases[state]


def test_only_a_patrols_report_waits_to_be_accepted(whole: tuple[list[Story], list[Deed]]) -> None:
    stories, deeds = whole
    accepted = {deed.case for deed in deeds if deed.verb == "accept"}
    assert all((story.text.source == "collector_patrol") == (story.reporter == "") for story in stories)
    assert all(stories[case].text.source == "collector_patrol" for case in accepted)


def test_refused_ones_are_refused_with_their_reason(whole: tuple[list[Story], list[Deed]]) -> None:
    stories, deeds = whole
    ends = {deed.case: deed for deed in deeds if deed.verb in ("refuse", "decline")}
    assert len(ends) == len(words().refused)
    assert all(deed.note == stories[case].text.refusal for case, deed in ends.items())


def test_something_of_everything_happens(whole: tuple[list[Story], list[Deed]]) -> None:
    verbs = Counter(deed.verb for deed in whole[1])
    assert all(verbs[verb] >= 1 for verb in ("ask_return", "approve_return", "confirm_return", "fail_check"))
    assert verbs["close"] >= 30


@pytest.mark.parametrize("day", [17, 21, 22])
@pytest.mark.parametrize("hour", [0, 3, 5, 9, 23])
def test_it_stands_as_planned_at_any_hour_also_after_a_weekend(day: int, hour: int) -> None:
    now = NOW.replace(day=day, hour=hour)
    stories, deeds = made(now)
    assert deeds[-1].at <= now
    verbs = verbs_by_case(deeds)
    assert len(verbs) == len(stories)
    stops = FULL.stops(refused=len(words().refused))
    assert {verbs[case][-1] for case, stop in enumerate(stops) if stop == "closed"} == {"close"}
    assert {verbs[case][-1] for case, stop in enumerate(stops) if stop == "pending_check"} == {"report_done"}


def test_an_address_elsewhere_is_given_only_to_what_names_no_place() -> None:
    portable = [text for text in words().texts if text.is_portable]
    assert 40 <= len(portable) <= 70
    assert all(text.source == "collector_patrol" for text in portable)
