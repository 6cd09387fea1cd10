"""Clears away what nobody claimed: cut-off uploads, unclaimed files, content without a file."""

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.db.models import ProtectedError

from yiwang.core import clock
from yiwang.core.files import store
from yiwang.core.files.actions import lock_content
from yiwang.core.files.models import StoredFile

UNCLAIMED_FOR = timedelta(days=7)
ORPHAN_FOR = timedelta(days=1)
_BATCH = 500

log = logging.getLogger(__name__)


def forget_drafts() -> int:
    """Remove uploads that were cut off a day ago; returns how many."""
    removed = 0
    for path in store.forgotten_drafts(time.time() - ORPHAN_FOR.total_seconds()):
        path.unlink(missing_ok=True)
        removed += 1
    return removed


def forget_unclaimed() -> int:
    """Remove files that no room claimed within a week; their bytes go with the orphans. Returns how many."""
    old = StoredFile.objects.filter(claimed_at__isnull=True, created_at__lt=clock.now() - UNCLAIMED_FOR)
    removed = 0
    for file in old.iterator(chunk_size=_BATCH):
        try:
            with transaction.atomic():
                file.delete()
            removed += 1
        except ProtectedError:
            log.error("file %s is used by a room that never claimed it; it stays", file.pk)
    return removed


def forget_orphans() -> int:
    """Remove content that no file has had for a day: what a kill between write and row left, and the unclaimed."""
    removed = 0
    moment = time.time() - ORPHAN_FOR.total_seconds()
    for key in store.keeper().older_than(store.PROBES, moment):
        store.keeper().remove(key)
    for keys in batches(store.keeper().older_than(store.ORIGINALS, moment)):
        digests = {digest for key in keys if (digest := store.digest_in(key))}
        for stray in (key for key in keys if store.digest_in(key) is None):  # a copy that a kill cut off
            store.keeper().remove(stray)
        known = set(StoredFile.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
        removed += sum(remove_orphan(digest) for digest in digests - known)
    return removed


@transaction.atomic
def remove_orphan(sha256: str) -> bool:
    """Remove content unless a file has come to it meanwhile; whoever is storing it is waited for."""
    lock_content(sha256)
    if StoredFile.objects.filter(sha256=sha256).exists():
        return False
    store.remove(sha256)
    return True


def batches(keys: Iterable[str]) -> Iterator[list[str]]:
    """The keys, some hundreds at a time."""
    remaining = iter(keys)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
