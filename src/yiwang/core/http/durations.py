"""How long requests take: counted in memory by route and hour, written down every twenty seconds.

Each process has its own counts and adds them to the table's; a process that ends loses at most its last twenty
seconds. There are as many rows an hour as routes were asked, kept for eight days.
"""

import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse

from yiwang.core import clock
from yiwang.core.http.models import RequestFigure
from yiwang.core.http.rules import BUCKETS, bucket_of, merged, quantile

KEPT_FOR = timedelta(days=8)
MOST_ROUTES = 500  # of one hour in memory: routes are known ones, so this is never met
OTHER = "-"
# Anybody may send a method of their own making: never a row for each.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ADD = """
INSERT INTO http_requestfigure AS f (route, hour, count, errors, total_ms, buckets)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (hour, route) DO UPDATE SET count = f.count + excluded.count, errors = f.errors + excluded.errors,
  total_ms = f.total_ms + excluded.total_ms, buckets = ARRAY(
    SELECT coalesce(a, 0) + coalesce(b, 0) FROM unnest(f.buckets, excluded.buckets) WITH ORDINALITY AS u(a, b, n)
    ORDER BY n)
"""
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """One route in one hour."""

    count: int = 0
    errors: int = 0
    total_ms: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * BUCKETS)


class Counts:
    """What this process has counted since it last wrote it down. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tallies: dict[tuple[datetime, str], Tally] = {}
        self._written_at = time.monotonic()

    def add(self, route: str, ms: float, *, failed: bool) -> None:
        """One request."""
        hour = clock.now().replace(minute=0, second=0, microsecond=0)
        with self._lock:
            key = (hour, route)
            if key not in self._tallies and len(self._tallies) >= MOST_ROUTES:
                key = (hour, OTHER)
            tally = self._tallies.setdefault(key, Tally())
            tally.count += 1
            tally.errors += failed
            tally.total_ms += ms
            tally.buckets[bucket_of(ms)] += 1

    def take_due(self, every_s: float) -> dict[tuple[datetime, str], Tally]:
        """All that was counted, once the time has come; one thread gets it, the others nothing."""
        now = time.monotonic()
        with self._lock:
            if now - self._written_at < every_s:
                return {}
            self._written_at = now
            taken, self._tallies = self._tallies, {}
            return taken


counts = Counts()


class DurationMiddleware:
    """Counts each request; the outermost, so that it counts all that a person waits for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer as it is."""
        began = time.perf_counter()
        answer = self.get_response(request)
        if request.path.startswith("/api/"):
            ms = (time.perf_counter() - began) * 1000
            counts.add(route_of(request), ms, failed=answer.status_code >= 500)
            if settings.FIGURES_EVERY_S is not None:
                write(counts.take_due(settings.FIGURES_EVERY_S))
        return answer


def route_of(request: HttpRequest) -> str:
    """The method and the pattern of the address: never what somebody put into it."""
    match = getattr(request, "resolver_match", None)
    route = plain(match.route) if match else ""
    return f"{request.method} {route}"[:200] if route and request.method in METHODS else OTHER


@cache
def plain(pattern: str) -> str:
    """A pattern as people write it: `/cases/{case_id}`."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern.removeprefix("api/v1"))


def write(taken: dict[tuple[datetime, str], Tally]) -> None:
    """Add counts to the table; what the database does not take now is lost, and the request is not held up by it."""
    if not taken:
        return
    # In one order everywhere, so that two processes never wait for each other crosswise.
    rows = [
        (route, hour, one.count, one.errors, round(one.total_ms), one.buckets)
        for (hour, route), one in sorted(taken.items(), key=lambda item: item[0])
    ]
    try:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, rows)
    except (DatabaseError, InterfaceError) as error:
        log.warning("counts of requests were not written: %s", error)


def forget_old() -> int:
    """Delete what is older than eight days; returns how many rows."""
    deleted, _ = RequestFigure.objects.filter(hour__lt=clock.now() - KEPT_FOR).delete()
    return deleted


@dataclass(frozen=True, slots=True)
class RouteFigures:
    """One route over a time: durations in milliseconds."""

    route: str
    count: int
    errors: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class HourFigures:
    """All routes in one hour."""

    hour: datetime
    count: int
    errors: int
    p95_ms: float


def by_route(since: datetime) -> list[RouteFigures]:
    """Each route since a moment, the slowest by its 95th percentile first."""
    grouped: dict[str, list[RequestFigure]] = {}
    for row in RequestFigure.objects.filter(hour__gte=since):
        grouped.setdefault(row.route, []).append(row)
    found = [
        RouteFigures(
            route,
            sum(row.count for row in rows),
            sum(row.errors for row in rows),
            *(quantile(merged(row.buckets for row in rows), share) or 0.0 for share in (0.5, 0.95, 0.99)),
        )
        for route, rows in grouped.items()
    ]
    return sorted(found, key=lambda one: -one.p95_ms)


def by_hour(since: datetime) -> list[HourFigures]:
    """Each hour since a moment in which anything was asked, oldest first."""
    grouped: dict[datetime, list[RequestFigure]] = {}
    for row in RequestFigure.objects.filter(hour__gte=since).order_by("hour"):
        grouped.setdefault(row.hour, []).append(row)
    return [
        HourFigures(
            hour,
            sum(row.count for row in rows),
            sum(row.errors for row in rows),
            quantile(merged(row.buckets for row in rows), 0.95) or 0.0,
        )
        for hour, rows in grouped.items()
    ]
