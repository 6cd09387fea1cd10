"""What the list of cases, its map and its table are asked over HTTP."""

from typing import Literal

from ninja import Field, Schema
from pydantic import AwareDatetime

from yiwang.operations.cases.queries import Filters


class CaseFilters(Schema):
    """The query of the case list and of the case map.

    `requests`: with a request that is not decided yet (`pending`), or one that waits for one's own decision (`mine`).
    """

    state: str = Field("", max_length=300)
    group: Literal["", "open", "closed", "refused", "merged"] = ""
    category: str = Field("", max_length=80)
    area: str = Field("", max_length=15, pattern=r"^\d*$")
    source: str = Field("", max_length=50)
    unit: int | None = Field(None, ge=1, le=2**63 - 1)
    q: str = Field("", max_length=100)
    reported_from: AwareDatetime | None = None
    reported_to: AwareDatetime | None = None
    due: Literal["", "overdue", "soon"] = ""
    work: Literal["", "mine"] = ""
    answers: Literal["", "open"] = ""
    requests: Literal["", "pending", "mine"] = ""

    def chosen(self) -> Filters:
        """As `queries` takes them."""
        return Filters(
            states=tuple(state for state in self.state.split(",") if state),
            group=self.group,
            category=self.category,
            area=self.area,
            source=self.source,
            unit=self.unit,
            q=self.q,
            reported_from=self.reported_from,
            reported_to=self.reported_to,
            due=self.due,
            mine=self.work == "mine",
            untold=self.answers == "open",
            requests=self.requests,
        )
