"""Erasing a reporter's values, over HTTP."""

from uuid import UUID

from ninja import Schema
from pydantic import Field

from yiwang.core.http.routes import ActingRequest, Router
from yiwang.operations.cases import erasure, present, store
from yiwang.operations.cases.schemas import CaseDetail

router = Router(tags=["cases"])


class ReporterErasureIn(Schema):
    """On what ground: a request's number, a decision. Without the person's name or number."""

    reason: str = Field(max_length=500)


@router.post("/cases/{uuid:case_id}/erase-reporter", permission=erasure.ERASE, response=CaseDetail)
def erase_reporter(request: ActingRequest, case_id: UUID, payload: ReporterErasureIn) -> object:
    """Erase the reporter's name and number for good; that it was done stays in the history."""
    erasure.erase_reporter(request.actor, case_id, reason=payload.reason)
    return present.detail(request.actor, store.read_for(request.actor, case_id))
