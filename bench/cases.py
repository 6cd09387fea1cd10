"""Cases: steps and whole lifecycles per second, each step a durable transaction with rules, clock, audit entry and
event; lists, pages and maps over HTTP for eight desks at once while the number of cases grows; filings while the
server is killed; clocks that fire.

Steps stand against the cheapest program that does only the writing: psycopg, lock a row, update it, insert an event.
Over HTTP each figure stands against eight connections that ask the database for the same rows and nothing else; in
process, pages stand against bare django-ninja routes that read one row, and fifty, with no permission and no scope.
"""

import json
import random
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
from yiwang.operations.cases import actions
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.rules import Given
from yiwang.operations.cases.tests.district import CATEGORY, HERE, District, Walk, after_picture
from yiwang.project import benching
from yiwang.project.benching import Figure
from yiwang.project.urls import urlpatterns

DATABASE = True
ROUNDS = 3
SQL = "psycopg, 8 connections: the bare rows"
NAMES = {0: "_small", 1: "_medium", 2: ""}


def run(quick: bool) -> Iterable[Figure]:
    """All figures. Full: 10⁴, 10⁵ and 10⁶ cases; quick: 300, 1,000 and 3,000."""
    towns, desks = benching.load("_town"), benching.load("_desks")
    town = towns.found()
    yield from steps(town.district, 8 if quick else 100)
    yield from in_process(town.district, 20 if quick else 300)
    with desks.serving() as server:
        yield from filings(desks, server, town.district, 3 if quick else 50)
        for place, size in enumerate((300, 1000, 3000) if quick else (10_000, 100_000, 1_000_000)):
            towns.grow(town, size)
            yield from over_http(desks, server, town, NAMES[place], 5 if quick else 50)
    yield from benching.load("_clocks").clocks(quick)


