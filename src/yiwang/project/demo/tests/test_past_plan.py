"""The demo's three months of past: repeatable, in order, finished, and with something of everything in it."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from yiwang.core import registry
from yiwang.core.calendars.rules import work_calendar
from yiwang.operations.cases.categories.edition import read_edition
from yiwang.operations.cases.declare import CaseCategory
from yiwang.project.demo import past_plan
from yiwang.project.demo.past_plan import DAYS_LEFT_OUT, Background, Matter, PastStory
from yiwang.project.demo.texts import words

NOW = datetime(2026, 6, 17, 7, 20, tzinfo=UTC)
CALENDAR = work_calendar((("08:00", "12:00"), ("14:00", "18:00")), {})
MATTERS = {
    item.key: [
        Matter(item.key, item.name.zh, number, row.text.zh, row.closing.zh, row.limit)
        for number, row in enumerate(item.conditions, start=1)
    ]
    for item in read_edition(registry.declarations(CaseCategory)).categories
    if item.conditions
}
COUNT = 900


def around() -> Background:
    return past_plan.background(NOW, words(), MATTERS, CALENDAR)


@pytest.fixture(scope="module")
def stories() -> list[PastStory]:
    return past_plan.make(NOW, 7, around(), COUNT)


def test_the_same_seed_gives_the_same_past(stories: list[PastStory]) -> None:
    assert past_plan.make(NOW, 7, around(), 40) == stories[:40]
    assert past_plan.make(NOW, 8, around(), 40) != stories[:40]


def test_steps_are_in_order_and_before_the_last_week(stories: list[PastStory]) -> None:
    assert [story.story.case for story in stories] == list(range(COUNT))
    for story in stories:
        times = [deed.at for deed in story.deeds]
        assert times == sorted(times)
        assert times[-1] < NOW - timedelta(days=DAYS_LEFT_OUT)
    assert min(story.deeds[0].at for story in stories) < NOW - timedelta(days=80)


def test_something_of_everything_happens(stories: list[PastStory]) -> None:
    verbs = Counter(deed.verb for deed in past_plan.deeds_of(stories))
    for verb in (
        "self_handle", "ask_verify", "ask_extension", "resume", "ask_return", "refuse_return", "fail_check",
        "unable_check", "answer_supervision", "reopen", "refuse", "approve_void", "force_close", "merge", "urge",
        "visit", "approve_appeal", "archive",
    ):  # fmt: skip
        assert verbs[verb] >= 2, verb
    assert verbs["close"] > COUNT * 0.8


def test_hardly_two_reports_read_alike(stories: list[PastStory]) -> None:
    bound = {story.story.case for story in stories if story.deeds[-1].main is not None}
    texts = Counter(
        story.story.text.text + story.story.text.street for story in stories if story.story.case not in bound
    )
    assert max(texts.values()) <= 3


def test_who_is_bound_is_bound_while_the_other_is_open(stories: list[PastStory]) -> None:
    by_number = {story.story.case: story for story in stories}
    for story in stories:
        merge = story.deeds[-1]
        if merge.main is not None:
            main = by_number[merge.main]
            assert main.deeds[0].at < merge.at < max(deed.at for deed in main.deeds)
            assert story.story.text == main.story.text
