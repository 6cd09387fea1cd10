"""Evaluation on the wire."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from yiwang.core.http.schemas import Label, Out, Total
from yiwang.insight.evaluation.queries import Wanted, checked


class BoardFilters(Schema):
    """Which days (both counted, at most a year), and what they are narrowed by.

    `category`: a minor class (`event.exposed_waste`) or a major one (`event.01`). `unit`: with all below it.
    """

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    area: str = Field("", max_length=15, pattern=r"^\d*$")
    unit: int | None = Field(None, ge=1, le=2**63 - 1)
    no_unit: bool = False
    category: str = Field("", max_length=80)
    source: str = Field("", max_length=50)

    def wanted(self) -> Wanted:
        """As `queries` takes them. Raises Invalid for days that make no period."""
        return Wanted(
            period=checked(self.first, self.last),
            area=self.area,
            unit=self.unit,
            no_unit=self.no_unit,
            category=self.category,
            source=self.source,
        )


class CountedFilters(BoardFilters):
    """The query of the list behind a figure: of which indicator, and all that it counts (`of`), what satisfies its rate
    (`hit`), or the rest (`miss`)."""

    indicator: str = Field(max_length=40)
    part: Literal["of", "hit", "miss"] = "of"


class FigureOut(Out):
    """An exact figure: a count (`of` None), so many of so many, or the seconds of so many for a mean time."""

    value: int
    of: int | None


class IndicatorOut(Out):
    """How an indicator is defined. `subject`: cases, or the handling of units. `by_day`: whether days have figures."""

    key: str
    name: Label
    formula: Label
    kind: Literal["count", "rate", "mean_time"]
    subject: Literal["case", "handling"]
    better: Literal["", "more", "less"]
    by_day: bool


class PeriodOut(Out):
    """Days, both counted."""

    first: date
    last: date


class BoardDay(Out):
    """The figures of a day, by indicator."""

    day: date
    figures: dict[str, FigureOut]


class BoardStreet(Out):
    """The figures of a street."""

    code: str
    name: str
    figures: dict[str, FigureOut]


class UnitFigures(Out):
    """The figures of a unit; `id` None: of what belongs to no unit yet."""

    id: int | None
    name: str
    figures: dict[str, FigureOut]


class BoardOut(Out):
    """The figures of a period and of the one before, and by day, street and unit. `until`: counted up to then."""

    indicators: list[IndicatorOut]
    period: PeriodOut
    before: PeriodOut
    until: datetime
    figures: dict[str, FigureOut]
    figures_before: dict[str, FigureOut]
    days: list[BoardDay]
    streets: list[BoardStreet]
    units: list[UnitFigures]


class CountedRow(Out):
    """A case, or one unit's handling of it, that a figure counts. `at`: the moment by which it counts.

    `is_hit`: whether it is in the upper part of the rate; None where the figure is no rate.
    """

    id: UUID
    case_id: UUID
    number: str
    category: Label
    description: str
    address: str
    street: str
    community: str
    state: str
    state_label: Label
    unit: str
    at: datetime
    due_at: datetime | None
    done_at: datetime | None
    is_hit: bool | None


class CountedRows(Out):
    """A page of what a figure counts, latest first; the first page comes with their number."""

    indicator: IndicatorOut
    items: list[CountedRow]
    next: str | None
    total: Total | None
