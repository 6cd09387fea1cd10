"""Long work of this room."""

from yiwang.core.jobs.declare import long_job
from yiwang.project.setup import demo_instead

long_job(demo_instead.KIND)(demo_instead.load)
