"""The health of the platform over HTTP, and the figures of its requests."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.http import durations
from yiwang.core.http.rules import BOUNDS_MS, BUCKETS, bucket_of, merged, quantile
from yiwang.project.system import health
from yiwang.project.system.rules import Standing, above, backup_standing, free_space, worst


@given(st.lists(st.floats(1, 30_000), min_size=1, max_size=200), st.floats(0.01, 1))
def test_a_quantile_is_near_the_true_one(given_ms: list[float], share: float) -> None:
    histogram = [0] * BUCKETS
    for ms in given_ms:
        histogram[bucket_of(ms)] += 1
    found = quantile(merged([histogram, [0] * BUCKETS, [1]]), share)
    true = sorted(given_ms)[max(0, -(-share * len(given_ms) // 1).__int__() - 1)]
    assert found is not None
    assert true / 1.6 <= found <= true * 1.6


def test_nothing_has_no_quantile_and_the_longest_is_bounded() -> None:
    assert quantile([0] * BUCKETS, 0.5) is None
    far = [0] * BUCKETS
    far[bucket_of(10**9)] = 1
    assert quantile(far, 0.5) == BOUNDS_MS[-1]


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_hour_in_two_processes() -> None:
    for _ in range(2):
        counts = durations.Counts()
        for ms in (10, 12, 900):
            counts.add("GET /cases/{case_id}", ms, failed=ms > 100)
        durations.write(counts.take_due(0))
        assert counts.take_due(0) == {}
    since = clock.now() - timedelta(days=1)
    [route] = durations.by_route(since)
    assert (route.route, route.count, route.errors) == ("GET /cases/{case_id}", 6, 2)
    assert route.p50_ms < 20 < 500 < route.p95_ms
    assert sum(hour.count for hour in durations.by_hour(since)) == 6
    with clock.frozen(clock.now() + timedelta(days=9)):
        assert durations.forget_old() >= 1


@pytest.mark.django_db
def test_a_request_is_counted_by_its_pattern_never_by_what_stands_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = durations.Counts()
    monkeypatch.setattr(durations, "counts", counts)
    Browser().get("/cases/018f0000-0000-7000-8000-000000000000")
    Browser().get("/no/such/thing")
    routes = {route for _, route in counts.take_due(0)}
    assert routes == {"GET /session", "GET /cases/{case_id}", durations.OTHER}
    for method in ("BREW", "X" * 300):
        Client().generic(method, "/api/v1/session")
    assert {route for _, route in counts.take_due(0)} == {durations.OTHER}


def test_standings() -> None:
    assert worst([Standing.WELL, Standing.UNKNOWN]) is Standing.WELL
    assert worst([Standing.ATTENTION, Standing.WRONG, Standing.WELL]) is Standing.WRONG
    assert [above(value, 1, 10) for value in (0, 1, 10)] == ["well", "attention", "wrong"]
    gb = 10**9
    assert [free_space(free * gb, 100 * gb) for free in (50, 8, 1)] == ["well", "attention", "wrong"]
    ages: list[tuple[float | None, bool, bool]] = [
        (1, True, False), (40, True, False), (40, False, False), (None, True, False), (1, True, True),
    ]  # fmt: skip
    found = [backup_standing(age, nightly=nightly, last_failed=failed) for age, nightly, failed in ages]
    assert found == ["well", "attention", "well", "attention", "wrong"]


@pytest.mark.django_db
def test_everything_is_looked_at(settings: Any, tmp_path: Any) -> None:
    settings.BACKUP_DIR = tmp_path
    admin = Browser(person("admin", "system.view_state"))
    shown = admin.get("/system/health").json()
    states = {sign["key"]: sign["state"] for sign in shown["signs"]}
    assert "not_looked_at" not in states
    assert {"web", "worker", "database", "outbox", "disk", "backup", "seals"} <= set(states)
    assert (states["worker"], states["backup"], shown["state"]) == ("wrong", "attention", "wrong")
    assert Browser(person("clerk")).get("/system/health").status_code == 403


@pytest.mark.django_db
def test_what_cannot_be_looked_at_does_not_hide_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise OSError("the disk is gone")

    monkeypatch.setattr(health, "LOOKS", (broken, health.queues))
    found = health.signs()
    assert (found[0].key, found[0].params["error"]) == ("not_looked_at", "OSError")
    assert len(found) > 3
