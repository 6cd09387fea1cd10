"""Whether what a case rests on is what it was: the originals of its pictures, and the record of its steps."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import queries as audit
from yiwang.core.files import queries as files
from yiwang.operations.cases import access
from yiwang.operations.cases.models import CasePhoto


@dataclass(frozen=True, slots=True)
class Looked:
    """One original. `fault` is empty when it is what was uploaded; see `files.queries.fault`."""

    photo_id: int
    slot: str
    name: str
    sha256: str
    size_bytes: int
    taken_at: datetime | None
    uploaded_at: datetime
    uploaded_by: str
    fault: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a check found, now."""

    checked_at: datetime
    files: tuple[Looked, ...]
    record: audit.ObjectVerification

    @property
    def holds(self) -> bool:
        """Nothing is missing or other than it was."""
        return not self.record.altered and all(one.fault == "" for one in self.files)


def check(actor: Actor, case_id: UUID) -> Evidence:
    """Read every original of a case again and compare, and its entries on the audit chain. Raises NotFound."""
    case = access.get_case_for(actor, case_id)
    photos = CasePhoto.objects.filter(case=case).select_related("file", "file__uploaded_by")
    return Evidence(
        checked_at=clock.now(),
        files=tuple(_looked(photo) for photo in photos),
        record=audit.verify_object("case", str(case.pk)),
    )


def _looked(photo: CasePhoto) -> Looked:
    file = photo.file
    return Looked(
        photo_id=photo.pk,
        slot=photo.slot,
        name=file.name,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        taken_at=file.taken_at,
        uploaded_at=file.created_at,
        uploaded_by=file.uploaded_by.name if file.uploaded_by else "",
        fault=files.fault(file),
    )
