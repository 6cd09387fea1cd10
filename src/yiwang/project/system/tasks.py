"""Work on the running platform: backups, their checks, and the nightly one."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import connection

from yiwang.core import clock
from yiwang.core.actor import system
from yiwang.core.errors import Conflict
from yiwang.core.jobs import actions as jobs
from yiwang.core.jobs.declare import Progress, long_job, periodic
from yiwang.core.jobs.models import LongJob
from yiwang.core.parameters import queries as parameters
from yiwang.project import cluster, doctor
from yiwang.project.backup import checking, making, shelf
from yiwang.project.system import backups, health, retention
from yiwang.project.system.parameters import BACKUP_HOUR, BACKUP_KEPT, BACKUP_NIGHTLY


@long_job(backups.MAKE)
def back_up(job: LongJob, progress: Progress) -> Mapping[str, Any]:
    """Make a backup, then take away those beyond the number that is kept."""
    occasion = str(job.arguments.get("occasion", "asked"))
    made = making.make(
        cluster.database_url(), backups.folder(), by=job.asked_by_name, occasion=occasion, say=progress.say
    )
    removed = shelf.keep_newest(backups.folder(), parameters.number(BACKUP_KEPT))
    return {"id": made.id, "bytes": made.bytes, "rows": made.rows, "files": made.files, "removed": removed}


@long_job(backups.CHECK)
def check_backup(job: LongJob, progress: Progress) -> Mapping[str, Any]:
    """Read a whole backup and compare its digests."""
    wrong = checking.faults(backups.folder() / job.subject, progress.say)
    return {"ok": not wrong, "damaged": len(wrong), "first": wrong[:20]}


@long_job(backups.TRIAL)
def try_backup(job: LongJob, progress: Progress) -> Mapping[str, Any]:
    """Bring a backup back into a scratch database and compare everything."""
    return checking.try_out(backups.folder() / job.subject, progress.say).document()


@long_job(health.EXAMINE)
def examine(job: LongJob, progress: Progress) -> Mapping[str, Any]:
    """Look at each part of the installation, as `yiwang doctor` does."""
    findings = []
    for number, (part, found) in enumerate(doctor.examine(), 1):
        findings.append(
            {"part": part, "level": found.level.name.lower(), "text": found.text, "remedy": found.remedy}
        )
        progress.say(number, len(doctor.CHECKS), "examining")
    return {"findings": findings}


@periodic("7 * * * *")
def back_up_nightly() -> bool:
    """Begin the nightly backup once its hour has come; whether one was begun."""
    if not parameters.switched_on(BACKUP_NIGHTLY):
        return False
    last = next(iter(shelf.listed(backups.folder())), None)
    last_at = max(last.made_at, installed_at()) if last else installed_at()
    if not shelf.is_due(clock.now(), parameters.number(BACKUP_HOUR), last_at):
        return False
    with suppress(Conflict):
        jobs.begin(system("schedule"), backups.MAKE, arguments={"occasion": "nightly"})
        return True
    return False


@periodic("11 18 * * *")
def forget_old() -> dict[str, int]:
    """In the quietest hours of the district: what is past its time."""
    return retention.forget_old()


def installed_at() -> datetime:
    """When the database was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM django_migrations")
        found: datetime = cursor.fetchone()[0]
    return found
