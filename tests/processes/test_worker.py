"""The worker as it runs in service: it relays, seals, does jobs, survives the database, and stops at once."""

import signal
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.platform.test_up import patience
from tests.processes.conftest import Start, end_connections, wait_until
from yiwang.core import clock
from yiwang.core.accounts.tests.people import person
from yiwang.core.actor import system
from yiwang.core.audit import actions as audit
from yiwang.core.audit import queries as audit_queries
from yiwang.core.audit.models import Unsealed
from yiwang.core.deadlines import actions as deadlines
from yiwang.core.deadlines.models import Deadline
from yiwang.core.events.models import OutboxEvent
from yiwang.core.ids import uuid7
from yiwang.core.notify import actions as notify

Worker = "subprocess.Popen[bytes]"
JOB = "files.forget_orphaned_content"  # due once a day: the schedule seldom queues it beside us
MARK = 4711


@pytest.fixture
def worker(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Worker:
    home = tmp_path_factory.mktemp("home")
    process = start("yiwang.project.worker", YIWANG_HOME=str(home), YIWANG_SECRET_KEY="s" * 40)
    wait_until(working, 20)
    return process


def working() -> bool:
    """Whether the worker has signed on to the queue, the last of its parts to be ready."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return bool(cursor.fetchone()[0])


def tell(user_id: object) -> None:
    notify.notify([user_id], kind="test.word")


@transaction.atomic
def record() -> None:
    audit.record(
        system("test"), action="test.act", object_type="test", object_id="1", before=None, after=None
    )


def nothing_waits() -> bool:
    events_wait = OutboxEvent.objects.filter(state="pending").exists()
    return not events_wait and not Unsealed.objects.exists() and not ProcrastinateJob.objects.exists()


@pytest.mark.usefixtures("worker")
def test_events_entries_and_jobs_are_seen_to_at_once() -> None:
    user = person("anna")
    wait_until(nothing_waits, 30)
    tell(user.pk)
    record()
    app.configure_task(JOB, queueing_lock="mine").defer(timestamp=MARK)
    asked = time.monotonic()
    wait_until(nothing_waits, 30)
    assert time.monotonic() - asked < 3 * patience()
    report = audit_queries.verify()
    assert report.ok
    assert report.sealed >= 1


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("queued_again", [False, True])
def test_a_job_whose_worker_was_killed_is_done_by_another(queued_again: bool) -> None:
    """Also when the schedule has queued it again meanwhile, which the database lets nobody do twice."""
    wait_until(nothing_waits, 30)
    with transaction.atomic():
        app.configure_task(JOB).defer(timestamp=MARK)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = %s", [JOB])
        if queued_again:
            app.configure_task(JOB).defer(timestamp=MARK)
    app.configure_task("jobs.retry_stalled", queueing_lock="now").defer(timestamp=MARK)
    wait_until(nothing_waits, 30)


@pytest.mark.usefixtures("worker")
def test_marks_fire_within_a_second_of_their_time() -> None:
    now = clock.now()
    row = deadlines.until(
        owner_kind="lamp", owner_id=uuid7(), stage="dark", until=now + timedelta(seconds=1), now=now
    )
    deadlines.keep([row])
    wait_until(lambda: not Deadline.objects.filter(next_at__isnull=False).exists(), 20)
    assert 1 <= (clock.now() - now).total_seconds() < 2 + patience()


@pytest.mark.usefixtures("worker")
def test_a_job_that_was_rolled_back_is_never_done() -> None:
    with transaction.atomic():
        app.configure_task(JOB, queueing_lock="mine").defer(timestamp=MARK)
        transaction.set_rollback(True)
    assert not ProcrastinateJob.objects.filter(args__timestamp=MARK).exists()


def test_the_worker_outlives_the_database(worker: Worker) -> None:
    user = person("anna")
    for _ in range(2):
        wait_until(nothing_waits, 30)
        assert end_connections() >= 4
        tell(user.pk)
        record()
        app.configure_task(JOB, queueing_lock="mine").defer(timestamp=MARK)
        wait_until(nothing_waits, 60)
    assert worker.poll() is None
    assert audit_queries.verify().ok


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_stops_within_three_seconds(worker: Worker, number: signal.Signals) -> None:
    asked = time.monotonic()
    worker.send_signal(number)
    assert worker.wait(5) == 0
    assert time.monotonic() - asked < 3


def test_the_worker_stops_although_a_handler_hangs(worker: Worker) -> None:
    """A lock that is held elsewhere makes the sealer wait without end; its work is cut off and done later."""
    wait_until(nothing_waits, 30)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE audit_unsealed IN ACCESS EXCLUSIVE MODE")
        time.sleep(1)
        asked = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        worker.wait(5)
        assert time.monotonic() - asked < 3


def test_a_killed_worker_leaves_its_work_to_the_next(worker: Worker, start: Start, tmp_path: object) -> None:
    worker.kill()
    worker.wait()
    user = person("anna")
    tell(user.pk)
    start("yiwang.project.worker", YIWANG_HOME=str(tmp_path), YIWANG_SECRET_KEY="s" * 40)
    wait_until(lambda: not OutboxEvent.objects.filter(state="pending").exists(), 20)
    wait_until(lambda: not Unsealed.objects.exists(), 20)
