"""The smaller reads of the screens: one's units, who is on duty now, one's own days, people's skills."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yiwang.city.duty import access, present, queries
from yiwang.city.duty.models import Clocking, PersonSkill, RosterEntry
from yiwang.city.geo import queries as geo
from yiwang.core import clock
from yiwang.core.accounts.models import Assignment, Unit
from yiwang.core.accounts.queries import in_force
from yiwang.core.actor import Actor
from yiwang.core.http.paging import Page, page

MINE_BACK = timedelta(days=2)
WEEKS = timedelta(weeks=4)


def units(actor: Actor) -> list[dict[str, Any]]:
    """The units whose roster or attendance one sees, with how many people hold a post there; the others left out."""
    rows = list(access.list_units_for(actor, access.VIEW))
    held = Assignment.objects.filter(in_force(clock.today()), post__unit__in=rows, user__is_active=True)
    people = Counter(unit for unit, _ in set(held.values_list("post__unit_id", "user_id")))
    edits, reviews = present.editable_units(actor), access.list_units_for(actor, access.REVIEW)
    settles = set(reviews.values_list("pk", flat=True))
    near = RosterEntry.objects.filter(unit__in=rows, on__range=(clock.today() - WEEKS, clock.today() + WEEKS))
    rostered = set(near.order_by().values_list("unit_id", flat=True).distinct())
    return [
        {
            "id": unit.pk,
            "name": unit.short_name,
            "depth": unit.path.count(".") - 1,
            "people": people[unit.pk],
            "rostered": unit.pk in rostered,
            "editable": unit.pk in edits,
            "reviews": unit.pk in settles,
        }
        for unit in rows
        if people[unit.pk]
    ]


def on_duty_now(actor: Actor, unit_id: int | None) -> list[dict[str, Any]]:
    """Who of the people of one's units (of one of them) is on duty now, by unit and name."""
    people = access.list_people_for(actor, access.VIEW)
    if unit_id is not None:
        unit = access.get_unit_for(actor, unit_id, access.VIEW)
        people = people.filter(pk__in=access.staff_of(unit).values("pk"))
    known = {user.pk: user for user in people}
    found = queries.on_duty(clock.now(), users=known)
    names = geo.duty_grid_names({code for one in found.values() for code in one.grids}, clock.today())
    unit_names = dict(Unit.objects.values_list("pk", "short_name"))
    skills = queries.skills_of(found)
    rows = [
        present.on_duty(one, known[user_id], unit_names[one.unit_id], names, skills.get(user_id, ()))
        for user_id, one in found.items()
    ]
    return sorted(rows, key=lambda row: (row["unit"], row["user"]["name"]))


def mine(actor: Actor, first: date, days: int) -> dict[str, Any]:
    """One's own days, clockings since the day before yesterday, places and grids to clock in at."""
    last = first + timedelta(days=days - 1)
    rows = list(
        RosterEntry.objects.filter(user=actor.user_id, on__range=(first, last))
        .select_related("shift", "unit")
        .order_by("on", "id")
    )
    known = Clocking.objects.select_related("user", "unit", "entry", "entry__shift").filter(
        user=actor.user_id, occurred_at__gte=clock.now() - MINE_BACK
    )
    own = geo.grids_of([actor.user_id], clock.today()).get(actor.user_id, ()) if actor.user_id else ()
    names = geo.duty_grid_names({*own, *(code for row in rows for code in row.grids)}, clock.today())
    held = Assignment.objects.filter(in_force(clock.today()), user=actor.user_id)
    places = access.places_of(list(held.values_list("post__unit__path", flat=True))).select_related("unit")
    duty = queries.on_duty(clock.now(), users=[actor.user_id]) if actor.user_id else {}
    now = next(iter(duty.values()), None)
    return {
        "days": [present.my_day(row, names) for row in rows],
        "clockings": present.clockings(actor, known.order_by("-occurred_at")),
        "places": [present.place(row, frozenset()) for row in places],
        "grids": present.grids(own, names),
        "on_duty": now is not None,
        "until": now.ends_at if now else None,
    }


def skilled_people(actor: Actor, unit_id: int | None) -> list[dict[str, Any]]:
    """The people of one's units (of one of them) with what they can do, by unit and account name."""
    people = access.list_people_for(actor, access.VIEW)
    if unit_id is not None:
        unit = access.get_unit_for(actor, unit_id, access.VIEW)
        people = people.filter(pk__in=access.staff_of(unit).values("pk"))
    users = list(people.order_by("username"))
    skills: dict[UUID, list[PersonSkill]] = defaultdict(list)
    for row in PersonSkill.objects.filter(user__in=users).order_by("skill"):
        skills[row.user_id].append(row)
    held = Assignment.objects.filter(in_force(clock.today()), user__in=users).order_by("-id")
    home = dict(held.values_list("user_id", "post__unit__short_name"))
    rows = [
        {
            "user": present.person(user),
            "unit": home.get(user.pk, ""),
            "skills": [
                {
                    "code": row.skill,
                    "certificate": row.certificate,
                    "valid_to": row.valid_to,
                    "expired": present.is_expired(row.valid_to),
                }
                for row in skills[user.pk]
            ],
        }
        for user in users
    ]
    return sorted(rows, key=lambda row: row["unit"])


def clocking_page(
    rows: QuerySet[Clocking], *, state: str, user_id: UUID | None, after: str | None, limit: int
) -> Page[Clocking]:
    """Clockings, the newest first; of a state, of a person."""
    if state:
        rows = rows.filter(state=state)
    if user_id is not None:
        rows = rows.filter(user=user_id)
    return page(rows, keys=("-occurred_at", "-id"), after=after, limit=limit)
