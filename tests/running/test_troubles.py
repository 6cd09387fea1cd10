"""What could not be done, over HTTP: seen without numbers of people, tried again, given up, on the record."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django import app

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.actor import system
from yiwang.core.audit.models import Entry
from yiwang.core.deadlines.models import Deadline, StuckMark
from yiwang.core.errors import Conflict
from yiwang.core.events.models import DeadLetter, OutboxEvent
from yiwang.core.ids import uuid7
from yiwang.core.jobs.failures import forget_gone, keep_reason
from yiwang.core.jobs.long import begin, settle_lost
from yiwang.core.jobs.models import JobFailure, LongJob
from yiwang.project.system.rules import last_line, masked, masked_document

pytestmark = pytest.mark.django_db
PHONE = "13900001111"
TRACE = f"Traceback\n  here\nValueError: nobody answers at {PHONE}\n"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(alphabet="我们abc，。: ", max_size=20))
def test_numbers_go_and_ids_stay(number: str, words: str) -> None:
    assert number not in masked(f"{words} {number}，{words}")
    for around in (f"电话{number}", f"{number}已停机", f"请拨{number}，", f"+86-{number}"):
        assert number not in masked(around)
    hidden = masked_document({"phone": int(number), "n": [7, True, None, 1.5]})
    assert hidden == {"phone": f"{number[:3]}****{number[-2:]}", "n": [7, True, None, 1.5]}
    some_id = "018f0000-1234-7000-8000-123456789012"
    assert masked(f"case:{some_id}") == f"case:{some_id}"
    assert masked_document({"a": [number, 7], "b": {"c": some_id}}) == {
        "a": [f"{number[:3]}****{number[-2:]}", 7],
        "b": {"c": some_id},
    }


def test_the_last_line_says_what_it_was() -> None:
    assert last_line(TRACE).startswith("ValueError")
    assert last_line("") == ""


@pytest.fixture
def admin() -> Browser:
    return Browser(person("admin", "system.view_state", "system.run_work"))


@pytest.fixture
def viewer() -> Browser:
    return Browser(person("viewer", "system.view_state"))


@pytest.fixture
def letter() -> DeadLetter:
    event = OutboxEvent.objects.create(
        type="tree.felled", aggregate="tree:1", payload={"by": PHONE}, at=clock.now(), state="dead"
    )
    return DeadLetter.objects.create(
        event=event, handler="yiwang.tests.plant", reason=TRACE, attempts=8, at=clock.now()
    )


def test_a_dead_letter_is_shown_without_numbers(admin: Browser, letter: DeadLetter) -> None:
    answer = admin.get("/system/dead-letters")
    assert PHONE not in answer.content.decode()
    [shown] = answer.json()["items"]
    assert (shown["error"], shown["handler"]) == ("ValueError: nobody answers at 139****11", "tests.plant")


def test_it_is_retried_once_by_whom_that_is_allowed(
    admin: Browser, viewer: Browser, letter: DeadLetter
) -> None:
    assert viewer.post(f"/system/dead-letters/{letter.pk}/retry").status_code == 403
    assert admin.post(f"/system/dead-letters/{letter.pk}/retry").status_code == 204
    letter.event.refresh_from_db()
    assert letter.event.state == "pending"
    again = admin.post(f"/system/dead-letters/{letter.pk}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "dead_letter_replayed")
    assert viewer.get("/system/dead-letters", state="settled").json()["items"][0]["replayed_at"]
    assert Entry.objects.get(action="events.replay").object_id == str(letter.pk)


def test_it_is_given_up_with_a_reason(admin: Browser, letter: DeadLetter) -> None:
    path = f"/system/dead-letters/{letter.pk}/discard"
    assert admin.post(path, {"reason": " "}).json()["code"] == "empty"
    assert admin.post(path, {"reason": "树已移走"}).status_code == 204
    assert admin.get("/system/dead-letters").json()["items"] == []
    assert admin.post(f"/system/dead-letters/{letter.pk}/retry").json()["code"] == "dead_letter_discarded"
    letter.event.refresh_from_db()
    assert letter.event.state == "dead"
    assert Entry.objects.get(action="events.discard").after == {"because": "树已移走"}
    assert admin.post("/system/dead-letters/999/discard", {"reason": "x"}).status_code == 404


@pytest.fixture
def stuck() -> StuckMark:
    now = clock.now()
    limit = Deadline.objects.create(
        owner_kind="unheard", owner_id=uuid7(), stage="handle", limit_kind="natural_day", limit_amount=1,
        started_at=now, warn_at=now, due_at=now + timedelta(days=1), allowed_us=1, day_us=1,
        marks=["due"], percents=[100], mark_at=[now],
    )  # fmt: skip
    return StuckMark.objects.create(deadline=limit, mark="due", mark_at=now, reason=TRACE, attempts=8, at=now)


def test_a_stuck_mark_is_sent_again(
    admin: Browser, stuck: StuckMark, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yiwang.core.deadlines import firing

    def fails(fired: Any) -> None:
        raise ValueError(f"still nobody at {PHONE}")

    with monkeypatch.context() as broken:
        broken.setattr(firing, "reminder_of", lambda kind: fails)
        refused = admin.post(f"/system/stuck-marks/{stuck.pk}/retry")
        assert (refused.status_code, refused.json()["code"]) == (409, "stuck_mark_fails")
        assert PHONE not in refused.content.decode()
    assert len(admin.get("/system/stuck-marks").json()["items"]) == 1
    assert admin.post(f"/system/stuck-marks/{stuck.pk}/retry").status_code == 204
    assert admin.get("/system/stuck-marks").json()["items"] == []
    assert admin.post(f"/system/stuck-marks/{stuck.pk}/retry").json()["code"] == "stuck_mark_settled"


@pytest.fixture
def job() -> Any:
    """A job that waits."""
    return app.configure_task("events.forget_delivered_events", queueing_lock="tests.one").defer(timestamp=1)


def fail(job_id: int) -> None:
    """As a worker does when its function raises."""

    class Context:
        job = type("Job", (), {"id": job_id})

    def broken() -> None:
        raise ValueError(f"nobody at {PHONE}")

    with pytest.raises(ValueError, match="nobody"), transaction.atomic():
        keep_reason(broken, Context, None)
    JobFailure.objects.create(pk=job_id, reason=TRACE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job_id])


def test_a_failed_job_says_why_and_is_tried_again(admin: Browser, viewer: Browser, job: int) -> None:
    assert admin.post(f"/system/jobs/{job}/retry").json()["code"] == "job_not_failed"
    fail(job)
    [shown] = viewer.get("/system/jobs").json()["items"]
    assert (shown["id"], shown["error"]) == (job, "ValueError: nobody answers at 139****11")
    assert PHONE not in shown["trace"]
    assert viewer.post(f"/system/jobs/{job}/retry").status_code == 403
    assert admin.post(f"/system/jobs/{job}/retry").status_code == 204
    assert [one["id"] for one in viewer.get("/system/jobs", state="waiting").json()["items"]] == [job]
    assert Entry.objects.get(action="jobs.retry").object_id == str(job)


def test_one_that_waits_already_is_not_put_there_twice(admin: Browser, job: int) -> None:
    fail(job)
    app.configure_task("events.forget_delivered_events", queueing_lock="tests.one").defer(timestamp=2)
    answer = admin.post(f"/system/jobs/{job}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "job_waits_already")


def test_what_waits_is_called_off_and_long_work_with_it(admin: Browser) -> None:
    asked = begin(system("tests"), "system.back_up")
    [waiting] = admin.get("/system/jobs", state="waiting").json()["items"]
    assert admin.post(f"/system/jobs/{waiting['id']}/cancel").status_code == 204
    assert admin.post(f"/system/jobs/{waiting['id']}/cancel").json()["code"] == "job_not_waiting"
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (LongJob.State.FAILED, "cancelled")
    assert [one["id"] for one in admin.get("/system/long-jobs").json()["items"]] == [str(asked.pk)]
    assert admin.post("/system/jobs/999999/cancel").status_code == 404


def test_lost_work_does_not_block_its_kind(admin: Browser) -> None:
    """Its worker lost the database before it could say how it ended: the queue has no job for it any more."""
    lost = begin(system("tests"), "system.back_up")
    assert settle_lost() == 0
    LongJob.objects.update(state=LongJob.State.RUNNING)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    again = begin(system("tests"), "system.back_up")
    lost.refresh_from_db()
    assert (lost.state, lost.reason) == (LongJob.State.FAILED, "worker_lost")
    assert lost.ended_at
    assert settle_lost() == 0
    with pytest.raises(Conflict, match="job_under_way"):
        begin(system("tests"), "system.back_up")
    assert again.state == LongJob.State.WAITING


def test_reasons_go_with_their_jobs(job: int) -> None:
    JobFailure.objects.create(pk=job, reason="x")
    JobFailure.objects.create(pk=job + 10_000, reason="x")
    assert forget_gone() == 1
