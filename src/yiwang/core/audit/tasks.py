"""Verification of the whole chain, when somebody asks for it on screen."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from yiwang.core.audit import queries
from yiwang.core.jobs.declare import Progress, long_job
from yiwang.core.jobs.models import LongJob


@long_job("audit.check_chain")
def check_chain(job: LongJob, progress: Progress) -> Mapping[str, Any]:
    """Walk the chain from its genesis, and say what was found."""
    length = queries.head()
    found = queries.verify(lambda position: progress.say(position, max(length, position), "chain"))
    return {**asdict(found), "ok": found.ok}
