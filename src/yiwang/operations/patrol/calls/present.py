"""Calls as the wire shows them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from yiwang.core import clock
from yiwang.core.accounts.models import Assignment
from yiwang.core.accounts.queries import in_force
from yiwang.core.actor import Actor
from yiwang.operations.patrol import access, showing
from yiwang.operations.patrol.calls import nearby, queries
from yiwang.operations.patrol.calls.nearby import Seen
from yiwang.operations.patrol.models import Call, Called
from yiwang.operations.patrol.rules.suitable import Suited


def calls(actor: Actor, rows: Iterable[Call]) -> list[dict[str, Any]]:
    """Calls with who was called, and where those are who may be seen by the actor; the same queries however many."""
    rows = list(rows)
    called = queries.called(rows)
    running = {row.user_id for call in rows if call.ended_at is None for row in called[call.pk]}
    shown = running & nearby.seen_by(actor) if running else set()
    seen = nearby.last_seen(sorted(shown)) if shown else {}
    return [one(actor, call, called[call.pk], seen) for call in rows]


def one(actor: Actor, call: Call, people: list[Called], seen: dict[UUID, Seen]) -> dict[str, Any]:
    """One call. Where people are is shown while it runs."""
    mine = next((row.state for row in people if row.user_id == actor.user_id), None)
    may_end = call.ended_at is None and access.holds_for(
        actor, access.CALL, unit_path=call.unit.path, area_code=call.area_code
    )
    shown = seen if call.ended_at is None else {}
    return {
        "id": call.pk,
        "reason": call.reason,
        "address": call.address,
        "area": showing.area(call.area_code),
        "lon": call.location.x,
        "lat": call.location.y,
        "unit": showing.unit(call.unit),
        "case_id": call.case_id,
        "case_number": call.case.number if call.case else "",
        "skill": call.skill,
        "arrival_m": call.arrival_m,
        "called_by": call.called_by_name,
        "called_at": call.called_at,
        "ended_at": call.ended_at,
        "outcome": call.outcome,
        "people": [_called(row, shown.get(row.user_id)) for row in people],
        "my_state": mine,
        "may_end": may_end,
        "version": call.version,
    }


def _called(row: Called, seen: Seen | None) -> dict[str, Any]:
    return {
        "person": showing.person(row.user),
        "state": row.state,
        "distance_m": row.distance_m,
        "reasons": row.reasons,
        "note": row.note,
        "answered_at": row.answered_at,
        "arrived_at": row.arrived_at,
        "arrived_by": row.arrived_by,
        "lon": seen.lon if seen else None,
        "lat": seen.lat if seen else None,
    }


def suitable(found: list[tuple[Suited, Seen | None]]) -> list[dict[str, Any]]:
    """Who could be called, with names, units and posts; one query."""
    people = [one.candidate.user_id for one, _ in found]
    held = Assignment.objects.filter(in_force(clock.today()), user__in=people)
    posts: dict[UUID, Assignment] = {}
    for row in held.select_related("user", "post__unit").order_by("id"):
        posts.setdefault(row.user_id, row)
    return [
        _person(one, seen, posts[one.candidate.user_id])
        for one, seen in found
        if one.candidate.user_id in posts
    ]


def _person(one: Suited, seen: Seen | None, post: Assignment) -> dict[str, Any]:
    who = one.candidate
    return {
        "person": showing.person(post.user),
        "unit": post.post.unit.short_name,
        "post": post.post.name,
        "on_duty": who.on_duty,
        "open_tasks": who.open_tasks,
        "distance_m": round(who.distance_m, 1) if who.distance_m is not None else None,
        "seen_at": seen.at if seen else None,
        "lon": seen.lon if seen else None,
        "lat": seen.lat if seen else None,
        "skills": sorted(who.skills),
        "reasons": nearby.told(one),
    }
