"""The operation log over HTTP. Reading it shows that persons' values were touched, never the values themselves."""

from ninja import Query, Status

from yiwang.core.audit import queries
from yiwang.core.audit.schemas import ChainOut, EntryDetail, EntryFilters, EntryPage
from yiwang.core.http.routes import ActingRequest, Everywhere, Router
from yiwang.core.http.schemas import LongJobOut
from yiwang.core.jobs import actions as jobs
from yiwang.core.jobs.models import LongJob

# The log is written out by what its list is asked.
__all__ = ["VIEW", "EntryFilters", "router"]

router = Router(tags=["audit"])
VIEW = Everywhere("audit.view_entry")
CHECK = Everywhere("audit.check_chain")
LARGEST_ID = 2**63 - 1
ANCHORS_SHOWN = 20


@router.get("/audit/entries", permission=VIEW, response=EntryPage)
def list_entries(request: ActingRequest, wanted: Query[EntryFilters], after: str | None = None) -> object:
    """Acts, newest first."""
    found = queries.entry_page(queries.Wanted(**wanted.model_dump()), after)
    return {"items": found.items, "next": found.next}


@router.get("/audit/entries/{int:entry_id}", permission=VIEW, response=EntryDetail)
def get_entry(request: ActingRequest, entry_id: int) -> object:
    """One act, with what it changed."""
    return queries.entry_detail(min(entry_id, LARGEST_ID))


@router.get("/audit/chain", permission=VIEW, response=ChainOut)
def get_chain(request: ActingRequest) -> object:
    """How the chain stands, and when it was verified last."""
    return {
        "head": queries.head(),
        "waiting": queries.unsealed()[0],
        "anchors": queries.last_anchors(ANCHORS_SHOWN),
        "check": LongJob.objects.filter(kind=CHECK).order_by("-asked_at").first(),
    }


@router.post("/audit/chain/check", permission=CHECK, response={202: LongJobOut})
def check_chain(request: ActingRequest) -> object:
    """Let a worker verify the whole chain; 409 while one does."""
    return Status(202, jobs.begin(request.actor, CHECK))
