"""When a command counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.commands.declare import Doubt
from yiwang.core.commands.rules import OLDEST, TOLERANCE, digest, moment

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
GAPS = st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400))
AGES = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=6))


@given(wrong_by=GAPS, age=AGES)
def test_a_wrong_clock_is_put_right_by_its_difference_at_sending(wrong_by: timedelta, age: timedelta) -> None:
    """Whatever the phone's clock says, a command given `age` before it was sent counts then."""
    sent_at = NOW + wrong_by
    found = moment(sent_at - age, sent_at, NOW)
    assert abs(found.occurred_at - (NOW - age)) <= TOLERANCE
    assert found.doubt == (Doubt.CLOCK if abs(wrong_by) > TOLERANCE else Doubt.NONE)
    assert found.claimed_at == sent_at - age


@given(claimed=GAPS, sent=GAPS)
def test_nothing_counts_in_the_future_or_too_far_back(claimed: timedelta, sent: timedelta) -> None:
    found = moment(NOW + claimed, NOW + sent, NOW)
    assert NOW - OLDEST <= found.occurred_at <= NOW
    if found.doubt is Doubt.NONE:
        assert abs(found.occurred_at - found.claimed_at) <= TOLERANCE


def test_a_claim_beyond_what_can_be_is_moved_and_doubted() -> None:
    assert moment(NOW + timedelta(hours=1), NOW, NOW).doubt is Doubt.BOUNDED
    early = moment(NOW - OLDEST - timedelta(hours=1), NOW, NOW)
    assert (early.doubt, early.occurred_at) == (Doubt.BOUNDED, NOW - OLDEST)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=5))
def test_the_order_of_fields_says_nothing(body: dict[str, Any]) -> None:
    turned = dict(reversed(body.items()))
    assert digest("a.b", NOW, body) == digest("a.b", NOW, turned)
    assert digest("a.b", NOW, body) != digest("a.c", NOW, body)
    assert digest("a.b", NOW, body) != digest("a.b", NOW, {**body, "more than five": 1})
