"""Colleagues, absences and substitutes over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Query, Status

from yiwang.core import clock
from yiwang.core.accounts import absences, access, erasure, queries
from yiwang.core.accounts.models import Absence, User
from yiwang.core.accounts.schemas import AbsenceIn, AbsenceOut, Absences, Colleagues, ErasureIn
from yiwang.core.actor import Actor
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router

router = Router(tags=["accounts"])

Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/people", permission=SIGNED_IN, response=Colleagues)
def list_people(
    request: ActingRequest,
    q: Annotated[str, Query(max_length=50)] = "",
    former: bool = False,
    after: str | None = None,
    limit: Limit = 50,
) -> object:
    """Colleagues of one's own units and the people whom one manages; `q` narrows by name or account.

    `former=true` lists those who hold no post any more instead, for who may erase them.
    """
    rows = access.list_former_for(request.actor) if former else access.list_people_for(request.actor)
    found = queries.people_page(rows, q=q, after=after, limit=limit)
    return {"items": [colleague(user) for user in found.items], "next": found.next}


@router.get("/absences", permission=SIGNED_IN, response=Absences)
def list_absences(
    request: ActingRequest,
    open: bool = True,
    user_id: UUID | None = None,
    after: str | None = None,
    limit: Limit = 50,
) -> object:
    """Absences that run or are to come (`open=false`: all), one's own and those that concern or are managed by one."""
    rows = access.list_absences_for(request.actor)
    found = queries.absence_page(rows, only_open=open, user_id=user_id, after=after, limit=limit)
    managed = access.managed_people(request.actor, {row.user_id for row in found.items})
    return {"items": [present(request.actor, row, managed) for row in found.items], "next": found.next}


@router.post("/absences", permission=SIGNED_IN, response={201: AbsenceOut})
def enter_absence(request: ActingRequest, payload: AbsenceIn) -> object:
    """Enter one's own absence with a substitute of the same unit, or another's where one manages absences."""
    row = absences.enter(request.actor, absences.NewAbsence(**payload.dict()))
    return Status(201, present(request.actor, row, access.managed_people(request.actor, {row.user_id})))


@router.delete("/absences/{uuid:absence_id}", permission=SIGNED_IN, response={204: None})
def cancel_absence(request: ActingRequest, absence_id: UUID) -> object:
    """End an absence now; the substitute's authority ends with it."""
    absences.cancel(request.actor, absence_id)
    return Status(204, None)


@router.post("/people/{uuid:user_id}/erase", permission=erasure.ERASE, response={204: None})
def erase_person(request: ActingRequest, user_id: UUID, payload: ErasureIn) -> object:
    """Replace the name, account and number of somebody who holds no post any more by a pseudonym, for good."""
    erasure.erase_person(request.actor, user_id, reason=payload.reason)
    return Status(204, None)


def colleague(user: User) -> dict[str, object]:
    """A person of `people_page` on the wire."""
    held = getattr(user, "held", [])
    away = getattr(user, "away", [])
    return {
        "id": user.pk,
        "username": user.username,
        "name": user.name,
        "posts": [
            {"name": row.post.name, "unit": row.post.unit.short_name, "unit_id": row.post.unit_id}
            for row in held
        ],
        "away_until": away[-1].ends_on if away else None,
        "erased_at": user.erased_at,
    }


def present(actor: Actor, row: Absence, managed: set[UUID]) -> dict[str, object]:
    """An absence as this person may see it; `managed` are the people whose absences they manage."""
    state = state_of(row, clock.today())
    is_theirs = row.user_id == actor.user_id or row.user_id in managed
    substitute = row.substitute
    return {
        "id": row.pk,
        "person": {"id": row.user_id, "name": row.user.name},
        "substitute": {"id": substitute.pk, "name": substitute.name} if substitute else None,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "state": state,
        "reason": row.reason if is_theirs else None,
        "note": row.note if is_theirs else None,
        "entered_by": row.entered_by_name,
        "entered_at": row.entered_at,
        "cancelled_at": row.cancelled_at,
        "cancelled_by": row.cancelled_by_name,
        "may_cancel": is_theirs and state in ("coming", "running"),
    }


def state_of(row: Absence, today: date) -> str:
    """coming, running, over or cancelled."""
    if row.cancelled_at is not None:
        return "cancelled"
    if row.ends_on < today:
        return "over"
    return "coming" if row.starts_on > today else "running"
