"""The operation log in words over HTTP."""

from typing import Annotated

from ninja import Query

from yiwang.core.audit.api import VIEW
from yiwang.core.http.routes import ActingRequest, Router
from yiwang.project.system import journal
from yiwang.project.system.schemas import AuditWords, ObjectNames

router = Router(tags=["audit"])
Refs = Annotated[list[str], Query(max_length=500)]


@router.get("/audit/words", permission=VIEW, response=AuditWords)
def list_audit_words(request: ActingRequest) -> object:
    """How acts, objects, fields and the states of cases are called."""
    return journal.words()


@router.get("/audit/names", permission=VIEW, response=ObjectNames)
def list_object_names(request: ActingRequest, of: Refs) -> object:
    """What objects are called (`user:<id>`, `unit:5`), as far as the reader may see them."""
    return {"names": journal.names(request.actor, of)}
