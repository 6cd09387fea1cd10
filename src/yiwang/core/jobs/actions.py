"""Begin long work, and do the jobs that wait."""

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from procrastinate.contrib.django import app

from yiwang.core.jobs.long import begin

__all__ = ["begin", "do_jobs"]

JOBS_AT_ONCE = 2
LOOK_EVERY_S = 2.0  # word of a new job comes at once; this is the net below it


async def do_jobs(*, patience_s: float) -> None:
    """Do background jobs and defer the periodic ones, until cancelled; jobs under way then get `patience_s`.

    Raises procrastinate's ConnectorException or a database error when the database goes away.
    """
    # The periodic ones are deferred on Django's connection, which may have died with the database.
    await sync_to_async(close_old_connections)()
    # A copy with a connection of its own: jobs that handlers defer stay on Django's, in their transaction.
    own = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with own.open_async():
        await own.run_worker_async(
            concurrency=JOBS_AT_ONCE,
            fetch_job_polling_interval=LOOK_EVERY_S,
            install_signal_handlers=False,
            delete_jobs="successful",
            shutdown_graceful_timeout=patience_s,
        )
