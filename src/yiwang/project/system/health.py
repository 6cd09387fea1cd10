"""How the platform stands: each thing that can go wrong, looked at on request, cheaply."""

import http.client
import shutil
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from yiwang.core import clock
from yiwang.core.audit import queries as audit
from yiwang.core.calendars import queries as calendars
from yiwang.core.deadlines import queries as deadlines
from yiwang.core.events import queries as events
from yiwang.core.jobs.models import LongJob
from yiwang.core.notify import queries as notify
from yiwang.core.parameters import queries as parameters
from yiwang.project.backup import making, shelf
from yiwang.project.environment import ENV
from yiwang.project.reaching import to_server
from yiwang.project.system import backups, processes
from yiwang.project.system.parameters import BACKUP_NIGHTLY
from yiwang.project.system.rules import Sign, Standing, above, backup_standing, free_space

PROBE_S = 1.0
HEARTBEAT_S = 60
EXAMINE = "system.examine"
Look = Callable[[], Iterator[Sign]]


def signs(besides: Collection[Look] = ()) -> list[Sign]:
    """Everything that was looked at, `besides` some; what cannot be looked at says so instead of failing the page."""
    return [sign for look in LOOKS if look not in besides for sign in _safely(look)]


def _safely(look: Look) -> list[Sign]:
    try:
        return list(look())
    except Exception as error:  # a broken part of the machine is what this page is for
        name = look.__name__
        return [
            Sign("other", "not_looked_at", Standing.ATTENTION, {"part": name, "error": type(error).__name__})
        ]


def programs() -> Iterator[Sign]:
    """Web, worker and gateway."""
    here = processes.running()
    version = making.version()
    yield Sign("processes", "web", Standing.WELL, {**_of(here.get("web")), "version": version})
    beat = ProcrastinateWorker.objects.order_by("-last_heartbeat").first()
    silent_s = (clock.now() - beat.last_heartbeat).total_seconds() if beat else None
    works = silent_s is not None and silent_s < HEARTBEAT_S
    yield Sign("processes", "worker", Standing.WELL if works else Standing.WRONG, _of(here.get("worker")))
    yield Sign("processes", "gateway", gateway(), _of(here.get("gateway")))


def gateway() -> Standing:
    """Whether the gateway of this machine hears the database; UNKNOWN where live events come from another one."""
    if not ENV.live_port:
        return Standing.UNKNOWN
    asked = to_server(settings.LIVE_PORT, PROBE_S)
    try:
        asked.request("GET", "/live/health")
        return Standing.WELL if asked.getresponse().status == http.HTTPStatus.OK else Standing.WRONG
    except (OSError, http.client.HTTPException):
        return Standing.UNKNOWN if settings.LIVE_URL else Standing.WRONG
    finally:
        asked.close()


def _of(found: processes.Running | None) -> dict[str, Any]:
    if found is None:
        return {"count": 0}
    return {"count": found.count, "since": found.since.isoformat(), "bytes": found.bytes}


def database() -> Iterator[Sign]:
    """The server and its connections."""
    version, since, size, used, most = _row(
        "SELECT current_setting('server_version'), pg_postmaster_start_time(), pg_database_size(current_database()),"
        " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
        " current_setting('max_connections')::int"
    )
    yield Sign(
        "processes",
        "database",
        Standing.WELL,
        {"version": version.split()[0], "since": since.isoformat(), "count": 1},
    )
    yield Sign("storage", "database_size", Standing.WELL, {"bytes": size})
    yield Sign("storage", "connections", above(used / most, 0.8, 0.95), {"used": used, "most": most})


def queues() -> Iterator[Sign]:
    """What waits to be delivered, done, fired and sealed."""
    backlog = events.backlog()
    late_s = _age_s(backlog.oldest_at)
    yield Sign("queues", "outbox", above(late_s, 60, 600), {"waiting": backlog.pending, "late_s": late_s})
    yield Sign("queues", "dead_letters", above(backlog.dead_letters, 1, 1000), {"n": backlog.dead_letters})
    unsent = notify.dead_deliveries().count()
    yield Sign("queues", "dead_deliveries", above(unsent, 1, 1000), {"n": unsent})
    waiting, late, failed = jobs()
    yield Sign("queues", "jobs", above(late, 1, 100), {"waiting": waiting, "late": late})
    yield Sign("queues", "failed_jobs", above(failed, 1, 1000), {"n": failed})
    limits = deadlines.state()
    marks_late_s = _age_s(limits.oldest_at)
    yield Sign(
        "queues",
        "marks",
        above(marks_late_s, 60, 600),
        {"waiting": limits.waiting, "running": limits.running, "late_s": marks_late_s},
    )
    yield Sign("queues", "stuck_marks", above(limits.stuck, 1, 1000), {"n": limits.stuck})
    unsealed, since = audit.unsealed()
    yield Sign(
        "queues", "seals", above(_age_s(since), 60, 600), {"waiting": unsealed, "late_s": _age_s(since)}
    )


def jobs() -> tuple[int, int, int]:
    """Jobs that wait, those of them that should have begun ten minutes ago, and those that failed."""
    todo = ProcrastinateJob.objects.filter(status="todo")
    late = _row(
        "SELECT count(*) FROM procrastinate_jobs j WHERE status = 'todo' AND coalesce(scheduled_at,"
        " (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id)) < now() - interval '10 minutes'"
    )[0]
    return todo.count(), late, ProcrastinateJob.objects.filter(status="failed").count()


def storage() -> Iterator[Sign]:
    """The disk."""
    place = next(one for one in (Path(settings.VAR), *Path(settings.VAR).parents) if one.exists())
    disk = shutil.disk_usage(place)
    yield Sign("storage", "disk", free_space(disk.free, disk.total), {"free": disk.free, "total": disk.total})


def files() -> Iterator[Sign]:
    """How many files there are, each content once; reads them all."""
    n, size = _row(
        "SELECT count(*), coalesce(sum(size_bytes), 0)::bigint"
        " FROM (SELECT DISTINCT sha256, size_bytes FROM files_storedfile) AS one"
    )
    yield Sign("storage", "files", Standing.WELL, {"n": n, "bytes": size})


def backup() -> Iterator[Sign]:
    """The newest backup."""
    last = next(iter(shelf.listed(backups.folder())), None)
    made = LongJob.objects.filter(kind=backups.MAKE, ended_at__isnull=False).order_by("-asked_at").first()
    age_h = (clock.now() - last.made_at).total_seconds() / 3600 if last else None
    failed = made is not None and made.state == LongJob.State.FAILED
    state = backup_standing(age_h, nightly=parameters.switched_on(BACKUP_NIGHTLY), last_failed=failed)
    yield Sign(
        "storage", "backup", state, {"at": last.made_at.isoformat() if last else None, "failed": failed}
    )


def notices() -> Iterator[Sign]:
    """Years of the working calendars that go without the official notice; this year's is missed most."""
    this_year = clock.today().year
    years = sorted({year for one in calendars.calendars() for year in one["provisional_years"]})
    near = [year for year in years if year <= this_year]
    state = Standing.ATTENTION if near else Standing.WELL
    yield Sign("other", "calendar", state, {"years": years[:3], "now": bool(near)})


LOOKS: tuple[Look, ...] = (programs, database, queues, storage, files, backup, notices)


def _row(query: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def _age_s(since: datetime | None) -> int:
    return max(0, int((clock.now() - since) / timedelta(seconds=1))) if since else 0
