"""History: closed cases brought in per second through the history door, each with eight steps, tasks, clocks, answer
and audit entry, on one core; the rules decide every step.

Beside it the physical limit: COPY of the very same finished rows into tables with the same columns, indexes and checks.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random
from statistics import median

from django.db import connection
from PIL import Image

from yiwang.core.files import actions as files
from yiwang.core.ids import uuid7
from yiwang.operations.cases import history
from yiwang.operations.cases.history import Given, PastCase, PastStep, Photo
from yiwang.operations.cases.tests import district as small
from yiwang.operations.cases.tests.district import CATEGORY, District
from yiwang.project.benching import Figure

DATABASE = True
ROUNDS = 3
STEPS = 8
BEGIN = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
TABLES = (
    "cases_case", "cases_task", "deadlines_deadline", "cases_step", "cases_answer", "cases_casephoto", "audit_entry",
    "imports_externalkey",
)  # fmt: skip


def run(quick: bool) -> Iterable[Figure]:
    """One figure, the median of a few rounds."""
    small.land()
    small.seeded()
    district = small.build()
    count = 2_000 if quick else 10_000
    history.load(pasts(district, 200, "warm"), source="bench")
    rates = []
    for number in range(1 if quick else ROUNDS):
        past = list(pasts(district, count, f"round{number}"))
        began = time.perf_counter()
        loaded = history.load(past, source="bench")
        rates.append(count / (time.perf_counter() - began))
        if loaded.cases != count:
            raise RuntimeError(f"{loaded.cases} of {count} cases came in: {loaded.faults[:3]}")
    held = 200 + count * len(rates)
    beside = "COPY of the same rows, same indexes and checks"
    yield Figure(
        "cases_per_s", median(rates), "cases/s", beside, held / copied(), f"{count} cases, {STEPS} steps each"
    )


def pasts(district: District, count: int, name: str) -> Iterator[PastCase]:
    """Closed cases of three months, each a little different."""
    chance = Random(name)
    actors = {who: district.actor(who) for who in ("acceptor", "shift", "dispatcher", "clerk", "collector")}
    photos = pictures(district, count)
    for number in range(count):
        at = BEGIN + timedelta(seconds=chance.randrange(90 * 86_400))
        steps = []
        for who, verb, given in (
            ("acceptor", "take_call", Given()),
            ("shift", "register", Given(condition_id=district.condition.pk)),
            ("dispatcher", "dispatch", Given(unit_id=district.unit.pk, note="请及时处置")),
            ("clerk", "take", Given()),
            ("dispatcher", "urge", Given(note="请抓紧")),
            ("clerk", "report_done", Given(note="已清理干净", photos=(photos[number],))),
            ("collector", "pass_check", Given(note="现场已清理")),
            ("shift", "close", Given(note="已办结")),
        ):
            steps.append(PastStep(at, verb, actors[who], given))
            at += timedelta(minutes=chance.randrange(1, 300))
        yield PastCase(
            f"{name}-{number}", CATEGORY, f"路口有暴露垃圾，第 {number} 次反映，请尽快派人清理", "hotline_12345",
            tuple(steps), lon=chance.uniform(114.71, 114.84), lat=chance.uniform(30.81, 30.89), address="主干道东侧",
        )  # fmt: skip


def pictures(district: District, count: int) -> list[Photo]:
    """As many uploads of one picture."""
    body = BytesIO()
    Image.new("RGB", (64, 48), "green").save(body, "JPEG")
    body.seek(0)
    stored = files.store(district.actor("clerk"), stream=body, name="现场.jpg")
    uploads = [files.Again(uuid7(), stored, district.clerk.pk, BEGIN) for _ in range(count)]
    files.store_again(uploads)
    return [Photo(upload.id, "after") for upload in uploads]


def copied() -> float:
    """Seconds for COPY of everything that was brought in."""
    seconds = 0.0
    with connection.cursor() as cursor:
        for table in TABLES:
            columns = stored_columns(table)
            with cursor.copy(f"copy {table} ({columns}) to stdout") as rows:
                content = b"".join(bytes(piece) for piece in rows)
            cursor.execute(
                f"create temporary table bare_{table} (like {table} including indexes including constraints)"
            )
            began = time.perf_counter()
            with cursor.copy(f"copy bare_{table} ({columns}) from stdin") as rows:
                rows.write(content)
            seconds += time.perf_counter() - began
            cursor.execute(f"drop table bare_{table}")
    return seconds


def stored_columns(table: str) -> str:
    """The columns that are written; the database generates the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
            " where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''",
            [table],
        )
        return str(cursor.fetchone()[0])
