"""What passes by itself in the database is 503 with when to try again, and the same key makes it happen once.

The causes are real: locks that another connection holds, a backend that is ended, a server that is not there.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import connection

from yiwang.core.accounts.tests.people import Browser
from yiwang.core.http.models import GivenAnswer
from yiwang.operations.cases.models import Case, Step
from yiwang.operations.cases.tests.district import District, Walk

pytestmark = pytest.mark.django_db(transaction=True)

LOCK = "select pg_backend_pid() from cases_case where id = %s for update"


@pytest.fixture
def other() -> Iterator["psycopg.Connection[Any]"]:
    """Another connection to the same database, in a transaction of its own."""
    reached = connection.get_connection_params()
    with (
        suppress(psycopg.OperationalError),
        psycopg.connect(
            host=reached["host"], dbname=reached["dbname"], user=reached["user"], port=reached.get("port")
        ) as another,
    ):
        yield another
        another.rollback()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What a test sets on its connection, or breaks of it, ends with it."""
    yield
    connection.close()


def browser_of(user: Any) -> Browser:
    browser = Browser(user)
    browser.client.raise_request_exception = False
    return browser


def own(setting: str) -> None:
    """Set something on the connection that the requests of this test use."""
    with connection.cursor() as cursor:
        cursor.execute(f"set {setting}")


def said(answer: Any, code: str, cause: str | None = None) -> None:
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
    body = answer.json()
    assert (body["code"], body["title"], body["params"].get("cause")) == (code, "Unavailable", cause)
    assert int(answer.headers["Retry-After"]) == body["params"]["retry_after_s"] > 0
    assert "请稍后重试" in body["detail"]
    assert "send it again" in body["params"]["detail_en"]


def register(browser: Browser, case: Case, key: str) -> Any:
    """One step of a case at the version at which it was opened."""
    return browser.post(f"/cases/{case.pk}/actions", registering(case), key=key)


def registering(case: Case) -> dict[str, Any]:
    condition = case.category.conditions.get(no=1).pk
    return {"verb": "register", "expected_version": case.version, "condition_id": condition}


def taken_once(browser: Browser, case: Case, key: str) -> None:
    """Sent again with the same key it happens, and once more it is the same answer."""
    assert not Step.objects.filter(case=case, verb="register").exists()
    assert register(browser, case, key).status_code == 200
    again = register(browser, case, key)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert Step.objects.filter(case=case, verb="register").count() == 1


@contextmanager
def when_waiting(do: Any) -> Iterator[None]:
    """Do something as soon as the request waits for a lock."""
    pid = connection_pid()

    def watch() -> None:
        reached = connection.get_connection_params()
        with psycopg.connect(
            host=reached["host"], dbname=reached["dbname"], user=reached["user"], autocommit=True
        ) as eye:
            for _ in range(500):
                row = eye.execute(
                    "select wait_event_type from pg_stat_activity where pid = %s", [pid]
                ).fetchone()
                if row and row[0] == "Lock":
                    do(eye, pid)
                    return
                time.sleep(0.02)

    watcher = Thread(target=watch)
    watcher.start()
    yield
    watcher.join()


def connection_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_lock_that_is_not_to_be_had_in_time(district: District, other: Any) -> None:
    case, browser = Walk(district).case, browser_of(district.shift)
    other.execute(LOCK, [case.pk])
    own("lock_timeout = '200ms'")
    said(register(browser, case, "k1"), "database_busy", "lock_not_available")
    assert not GivenAnswer.objects.filter(user_id=district.shift.pk, key="k1").exists()
    other.rollback()
    taken_once(browser, case, "k1")


def test_a_statement_that_takes_too_long(district: District, other: Any) -> None:
    case, browser = Walk(district).case, browser_of(district.shift)
    other.execute(LOCK, [case.pk])
    own("statement_timeout = '300ms'")
    said(register(browser, case, "k1"), "database_busy", "query_canceled")
    other.rollback()
    own("statement_timeout = 0")
    taken_once(browser, case, "k1")


def test_a_connection_that_is_ended_in_the_middle_of_a_step(district: District, other: Any) -> None:
    case, browser = Walk(district).case, browser_of(district.shift)
    other.execute(LOCK, [case.pk])
    with when_waiting(lambda eye, pid: eye.execute("select pg_terminate_backend(%s)", [pid])):
        said(register(browser, case, "k1"), "database_unavailable")
    other.rollback()
    taken_once(browser, case, "k1")


