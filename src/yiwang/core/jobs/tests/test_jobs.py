"""Jobs are found in every room and deferred in a transaction. How they are done: tests/processes/test_worker.py."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from procrastinate import testing
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.core.actor import system
from yiwang.core.jobs import long
from yiwang.core.jobs.declare import Progress, long_job, periodic, task, task_name
from yiwang.core.jobs.models import LongJob

PERIODIC = {
    "events.forget_delivered_events",
    "files.forget_orphaned_content",
    "files.forget_unclaimed_files",
    "jobs.forget_failed",
    "jobs.forget_reasons",
    "jobs.retry_stalled",
    "jobs.settle_lost_jobs",
}


def test_the_rooms_jobs_are_found() -> None:
    assert {name for name, _ in app.periodic_registry.periodic_tasks} >= PERIODIC


def test_a_job_is_called_after_its_room_and_function() -> None:
    def grow(timestamp: int) -> None: ...

    grow.__module__ = "yiwang.sectors.greening.tasks"
    assert task_name(grow) == "greening.grow"


@pytest.fixture
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only what a test declares itself: a worker would also run what the rooms have due at this hour."""
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})
    before = dict(app.tasks)
    yield
    app.tasks.clear()
    app.tasks.update(before)


@pytest.mark.usefixtures("empty_registry")
def test_a_periodic_job_runs_without_arguments_and_never_twice_at_once() -> None:
    runs: list[int] = []

    @periodic("* * * * *")
    def count_up() -> int:
        runs.append(1)
        return len(runs)

    assert count_up() == 1
    declared = app.tasks["tests.count_up"]
    assert (declared.queueing_lock, declared.lock) == ("tests.count_up", "tests.count_up")
    with app.replace_connector(testing.InMemoryConnector()) as memory:
        declared.defer(timestamp=0)
        memory.run_worker(wait=False, install_signal_handlers=False)
    assert runs == [1, 1]


@pytest.mark.usefixtures("empty_registry")
def test_a_job_that_fails_is_tried_again_and_then_given_up() -> None:
    tries: list[str] = []

    @task(attempts=2)
    def fail(word: str) -> None:
        tries.append(word)
        raise ValueError(word)

    connector = testing.InMemoryConnector()
    with app.replace_connector(connector) as memory:
        job_id = fail.defer(word="x")
        memory.run_worker(wait=False, install_signal_handlers=False)
        assert connector.jobs[job_id]["status"] == "todo"
        for attempt in (2, 3):
            connector.jobs[job_id]["scheduled_at"] = None
            memory.run_worker(wait=False, install_signal_handlers=False)
            assert len(tries) == min(attempt, 3)
        assert connector.jobs[job_id]["status"] == "failed"


@pytest.mark.django_db
def test_a_job_stands_or_falls_with_the_transaction_that_deferred_it() -> None:
    with transaction.atomic():
        app.configure_task("jobs.forget_reasons").defer(timestamp=0)
        assert ProcrastinateJob.objects.count() == 1
        transaction.set_rollback(True)
    assert ProcrastinateJob.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_work_that_lost_the_database_says_so_on_a_new_connection() -> None:
    kind = "tests.lose_database"

    @long_job(kind)
    def lose(job: LongJob, progress: Progress) -> dict[str, int]:
        progress.say(1, 2, "losing")
        connection.connection.close()
        progress.say(2, 2, "lost")
        return {}

    job = long.begin(system("tests"), kind)
    try:
        long.do(job.pk)
    finally:
        long._kinds.pop(kind)
    job.refresh_from_db()
    assert job.state == LongJob.State.FAILED
    assert job.reason.startswith(("InterfaceError", "OperationalError"))
