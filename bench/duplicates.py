"""Duplicates and words: proposals for a report, and cases found by words, among many cases crowded as in a city.

Proposals (policy, candidates, scores, scope, photos) stand against one bare ST_DWithin query for the nearest twenty of
the last days on the same rows; words against the same list with ILIKE, which needs no index to be right.
"""

import random
import time
from collections.abc import Callable, Iterable

from django.db import connection
from django.db.models import Q

from yiwang.core.accounts.tests.people import actor
from yiwang.operations.cases import queries as cases
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.queries import Filters
from yiwang.operations.cases.tests import district as small
from yiwang.operations.cases.tests.district import Walk
from yiwang.operations.duplicates import queries
from yiwang.operations.duplicates.queries import NewReport
from yiwang.project.benching import Figure

DATABASE = True
SAID = """
路口 垃圾桶 满溢 井盖 破损 路灯 不亮 占道 经营 烧烤 油烟 扰民 夜间 施工 噪音 共享单车 乱停 广告牌 脱落 树枝 折断 积水
下水道 堵塞 异味 违章 搭建 护栏 缺失 人行道 塌陷 小广告 污水 外溢 绿化带 黄土 裸露 渣土车 撒漏 电线 垂落
"""
WORDS = SAID.split()
ASKED = "井盖破损|垃圾桶 满溢|油烟|路灯不亮 路口|塌陷|街道 违章|下水道堵塞|树枝 井盖 护栏|亮"
QUESTIONS = ASKED.split("|")
PLACES = 300
# Every column of the model case but these is the same in all of them.
OWN = {"id", "number", "location", "description", "address", "occurred_at", "reported_at", "category_id"}
OWN |= {"state", "group", "ended_at", "due_at", "warn_at"}
FILL = """
insert into cases_case (id, number, location, description, address, occurred_at, reported_at, category_id,
  state, "group", ended_at, due_at, warn_at, {kept})
select gen_random_uuid(), '420117' || to_char(at, 'YYYYMMDD') || lpad((n %% 100000)::text, 5, '0') || '-' || n,
  st_setsrid(st_point(
    case when crowded then spots[2 * spot - 1] + (random() + random() - 1) * 0.004 else 114.7 + random() * 0.3 end,
    case when crowded then spots[2 * spot] + (random() + random() - 1) * 0.003 else 30.8 + random() * 0.1 end), 4326),
  (select string_agg((%(words)s::text[])[1 + floor(random() * %(many)s::int)::int], '' order by w)
   from generate_series(n, n + 4 + n %% 9) w),
  '邾城街道' || (n %% 400) || '号', at, at, classes[1 + floor(random() * array_length(classes, 1))::int],
  case when is_open then 'pending_dispatch' else 'closed' end, case when is_open then 'open' else 'closed' end,
  case when is_open then null else at + interval '3 days' end, null, null, {kept_values}
from (
  select n, at, random() < 0.6 as crowded, 1 + floor(power(random(), 2) * %(places)s::int)::int as spot,
    random() < 0.02 or (at > now() - interval '5 days' and random() < 0.6) as is_open,
    %(spots)s::float8[] as spots, %(classes)s::bigint[] as classes
  from (
    select n, now() - random() * interval '730 days' as at from generate_series(%(first)s::int, %(last)s::int) n
  ) moments
) rows, (select * from cases_case where id = %(model)s) one
"""


def run(quick: bool) -> Iterable[Figure]:
    """Figures for growing crowds of cases."""
    small.land()
    small.seeded()
    district = small.build()
    me, model, there = actor(district.acceptor), Walk(district).case, 1
    for size in (10_000,) if quick else (100_000, 1_000_000):
        began = time.perf_counter()
        while there < size:
            step = min(100_000, size - there)
            fill(model, there, there + step)
            there += step
        yield Figure(
            "filled_cases_per_s", size / (time.perf_counter() - began), "cases/s", size=f"{size} cases"
        )
        yield from figures(me, size, 100 if quick else 400)


def fill(model: Case, first: int, last: int) -> None:
    """Cases of two years: six in ten around `PLACES` crowded places, the first of them the most."""
    chance = random.Random(7)
    kept = [f'"{f.column}"' for f in Case._meta.concrete_fields if f.column not in OWN and not f.generated]
    spots = [x for _ in range(PLACES) for x in (chance.uniform(114.72, 114.98), chance.uniform(30.82, 30.88))]
    classes = list(type(model.category).objects.filter(kind="event").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            FILL.format(kept=", ".join(kept), kept_values=", ".join(f"one.{name}" for name in kept)),
            {"words": WORDS, "many": len(WORDS), "places": PLACES, "spots": spots, "classes": classes,
             "first": first, "last": last - 1, "model": model.pk},
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze cases_case")
        cursor.execute("vacuum analyze cases_words")


def figures(me: object, size: int, count: int) -> Iterable[Figure]:
    """Proposals for reports like those that are there, and lists by words."""
    reports = [
        NewReport(one.category.key, one.location.x + 0.0002, one.location.y, one.description)
        for one in Case.objects.select_related("category").order_by("?")[:count]
    ]
    of = f"{size} cases, {count} reports"
    ours = p95_ms([lambda r=r: queries.similar_to_report(me, r) for r in reports])
    bare = p95_ms([lambda r=r: bare_nearest(r) for r in reports])
    yield Figure("similar_p95_ms", ours, "ms", "bare ST_DWithin, nearest 20 of 7 days", bare, of)
    ours = p95_ms([lambda q=q: list_by(me, q) for q in QUESTIONS * 5])
    bare = p95_ms([lambda q=q: list_by_scan(me, q) for q in QUESTIONS])
    yield Figure(
        "words_p95_ms",
        ours,
        "ms",
        "the same list with ILIKE",
        bare,
        f"{size} cases, {len(QUESTIONS)} questions",
    )


def bare_nearest(report: NewReport) -> None:
    """The cheapest search: the nearest of the last week, by the spatial index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, st_distance(location, point) from cases_case, st_setsrid(st_point(%s, %s), 4326) point"
            " where st_dwithin(location, point, 0.001) and reported_at >= now() - interval '7 days'"
            " order by 2 limit 20",
            [report.lon, report.lat],
        )
        cursor.fetchall()


def list_by(me: object, q: str) -> None:
    """The first page of the list."""
    cases.list_page(me, Filters(q=q), sort="-reported_at", after=None, limit=50)


def list_by_scan(me: object, q: str) -> None:
    """The same page without an index over words."""
    found = Q()
    for word in q.split():
        found &= Q(number__contains=word) | Q(description__icontains=word) | Q(address__icontains=word)
    list(
        cases.filtered(me, Filters())
        .filter(found)
        .select_related("category")
        .order_by("-reported_at", "-id")[:50]
    )


def p95_ms(works: list[Callable[[], object]]) -> float:
    """The time that nineteen of twenty do not exceed, after a few that warm up."""
    for work in works[:5]:
        work()
    taken = []
    for work in works:
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[int(len(taken) * 0.95)] * 1000
