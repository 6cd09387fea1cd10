"""The board counts what the plain definition counts, for each person what is theirs; a figure opens its cases."""

from datetime import date, timedelta
from typing import Any

import pytest

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests.people import Browser, actor
from yiwang.core.actor import Actor
from yiwang.insight.evaluation import queries
from yiwang.insight.evaluation.indicators import INDICATORS
from yiwang.insight.evaluation.queries import FACTS, Wanted
from yiwang.insight.evaluation.rules import Figure, Period, figure
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests.district import CATEGORY, STREET, District

pytestmark = pytest.mark.django_db
BEGIN, END = date(2026, 11, 1), date(2026, 11, 30)
PERIODS = [
    Period(BEGIN, END),
    Period(date(2026, 11, 3), date(2026, 11, 3)),
    Period(date(2026, 11, 4), date(2026, 11, 9)),
]
DAYS = {"from": BEGIN.isoformat(), "to": END.isoformat()}


def plainly(period: Period, **chosen: object) -> dict[str, Figure]:
    """The figures by the definition, over all facts with these values."""
    begin = queries._begin(period.first)
    end = min(queries._end(period), clock.now())
    facts = {subject: list(model.objects.filter(**chosen)) for subject, model in FACTS.items()}
    return {one.key: figure(one, facts[one.subject], begin, end) for one in INDICATORS}


def test_the_database_counts_as_the_definition_does(
    lived: dict[str, Case], readers: dict[str, User], district: District
) -> None:
    for period in PERIODS:
        counts_alike(actor(readers["whole"]), period, district)


def counts_alike(whole: Actor, period: Period, district: District) -> None:
    found = queries.board(whole, Wanted(period))
    assert found.all == plainly(period)
    assert found.before == plainly(period.before)
    for code, figures in found.streets.items():
        assert figures == plainly(period, street_code=code)
    for unit, figures in found.units.items():
        assert figures == plainly(period, unit=unit) if unit else plainly(period, unit__isnull=True)
    for day, figures in found.days.items():
        wanted = plainly(Period(day, day))
        assert {k: v for k, v in figures.items() if k != "overdue_open"} == {
            k: v for k, v in wanted.items() if k != "overdue_open"
        }
    assert queries.board(whole, Wanted(period, unit=district.unit.pk)).all == plainly(
        period, unit=district.unit.pk
    )
    assert queries.board(whole, Wanted(period, no_unit=True)).all == plainly(period, unit__isnull=True)
    for wanted in (
        Wanted(period, category="event.99"),
        Wanted(period, unit=2**60),
        Wanted(period, area="99"),
    ):
        assert not any(one.value for one in queries.board(whole, wanted).all.values())
    same = queries.board(whole, Wanted(period, category=CATEGORY, source="hotline_12345", area=STREET[:6]))
    assert same.all == found.all
    assert queries.board(whole, Wanted(period, category=CATEGORY[:6] + "01")).all == found.all


def test_what_the_stories_amount_to(lived: dict[str, Case], readers: dict[str, User]) -> None:
    found = queries.board(actor(readers["whole"]), Wanted(Period(BEGIN, END)))
    assert found.all["reported"] == Figure(len(lived))
    # All but the open one, the bound one and the one that was voided before it was registered.
    assert found.all["registered"] == Figure(len(lived) - 2)
    assert found.all["overdue_open"] == Figure(1)
    assert found.all["rework_rate"].value == 1
    assert found.all["return_rate"].value == 1
    assert found.all["handling_time"].value > 0


def test_a_figure_opens_exactly_its_cases(lived: dict[str, Case], readers: dict[str, User]) -> None:
    browser = Browser(readers["whole"])
    board = browser.get("/evaluation/board", **DAYS).json()
    for indicator in INDICATORS:
        told = board["figures"][indicator.key]
        every = listed(browser, indicator.key, "of")
        assert len(set(every)) == len(every) == (told["value"] if told["of"] is None else told["of"])
        if indicator.hit:
            hit, miss = listed(browser, indicator.key, "hit"), listed(browser, indicator.key, "miss")
            assert len(hit) == told["value"]
            assert sorted(hit + miss) == sorted(every)


def listed(browser: Browser, key: str, part: str) -> list[str]:
    """All rows behind a figure, page after page."""
    rows: list[str] = []
    query: dict[str, Any] = {**DAYS, "indicator": key, "part": part, "limit": 6}
    while True:
        answer = browser.get("/evaluation/cases", **query)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        rows += [row["id"] for row in page["items"]]
        if page["next"] is None:
            return rows
        query["after"] = page["next"]


def test_everyone_counts_what_is_theirs(
    lived: dict[str, Case], readers: dict[str, User], district: District
) -> None:
    boards = {name: Browser(user).get("/evaluation/board", **DAYS).json() for name, user in readers.items()}
    reported = {name: board["figures"]["reported"]["value"] for name, board in boards.items()}
    assert reported["whole"] == reported["here"] == len(lived)
    assert reported["there"] == 0
    assert boards["there"]["streets"] == boards["there"]["units"] == []
    assert [unit["name"] for unit in boards["water"]["units"]] == ["water"]
    assert [unit["name"] for unit in boards["roads"]["units"]] == ["roads"]
    assert reported["roads"] == 1, "the case that it has the main task of"
    there = Browser(readers["there"]).get("/evaluation/cases", **DAYS, indicator="reported").json()
    assert (there["items"], there["total"]["value"]) == ([], 0)


def test_who_may_read_the_board(district: District, readers: dict[str, User]) -> None:
    assert Browser().get("/evaluation/board", **DAYS).status_code == 401
    assert Browser(district.acceptor).get("/evaluation/board", **DAYS).status_code == 403
    answer = Browser(district.acceptor).get("/evaluation/cases", **DAYS, indicator="reported")
    assert (answer.status_code, answer.json()["items"]) == (200, [])
    assert Browser(readers["whole"]).get("/evaluation/board", **DAYS).status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "2026-11-02", "to": "2026-11-01"}, "period_backwards"),
        ({"from": "2025-01-01", "to": "2026-11-01"}, "period_too_long"),
        ({"from": "2026-13-01", "to": "2026-11-01"}, None),
        ({"from": "0001-01-01", "to": "0001-01-01"}, None),
        ({**DAYS, "indicator": "nonsense"}, "unknown_indicator"),
    ],
)
def test_what_is_no_question(readers: dict[str, User], query: dict[str, str], code: str | None) -> None:
    path = "/evaluation/cases" if "indicator" in query else "/evaluation/board"
    answer = Browser(readers["whole"]).get(path, **query)
    assert answer.status_code in (400, 422)
    if code:
        assert code in str(answer.json())


def test_a_board_takes_few_questions(
    lived: dict[str, Case], readers: dict[str, User], django_assert_max_num_queries: Any
) -> None:
    whole = actor(readers["whole"])
    with django_assert_max_num_queries(20):
        queries.board(whole, Wanted(Period(BEGIN, BEGIN + timedelta(days=60))))
