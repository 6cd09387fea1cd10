"""Making ready: backups, where they lie and when the last was made."""

import os

from django.conf import settings

from yiwang.core import clock
from yiwang.core.parameters import queries as parameters
from yiwang.core.setup import Finding, Found, Step
from yiwang.project.backup import shelf
from yiwang.project.system import backups
from yiwang.project.system.parameters import BACKUP_HOUR, BACKUP_NIGHTLY
from yiwang.project.system.rules import Standing, backup_standing


def judge(age_h: float | None, *, nightly: bool) -> Finding:
    """By the age of the newest backup in hours; None: there is none."""
    if age_h is None:
        return Finding.MISSING
    well = backup_standing(age_h, nightly=nightly, last_failed=False) is Standing.WELL
    return Finding.WELL if well else Finding.LOOK


def look() -> Found:
    """Where backups lie, whether they are made by themselves, and the last one."""
    last = next(iter(shelf.listed(backups.folder())), None)
    age_h = (clock.now() - last.made_at).total_seconds() / 3600 if last else None
    nightly = parameters.switched_on(BACKUP_NIGHTLY)
    facts = {
        "folder": str(backups.folder()),
        "nightly": nightly,
        "hour": parameters.number(BACKUP_HOUR),
        "at": last.made_at.isoformat() if last else None,
        "same_disk": _disk(str(backups.folder())) == _disk(str(settings.VAR)),
    }
    return Found(judge(age_h, nightly=nightly), facts, mark=last.id if last else "")


def _disk(path: str) -> int:
    """The device of a folder, or of the nearest one above it that is there."""
    while not os.path.exists(path):
        path = os.path.dirname(path)
    return os.stat(path).st_dev


STEPS = (Step("system.backups", 70, "/system/backups", look),)
