"""Small rules of the room. No database."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from yiwang.core.actor import Scope
from yiwang.core.errors import Invalid
from yiwang.operations.cases import access, rules
from yiwang.operations.cases.lifecycle import Reach
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.rules import words
from yiwang.operations.cases.rules.facts import reaches

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@examples(st.timedeltas(min_value=timedelta(days=-60), max_value=timedelta(days=1)))
def test_a_claimed_moment_is_kept_or_refused_with_a_reason(offset: timedelta) -> None:
    claimed = NOW + offset
    if offset > words.CLOCK_TOLERANCE:
        with pytest.raises(Invalid, match="in_the_future"):
            rules.bounded_claim(claimed, NOW)
    elif offset < -words.OLDEST_CLAIM:
        with pytest.raises(Invalid, match="too_old"):
            rules.bounded_claim(claimed, NOW)
    else:
        assert rules.bounded_claim(claimed, NOW) == min(claimed, NOW)


@pytest.mark.parametrize("reach", [Reach.AREA, Reach.UNIT])
def test_a_scope_without_area_or_unit_reaches_nothing(reach: Reach) -> None:
    scope = Scope("role", "岗位", None, "", "", ("",), frozenset())
    task = rules.TaskFact(uuid4(), "handle", "running", unit_path="1.4.")
    facts = rules.Facts(state="reported", area_code="420117001001001", tasks=(task,))
    assert not reaches(scope, reach, facts)
    assert access.within(scope, reach) == access.NOTHING


def test_whoever_may_anywhere_reaches_everything() -> None:
    scope = Scope("role", "岗位", None, "", "", (), frozenset())
    assert reaches(scope, Reach.ANYWHERE, rules.Facts(state="reported", area_code="42"))
    reached = access.NOTHING | access.within(scope, Reach.ANYWHERE)
    assert str(Case.objects.filter(reached).query) == str(Case.objects.all().query)


def test_without_a_claim_the_moment_of_receipt_counts() -> None:
    assert rules.bounded_claim(None, NOW) == NOW


def test_a_number_has_19_digits() -> None:
    number = rules.case_number("420117", "20261122", 37)
    assert number == "4201172026112200037"
    assert len(number) == 19


@pytest.mark.parametrize(
    ("plain", "masked"),
    [
        ("13812345678", "138****5678"),
        ("12345", "***45"),
        ("", ""),
        ("02789351234", "027****1234"),
        ("89351234", "******34"),
    ],
)
def test_a_masked_phone(plain: str, masked: str) -> None:
    assert rules.masked_phone(plain) == masked


@examples(st.text(min_size=2, max_size=20))
def test_a_masked_name_keeps_only_its_first_character(name: str) -> None:
    masked = rules.masked_name(name)
    assert masked[0] == name[0]
    assert set(masked[1:]) <= {"*"}
