"""Writing lists out, and taking old files away."""

from uuid import UUID

from yiwang.core.exports import work
from yiwang.core.jobs.declare import periodic, task


@task(attempts=3)
def write_export(export_id: str) -> None:
    """Write one list out."""
    work.write(UUID(export_id))


@periodic("17 * * * *")
def forget_old_exports() -> int:
    """Files of more than a week."""
    return work.forget_old()
