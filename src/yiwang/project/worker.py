"""The worker: carries events to their handlers, seals the audit record, fires reminder marks, does background jobs.

One process, started as `python -m yiwang.project.worker`. Each of its four parts starts again by itself when the
database was away. SIGTERM ends it within three seconds: whatever is cut off is rolled back and done again later.
"""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable

import django
import psycopg
from django.db import DatabaseError, InterfaceError, connection

RETRY_S = 0.5
LONGEST_WAIT_S = 1.0  # for word of new events; then it looks for itself
SEAL_EVERY_S = 0.5
LOOK_FOR_MARKS_S = 1.0  # at the longest: a limit may have begun meanwhile that is due sooner
SHORTEST_WAIT_S = 0.01  # another worker holds what is due
STOP_PATIENCE_S = 2.5

log = logging.getLogger("yiwang.project.worker")
Work = Callable[[threading.Event], None]


def relay_events(stopping: threading.Event) -> None:
    """Deliver events as word of them comes, and look for due ones each second."""
    from yiwang.core.events import listen, relay

    with listen.listening() as listener:
        while not stopping.is_set():
            relay.deliver_due(stopping.is_set)
            for _ in listener.notifies(timeout=LONGEST_WAIT_S, stop_after=1):
                pass


def seal_entries(stopping: threading.Event) -> None:
    """Seal new audit entries twice a second, and anchor the chain."""
    from yiwang.core.audit.sealer import Sealer

    sealer = Sealer()
    while not stopping.wait(SEAL_EVERY_S):
        sealer.turn()


def fire_marks(stopping: threading.Event) -> None:
    """Fire reminder marks at their time, hundreds at once; sleep until the next one, at most a second."""
    from yiwang.core import clock
    from yiwang.core.deadlines import actions, queries

    while not stopping.is_set():
        if actions.fire_due():
            continue
        next_at = queries.next_due_at()
        ahead_s = LOOK_FOR_MARKS_S if next_at is None else (next_at - clock.now()).total_seconds()
        stopping.wait(min(max(ahead_s, SHORTEST_WAIT_S), LOOK_FOR_MARKS_S))


def keep_at(name: str, work: Work, stopping: threading.Event) -> None:
    """Do `work`, and again when it fails, on a fresh connection; says once for each time the database is away."""
    told_at = 0.0
    while not stopping.is_set():
        try:
            work(stopping)
        except (DatabaseError, InterfaceError, psycopg.Error) as error:
            if time.monotonic() - told_at > 10 * RETRY_S:
                log.warning("%s: the database does not answer, trying again: %s", name, str(error).strip())
            told_at = time.monotonic()
        except Exception:
            log.exception("%s failed, trying again", name)
        connection.close()
        stopping.wait(RETRY_S)


async def keep_at_jobs(stopping: asyncio.Event) -> None:
    """Do jobs until told to stop, beginning again when the database was away."""
    from procrastinate.exceptions import ConnectorException

    from yiwang.core.jobs.actions import do_jobs

    stop = asyncio.create_task(stopping.wait())
    while not stopping.is_set():
        jobs = asyncio.create_task(do_jobs(patience_s=STOP_PATIENCE_S / 2))
        await asyncio.wait({jobs, stop}, return_when=asyncio.FIRST_COMPLETED)
        if stopping.is_set():
            jobs.cancel()
        try:
            await jobs
        except asyncio.CancelledError:
            break
        except (ConnectorException, DatabaseError, psycopg.Error) as error:
            log.warning("jobs: the database does not answer, trying again: %s", error)
        except Exception:
            log.exception("jobs failed, trying again")
        await asyncio.wait({stop}, timeout=RETRY_S)


async def work_until_told() -> None:
    """Everything that the worker does; returns after SIGTERM or SIGINT."""
    stopping, stop_threads = asyncio.Event(), threading.Event()

    def stop() -> None:
        stop_threads.set()
        stopping.set()
        deadline = threading.Timer(STOP_PATIENCE_S, give_up)
        deadline.daemon = True
        deadline.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    parts: dict[str, Work] = {"relay": relay_events, "sealer": seal_entries, "marks": fire_marks}
    threads = [
        threading.Thread(target=keep_at, args=(name, work, stop_threads), name=name, daemon=True)
        for name, work in parts.items()
    ]
    for thread in threads:
        thread.start()
    log.info("relay, sealer, marks and jobs are at work")
    await keep_at_jobs(stopping)
    for thread in threads:
        await asyncio.to_thread(thread.join)
    log.info("stopped")


def give_up() -> None:
    """End the process although something is still running: its transaction is rolled back, its job tried again."""
    log.warning("work that was still running is cut off and will be done again")
    os._exit(0)


def main() -> None:
    """Run the worker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
    django.setup()
    asyncio.run(work_until_told())


if __name__ == "__main__":
    main()
