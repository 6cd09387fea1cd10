"""A person goes out of why jobs failed: the trace of an error may repeat values."""

from yiwang.core.erasing import Erasure, erases, holding, mask_rows
from yiwang.core.jobs.models import JobFailure, LongJob


@erases("jobs.job_failure")
def erase_failures(erasure: Erasure) -> int:
    """Why background jobs failed."""
    return len(
        mask_rows(holding(JobFailure.objects.all(), erasure.certain, ("reason",)), ("reason",), erasure)
    )


@erases("jobs.long_job")
def erase_long_jobs(erasure: Erasure) -> int:
    """Why long jobs failed."""
    return len(mask_rows(holding(LongJob.objects.all(), erasure.certain, ("reason",)), ("reason",), erasure))
