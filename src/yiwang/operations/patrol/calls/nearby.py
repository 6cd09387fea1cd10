"""Who is around a place, who of them is free, and with which skill."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.city.duty import queries as duty
from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.accounts.queries import at_work
from yiwang.core.actor import Actor
from yiwang.operations.cases.models import Task as CaseTask
from yiwang.operations.patrol import access
from yiwang.operations.patrol.models import Task
from yiwang.operations.patrol.rules.presence import distance_m
from yiwang.operations.patrol.rules.states import OPEN
from yiwang.operations.patrol.rules.suitable import Candidate, Suited, ranked
from yiwang.sensing.fleet import queries as fleet

STREET = 9
FRESH_S = 900
# A position that does not say how exact it is.
UNKNOWN_ACCURACY_M = 30.0
VIEW_POSITION = "fleet.view_position"


@dataclass(frozen=True, slots=True)
class Seen:
    """Where somebody was last: when, degrees, the receiver's accuracy in metres."""

    at: datetime
    lon: float
    lat: float
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class Around:
    """What is asked: around a point within metres, or in a frame (west, south, east, north); with a skill or any."""

    lon: float
    lat: float
    radius_m: float | None = None
    frame: tuple[float, float, float, float] | None = None
    skill: str = ""

    def holds(self, seen: Seen) -> bool:
        """Whether somebody who was seen there is meant."""
        if self.frame is not None:
            west, south, east, north = self.frame
            return west <= seen.lon <= east and south <= seen.lat <= north
        return self.radius_m is None or distance_m(seen.lon, seen.lat, self.lon, self.lat) <= self.radius_m


def suitable(actor: Actor, around: Around, area_code: str) -> list[tuple[Suited, Seen | None]]:
    """Who could be called, best first: who was seen there lately, and after them who is on duty in the street and has
    shown no position. Only people who do such work, of units and areas for which the actor may call."""
    people = at_work(access.walkers_for(actor, access.CALL))
    seen = last_seen(sorted(people))
    there = {user for user, one in seen.items() if around.holds(one)}
    on_duty = duty.on_duty(clock.now(), users=people, area_code=area_code[:STREET])
    blind = {user for user in on_duty if user not in seen}
    found = judged(there | blind, around.lon, around.lat, around.skill)
    return [(one, seen.get(one.candidate.user_id)) for one in found]


def called_by(actor: Actor) -> set[UUID]:
    """The people whom the actor may call: of units below theirs, of their areas, and who stands in for these."""
    people = access.walkers_for(actor, access.CALL)
    return people | at_work(people)


def seen_by(actor: Actor) -> set[UUID]:
    """The people whose position the actor may see: whom they may call, or by the permission to see positions."""
    return called_by(actor) | access.walkers_for(actor, VIEW_POSITION)


def judged(people: Collection[UUID], lon: float, lat: float, skill: str) -> list[Suited]:
    """These people with what speaks for and against each, best first."""
    now = clock.now()
    on_duty, skills = duty.on_duty(now, users=people), duty.skills_of(people)
    seen, loads = last_seen(people), load_of(people)
    candidates = []
    for user in people:
        one = seen.get(user)
        candidates.append(
            Candidate(
                user_id=user,
                on_duty=user in on_duty,
                skills=frozenset(skills.get(user, ())),
                open_tasks=loads[user],
                distance_m=distance_m(one.lon, one.lat, lon, lat) if one else None,
                age_s=(now - one.at).total_seconds() if one else None,
            )
        )
    return ranked(candidates, skill=skill)


def load_of(people: Iterable[UUID]) -> Counter[UUID]:
    """How much each has in hand: open tasks of cases that name them, and patrols of today."""
    wanted = list(people)
    cases = CaseTask.objects.filter(assignee_id__in=wanted, state__in=["waiting", "running"])
    loads: Counter[UUID] = Counter(user for user in cases.values_list("assignee_id", flat=True) if user)
    patrols = Task.objects.filter(person__in=wanted, state__in=OPEN, day=clock.today())
    loads.update(user for user in patrols.values_list("person_id", flat=True) if user)
    return loads


def last_seen(people: Collection[UUID]) -> dict[UUID, Seen]:
    """Where these people were last, within a quarter of an hour and on duty; others are left out."""
    rows, _ = fleet.last_positions(User.objects.filter(pk__in=people), at=clock.now(), fresh_s=FRESH_S)
    return {
        row.user_id: Seen(
            row.last.at, row.last.location.x, row.last.location.y, row.last.accuracy_m or UNKNOWN_ACCURACY_M
        )
        for row in rows
    }


def told(one: Suited) -> list[dict[str, Any]]:
    """The reasons as they are kept and shown."""
    return [{"code": r.code, "good": r.good, "value": r.value} for r in one.reasons]
