"""Evaluation over HTTP."""

from typing import Annotated

from ninja import Query

from yiwang.core.http.routes import ActingRequest, Router
from yiwang.insight.evaluation import present, queries
from yiwang.insight.evaluation.access import BOARD
from yiwang.insight.evaluation.schemas import BoardFilters, BoardOut, CountedFilters, CountedRows
from yiwang.operations.cases.access import VIEW

router = Router(tags=["evaluation"])


@router.get("/evaluation/board", permission=BOARD, response=BoardOut)
def show_board(request: ActingRequest, filters: Query[BoardFilters]) -> object:
    """The figures of some days, of the cases and units that one answers for."""
    return present.board(queries.board(request.actor, filters.wanted()))


@router.get("/evaluation/cases", permission=VIEW, response=CountedRows)
def list_counted_cases(
    request: ActingRequest,
    filters: Query[CountedFilters],
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> object:
    """Exactly what a figure of one's board counts, as far as one may see the cases."""
    indicator = queries.indicator_of(filters.indicator)
    found, total = queries.list_page(
        request.actor, filters.wanted(), indicator, filters.part, after=after, limit=limit
    )
    return {
        "indicator": present.indicator(indicator),
        "items": [present.row(row) for row in found.items],
        "next": found.next,
        "total": total,
    }
