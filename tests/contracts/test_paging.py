"""Pages by key: every row once, whatever the page's size, and bad cursors named."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.core.accounts.models import SignInAttempt
from yiwang.core.clock import now
from yiwang.core.errors import Invalid
from yiwang.core.http.paging import COUNT_CAP, count, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> list[SignInAttempt]:
    at = now()
    return SignInAttempt.objects.bulk_create(
        [
            SignInAttempt(username=f"u{n % 3}", at=at - timedelta(hours=n % 4), succeeded=True)
            for n in range(23)
        ]
    )


@pytest.mark.parametrize("keys", [("-at", "-id"), ("at", "id"), ("username", "at", "id"), ("-id",)])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
@given(limit=st.integers(1, 30))
def test_walking_the_pages_shows_every_row_once_in_order(
    rows: list[SignInAttempt], keys: tuple[str, ...], limit: int
) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        found = page(SignInAttempt.objects.all(), keys=keys, after=cursor, limit=limit)
        seen += [row.pk for row in found.items]
        cursor = found.next
        if cursor is None:
            break
        assert len(found.items) == limit
    assert seen == list(SignInAttempt.objects.order_by(*keys).values_list("pk", flat=True))


@given(st.text(min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_cursor_that_is_not_ours_is_named(cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        page(SignInAttempt.objects.all(), keys=("-at", "-id"), after=cursor)
    assert (refusal.value.code, refusal.value.field) == ("bad_cursor", "after")


def test_a_cursor_that_nests_without_end_is_named() -> None:
    with pytest.raises(Invalid, match="bad_cursor"):
        page(SignInAttempt.objects.all(), keys=("-id",), after=urlsafe_b64encode(b"[" * 20_000).decode())


def test_a_cursor_of_another_list_is_named() -> None:
    SignInAttempt.objects.bulk_create([SignInAttempt(username="u", succeeded=True) for _ in range(3)])
    other = page(SignInAttempt.objects.all(), keys=("-id",), after=None, limit=1).next
    with pytest.raises(Invalid, match="bad_cursor"):
        page(SignInAttempt.objects.all(), keys=("-at", "-id"), after=other)


@pytest.mark.parametrize("name", ["half \ud800 a character", "nul \0"])
def test_a_cursor_that_no_database_holds_is_named(name: str) -> None:
    after = urlsafe_b64encode(json.dumps([name, 1]).encode()).decode().rstrip("=")
    with pytest.raises(Invalid, match="bad_cursor"):
        page(SignInAttempt.objects.all(), keys=("username", "id"), after=after)


def test_counting_stops_at_the_cap(monkeypatch: pytest.MonkeyPatch, rows: list[SignInAttempt]) -> None:
    assert (count(SignInAttempt.objects.all()).value, COUNT_CAP) == (23, 1000)
    monkeypatch.setattr("yiwang.core.http.paging.COUNT_CAP", 20)
    capped = count(SignInAttempt.objects.all())
    assert (capped.value, capped.capped) == (20, True)
