"""A table that somebody uploads on screen, brought in by a job in their name."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from yiwang.core.actor import Actor
from yiwang.core.errors import Invalid, NotFound
from yiwang.core.files import actions as files
from yiwang.core.ids import uuid7
from yiwang.core.imports import actions, declare, queries
from yiwang.core.imports.actions import Options
from yiwang.core.imports.models import Run
from yiwang.core.jobs import actions as jobs
from yiwang.core.jobs.declare import Progress
from yiwang.core.jobs.models import LongJob
from yiwang.core.jobs.queries import OPEN

KIND = "imports.bring_in"
MOST_MIB = 100
PIECE = 1024 * 1024
LEFT_FOR_S = 3600  # longer than any request that is still to commit its job
PARTS = 1000  # of the progress


def upload(actor: Actor, *, stream: BinaryIO, name: str, target: str, mapping: str) -> LongJob:
    """Take a table in and let a worker bring it in by a shipped mapping.

    Raises Invalid `unknown_mapping` on the field "mapping", `file_empty` or `table_too_large` on "file"; Conflict
    `job_under_way`.
    """
    _mapping(target, mapping)
    kept = f"imports/{uuid7()}"
    draft = files.draft_aside()
    try:
        _write(stream, draft)
        size = files.put_aside(kept, draft)
    finally:
        draft.unlink(missing_ok=True)
    told = {"kept": kept, "size": size, "name": Path(name).name[-120:] or "table"}
    try:
        return jobs.begin(
            actor, KIND, subject=str(told["name"]), arguments={**told, "target": target, "mapping": mapping}
        )
    except BaseException:
        files.take_aside_away(kept)
        raise


def _write(stream: BinaryIO, draft: Path) -> None:
    size = 0
    with draft.open("xb") as out:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > MOST_MIB * 1024 * 1024:
                words = f"文件超过 {MOST_MIB} MB，请分开导入。"
                raise Invalid("table_too_large", words, field="file", most_mib=MOST_MIB)
            out.write(piece)
    if size == 0:
        raise Invalid("file_empty", "文件是空的。", field="file")


def _mapping(target: str, name: str) -> queries.Mapping:
    """A shipped mapping; never a path that a client names."""
    try:
        wanted = declare.target(target)
    except declare.BadMapping:
        wanted = None
    known = {one.name: one for one in queries.shipped_mappings(wanted)} if wanted else {}
    if name not in known:
        raise Invalid("unknown_mapping", "没有这个导入方式。", field="mapping")
    return known[name]


def bring_in(job: LongJob, progress: Progress) -> Mapping[str, Any]:
    """The job: the same file again goes on where it was, so a worker may be killed meanwhile."""
    told = job.arguments
    actor = Actor(user_id=job.asked_by, name=job.asked_by_name, via="import", is_system=True)
    with tempfile.TemporaryDirectory(prefix="yiwang-import-") as folder:
        # Never by the name that somebody gave it: a hundred Chinese characters are too many bytes for a file's name.
        file = Path(folder) / f"table{Path(str(told['name'])).suffix.encode('ascii', 'ignore').decode()[:10]}"
        with file.open("wb") as out:
            out.writelines(files.read_aside(str(told["kept"]), int(told["size"])))

        def say(run: Run, done: float) -> None:
            progress.say(int(done * PARTS), PARTS, "rows")

        try:
            mapping = _mapping(str(told["target"]), str(told["mapping"]))
            run = actions.bring_in(actor, file, mapping, Options(name=str(told["name"])), say=say)
        finally:  # a worker that is killed does not come by here
            take_away(job)
    return {"run": str(run.pk), "loaded": run.loaded, "present": run.present, "faulty": run.faulty}


def take_away(job: LongJob) -> None:
    """Remove the table of a job that will not be done (again)."""
    files.take_aside_away(str(job.arguments["kept"]))


def forget_left() -> int:
    """Remove tables whose job is at its end or was never kept; returns how many."""
    old = list(files.aside_before("imports", time.time() - LEFT_FOR_S))
    wanted = set(LongJob.objects.filter(kind=KIND, state__in=OPEN).values_list("arguments__kept", flat=True))
    left = [key for key in old if key not in wanted]
    for key in left:
        files.take_aside_away(key)
    return len(left)


def get_job(job_id: UUID) -> LongJob:
    """The job of an upload. Raises NotFound `job_not_found`."""
    job = LongJob.objects.filter(pk=job_id, kind=KIND).first()
    if job is None:
        raise NotFound("job_not_found", "没有这个任务。")
    return job


def report(run_id: UUID, *, excel: bool) -> tuple[str, bytes]:
    """Name and content of the report of a run's faulty rows. Raises NotFound."""
    run = queries.get_run(run_id)
    ending = "xlsx" if excel else "csv"
    with tempfile.TemporaryDirectory(prefix="yiwang-report-") as folder:
        file = Path(folder) / f"report.{ending}"
        actions.write_report_of(run, file)
        return f"{Path(run.file_name).stem}-有误的行.{ending}", file.read_bytes()
