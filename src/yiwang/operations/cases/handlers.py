"""What this room does when it hears its own news: whoever is next is told."""

from uuid import UUID

from yiwang.core.accounts.queries import holders
from yiwang.core.events.declare import handles
from yiwang.core.notify import actions as notify
from yiwang.operations.cases import queries
from yiwang.operations.cases.events import CaseAdvanced, CaseOpened
from yiwang.operations.cases.lifecycle import Reach, Transition
from yiwang.operations.cases.models import Case


@handles(CaseOpened)
def tell_first(event: CaseOpened) -> None:
    """Those who take a new case on are told."""
    tell_next(UUID(event.case_id), event.version, event.verb)


@handles(CaseAdvanced)
def tell_following(event: CaseAdvanced) -> None:
    """Those who have the next step are told."""
    tell_next(UUID(event.case_id), event.version, event.verb)


def tell_next(case_id: UUID, version: int, verb: str) -> None:
    """A notice to everybody who can take the case's next main step; none when the case has moved on since."""
    case = (
        Case.objects.select_related("category", "handling_unit").filter(pk=case_id, version=version).first()
    )
    if case is None:
        return
    steps = [t for t in queries.table(case.lifecycle_id).leaving(case.state) if t.is_main]
    next_steps = [t for t in steps if t.pending_request == case.pending_request]
    people = {person for row in next_steps for person in takers(case, row)}
    if people:
        notify.notify(
            sorted(people),
            kind="case.your_turn",
            params={
                "number": case.number,
                "category": {"zh": case.category.name_zh, "en": case.category.name_en},
                "address": case.address,
                "verb": next_steps[0].label,
                "after": verb,
            },
            link=f"/cases/{case.pk}",
        )


def takers(case: Case, row: Transition) -> set[UUID]:
    """The people whose authority covers this row for this case."""
    if row.reach is Reach.UNIT:
        unit = case.handling_unit
        return (
            set(holders(row.permission, unit_path=unit.path).values_list("pk", flat=True)) if unit else set()
        )
    return set(holders(row.permission, area_code=case.area_code).values_list("pk", flat=True))
