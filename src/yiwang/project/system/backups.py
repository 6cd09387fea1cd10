"""Backups on screen: what there is, what was checked, and what is under way."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings

from yiwang.core.actor import Actor
from yiwang.core.errors import NotFound
from yiwang.core.jobs import actions as jobs
from yiwang.core.jobs.models import LongJob
from yiwang.core.parameters import queries as parameters
from yiwang.project import cluster
from yiwang.project.backup import manifest, shelf
from yiwang.project.backup.manifest import Manifest
from yiwang.project.system.parameters import BACKUP_HOUR, BACKUP_KEPT, BACKUP_NIGHTLY

MAKE, CHECK, TRIAL = "system.back_up", "system.check_backup", "system.try_backup"
KINDS = (MAKE, CHECK, TRIAL)
OPEN = (LongJob.State.WAITING, LongJob.State.RUNNING)


def folder() -> Path:
    """Where the backups of this installation lie."""
    return Path(settings.BACKUP_DIR)


def begin(actor: Actor, kind: str, backup_id: str = "") -> LongJob:
    """Let a worker make, check or try one. Raises NotFound `backup_not_found`; Conflict `job_under_way`."""
    if kind != MAKE and (not manifest.is_id(backup_id) or not (folder() / backup_id).is_dir()):
        raise NotFound("backup_not_found", "没有这份备份，可能已按保留份数自动删除。")
    return jobs.begin(actor, kind, subject=backup_id, arguments={"occasion": "asked"})


def overview() -> dict[str, Any]:
    """Everything that the screen of backups shows."""
    last = _last_of_each()
    items = [_shown(found, last) for found in shelf.listed(folder())]
    items += [_unreadable(name, why) for name, why in shelf.damaged(folder())]
    makes = LongJob.objects.filter(kind=MAKE).exclude(state__in=OPEN).order_by("-asked_at")
    made = makes.first()
    return {
        "items": sorted(items, key=lambda item: str(item["id"]), reverse=True),
        "folder": str(folder()),
        "free_bytes": free_bytes(),
        "nightly": parameters.switched_on(BACKUP_NIGHTLY),
        "hour": parameters.number(BACKUP_HOUR),
        "kept": parameters.number(BACKUP_KEPT),
        "can_try": cluster.is_private(),
        "under_way": list(LongJob.objects.filter(kind__in=KINDS, state__in=OPEN).order_by("asked_at")),
        "last_failed": made if made and made.state == LongJob.State.FAILED else None,
    }


def free_bytes() -> int:
    """The room that is left where backups go."""
    place = next(one for one in (folder(), *folder().parents) if one.exists())
    return shutil.disk_usage(place).free


def _last_of_each() -> dict[tuple[str, str], LongJob]:
    """The last check and the last trial of each backup."""
    rows = LongJob.objects.filter(kind__in=(CHECK, TRIAL)).order_by("kind", "subject", "-asked_at")
    return {(row.kind, row.subject): row for row in rows.distinct("kind", "subject")}


def _shown(found: Manifest, last: dict[tuple[str, str], LongJob]) -> dict[str, Any]:
    return {
        "id": found.id,
        "made_at": found.made_at,
        "made_by": found.made_by,
        "occasion": found.occasion,
        "version": found.version,
        "bytes": found.bytes,
        "rows": found.rows,
        "tables": len(found.tables),
        "files": found.files,
        "missing": len(found.missing),
        "damaged": "",
        "check": last.get((CHECK, found.id)),
        "trial": last.get((TRIAL, found.id)),
    }


def _unreadable(name: str, why: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("bytes", "rows", "tables", "files", "missing"), 0)
    words = dict.fromkeys(("made_by", "occasion", "version"), "")
    return {
        "id": name,
        "made_at": None,
        "damaged": why.rpartition("/")[2],
        "check": None,
        "trial": None,
        **nothing,
        **words,
    }
