"""Words, quiet hours and waits, as pure functions."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.notify import rules
from yiwang.core.notify.declare import declared

HERE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=HERE)
HOURS = st.times(timezones=st.none()).map(lambda t: t.replace(second=0, microsecond=0))


def test_words_take_labels_in_the_language_and_moments_of_the_zone() -> None:
    template = {"zh": "{stage}，{due_at} 截止{none}", "en": "{stage} at {due_at}"}
    params = {
        "stage": {"zh": "处置", "en": "Handling"},
        "due_at": datetime(2026, 11, 22, 6, 30, tzinfo=UTC).isoformat(),
    }
    assert rules.text(template, params, "zh", HERE) == "处置，11-22 14:30 截止"
    assert rules.text(template, params, "en", HERE) == "Handling at 11-22 14:30"


def test_what_people_wrote_is_no_template() -> None:
    template = {"zh": "{note}", "en": "{note.__class__}"}
    assert rules.text(template, {"note": "{stage} {0}"}, "zh", HERE) == "{stage} {0}"
    assert rules.text(template, {"note": "x"}, "en", HERE) == ""


@given(st.sampled_from(declared()), st.dictionaries(st.text(), st.text()))
def test_every_declared_kind_can_be_said(kind: object, params: dict[str, str]) -> None:
    from yiwang.core.notify.declare import Kind

    assert isinstance(kind, Kind)
    assert all(kind.name[language] for language in ("zh", "en"))
    for language in ("zh", "en"):
        rules.text(kind.text, {k: v for k, v in params.items() if not k.endswith("_at")}, language, HERE)


@given(HOURS, HOURS, HOURS)
def test_quiet_hours_end_within_a_day_at_their_end(at: time, begin: time, end: time) -> None:
    now = datetime.combine(NOON.date(), at, HERE)
    until = rules.quiet_until(now, begin, end)
    if until is None:
        return
    assert now < until <= now + timedelta(days=1)
    assert until.time() == end
    assert rules.quiet_until(until, begin, end) is None


@pytest.mark.parametrize(
    ("at", "quiet"), [("21:59", False), ("22:00", True), ("03:00", True), ("06:59", True), ("07:00", False)]
)
def test_a_night_goes_over_midnight(at: str, quiet: bool) -> None:
    now = datetime.combine(NOON.date(), time.fromisoformat(at), HERE)
    assert (rules.quiet_until(now, time(22), time(7)) is not None) is quiet


def test_no_hours_are_no_quiet() -> None:
    assert rules.quiet_until(NOON, None, None) is None
    assert rules.quiet_until(NOON, time(12), time(12)) is None


def test_waits_grow_and_end() -> None:
    waits = [rules.next_try(n, NOON) for n in range(1, 7)]
    assert waits[0] == NOON + timedelta(minutes=1)
    assert waits[-1] is None
    known = [at for at in waits if at]
    assert known == sorted(known)
