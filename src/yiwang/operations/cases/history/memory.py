"""What the steps of a past have to look up, kept in memory: each thing is asked of the database once."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from yiwang.city.geo.queries import PlaceBook
from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.calendars.rules import WorkCalendar
from yiwang.core.codes import queries as codes
from yiwang.operations.cases import queries
from yiwang.operations.cases.categories.queries import current_category
from yiwang.operations.cases.dossier import Dossier
from yiwang.operations.cases.history.place import Laid, somewhere_in
from yiwang.operations.cases.lifecycle import Table
from yiwang.operations.cases.models import Case, Category
from yiwang.operations.cases.rules import MainCase
from yiwang.operations.cases.store import Live

T = TypeVar("T")
MOST_KEPT = 50_000  # answers


class Memory:
    """As `store.Live`, and with what it answers; the clock is held at the step's moment when it is asked.

    Conditions and classes change on certain days only: between two of them they are asked for once. `cases` are
    those of the chunk at hand.
    """

    def __init__(self) -> None:
        self.cases: dict[UUID, Dossier] = {}
        self.table: Table = queries.current_table()
        self._live = Live()  # of the rulebook, which it keeps, another is asked in each era
        self._bound: dict[UUID, dict[UUID, None]] = defaultdict(dict)
        self._kept: dict[Hashable, Any] = {}
        self._days: dict[int, datetime] = {}
        self._units = {unit.pk: unit for unit in Unit.objects.filter(handles_cases=True)}
        days = Category.objects.filter(version__gt=0).values_list("valid_from", "valid_to")
        self._turns: list[date] = sorted({day for pair in days for day in pair if day is not None})

    @cached_property
    def places(self) -> PlaceBook:
        """The map."""
        return PlaceBook()

    def begin_chunk(self) -> None:
        """Forget the cases of the last one."""
        self.cases.clear()
        self._bound.clear()

    def rebind(self, dossier: Dossier, before: UUID | None) -> None:
        """Note that a case may have been bound to another, or freed, by its last step."""
        now = dossier.case.main_case_id
        if now == before:
            return
        if before is not None:
            self._bound[before].pop(dossier.case.pk, None)
        if now is not None:
            self._bound[now][dossier.case.pk] = None

    def forget(self, dossier: Dossier) -> None:
        """A case is not brought in after all; who is bound to it is found out later."""
        if dossier.case.main_case_id is not None:
            self._bound[dossier.case.main_case_id].pop(dossier.case.pk, None)

    def category(self, key: str) -> Category:
        """The class of a key as it held. Raises Invalid `unknown_category`."""
        return self._by_rulebook(("category", key), lambda: current_category(key))

    def require_source(self, source: str) -> None:
        """Raises Invalid when there is no such source of cases."""
        self._once(("source", source), lambda: codes.require("case_sources", source, field="source"))

    def somewhere_in(self, area: str) -> Laid:
        """A place that is not known better. Raises Invalid."""
        return self._once(("area", area), lambda: somewhere_in(area))

    def unit(self, unit_id: int) -> Unit | None:
        """A unit that handled cases on that day."""
        unit = self._units.get(unit_id)
        gone = unit is not None and unit.valid_to is not None and unit.valid_to <= clock.today()
        return None if gone else unit

    def calendar(self, unit_id: int | None) -> tuple[str, WorkCalendar]:
        """By which a unit's clocks run."""
        return self._once(("calendar", unit_id), lambda: self._live.calendar(unit_id))

    def calendar_of(self, key: str) -> WorkCalendar | None:
        """By its key."""
        return self._once(("calendar_of", key), lambda: self._live.calendar_of(key))

    def conditions(self, case: Case, condition_id: int | None) -> frozenset[int]:
        """Whether the condition is one of the case's own class."""
        if condition_id is None:
            return frozenset()
        key = ("conditions", case.category_id, condition_id, area_class(case))
        return self._by_rulebook(key, lambda: Live().conditions(case, condition_id))

    def snapshot(self, case: Case, condition_id: int) -> dict[str, Any]:
        """What the case keeps of its condition."""
        key = ("snapshot", case.category_id, condition_id, area_class(case))
        return self._by_rulebook(key, lambda: Live().snapshot(case, condition_id))

    def person(self, user_id: UUID, permission: str, area_code: str) -> str | None:
        """Who held a permission for a place on that day."""
        key = ("person", user_id, permission, area_code, clock.today())
        return self._once(key, lambda: self._live.person(user_id, permission, area_code))

    def main_case(self, actor: Actor, case_id: UUID | None) -> MainCase | None:
        """The case that another is bound to: one of the same chunk, else one that is there."""
        held = self.cases.get(case_id) if case_id else None
        if held is None:
            return self._live.main_case(actor, case_id)
        return MainCase(held.case.pk, held.case.group == "open", held.case.main_case_id is not None)

    def bound(self, case_id: UUID) -> list[UUID]:
        """The cases that are bound to one."""
        return list(self._bound.get(case_id, ()))

    def _by_rulebook(self, key: tuple[Hashable, ...], ask: Callable[[], T]) -> T:
        """What the rulebook says, the same on every day between two of its changes, asked on the first of them."""
        era = bisect_right(self._turns, clock.today()) if self._turns else 0
        day = self._days.setdefault(era, clock.now())

        def ask_then() -> T:
            with clock.frozen(day):
                return ask()

        return self._once((*key, era), ask_then)

    def _once(self, key: Hashable, ask: Callable[[], T]) -> T:
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = ask()
        found: T = self._kept[key]
        return found


def area_class(case: Case) -> Any:
    """The management class of the case's place, on which limits may depend."""
    return case.place.get("area_class")
