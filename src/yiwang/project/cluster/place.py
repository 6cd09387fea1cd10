"""Where the private cluster lies and whose it is.

PostgreSQL refuses to run as root, so root's cluster belongs to the system user `postgres`, who must be able to
reach it; and the path of a Unix socket is short. Where the checkout cannot offer both, the cluster lies elsewhere.
"""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from yiwang.project.failure import Failure

SOCKET_PATH_LIMIT = 107  # bytes, of the kernel's sockaddr_un
SOCKET_NAME = ".s.PGSQL.5432"


class ClusterError(Failure):
    """The cluster cannot be made, found or started; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The system user that the database runs as. `switched` is true when that is not the one who asks."""

    name: str
    uid: int
    gid: int
    switched: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A cluster's folder and owner. `reason` says why it is not where it was asked for; None when it is."""

    folder: Path
    owner: Owner
    reason: str | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def sockets(self) -> Path:
        return self.folder / "sock"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    def is_made(self) -> bool:
        """Whether a cluster was made here to the end (`initdb` writes PG_VERSION early, we write ours last)."""
        return (self.folder / "made").exists()


def current_owner() -> Owner:
    """`postgres` for root, else the person itself; raises ClusterError when there is no such user."""
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return Owner(me.pw_name, me.pw_uid, me.pw_gid, switched=False)
    try:
        other = pwd.getpwnam("postgres")
    except KeyError:
        raise ClusterError(
            "PostgreSQL does not run as root and there is no user 'postgres'. "
            "Run scripts/bootstrap.sh, which installs PostgreSQL, or start as an ordinary user."
        ) from None
    return Owner(other.pw_name, other.pw_uid, other.pw_gid, switched=True)


def find_place(wanted: Path) -> Place:
    """The place for the cluster that was asked for at `wanted`; an existing one is never left for a new one."""
    owner = current_owner()
    reason = hindrance(wanted, owner)
    here = Place(wanted, owner)
    if reason is None:
        return here
    if here.is_made():
        raise ClusterError(f"There is a database in {wanted}, but {reason}. Give access to it or move it.")
    there = Place(refuge(wanted, owner), owner, reason)
    if (trouble := hindrance(there.folder, owner)) is not None:
        raise ClusterError(f"No place for the database: {reason}; and instead of it, {trouble}.")
    return there


def refuge(wanted: Path, owner: Owner) -> Path:
    """Where a cluster lies that cannot lie at `wanted`; the same for the same `wanted` at all times."""
    name = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    base = Path("/var/lib") if owner.switched else Path(pwd.getpwuid(owner.uid).pw_dir, ".local", "state")
    return base / "yiwang" / name


def hindrance(folder: Path, owner: Owner) -> str | None:
    """Why `owner` cannot run a cluster in `folder`; None when nothing is in the way."""
    length = len(os.fsencode(folder / "sock" / SOCKET_NAME))
    if length > SOCKET_PATH_LIMIT:
        return f"the path of its socket would have {length} bytes, and {SOCKET_PATH_LIMIT} are allowed ({folder})"
    for parent in reversed(folder.parents):
        if parent.exists() and not may_enter(parent, owner):
            return f"user {owner.name} may not enter {parent}"
    if folder.exists() and folder.stat().st_uid not in (owner.uid, os.geteuid()):
        return f"{folder} belongs to another user (number {folder.stat().st_uid})"
    return None


def may_enter(folder: Path, owner: Owner) -> bool:
    """Whether the permission bits let `owner` pass through `folder`."""
    found = folder.stat()
    if found.st_uid == owner.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid in os.getgrouplist(owner.name, owner.gid):
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
