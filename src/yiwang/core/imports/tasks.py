"""Tables that were uploaded, brought in by a worker."""

from yiwang.core.imports import uploading
from yiwang.core.jobs.declare import long_job, periodic

long_job(uploading.KIND, clear=uploading.take_away)(uploading.bring_in)


@periodic("19 * * * *")
def forget_left_tables() -> int:
    """Uploaded tables that no job waits for."""
    return uploading.forget_left()
