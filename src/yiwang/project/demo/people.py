"""Who works in the demo district: one or more for every post, with a known password, as an administrator would."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from yiwang.city.geo import actions as geo
from yiwang.city.geo import queries as places
from yiwang.core.accounts import actions, queries
from yiwang.core.accounts.models import Assignment, Post, Role, Unit
from yiwang.core.actor import Actor, system

FOUNDER = system("demo")
CENTRE_STAFF = (
    ("acceptor", "supervision", "acceptor", 4),
    ("shift", "supervision", "shift_leader", 2),
    ("dispatch", "command", "dispatcher", 3),
)
GRID_OFFICERS = {"420117001": 4, "420117002": 4, "420117003": 2, "420117004": 2}
AT_THE_TOP = (
    ("inspector1", "supervision", "inspector", ""),
    ("leader1", "urban_management", "leader", ""),
    ("leader2", "zhucheng", "leader", "420117001"),
    ("leader3", "yangluo", "leader", "420117002"),
    ("admin1", "urban_management", "administrator", ""),
)


@dataclass(slots=True)
class Staff:
    """The demo's people by what they do: centre staff by role, clerks by unit, grid officers by community."""

    by_role: dict[str, list[UUID]] = field(default_factory=dict)
    clerks: dict[str, UUID] = field(default_factory=dict)
    officers: dict[str, UUID] = field(default_factory=dict)
    count: int = 0
    _known: dict[UUID, Actor] = field(default_factory=dict)

    def actor(self, user_id: UUID) -> Actor:
        """The person at work; nobody changes posts during the demo's past."""
        if user_id not in self._known:
            found = queries.actor_for_user(user_id)
            if found is None:
                raise LookupError(f"demo person {user_id} has no account")
            self._known[user_id] = found
        return self._known[user_id]


@dataclass(frozen=True, slots=True)
class Desk:
    """One place to fill: the account's name, the post, and the areas that go with it."""

    username: str
    unit: str
    role: str
    areas: tuple[str, ...] = ()


def hire(names: tuple[str, ...], district: str) -> Staff:
    """Make every account with its assignment; grid officers are put on duty in their grids."""
    units = {unit.code: unit for unit in queries.units()}
    communities = communities_by_street()
    staff, roles = Staff(), {role.key: role for role in Role.objects.all()}
    posts = {(post.unit_id, post.key): post for post in Post.objects.all()}
    for desk, name in zip(desks(units, communities, district), names, strict=False):
        # Whoever manages people and units does so for the whole district, wherever they sit.
        over = (
            next(u for u in units.values() if u.parent_id is None) if desk.role == "administrator" else None
        )
        assignment = _hire(desk, name, posts[units[desk.unit].pk, desk.role], roles[desk.role], over)
        _note(staff, desk, assignment)
        if desk.role == "collector":
            geo.assign_duty(FOUNDER, assignment=assignment, areas=desk.areas)
    return staff


def desks(units: Mapping[str, Unit], communities: Mapping[str, list[str]], district: str) -> Iterator[Desk]:
    """All places to fill, in the order in which a visitor meets them."""
    for stem, home, role, count in CENTRE_STAFF:
        for number in range(1, count + 1):
            yield Desk(f"{stem}{number}", home, role, (district,))
    for code, unit in units.items():
        if unit.handles_cases and not code.endswith("_squad"):
            yield Desk(f"{code}1", code, "unit_clerk")
    number = 0
    centres = {unit.area_code: code for code, unit in units.items() if unit.kind == "street_centre"}
    for street, centre in centres.items():
        for share in shared_out(communities[street], GRID_OFFICERS.get(street, 1)):
            number += 1
            yield Desk(f"grid{number}", centre, "collector", tuple(share))
    for username, home, role, area in AT_THE_TOP:
        yield Desk(username, home, role, (area or district,))


def communities_by_street() -> dict[str, list[str]]:
    """The community codes of each street, in their order."""
    found: dict[str, list[str]] = {}
    for area in places.areas():
        if area.level == "community":
            found.setdefault(area.code[:9], []).append(area.code)
    return found


def shared_out(codes: list[str], among: int) -> list[list[str]]:
    """The codes in so many runs of nearly equal length."""
    return [codes[len(codes) * n // among : len(codes) * (n + 1) // among] for n in range(among)]


def _hire(desk: Desk, name: str, post: Post, role: Role, over: Unit | None) -> Assignment:
    user = actions.create_user(
        FOUNDER, username=desk.username, name=name, password=settings.DEMO_PASSWORD, demo=True
    )
    return actions.assign(FOUNDER, user=user, post=post, role=role, areas=desk.areas, unit=over)


def _note(staff: Staff, desk: Desk, assignment: Assignment) -> None:
    person = assignment.user_id
    staff.by_role.setdefault(desk.role, []).append(person)
    if desk.role == "unit_clerk":
        staff.clerks[desk.unit] = person
    if desk.role == "collector":
        staff.officers.update(dict.fromkeys(desk.areas, person))
    staff.count += 1
