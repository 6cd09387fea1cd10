"""The running platform over HTTP."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from ninja import Status

from yiwang.core import clock
from yiwang.core.errors import NotFound
from yiwang.core.http import durations
from yiwang.core.http.routes import ActingRequest, Router
from yiwang.core.http.schemas import LongJobOut
from yiwang.core.jobs import actions as jobs
from yiwang.core.jobs.models import LongJob
from yiwang.project.system import backups, health
from yiwang.project.system.journal_api import router as journal
from yiwang.project.system.permissions import RUN, VIEW
from yiwang.project.system.rules import worst
from yiwang.project.system.schemas import Backups, HealthOut
from yiwang.project.system.troubles_api import router as troubles

router = Router(tags=["system"])
router.add_router("", troubles)
router.add_router("", journal)

MOST_ROUTES = 30
WORK = {"make": backups.MAKE, "check": backups.CHECK, "trial": backups.TRIAL}


@router.get("/system/backups", permission=VIEW, response=Backups)
def list_backups(request: ActingRequest) -> object:
    """The backups that there are, and what is under way."""
    return backups.overview()


@router.post("/system/backups", permission=RUN, response={202: LongJobOut})
def make_backup(request: ActingRequest) -> object:
    """Back the platform up now; 409 while one is being made."""
    return Status(202, backups.begin(request.actor, backups.MAKE))


@router.post("/system/backups/{backup}/{work}", permission=RUN, response={202: LongJobOut})
def check_backup(request: ActingRequest, backup: str, work: Literal["check", "trial"]) -> object:
    """Compare a backup with its digests, or try it in a scratch database; neither touches the running platform."""
    return Status(202, backups.begin(request.actor, WORK[work], backup))


@router.get("/system/long-jobs/{job_id}", permission=VIEW, response=LongJobOut)
def get_long_job(request: ActingRequest, job_id: UUID) -> object:
    """How far long work is, or what came of it."""
    job = LongJob.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFound("job_not_found", "没有这个任务。")
    return job


@router.get("/system/health", permission=VIEW, response=HealthOut)
def get_platform_health(request: ActingRequest) -> object:
    """How the platform stands at this moment, and how its requests went in the last day."""
    found = health.signs()
    since = clock.now() - timedelta(days=1)
    return {
        "checked_at": clock.now(),
        "state": worst([sign.state for sign in found]),
        "signs": found,
        "routes": durations.by_route(since)[:MOST_ROUTES],
        "hours": durations.by_hour(since),
        "examination": LongJob.objects.filter(kind=health.EXAMINE).order_by("-asked_at").first(),
    }


@router.post("/system/health/examination", permission=RUN, response={202: LongJobOut})
def examine_installation(request: ActingRequest) -> object:
    """Let the doctor look at each part of the installation."""
    return Status(202, jobs.begin(request.actor, health.EXAMINE))
