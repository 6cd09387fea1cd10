"""The backups that there are in a folder: listed, and the oldest taken away."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from yiwang.core import clock
from yiwang.project.backup import manifest
from yiwang.project.backup.manifest import BadBackup, Manifest


def names(folder: Path) -> list[str]:
    """The folders that are called like backups, newest first; a half-made one has another name."""
    if not folder.is_dir():
        return []
    return sorted((one.name for one in folder.iterdir() if manifest.is_id(one.name)), reverse=True)


def listed(folder: Path) -> list[Manifest]:
    """The backups that can be read, newest first."""
    found = []
    for name in names(folder):
        try:
            found.append(manifest.read(folder / name))
        except BadBackup:
            continue
    return found


def damaged(folder: Path) -> list[tuple[str, str]]:
    """Backups whose manifest cannot be used, and why."""
    found = []
    for name in names(folder):
        try:
            manifest.read(folder / name)
        except BadBackup as error:
            found.append((name, str(error)))
    return found


def keep_newest(folder: Path, kept: int) -> list[str]:
    """Delete the oldest, so that `kept` (1 or more) are left; their names. Damaged ones count for nothing and stay."""
    old = [one.id for one in listed(folder)[max(kept, 1) :]]
    for name in old:
        shutil.rmtree(folder / name)
    return old


def is_due(now: datetime, hour: int, last_at: datetime) -> bool:
    """Whether the nightly backup of the last `hour` (district's time) has not been made; all aware.

    `last_at` is when the last one was made, or when the platform was installed: a night that nobody saw is not made up.
    """
    local = now.astimezone(clock.LOCAL)
    moment = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if moment > local:
        moment -= timedelta(days=1)
    return last_at < moment