def steps(district: District, cases: int) -> Iterable[Figure]:
    """Six steps from registering to closing by `advance`, and the whole way with the opening."""
    actors = {who: district.actor(who) for who in ("shift", "dispatcher", "clerk", "collector")}
    picture = after_picture(actors["clerk"])
    way: list[tuple[str, str, dict[str, Any]]] = [
        ("shift", "register", {"condition_id": district.condition.pk}),
        ("dispatcher", "dispatch", {"unit_id": district.unit.pk}),
        ("clerk", "take", {}),
        ("clerk", "report_done", {"note": "已清理", "photos": (picture,)}),
        ("collector", "pass_check", {}),
        ("shift", "close", {}),
    ]

    def walk(case: Case) -> None:
        for who, verb, given in way:
            case = actions.advance(
                actors[who], case.pk, verb=verb, expected_version=case.version, given=Given(**given)
            )

    walk(Walk(district).case)
    count, ours, whole, bare = cases * len(way), [], [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        opened = [Walk(district).case for _ in range(cases)]
        between = time.perf_counter()
        for case in opened:
            walk(case)
        ended = time.perf_counter()
        ours.append(count / (ended - between))
        whole.append(cases / (ended - began))
        bare.append(rate(count, bare_steps(count)))
    beside = "psycopg: lock, update, insert event, commit"
    size = f"{cases} cases, {count} steps"
    yield Figure("transitions_per_s", median(ours), "steps/s", beside, median(bare), size)
    seven = f"{beside}; seven times for each case"
    yield Figure("lifecycles_per_s", median(whole), "cases/s", seven, median(bare) / 7, size)


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
    """One row by key, and fifty rows, with nothing around them."""
    api = NinjaAPI(urls_namespace="bare", openapi_url=None)

    @api.get("/one", response=BareRow)
    def one(request: HttpRequest, key: str) -> object:
        return plain(Case.objects.get(pk=key))

    @api.get("/many", response=list[BareRow])
    def many(request: HttpRequest) -> object:
        return [plain(case) for case in Case.objects.order_by("-reported_at", "-id")[:50]]

    urlpatterns.insert(0, path("bare/", api.urls))
    return Bare(Client())


def plain(case: Case) -> dict[str, str]:
    """The row as it is answered."""
    return {"id": str(case.pk), "number": case.number, "state": case.state, "description": case.description}


def in_process(district: District, count: int) -> Iterable[Figure]:
    """The case page and the list through the whole stack without a network, by the shift leader."""
    for _ in range(60):
        Walk(district).to("handling")
    browser, bare = Browser(district.shift), bare_routes()
    key = str(Case.objects.filter(state="handling").values_list("pk", flat=True)[0])
    one = repeated(count, lambda: browser.get(f"/cases/{key}"))
    bare_one = repeated(count, lambda: bare.get(f"/bare/one?key={key}"))
    yield Figure(
        "case_page_per_s", one, "pages/s", "bare ninja route, one row", bare_one, f"{count} requests"
    )
    few = max(count // 4, 10)
    many = repeated(few, lambda: browser.get("/cases", limit=50))
    bare_many = repeated(few, lambda: bare.get("/bare/many"))
    yield Figure(
        "list_of_50_per_s", many, "pages/s", "bare ninja route, 50 rows", bare_many, f"{few} requests"
    )


def repeated(count: int, get: Callable[[], Any]) -> float:
    """The rate of the same request again and again; anything but 200 is an error, not a fast answer."""

    def work() -> None:
        for _ in range(count):
            answer = get()
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.status_code}: {answer.content[:200]!r}")

    return rate(count, work)


def filings(desks: Any, server: Any, district: District, each: int) -> Iterable[Figure]:
    """Filings by eight desks while the server is killed twice: what was acknowledged is there, once."""
    mark = "九龙治水"
    body = {
        "category": CATEGORY, "description": mark, "lon": HERE[0], "lat": HERE[1], "source": "hotline_12345",
    }  # fmt: skip
    acknowledged = desks.file_through_kills(server, desks.signed_in(district.acceptor), body, each)
    stored = {str(key) for key in Case.objects.filter(description=mark).values_list("pk", flat=True)}
    size = f"{len(acknowledged)} acknowledged, server killed twice"
    yield Figure(
        "lost", float(len(set(acknowledged) - stored)), "cases", "acknowledged", len(acknowledged), size
    )
    doubled = len(stored) - len(set(acknowledged)) + len(acknowledged) - len(set(acknowledged))
    yield Figure("doubled", float(doubled), "cases", "acknowledged", len(acknowledged), size)


def over_http(desks: Any, server: Any, town: Any, suffix: str, each: int) -> Iterable[Figure]:
    """List, page and map at this number of cases, by the shift leader who sees the whole district."""
    headers = desks.signed_in(town.district.shift)
    chance = random.Random(7)
    some = Case.objects.order_by("id").values_list("pk", flat=True)
    keys = [str(some[chance.randrange(town.cases)]) for _ in range(60)]
    boxes = [
        (HERE[0] + chance.uniform(-0.08, 0.06), HERE[1] + chance.uniform(-0.04, 0.03)) for _ in range(60)
    ]
    size = f"{town.cases} cases, {desks.CLIENTS} clients, {each} requests each"

    def box(n: int) -> tuple[float, float, float, float]:
        west, south = boxes[n % len(boxes)]
        return west, south, west + 0.02, south + 0.01

    wanted: dict[str, tuple[Callable[[int], str], Callable[[int], list[tuple[str, list[Any]]]]]] = {
        "list": (lambda n: "/api/v1/cases?limit=50", lambda n: [(BARE_LIST, [])]),
        "page": (
            lambda n: f"/api/v1/cases/{keys[n % len(keys)]}",
            lambda n: [(sql, [keys[n % len(keys)]]) for sql in BARE_PAGE],
        ),
        "map": (
            lambda n: f"/api/v1/cases/map?group=open&bbox={','.join(f'{edge:.5f}' for edge in box(n))}",
            lambda n: [(BARE_MAP, list(box(n)))],
        ),
    }
    for name, (paths, statements) in wanted.items():
        ours = desks.p95_over_http(server, headers, paths, each)
        bare = desks.p95_in_sql(statements, each)
        yield Figure(f"{name}_p95_ms{suffix}", ours, "ms", SQL, bare, size)


BARE_LIST = "select * from cases_case order by reported_at desc, id desc limit 50"
BARE_PAGE = tuple(
    f"select * from {table} where {key} = %s::uuid"
    for table, key in (
        ("cases_case", "id"), ("cases_task", "case_id"), ("deadlines_deadline", "owner_id"),
        ("cases_step", "case_id"), ("cases_casephoto", "case_id"),
    )
)  # fmt: skip
BARE_MAP = """
select id, number, state, "group", location from cases_case
where "group" = 'open' and location && st_makeenvelope(%s, %s, %s, %s, 4326)
order by reported_at desc, id desc limit 5001
"""


def rate(count: int, work: Callable[[], None]) -> float:
    """The rate of one round."""
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)