def test_a_deadlock(district: District, other: Any) -> None:
    first, second = Walk(district).case, Walk(district).case
    browser = browser_of(district.acceptor)
    low, high = sorted((first.pk, second.pk))
    body = {"verb": "merge", "expected_version": second.version, "main_case_id": str(first.pk)}
    path = f"/cases/{second.pk}/actions"
    other.execute(LOCK, [high])

    def cross(eye: Any, pid: int) -> None:
        other.execute(
            LOCK, [low]
        )  # the request has waited for longer, looks for a circle first, and gives way

    with when_waiting(cross):
        said(browser.post(path, body, key="k1"), "database_busy", "deadlock_detected")
    other.rollback()
    assert browser.post(path, body, key="k1").status_code == 200
    second.refresh_from_db()
    assert second.main_case_id == first.pk


def test_a_serialization_failure(district: District, other: Any) -> None:
    case, browser = Walk(district).case, browser_of(district.shift)
    other.execute("update cases_case set address = '别处' where id = %s", [case.pk])
    own("default_transaction_isolation = 'repeatable read'")

    def commit(eye: Any, pid: int) -> None:
        other.commit()

    with when_waiting(commit):
        said(register(browser, case, "k1"), "database_busy", "serialization_failure")
    own("default_transaction_isolation = 'read committed'")
    taken_once(browser, case, "k1")


def test_a_connection_that_was_ended_before_the_request(district: District, other: Any) -> None:
    browser = browser_of(district.shift)
    other.execute("select pg_terminate_backend(%s)", [connection_pid()])
    said(browser.get("/cases"), "database_unavailable")
    connection.close()
    assert browser.get("/cases").status_code == 200


def test_a_server_that_is_not_there(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    case, browser = Walk(district).case, browser_of(district.shift)
    body = registering(case)
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        said(browser.get("/health"), "database_unavailable")
        said(browser.post(f"/cases/{case.pk}/actions", body, key="k1"), "database_unavailable")
    taken_once(browser, case, "k1")


def test_a_connection_that_is_lost_at_the_commit(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the commit came through is not known to who waits for the answer: sent again, it happens once."""
    case, browser = Walk(district).case, browser_of(district.shift)
    commit = connection.commit

    def then_gone() -> None:
        commit()
        connection.connection.close()
        with connection.wrap_database_errors:
            connection.connection.execute("select 1")

    with monkeypatch.context() as lost:
        lost.setattr(connection, "commit", then_gone)
        said(register(browser, case, "k1"), "database_unavailable")
    connection.close()
    again = register(browser, case, "k1")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")


def test_in_a_batch_what_may_be_sent_again_says_so(district: District, other: Any) -> None:
    held, free = Walk(district).case, Walk(district).case
    browser = browser_of(district.shift)
    wish = {
        "verb": "register",
        "condition_id": district.condition.pk,
        "items": [{"id": str(case.pk), "expected_version": case.version} for case in (held, free)]
        + [{"id": str(district.shift.pk), "expected_version": 0}],
    }
    other.execute(LOCK, [held.pk])
    own("lock_timeout = '200ms'")
    rows = browser.post("/cases/bulk", wish, key="k1").json()["results"]
    assert [(row["ok"], row["retryable"]) for row in rows] == [(False, True), (True, False), (False, False)]
    assert (rows[0]["problem"]["code"], rows[0]["problem"]["status"]) == ("database_busy", 503)
    other.rollback()
    rows = browser.post("/cases/bulk", wish, key="k1").json()["results"]
    assert [(row["ok"], row["replayed"]) for row in rows] == [(True, False), (True, True), (False, False)]


@pytest.mark.parametrize("wrong", ["no such column", "too many values"])
def test_what_would_come_again_stays_an_internal_error(
    district: District, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        with connection.cursor() as cursor:
            if wrong == "no such column":
                cursor.execute("select no_such_column from cases_case")
            cursor.execute("select " + ", ".join(["%s"] * 70_000), list(range(70_000)))

    monkeypatch.setattr("yiwang.operations.cases.queries.summary", broken)
    answer = browser_of(district.shift).get("/cases/summary")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
