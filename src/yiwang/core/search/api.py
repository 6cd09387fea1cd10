"""Search everywhere, over HTTP."""

from typing import Annotated

from ninja import Query

from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router
from yiwang.core.search import queries
from yiwang.core.search.schemas import Found

router = Router(tags=["search"])


@router.get("/search", permission=SIGNED_IN, response=Found)
def search(
    request: ActingRequest,
    q: Annotated[str, Query(max_length=100)],
    most: Annotated[int, Query(ge=1, le=20)] = 5,
) -> object:
    """What carries these words, of everything that the person may see, a few of each kind."""
    found = queries.find(request.actor, q, most)
    return {"groups": [{"kind": kind, "items": hits, "more": more} for kind, hits, more in found]}
