"""The check of a case's evidence over HTTP."""

from datetime import datetime
from uuid import UUID

from yiwang.core.http.routes import ActingRequest, Router
from yiwang.core.http.schemas import Out
from yiwang.operations.cases import access, evidence

router = Router(tags=["cases"])


class LookedAt(Out):
    """An original that was read again; `fault` is empty, missing, wrong_size, altered or away."""

    photo_id: int
    slot: str
    name: str
    sha256: str
    size_bytes: int
    taken_at: datetime | None
    uploaded_at: datetime
    uploaded_by: str
    fault: str


class RecordOut(Out):
    """The entries of the audit chain about a case; `altered` are the numbers of those that are not what was sealed."""

    entries: int
    waiting: int
    altered: list[int]


class EvidenceOut(Out):
    """What a check of a case's evidence found."""

    checked_at: datetime
    files: list[LookedAt]
    record: RecordOut
    holds: bool


@router.get("/cases/{uuid:case_id}/evidence", permission=access.VIEW, response=EvidenceOut)
def check_evidence(request: ActingRequest, case_id: UUID) -> object:
    """Whether the originals and the record of a case are what they were; every original is read again."""
    return evidence.check(request.actor, case_id)
