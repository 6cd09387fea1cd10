"""Does what the plan says, step by step through the real actions, with the clock held at each step's moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from random import Random
from uuid import UUID

from django.contrib.gis.geos import Point

from yiwang.city.geo import queries as places
from yiwang.city.geo.models import UnitGrid
from yiwang.core import clock
from yiwang.core.accounts import queries as accounts
from yiwang.core.actor import Actor
from yiwang.core.files import actions as files
from yiwang.operations.cases import actions
from yiwang.operations.cases.models import Case
from yiwang.project.demo.people import Staff
from yiwang.project.demo.pictures import picture, scene_of
from yiwang.project.demo.plan import Deed, Story

STREET_UNIT = "street"
WRONG_UNIT = "urban_management"
OTHER_WRONG_UNIT = "municipal"
# Decisions of the second level have the verb of the first.
SECOND_LEVEL = {"confirm_return": "approve_return", "confirm_suspension": "approve_suspension"}
SUSPENDED_DAYS = 30
SECOND_VIEW, CHECK_PICTURE = 0.5, 0.4
WITH_PICTURE = frozenset({"wechat", "app", "web", "video", "inspection", "evaluation"})


@dataclass(frozen=True, slots=True)
class Site:
    """Where a case happens: a community, a point in it (lon/lat, EPSG:4326) and the address as people say it."""

    community: str
    lon: float
    lat: float
    address: str


class Walk:
    """The cases on their way."""

    def __init__(self, stories: Iterable[Story], staff: Staff, seed: int) -> None:
        self.stories = {story.case: story for story in stories}
        self.staff = staff
        self.chance = Random(seed + 1)  # noqa: S311 - a past that can be repeated
        self.cases: dict[int, Case] = {}
        self.sites: dict[int, Site] = {}
        self.units = {unit.code: unit for unit in accounts.units()}
        self.centres = {u.area_code: c for c, u in self.units.items() if u.kind == "street_centre"}
        self.map = Land(self.chance)

    def do(self, deed: Deed) -> None:
        """One step at its moment."""
        with clock.frozen(deed.at):
            if deed.verb == "open":
                self._open(self.stories[deed.case])
            else:
                self._advance(deed)

    def _open(self, story: Story) -> None:
        site = self.sites[story.case] = self.map.site(story)
        patrol = story.text.source == "collector_patrol"
        actor = self._officer(story.case) if patrol else self._one_of("acceptor")
        with_picture = patrol or story.text.source in (
            "wechat",
            "app",
            "web",
            "video",
            "inspection",
            "evaluation",
        )
        views = ("near", "far") if patrol and self.chance.random() < SECOND_VIEW else ("near",)
        self.cases[story.case] = actions.open_case(
            actor,
            actions.NewCase(
                category=story.text.category,
                description=story.text.text,
                lon=site.lon,
                lat=site.lat,
                source=story.text.source,
                address=site.address,
                photos=self._photos(actor, story, views, views if with_picture else (), mended=False),
                reporter_name=story.reporter,
                reporter_phone=story.phone,
            ),
        )

    def _advance(self, deed: Deed) -> None:
        story, case = self.stories[deed.case], self.cases[deed.case]
        actor = self._who(deed, story)
        slots: tuple[str, ...] = ()
        if deed.verb == "report_done":
            slots = ("after",)
        elif deed.verb == "fail_check" or (
            deed.verb == "pass_check" and self.chance.random() < CHECK_PICTURE
        ):
            slots = ("check",)
        elif deed.verb in ("ask_extension", "ask_suspension"):
            slots = ("evidence",)
        given = actions.Given(
            note=deed.note,
            kind="important" if deed.verb == "supervise" else "",
            until=self._until(deed) if deed.verb == "ask_suspension" else None,
            unit_id=self.units[self._unit(story, deed)].pk if deed.verb == "dispatch" else None,
            condition_id=self._condition(case, story) if deed.verb == "register" else None,
            photos=self._photos(actor, story, ("far",) if slots else (), slots, mended=deed.mended),
        )
        verb = SECOND_LEVEL.get(deed.verb, deed.verb)
        self.cases[deed.case] = actions.advance(
            actor, case.pk, verb=verb, expected_version=case.version, given=given
        )

    @staticmethod
    def _until(deed: Deed) -> date:
        return deed.at.astimezone(clock.LOCAL).date() + timedelta(days=SUSPENDED_DAYS)

    def _who(self, deed: Deed, story: Story) -> Actor:
        match deed.verb:
            case "accept" | "refuse" | "ask_verify":
                return self._one_of("acceptor")
            case "register" | "decline" | "send_back" | "close" | "rework" | "confirm_return" | "ask_void":
                return self._one_of("shift_leader")
            case "dispatch" | "approve_return" | "refuse_return" | "approve_suspension":
                return self._one_of("dispatcher")
            case "confirm_suspension":
                return self.staff.actor(self.staff.by_role["leader"][0])  # the first leads the whole district
            case "supervise":
                return self._one_of("inspector")
            case "pass_check" | "fail_check":
                return self._officer(story.case)
        unit = self.cases[story.case].handling_unit
        if unit is None:
            raise LookupError(f"{deed.verb}: case {story.case} is with no unit")
        return self.staff.actor(self.staff.clerks[unit.code])

    def _one_of(self, role: str) -> Actor:
        return self.staff.actor(self.chance.choice(self.staff.by_role[role]))

    def _officer(self, case: int) -> Actor:
        return self.staff.actor(self.staff.officers[self.sites[case].community])

    def _unit(self, story: Story, deed: Deed) -> str:
        usual = self.cases[story.case].category.usual_unit
        right = self.centres[story.street] if usual == STREET_UNIT else usual
        return self.wrong_unit(right) if deed.wrong_unit else right

    @staticmethod
    def wrong_unit(right: str) -> str:
        """A unit that is not competent."""
        return WRONG_UNIT if right != WRONG_UNIT else OTHER_WRONG_UNIT

    def _condition(self, case: Case, story: Story) -> int:
        return case.category.conditions.get(no=story.text.condition).pk

    def _photos(
        self, actor: Actor, story: Story, views: Iterable[str], slots: Iterable[str], *, mended: bool
    ) -> tuple[actions.Photo, ...]:
        scene = scene_of(story.text.category)
        return tuple(
            actions.Photo(self._stored(actor, picture(scene, story.variant, mended, view)), slot)
            for view, slot in zip(views, slots, strict=False)
        )

    def _stored(self, actor: Actor, content: bytes) -> UUID:
        return files.store(actor, stream=BytesIO(content), name="现场照片.jpg").pk


class Land:
    """Finds a place for each story: the community that its address names, else one of the street's."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.names = places.area_names()
        self.by_street: dict[str, list[str]] = {}
        for code in self.names:
            if len(code) == 12:
                self.by_street.setdefault(code[:9], []).append(code)
        self.grids: Mapping[str, list[UnitGrid]] = grids_by_community()

    def site(self, story: Story) -> Site:
        """The community, a point inside one of its unit grids, and the address with the street before it."""
        named = [
            code for code in self.by_street[story.street] if plain(self.names[code].name) in spoken(story)
        ]
        urban = [code for code in self.by_street[story.street] if self.names[code].name.endswith("社区")]
        community = self.chance.choice(named or urban or self.by_street[story.street])
        point = self._point(self.chance.choice(self.grids[community]))
        return Site(community, point.x, point.y, self._address(story, community))

    def _point(self, grid: UnitGrid) -> Point:
        shape = grid.geometry.prepared
        west, south, east, north = grid.geometry.extent
        for _ in range(50):
            lon, lat = self.chance.uniform(west, east), self.chance.uniform(south, north)
            point = Point(round(lon, 6), round(lat, 6), srid=4326)
            if shape.contains(point):
                return point
        return grid.geometry.point_on_surface

    def _address(self, story: Story, community: str) -> str:
        street = self.names[story.street].name
        address = story.address
        if len(address) < 9 and not any(word in address for word in ("社区", "村", "路", "街")):
            address = f"{plain(self.names[community].name)}{address}"
        return address if address.startswith(street[:2]) else f"{street}{address}"


def spoken(story: Story) -> str:
    """Where a story may name its community."""
    return f"{story.address} {story.text.text}"


def plain(name: str) -> str:
    """骆畈村委会 as people say it: 骆畈村."""
    return name.removesuffix("委会")


def grids_by_community() -> dict[str, list[UnitGrid]]:
    """The unit grids of each community."""
    found: dict[str, list[UnitGrid]] = {}
    for grid in UnitGrid.objects.filter(valid_to__isnull=True):
        found.setdefault(grid.community_id, []).append(grid)
    return found
