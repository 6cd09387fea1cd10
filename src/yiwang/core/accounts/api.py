"""Signing in and out, one's own password, units."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token, rotate_token
from ninja import Status

from yiwang.core import clock
from yiwang.core.accounts import actions, queries, unit_calendars
from yiwang.core.accounts.links_api import router as links
from yiwang.core.accounts.online_api import router as online
from yiwang.core.accounts.people_api import router as people
from yiwang.core.accounts.reorganisation_api import router as reorganising
from yiwang.core.accounts.roles_api import router as roles
from yiwang.core.accounts.schemas import (
    DemoAccounts,
    Door,
    PasswordIn,
    SessionOut,
    SignInIn,
    UnitCalendarIn,
    UnitOut,
    Units,
)
from yiwang.core.accounts.sessions import AGENT_KEY, IP_KEY, USER_KEY
from yiwang.core.accounts.staff_api import router as staff
from yiwang.core.actor import Actor, Scope
from yiwang.core.errors import NotFound, Unauthenticated
from yiwang.core.http.headers import live_url, sender_ip
from yiwang.core.http.routes import FIRST_SIGN_IN, PUBLIC, ActingRequest, Router

router = Router(tags=["accounts"])
router.add_router("", people)
router.add_router("", staff)
router.add_router("", links)
router.add_router("", online)
router.add_router("", roles)
router.add_router("", reorganising)


@router.get("/session", permission=PUBLIC, response=SessionOut)
def get_session(request: ActingRequest) -> object:
    """Who is signed in; sets the CSRF cookie either way."""
    get_token(request)
    if request.actor is None:
        raise Unauthenticated("not_signed_in", "请先登录。")
    return describe(request, request.actor)


@router.post("/session", permission=PUBLIC, response=SessionOut)
def sign_in(request: HttpRequest, payload: SignInIn) -> object:
    """Sign in; the old session, if any, ends."""
    user = actions.sign_in(payload.username, payload.password, ip=sender_ip(request))
    request.session.flush()
    request.session[USER_KEY] = str(user.pk)
    request.session[IP_KEY] = sender_ip(request)
    request.session[AGENT_KEY] = request.headers.get("User-Agent", "")
    rotate_token(request)
    actor = queries.actor_for_user(user.pk)
    if actor is None:
        raise Unauthenticated("not_signed_in", "请先登录。")
    return describe(request, actor)


@router.delete("/session", permission=PUBLIC, response={204: None})
def sign_out(request: HttpRequest) -> object:
    """End this browser's session."""
    request.session.flush()
    return Status(204, None)


@router.get("/session/door", permission=PUBLIC, response=Door)
def get_door(request: HttpRequest) -> object:
    """Whether anybody can sign in yet; nothing is told of who."""
    return {"open": queries.somebody_can_enter()}


@router.post("/session/password", permission=FIRST_SIGN_IN, response={204: None})
def change_password(request: ActingRequest, payload: PasswordIn) -> object:
    """Change one's own password; other browsers are signed out."""
    actions.change_password(
        request.actor, current=payload.current, new=payload.new, keep_session=request.session.session_key
    )
    return Status(204, None)


@router.get("/demo-accounts", permission=PUBLIC, response=DemoAccounts)
def list_demo_accounts(request: HttpRequest) -> object:
    """The demo persons and what each does in the loop; 404 unless this is a demo."""
    found = list(queries.demo_accounts())
    if not found:
        raise NotFound("not_a_demo", "这不是演示系统。")
    return {
        "items": [
            {
                "username": row.user.username,
                "password": settings.DEMO_PASSWORD,
                "name": row.user.name,
                "post": row.post.name,
                "unit": row.post.unit.short_name,
                "role": row.role.key,
                "does": row.role.does,
            }
            for row in found
        ]
    }


@router.get("/units", permission="accounts.view_unit", response=Units)
def list_units(request: ActingRequest, handling: bool | None = None, ended: bool = False) -> object:
    """Units in the order of the tree; `handling=true` keeps those to which cases can be dispatched, `ended=true`
    adds those that are no more."""
    return {"items": queries.with_predecessors(queries.units(handling=handling, ended=ended))}


@router.put("/units/{int:unit_id}/calendar", permission=unit_calendars.EDIT, response=UnitOut)
def set_unit_calendar(request: ActingRequest, payload: UnitCalendarIn, unit_id: int) -> object:
    """Let the limits of a unit run by a calendar of its own; those that run already keep theirs."""
    return unit_calendars.set_calendar(request.actor, unit_id, payload.calendar)


def describe(request: HttpRequest, actor: Actor) -> dict[str, object]:
    """The session's answer for an actor."""
    installation = queries.installation()
    return {
        "user": {"id": actor.user_id, "username": actor.username, "name": actor.name},
        "posts": [
            {"role": s.role, "name": s.post, "unit": s.unit_name, "on_behalf_of": absentee(s)}
            for s in actor.assignments
        ],
        "permissions": sorted(actor.permissions),
        "permissions_everywhere": sorted(one for one in actor.permissions if actor.can_everywhere(one)),
        "must_change_password": actor.must_change_password,
        "mode": settings.MODE,
        "district": {
            "code": installation.district_code if installation else "",
            "name": installation.district_name if installation else "",
        },
        "live_url": live_url(request),
        "server_time": clock.now(),
        "idle_minutes": settings.IDLE_MINUTES,
    }


def absentee(scope: Scope) -> dict[str, object] | None:
    """For whom the assignment is carried; None when it is one's own."""
    person = scope.on_behalf_of
    return {"id": person.user_id, "name": person.name} if person else None
