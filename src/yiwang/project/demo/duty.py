"""Rosters, attendance and skills of the demo's street teams: two weeks that are past, this one and the next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from yiwang.city.duty import access, actions, history
from yiwang.city.duty.actions import NewPlace, NewSwap, Plan, Skill
from yiwang.city.duty.history import PastClocking
from yiwang.city.duty.models import RosterEntry
from yiwang.city.geo.models import Area
from yiwang.core import clock
from yiwang.core.accounts.models import Assignment, Unit, User
from yiwang.core.accounts.queries import actor_for_user, in_force
from yiwang.core.ids import uuid7
from yiwang.project.demo.people import FOUNDER

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
WEEKS_BACK, DAYS = 2, 28
SKILLS = (
    "law_enforcement",
    "first_aid",
    "driving",
    "gas_detection",
    "mediation",
    "drone_pilot",
    "flood_rescue",
)
LOST = ("地下车库没有信号", "手机定位失败", "在派出所开会")
FAR = ("直接去了现场", "送件到区中心")


@dataclass(frozen=True, slots=True)
class Team:
    """A street's centre with its grid officers and its clerks, and where it is."""

    unit: Unit
    officers: tuple[UUID, ...]
    clerks: tuple[UUID, ...]
    lon: float
    lat: float


def load(now: datetime, seed: int) -> dict[str, int]:
    """Make them; the same moment and seed give the same rosters."""
    chance = Random(f"duty {seed}")  # noqa: S311
    found = list(teams())
    first = now.astimezone(clock.LOCAL).date()
    monday = first - DAY * first.weekday() - 7 * WEEKS_BACK * DAY
    with clock.frozen(now - (first - monday).days * DAY):
        for team in found:
            roster(team, monday, first, shift_at(now))
            place = NewPlace(f"{team.unit.short_name}办公点", team.lon, team.lat, 200)
            actions.add_place(FOUNDER, team.unit.pk, place)
            for person in (*team.officers, *team.clerks):
                for code in chance.sample(SKILLS, chance.choice((1, 1, 2, 3))):
                    actions.give(FOUNDER, person, Skill(code))
    made = history.load(clockings(found, now, chance))
    swaps(found, first)
    return {"rostered": RosterEntry.objects.count(), "clockings": made}


def teams() -> Iterator[Team]:
    """The street centres that have grid officers."""
    for unit in Unit.objects.filter(kind="street_centre").order_by("order", "id"):
        held = Assignment.objects.filter(in_force(clock.today()), post__unit=unit).order_by("id")
        people: Mapping[str, list[UUID]] = {"collector": [], "unit_clerk": []}
        for role, user in held.values_list("role__key", "user_id"):
            people.get(role, []).append(user)
        street = Area.objects.filter(code=unit.area_code).first()
        if people["collector"] and street is not None:
            middle = street.geometry.point_on_surface
            yield Team(unit, tuple(people["collector"]), tuple(people["unit_clerk"]), middle.x, middle.y)


def shift_at(now: datetime) -> str:
    """The shift that runs at a moment, so that a demo has people in the street whenever it is looked at."""
    hour = now.astimezone(clock.LOCAL).hour
    return "早班" if 6 <= hour < 14 else "中班" if 14 <= hour < 22 else "夜班"


def roster(team: Team, monday: date, today: date, running: str) -> None:
    """Officers work five days and rest two, most of them in the shift that runs; clerks work days."""
    shifts = {shift.name: shift.pk for shift in access.shifts_of(team.unit)}
    order = ["早班", "中班", "夜班"]
    version = 0
    for number, officer in enumerate(team.officers):
        mine = shifts[order[(order.index(running) + (number % 4 == 3)) % 3]]
        rest_in = 1 + number % 5  # the days from today on which the first day of rest comes
        begin = (rest_in - (monday - today).days) % 7
        week = [None if (day - begin) % 7 in (0, 1) else mine for day in range(7)]
        _plan(team, (officer,), monday, tuple(week), version)
        version += 1
    if team.clerks:
        five = (shifts["日班"],) * 5 + (None, None)
        _plan(team, team.clerks, monday, five, version)


def _plan(
    team: Team, people: tuple[UUID, ...], monday: date, pattern: tuple[int | None, ...], version: int
) -> None:
    actions.carry_out(FOUNDER, Plan(team.unit.pk, people, monday, DAYS, pattern), expected_version=version)


def clockings(found: list[Team], now: datetime, chance: Random) -> Iterator[PastClocking]:
    """What was clocked until now: mostly in time, some late, some early, a few missing or far away."""
    by_unit = {team.unit.pk: team for team in found}
    entries = RosterEntry.objects.filter(starts_at__lt=now).order_by("starts_at", "id")
    for entry in entries:
        luck, team = chance.random(), by_unit[entry.unit_id]
        if luck < 0.015 or entry.starts_at is None or entry.ends_at is None:
            continue
        late = chance.randint(8, 45) if luck < 0.06 else -chance.randint(1, 25)
        came = entry.starts_at + late * MINUTE
        early = chance.randint(8, 40) if luck > 0.97 else -chance.randint(1, 25)
        went = entry.ends_at - early * MINUTE
        if came <= now:
            yield _clocked(entry.user_id, "in", came, team, chance)
        if went <= now and not 0.06 <= luck < 0.08:
            yield _clocked(entry.user_id, "out", went, team, chance)


def _clocked(user: UUID, way: str, at: datetime, team: Team, chance: Random) -> PastClocking:
    luck = chance.random()
    settled = at < clock.now() - 2 * DAY
    if luck < 0.02:
        return PastClocking(user, way, at, note=chance.choice(LOST), confirmed=settled)
    lon, lat = team.lon + chance.gauss(0, 0.0006), team.lat + chance.gauss(0, 0.0006)
    if luck < 0.045:
        lon += 0.012
        return PastClocking(user, way, at, lon, lat, round(chance.uniform(300, 1100), 1),
                            f"{team.unit.short_name}办公点", chance.choice(FAR), settled)  # fmt: skip
    return PastClocking(user, way, at, lon, lat, place=f"{team.unit.short_name}办公点")


def swaps(found: list[Team], today: date) -> None:
    """One that the other has agreed to, one that has just been asked."""
    for number, team in enumerate([one for one in found if len(one.officers) >= 2][:2]):
        asker, other = team.officers[0], team.officers[1]
        days = RosterEntry.objects.filter(on__gt=today, shift__isnull=False).order_by("on")
        mine = days.filter(user=asker).exclude(on__in=days.filter(user=other).values("on")).first()
        actor, partner = actor_for_user(asker), actor_for_user(other)
        if mine is None or actor is None or partner is None:
            continue
        new = NewSwap(team.unit.pk, mine.on, other, None, "孩子家长会，当天不能到岗")
        swap = actions.ask(actor, uuid7(), new)
        if number == 0:
            actions.step(partner, swap.pk, "agree")


def officers() -> list[User]:
    """Everybody who walks the street."""
    people = [officer for team in teams() for officer in team.officers]
    return list(User.objects.filter(pk__in=people).order_by("username"))
