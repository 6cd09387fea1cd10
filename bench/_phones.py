"""Commands of phones: eight phones send reports in batches to the real server; the same again while it is killed.

Beside it the physical limit: eight connections that write the very same finished rows, a transaction for each command.
"""

import http.client
import json
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection

from yiwang.core.ids import uuid7
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests.district import CATEGORY, HERE, District
from yiwang.project import benching
from yiwang.project.benching import Figure

BATCH = 25
# Which rows a report leaves: each table, and by what they are the command's.
ROWS = {
    "commands_command": "id = %s",
    "cases_case": "id = %s",
    "cases_step": "case_id = %s",
    "deadlines_deadline": "owner_id = %s",
    "audit_entry": "object_id = %s::text",
    "events_outboxevent": "payload->>'case_id' = %s::text",
}


def figures(district: District, quick: bool) -> Iterable[Figure]:
    """How fast, and whether any is lost or doubled."""
    desks = benching.load("_desks")
    headers = desks.signed_in(district.acceptor)
    with desks.serving() as server:
        each = 1 if quick else 20
        send_all(desks, server, headers, 1)  # warms up
        began = time.perf_counter()
        sent = send_all(desks, server, headers, each)
        ours = len(sent) / (time.perf_counter() - began)
        bare = len(sent) / seconds_of_rows(desks, sent)
        beside = "the same rows by COPY, 8 connections, a transaction for each command"
        yield Figure(
            "commands_per_s", ours, "commands/s", beside, bare, f"{len(sent)} reports in batches of {BATCH}"
        )
        kept = through_kills(desks, server, headers, 1 if quick else 10)
    stored = list(Case.objects.filter(description=MARK).values_list("pk", flat=True))
    size = f"{len(kept)} acknowledged, server killed twice"
    lost = len(set(kept) - {str(key) for key in stored})
    yield Figure("lost", float(lost), "commands", "acknowledged", len(kept), size)
    yield Figure("doubled", float(len(stored) - len(set(kept))), "commands", "acknowledged", len(kept), size)


PLAIN, MARK = "路面有坑", "九龙治水"


def batch(first: int, text: str) -> list[dict[str, Any]]:
    """Reports that were made ten minutes ago."""
    at = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
    body = {
        "category": CATEGORY,
        "description": text,
        "lon": HERE[0],
        "lat": HERE[1],
        "source": "hotline_12345",
    }
    return [
        {"id": str(uuid7()), "seq": first + n, "kind": "cases.report", "at": at, "body": body}
        for n in range(BATCH)
    ]


def post(
    line: http.client.HTTPConnection, headers: dict[str, str], device: str, items: list[dict[str, Any]]
) -> list[str]:
    """The ids of those that are done. Raises OSError, HTTPException; RuntimeError for anything but done or waiting."""
    body = {"device_id": device, "sent_at": datetime.now(UTC).isoformat(), "items": items}
    line.request("POST", "/api/v1/commands", json.dumps(body), {**headers, "Idempotency-Key": str(uuid4())})
    answer = line.getresponse()
    said = answer.read()
    if answer.status >= 500:
        raise http.client.HTTPException(str(answer.status))
    told = json.loads(said)["items"] if answer.status == 200 else []
    if not told or any(item["state"] not in ("done", "waiting") for item in told):
        raise RuntimeError(f"{answer.status}: {said[:300]!r}")
    return [item["id"] for item in told if item["state"] == "done"]


def send_all(desks: Any, server: Any, headers: dict[str, str], batches: int) -> list[str]:
    """All phones at once; the ids of what was done."""
    done: list[str] = []

    def phone(_number: int, spent: list[float]) -> None:
        line, device = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60), str(uuid4())
        for turn in range(batches):
            done.extend(post(line, headers, device, batch(turn * BATCH + 1, PLAIN)))
        spent.append(0.0)

    desks.p95(phone)
    return done


def through_kills(desks: Any, server: Any, headers: dict[str, str], batches: int) -> list[str]:
    """As `send_all`, while the server is killed twice; each batch is sent until all of it is done."""
    done: dict[str, None] = {}
    counted: list[str] = []

    def phone(_number: int, spent: list[float]) -> None:
        device = str(uuid4())
        for turn in range(batches):
            items, give_up_at = batch(turn * BATCH + 1, MARK), time.monotonic() + desks.PATIENCE_S
            while any(item["id"] not in done for item in items):
                if time.monotonic() > give_up_at:
                    raise RuntimeError("the server does not come back")
                with suppress(OSError, http.client.HTTPException):
                    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
                    done.update(dict.fromkeys(post(line, headers, device, items)))
            counted.extend(item["id"] for item in items)
        spent.append(0.0)

    killer = threading.Thread(
        target=desks.kill_twice, args=(server, counted, batches * BATCH * desks.CLIENTS)
    )
    killer.start()
    desks.p95(phone)
    killer.join()
    return counted


def seconds_of_rows(desks: Any, ids: list[str]) -> float:
    """How long it takes to write the rows of these commands again, into tables of the same shape."""
    stored_columns = benching.load("history").stored_columns
    columns = {table: stored_columns(table) for table in ROWS}
    lines = {key: list(rows_of(key, columns)) for key in ids}
    with connection.cursor() as cursor:
        for table in ROWS:
            cursor.execute(
                f"create table bare_{table} (like {table} including indexes including constraints)"
            )
    where = connection.connection.info.dsn
    shares = [ids[n :: desks.CLIENTS] for n in range(desks.CLIENTS)]

    def writer(number: int, spent: list[float]) -> None:
        with psycopg.connect(where, autocommit=True) as raw:
            for key in shares[number]:
                write_rows(raw, lines[key], columns)
        spent.append(0.0)

    began = time.perf_counter()
    desks.p95(writer)
    spent = time.perf_counter() - began
    with connection.cursor() as cursor:
        for table in ROWS:
            cursor.execute(f"drop table bare_{table}")
    return spent


def write_rows(
    raw: "psycopg.Connection[Any]", lines: list[tuple[str, bytes]], columns: dict[str, str]
) -> None:
    """What one command left, in one transaction."""
    with raw.transaction(), raw.cursor() as cursor:
        for table, content in lines:
            with cursor.copy(f"copy bare_{table} ({columns[table]}) from stdin") as rows:
                rows.write(content)


def rows_of(key: str, columns: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """What one command left in each table, as COPY writes it. Raises RuntimeError when nothing is there."""
    with connection.cursor() as cursor:
        for table, condition in ROWS.items():
            asked = f"copy (select {columns[table]} from {table} where {condition}) to stdout"
            with cursor.copy(asked, [key]) as rows:
                content = b"".join(bytes(piece) for piece in rows)
            if not content:
                raise RuntimeError(f"the command left nothing in {table}")
            yield table, content
