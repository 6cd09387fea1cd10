"""The reads of this room: which keys are known, what a run brought, what was wrong with it."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import QuerySet

from yiwang.core.errors import NotFound
from yiwang.core.imports.declare import Target
from yiwang.core.imports.faults import BadMapping
from yiwang.core.imports.mapping import Mapping, find, read
from yiwang.core.imports.models import ExternalKey, RowFault, Run

__all__ = ["Mapping", "faults", "known", "mapping", "shipped_mappings", "unfinished"]


def mapping(wanted: Target, name: str) -> Mapping:
    """A target's mapping by the name of a shipped one or the path of a file. Raises BadMapping."""
    found = read(find(name, [wanted.folder] if wanted.folder else []))
    if found.target is not wanted:
        raise BadMapping(f"{name} is for {found.target.key}, not for {wanted.key}.")
    return found


def shipped_mappings(wanted: Target) -> list[Mapping]:
    """The mappings that come with a target."""
    return [read(file) for file in sorted(wanted.folder.glob("*.toml"))] if wanted.folder else []


def known(target: str, source: str, keys: Collection[str]) -> dict[str, ExternalKey]:
    """The keys of a source that have an object already."""
    rows = ExternalKey.objects.filter(target=target, source=source, key__in=list(keys))
    return {row.key: row for row in rows}


def unfinished(target: str, source: str, file_digest: str, mapping_digest: str) -> Run | None:
    """The run of this very file by this very mapping that did not come to its end."""
    rows = Run.objects.exclude(state=Run.State.DONE)
    return rows.filter(
        target=target, source=source, file_digest=file_digest, mapping_digest=mapping_digest
    ).first()


def faults(run_id: UUID) -> Iterator[RowFault]:
    """The faults of a run in the order of its rows, read as a stream."""
    return RowFault.objects.filter(run=run_id).order_by("line", "id").iterator(chunk_size=1000)


def runs() -> QuerySet[Run]:
    """All runs."""
    return Run.objects.all()


def get_run(run_id: UUID) -> Run:
    """One run. Raises NotFound `import_not_found`."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound("import_not_found", "没有这次导入。")
    return run


def faults_of(run: Run) -> QuerySet[RowFault]:
    """The faults of a run, for pages by line."""
    return RowFault.objects.filter(run=run)
