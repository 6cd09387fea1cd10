"""Locking after failed tries, and the password policy. No database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.accounts.passwords import KindsOfCharacter
from yiwang.core.accounts.queries import prefixes_of_area, prefixes_of_path
from yiwang.core.accounts.rules import LOCKED_FOR, MOST_FAILURES, standing

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@given(st.lists(st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=1)), max_size=12))
def test_five_recent_failures_lock_until_fifteen_minutes_after_the_newest(ages: list[timedelta]) -> None:
    failures = sorted((NOW - age for age in ages), reverse=True)
    recent = [at for at in failures if at > NOW - LOCKED_FOR]
    result = standing(failures, NOW)
    if len(recent) >= MOST_FAILURES:
        assert result.locked_until == recent[0] + LOCKED_FOR
        assert result.locked_until > NOW
        assert result.tries_left == 0
    else:
        assert result.locked_until is None
        assert result.tries_left == MOST_FAILURES - len(recent)


@pytest.mark.parametrize("password", ["abcdefghij", "abcdefGHIJ", "1234567890", "abcdefgh12"])
def test_a_plain_password_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        KindsOfCharacter().validate(password)


@pytest.mark.parametrize("password", ["abcDEF1234", "abc-123-def", "ABC-123-DEF"])
def test_three_kinds_of_character_do(password: str) -> None:
    assert KindsOfCharacter().validate(password) is None  # type: ignore[func-returns-value]


def test_prefixes_name_everything_above() -> None:
    assert prefixes_of_path("1.4.9.") == ["1.", "1.4.", "1.4.9."]
    assert prefixes_of_area("420117001001001") == [
        "42", "4201", "420117", "420117001", "420117001001", "420117001001001",
    ]  # fmt: skip
