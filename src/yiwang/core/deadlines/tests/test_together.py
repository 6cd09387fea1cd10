"""Several workers fire while others stop limits and go on with them: every mark is told once."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from yiwang.core import clock
from yiwang.core.deadlines import actions
from yiwang.core.deadlines.declare import Fired
from yiwang.core.deadlines.models import Deadline
from yiwang.core.deadlines.tests.limits import OFFICE, reminding, started

pytestmark = pytest.mark.django_db(transaction=True)

LIMITS, WORKERS = 400, 3


def at_once(*works: Callable[[], object]) -> None:
    """Run these on threads of their own; what one raises is raised here."""
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_every_mark_is_told_once_by_several_workers_among_changes() -> None:
    now = clock.now()
    # Of each limit of ten hours, three marks at 8, 10 and 20 hours: all past, or only the first, or none.
    ages = {n: timedelta(hours=(25, 9, 1)[n % 3], milliseconds=n) for n in range(LIMITS)}
    rows = [started("10", now=now - ages[n]) for n in range(LIMITS)]
    actions.keep(rows)
    told: list[tuple[UUID, str]] = []
    done = threading.Event()

    def remind(fired: list[Fired]) -> None:
        told.extend((mark.owner_id, mark.mark) for mark in fired)

    def fire() -> None:
        while not done.is_set():
            actions.fire_due(7)

    def change() -> None:
        """As an action does that has read before the worker fires: stop, and go on at once."""
        picks = random.Random(1)
        for _ in range(60):
            few = picks.sample([row.owner_id for row in rows], 5)
            with transaction.atomic():
                running = list(Deadline.objects.filter(owner_id__in=few, stopped_at=None))
                for row in running:
                    actions.stop(row, OFFICE, clock.now())
                again = [actions.go_on(row, OFFICE, clock.now()) for row in running]
                time.sleep(0.01)  # time for the others to fire what was read
                actions.keep([*running, *again], learn=False)
        done.set()

    with reminding(remind):
        at_once(*[fire] * WORKERS, change)
        while actions.fire_due():
            pass
    expected = Counter(
        (row.owner_id, mark)
        for n, row in enumerate(rows)
        for mark in (("warn", "due", "late"), ("warn",), ())[n % 3]
    )
    assert Counter(told) == expected
    assert Deadline.objects.filter(stopped_at=None).count() == LIMITS
