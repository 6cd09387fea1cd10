"""The rule of steps, pure: what is done, what is open, which comes next."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.accounts.tests.people import SYSTEM
from yiwang.core.actor import Actor, Scope
from yiwang.core.calendars.setup import judge, missing_years
from yiwang.core.setup import (
    Attention,
    Decision,
    Finding,
    Found,
    Item,
    State,
    Step,
    attention,
    progress,
    state_of,
)

FOUND = st.builds(Found, st.sampled_from(Finding), mark=st.sampled_from(["a", "b"]))
DECISION = st.none() | st.builds(Decision, st.booleans(), st.sampled_from(["a", "b"]))


@given(FOUND, DECISION, st.booleans())
def test_a_step_is_done_by_what_is_there_or_by_a_word_about_just_that(
    found: Found, decision: Decision | None, optional: bool
) -> None:
    state = state_of(found, decision, optional=optional)
    confirmed = decision is not None and not decision.later and decision.mark == found.mark
    if found.finding is Finding.WELL:
        assert state is State.DONE
    if found.finding is Finding.MISSING:
        assert state in (State.TODO, State.LATER)
    if found.finding is Finding.LOOK:
        assert (state is State.DONE) == confirmed
    assert state is not State.LATER or (optional and decision is not None and decision.later)


def step(number: int, optional: bool) -> Step:
    return Step(f"room.s{number}", number, "", lambda: Found(Finding.WELL), optional)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(State)), max_size=8))
def test_next_is_the_first_open_one_and_finished_means_no_required_one_is_open(
    rows: list[tuple[bool, State]],
) -> None:
    states = [(step(n, optional), state) for n, (optional, state) in enumerate(rows)]
    said = progress(states)
    opened = [one for one, state in states if state in (State.TODO, State.LOOK)]
    assert said.next == (opened[0].key if opened else None)
    assert said.finished == (not [one for one in opened if not one.optional])
    assert said.done + len(opened) + sum(state is State.LATER for _, state in states) == said.total


@given(
    st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.sets(st.integers(2025, 2030)), st.integers(2024, 2030)
)
def test_this_years_notice_is_missed_always_and_the_next_years_once_it_is_due(
    today: date, vague: set[int], until: int
) -> None:
    missing = missing_years(vague, until, today)
    assert set(missing) <= {today.year, today.year + 1}
    assert (today.year in missing) == (today.year in vague or until < today.year)
    assert today.month >= 11 or today.year + 1 not in missing
    assert judge(missing, today) is (
        Finding.MISSING if today.year in missing else Finding.LOOK if missing else Finding.WELL
    )


def scope(path: str, *permissions: str) -> Scope:
    return Scope("r", "岗", 1, "单位", path, (), frozenset(permissions))


def test_an_item_is_for_who_may_open_its_page_and_what_is_urgent_stands_first() -> None:
    def look(actor: Actor) -> list[Item]:
        return [Item("calm", 2, "/a"), Item("none", 0, "/a"), Item("urgent", 1, "/a", urgent=True)]

    everywhere, anywhere = Attention("a.b", look), Attention("a.b", look, everywhere=False)
    part = Actor(user_id=None, name="甲", assignments=(scope("1.2.", "a.b"),))
    whole = Actor(user_id=None, name="甲", assignments=(scope("1.", "a.b"),))
    assert [item.key for item in attention([everywhere], whole)] == ["urgent", "calm"]
    assert list(attention([everywhere], part)) == []
    assert len(list(attention([anywhere], part))) == 2
    assert len(list(attention([everywhere, anywhere], SYSTEM))) == 4
