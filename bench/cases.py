"""Cases: steps of the lifecycle per second, each a durable transaction with rules, clock, audit entry and event;
and pages: one case with its history and actions, and a list of a hundred, through the whole HTTP stack in process.

Steps stand against the cheapest program that does only the writing: psycopg, lock a row, update it, insert an event.
Pages stand against bare django-ninja routes that read one row, and a hundred rows, with no permission and no scope.
"""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from ninja import NinjaAPI, Schema

from yiwang.core.accounts.tests.people import Browser
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests import district as small
from yiwang.operations.cases.tests.district import District, Walk, after_picture
from yiwang.project.benching import Figure
from yiwang.project.urls import urlpatterns

DATABASE = True
ROUNDS = 3
STATES = ("pending_dispatch", "pending_handle", "handling", "pending_check", "pending_close", "closed")


def run(quick: bool) -> Iterable[Figure]:
    """All figures, on a small district with a hundred and more cases."""
    small.land()
    small.seeded()
    district = small.build()
    yield steps(district, 20 if quick else 100)
    for _ in range(max(150 - Case.objects.count(), 1)):
        Walk(district).to("handling")
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    yield from pages(district, 60 if quick else 300)


def steps(district: District, cases: int) -> Figure:
    """Whole walks from filing to closing: seven steps a case."""
    picture = after_picture(district.actor("clerk"))

    def walk() -> None:
        for _ in range(cases):
            case = Walk(district)
            for state in STATES:
                if state == "pending_check":
                    case.step("clerk", "report_done", note="已清理", photos=(picture,))
                case.to(state)

    count = cases * (len(STATES) + 1)
    ours, bare = rate(count, walk), rate(count, bare_steps(count))
    beside = "psycopg: lock, update, insert event, commit"
    return Figure("steps_per_s", ours, "steps/s", beside, bare, f"{cases} cases, {count} steps")


def bare_steps(count: int) -> Callable[[], None]:
    """The writing alone, on tables of the same shape."""
    connection.ensure_connection()
    raw = connection.connection
    raw.execute("create table if not exists bare_case (id bigint primary key, state text, version int)")
    raw.execute(
        "create table if not exists bare_event (id bigserial primary key, case_id bigint, body jsonb)"
    )
    raw.execute("truncate bare_case, bare_event")
    raw.execute("insert into bare_case select n, 'new', 0 from generate_series(1, 1000) n")
    body = json.dumps({"verb": "x", "from": "a", "to": "b", "actor": "somebody", "note": "some words"})

    def work() -> None:
        for n in range(count):
            key = n % 1000 + 1
            with raw.transaction():
                raw.execute("select version from bare_case where id = %s for update", (key,))
                raw.execute("update bare_case set state = 'b', version = version + 1 where id = %s", (key,))
                raw.execute("insert into bare_event (case_id, body) values (%s, %s)", (key, body))

    return work


class BareRow(Schema):
    """A few columns of a case."""

    id: str
    number: str
    state: str
    description: str


@dataclass(frozen=True)
class Bare:
    """Bare routes beside ours, in the same process."""

    client: Client

    def get(self, address: str) -> Any:
        """GET."""
        return self.client.get(address)


def bare_routes() -> Bare:
    """One row by key, and a hundred rows, with nothing around them."""
    api = NinjaAPI(urls_namespace="bare", openapi_url=None)

    @api.get("/one", response=BareRow)
    def one(request: HttpRequest, key: str) -> object:
        return plain(Case.objects.get(pk=key))

    @api.get("/many", response=list[BareRow])
    def many(request: HttpRequest) -> object:
        return [plain(case) for case in Case.objects.order_by("-reported_at", "-id")[:100]]

    urlpatterns.insert(0, path("bare/", api.urls))
    return Bare(Client())


def plain(case: Case) -> dict[str, str]:
    """The row as it is answered."""
    return {"id": str(case.pk), "number": case.number, "state": case.state, "description": case.description}


def pages(district: District, count: int) -> Iterable[Figure]:
    """The case page and the list, by the shift leader who sees the whole district."""
    browser, bare = Browser(district.shift), bare_routes()
    key = str(Case.objects.filter(state="handling").values_list("pk", flat=True)[0])
    one = rate(count, lambda: repeat(count, lambda: browser.get(f"/cases/{key}")))
    bare_one = rate(count, lambda: repeat(count, lambda: bare.get(f"/bare/one?key={key}")))
    yield Figure(
        "case_page_per_s", one, "pages/s", "bare ninja route, one row", bare_one, f"{count} requests"
    )
    few = max(count // 6, 10)
    many = rate(few, lambda: repeat(few, lambda: browser.get("/cases", limit=100)))
    bare_many = rate(few, lambda: repeat(few, lambda: bare.get("/bare/many")))
    yield Figure(
        "list_of_100_per_s", many, "pages/s", "bare ninja route, 100 rows", bare_many, f"{few} requests"
    )


def repeat(count: int, get: Callable[[], Any]) -> None:
    """The same request again and again; anything but 200 is an error, not a fast answer."""
    for _ in range(count):
        answer = get()
        if answer.status_code != 200:
            raise RuntimeError(f"{answer.status_code}: {answer.content[:200]!r}")


def rate(count: int, work: Callable[[], None]) -> float:
    """The median rate of a few rounds."""
    rates = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        rates.append(count / (time.perf_counter() - began))
    return median(rates)
