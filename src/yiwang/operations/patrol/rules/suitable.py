"""Who suits a call best, and why: on duty, with the skill, free, near. Reasons are codes that the client words."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

# What one open task weighs: as if somebody were so much further away.
METRES_PER_TASK = 250.0
BUSY_FROM = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be called. `distance_m` and `age_s` are of the last known position; None: none is known."""

    user_id: UUID
    on_duty: bool
    skills: frozenset[str]
    open_tasks: int
    distance_m: float | None
    age_s: float | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (good) or against somebody."""

    code: str
    good: bool
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Suited:
    """A candidate with their reasons; `cost` orders them, the smallest first."""

    candidate: Candidate
    cost: float
    reasons: tuple[Reason, ...]


def ranked(candidates: Iterable[Candidate], *, skill: str = "") -> list[Suited]:
    """The candidates, best first: those on duty before the others, those with the skill before those without, then by
    distance with the load added as metres. Equal ones go by their id."""
    found = [_judged(one, skill) for one in candidates]
    return sorted(
        found, key=lambda one: (*_class(one.candidate, skill), one.cost, str(one.candidate.user_id))
    )


def _class(one: Candidate, skill: str) -> tuple[bool, bool, bool]:
    return not one.on_duty, bool(skill) and skill not in one.skills, one.distance_m is None


def _judged(one: Candidate, skill: str) -> Suited:
    cost = (one.distance_m or 0.0) + METRES_PER_TASK * one.open_tasks
    reasons = [Reason("on_duty" if one.on_duty else "off_duty", one.on_duty)]
    if skill:
        has = skill in one.skills
        reasons.append(Reason("skilled" if has else "unskilled", has))
    if one.open_tasks < BUSY_FROM:
        reasons.append(Reason("free" if one.open_tasks == 0 else "some_work", True, one.open_tasks))
    else:
        reasons.append(Reason("busy", False, one.open_tasks))
    near = one.distance_m is not None
    reasons.append(Reason("distance" if near else "no_position", near, one.distance_m))
    return Suited(one, cost, tuple(reasons))
