"""Tables that were uploaded, brought in by a worker."""

from yiwang.core.imports import uploading
from yiwang.core.jobs.declare import long_job

long_job(uploading.KIND)(uploading.bring_in)
