"""Administering people over HTTP."""

from typing import Annotated
from uuid import UUID

from ninja import Path, Query, Status

from yiwang.core.accounts import access, links, staff, staff_queries
from yiwang.core.accounts.models import SignInAttempt
from yiwang.core.accounts.staff_schemas import (
    AccountIn,
    AssignmentIn,
    AssignmentOut,
    DetailsIn,
    EndAssignmentIn,
    LinkOut,
    NewStaff,
    Posts,
    RoleOptions,
    StaffIn,
    StaffOut,
    StaffPage,
    StaffQuery,
    TryPage,
    TryQuery,
)
from yiwang.core.http.paging import count
from yiwang.core.http.routes import ActingRequest, Router

router = Router(tags=["accounts"])
MANAGE = access.MANAGE_USERS
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/staff", permission=MANAGE, response=StaffPage)
def list_staff(request: ActingRequest, asked: Query[StaffQuery]) -> object:
    """The people whom one administers; `q` finds names, accounts, posts and the end of a telephone number."""
    wanted = staff_queries.Narrowing(asked.q, asked.unit_id, asked.role, asked.state)
    rows = staff_queries.narrowed(access.list_staff_for(request.actor), wanted)
    found = staff_queries.staff_page(rows, sort=asked.sort, after=asked.after, limit=asked.limit)
    locked = staff_queries.are_locked(found.items)
    return {
        "items": [staff_queries.present_row(user, locked) for user in found.items],
        "next": found.next,
        "total": None if asked.after else count(rows),
    }


@router.post("/staff", permission=MANAGE, response={201: NewStaff})
def create_staff(request: ActingRequest, payload: StaffIn) -> object:
    """A new person with a first post; the answer shows once the link by which they set a password."""
    first = staff.NewAssignment(**payload.assignment.dict())
    made = staff.create(
        request.actor, username=payload.username, name=payload.name, phone=payload.phone, first=first
    )
    person = staff_queries.describe(request.actor, made.link.user)
    return Status(201, {"person": person, "link": shown(request, made)})


@router.get("/staff/{uuid:user_id}", permission=MANAGE, response=StaffOut)
def get_staff(request: ActingRequest, user_id: UUID) -> object:
    """One person in full, with all posts they ever held."""
    return staff_queries.describe(request.actor, access.get_staff_for(request.actor, user_id))


@router.put("/staff/{uuid:user_id}", permission=MANAGE, response=StaffOut)
def change_staff(request: ActingRequest, user_id: UUID, payload: DetailsIn) -> object:
    """Change a person's name or telephone."""
    return staff_queries.describe(
        request.actor, staff.change_details(request.actor, user_id, **payload.dict())
    )


@router.post("/staff/{uuid:user_id}/assignments", permission=MANAGE, response={201: AssignmentOut})
def appoint_staff(request: ActingRequest, user_id: UUID, payload: AssignmentIn) -> object:
    """Give a person a further post, within one's own authority."""
    row = staff.appoint(request.actor, user_id, staff.NewAssignment(**payload.dict()))
    return Status(201, staff_queries.present_assignment(row))


@router.post("/staff/assignments/{int:assignment_id}/end", permission=MANAGE, response={204: None})
def end_assignment(request: ActingRequest, assignment_id: Path[int], payload: EndAssignmentIn) -> object:
    """End an assignment on a day, today or to come."""
    staff.end(request.actor, assignment_id, payload.on)
    return Status(204, None)


@router.put("/staff/{uuid:user_id}/account", permission=MANAGE, response=StaffOut)
def set_account(request: ActingRequest, user_id: UUID, payload: AccountIn) -> object:
    """Open or close a person's account; closing ends their sessions."""
    return staff_queries.describe(
        request.actor, staff.set_open(request.actor, user_id, is_open=payload.is_open)
    )


@router.post("/staff/{uuid:user_id}/unlock", permission=MANAGE, response={204: None})
def unlock_account(request: ActingRequest, user_id: UUID) -> object:
    """Let a person sign in again who gave a wrong password too often."""
    staff.unlock(request.actor, user_id)
    return Status(204, None)


@router.post("/staff/{uuid:user_id}/password-link", permission=MANAGE, response={201: LinkOut})
def make_password_link(request: ActingRequest, user_id: UUID) -> object:
    """Reset a password: the old one and all sessions end; the answer shows once the link to set a new one."""
    return Status(201, shown(request, staff.reset_password(request.actor, user_id)))


@router.get("/staff/{uuid:user_id}/sign-ins", permission=MANAGE, response=TryPage)
def list_sign_ins_of(
    request: ActingRequest, user_id: UUID, after: str | None = None, limit: Limit = 50
) -> object:
    """The tries to sign in to a person's account, the latest first."""
    user = access.get_staff_for(request.actor, user_id)
    rows = SignInAttempt.objects.filter(username=user.username)
    return staff_queries.tries_page(rows, after=after, limit=limit)


@router.get("/sign-ins", permission=MANAGE, response=TryPage)
def list_sign_ins(request: ActingRequest, asked: Query[TryQuery]) -> object:
    """Who tried to sign in, when and from where, right or wrong; the latest first."""
    wanted = staff_queries.Tried(asked.q, asked.succeeded, asked.first, asked.last)
    rows = staff_queries.tries_for(request.actor, wanted)
    return staff_queries.tries_page(rows, after=asked.after, limit=asked.limit)


@router.get("/roles/options", permission=MANAGE, response=RoleOptions)
def list_role_options(request: ActingRequest) -> object:
    """Roles that can be given with a post."""
    return {"items": staff_queries.role_options(request.actor)}


@router.get("/posts", permission=MANAGE, response=Posts)
def list_posts(request: ActingRequest, unit_id: int | None = None) -> object:
    """Posts of a unit, or of all units whose people one manages."""
    return {"items": list(staff_queries.posts_for(request.actor, unit_id))}


def shown(request: ActingRequest, made: links.NewLink) -> dict[str, object]:
    """A link on the wire; the answer that holds it is not kept for a retry."""
    request.shows_secret = True  # type: ignore[attr-defined]
    return {"path": made.path, "expires_at": made.link.expires_at}
