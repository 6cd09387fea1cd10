"""The ASGI application of live events.

GET /live            server-sent events: ready, change {type, aggregate, …}, resync, closed
GET /live/health     200 when it hears the database, else 503
"""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from yiwang.core.accounts.sessions import actor_for_session
from yiwang.core.actor import Actor
from yiwang.project.live.feed import Feed, read
from yiwang.project.live.frames import CLOSED, HEARTBEAT, RESYNC, frame
from yiwang.project.live.hub import Hub, Listener
from yiwang.project.live.origins import may_read

HEARTBEAT_S = 15.0
CHECK_SESSION_S = 60.0
MOST_LISTENERS = 5000

hub = Hub()
feed = Feed(hub)


async def live(request: Request) -> Response:
    """One browser's stream: what it may hear of, as it happens. 401 without a session, 403 from a strange page."""
    origin = request.headers.get("origin")
    if not may_read(origin, request.headers.get("host", ""), settings.PUBLIC_ORIGIN):
        return refusal(403, "origin_not_allowed")
    headers = cross_origin(origin)
    if len(hub.listeners) >= MOST_LISTENERS:
        return refusal(503, "too_many_listeners", headers)
    key = request.cookies.get(settings.SESSION_COOKIE_NAME, "")
    ip = request.client.host if request.client else None
    try:
        actor = await actor_of(key, ip)
    except (DatabaseError, InterfaceError):
        return refusal(503, "database_away", headers)
    if actor is None:
        return refusal(401, "not_signed_in", headers)
    came_back = "last-event-id" in request.headers
    return StreamingResponse(
        stream(actor, key, came_back=came_back),
        media_type="text/event-stream",
        headers={**headers, "Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def stream(actor: Actor, key: str, *, came_back: bool) -> AsyncIterator[bytes]:
    """Frames for one browser until it goes or its session ends."""
    listener = Listener(actor)
    hub.listeners.add(listener)
    try:
        # The id makes a browser say, when it comes back, that it was here before.
        yield frame("ready", {"heartbeat_s": HEARTBEAT_S}, number=0) + (RESYNC if came_back else b"")
        check_at = next_check()
        while True:
            yield await listener.take(HEARTBEAT_S) or HEARTBEAT
            if time.monotonic() < check_at and not listener.is_stale:
                continue
            check_at, listener.is_stale = next_check(), False
            with contextlib.suppress(DatabaseError, InterfaceError):  # away: ask again next time
                known = await actor_of(key, actor.ip)
                if known is None:
                    yield CLOSED
                    return
                listener.actor = known
    finally:
        hub.listeners.discard(listener)


def next_check() -> float:
    """When to look at a session again: about each minute, not all at the same moment."""
    return time.monotonic() + CHECK_SESSION_S * random.uniform(0.8, 1.0)  # noqa: S311 - spreads load, guards nothing


async def actor_of(key: str, ip: str | None) -> Actor | None:
    """Who the session belongs to; None when nobody may listen with it."""
    actor = await read(lambda: actor_for_session(key, ip)) if key else None
    return None if actor is None or actor.must_change_password else actor


async def health(request: Request) -> Response:
    """Whether live events arrive."""
    status = "ok" if feed.is_live else "database_away"
    return JSONResponse({"status": status}, status_code=200 if feed.is_live else 503)


def cross_origin(origin: str | None) -> dict[str, str]:
    """The headers by which a browser lets the page of `origin` read the answer."""
    if origin is None:
        return {"Vary": "Origin"}
    return {
        "Vary": "Origin",
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
    }


def refusal(status: int, code: str, headers: dict[str, str] | None = None) -> Response:
    """Problem details (RFC 9457) in short."""
    body = {"type": f"urn:yiwang:problem:{code}", "status": status, "code": code}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Listen to the database as long as the process serves."""
    task = asyncio.create_task(feed.run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


application = Starlette(
    routes=[Route("/live", live, methods=["GET"]), Route("/live/health", health, methods=["GET"])],
    lifespan=lifespan,
)
