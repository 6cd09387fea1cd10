"""Brings the demo's three months of past in through the history door: by whom, where, with which photos."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from uuid import UUID

from yiwang.city.geo.queries import locate
from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.files import actions as files
from yiwang.core.files.actions import Again
from yiwang.core.files.models import StoredFile
from yiwang.core.ids import uuid7
from yiwang.operations.cases import history
from yiwang.operations.cases.history import Given, Loaded, PastCase, PastStep, Photo
from yiwang.operations.cases.models import FilingCondition
from yiwang.project.demo.past_plan import PastDeed, PastStory
from yiwang.project.demo.pictures import picture, scene_of
from yiwang.project.demo.walk import Site, Walk

SOURCE = "demo"
ROLES = {
    "acceptor": "acceptor",
    "shift": "shift_leader",
    "dispatcher": "dispatcher",
    "inspector": "inspector",
}
OF_A_TASK = frozenset(
    {"take", "report_done", "ask_return", "ask_extension", "ask_suspension", "answer_supervision"}
)
ASSISTANTS = ("municipal", "sanitation", "greening")


@dataclass(slots=True)
class Album:
    """Uploads of the past: each picture is stored once, and uploaded by many."""

    actor: Actor
    stored: dict[tuple[str, int, bool, str], StoredFile]
    uploads: list[Again]

    def upload(self, story: PastStory, person: UUID | None, at: datetime, view: str, *, mended: bool) -> UUID:
        """The id of somebody's upload of the picture of a case."""
        scene, variant = scene_of(story.story.text.category), story.story.variant
        key = (scene, variant, mended, view)
        if key not in self.stored:
            content = BytesIO(picture(scene, variant, mended, view))
            self.stored[key] = files.store(self.actor, stream=content, name="现场照片.jpg")
        self.uploads.append(Again(uuid7(), self.stored[key], person, at))
        return self.uploads[-1].id


def bring_in(stories: list[PastStory], walk: Walk, seed: int) -> Loaded:
    """Every case of the past, through the history door, in one go: bound ones stand beside their main ones."""
    album = Album(walk.staff.actor(walk.staff.by_role["acceptor"][0]), {}, [])
    told = Teller(walk, album, Random(seed + 3))  # noqa: S311 - a past that can be repeated
    cases = [told.case(story) for story in stories]
    files.store_again(album.uploads)
    return history.load(cases, source=SOURCE, chunk=max(len(cases), 1))


class Teller:
    """Makes past cases of stories."""

    def __init__(self, walk: Walk, album: Album, chance: Random) -> None:
        self.walk, self.album, self.chance = walk, album, chance
        self.sites: dict[int, Site] = {}
        rows = FilingCondition.objects.filter(category__version=0).select_related("category")
        self.conditions = {(row.category.key, row.no): row.pk for row in rows.order_by("category__rank")}
        usual = {row.category.key: row.category.usual_unit for row in rows}
        self.usual = usual

    def case(self, past: PastStory) -> PastCase:
        """One case."""
        story = past.story
        main = next((deed.main for deed in past.deeds if deed.main is not None), None)
        site = self._beside(self.sites[main]) if main is not None else self.walk.map.site(story)
        self.sites[story.case] = site
        return PastCase(
            key=str(story.case),
            category=story.text.category,
            description=story.text.text,
            source=story.text.source,
            steps=tuple(self._steps(past, site)),
            lon=site.lon,
            lat=site.lat,
            address=site.address,
            reporter_name=story.reporter,
            reporter_phone=story.phone,
        )

    def _beside(self, site: Site) -> Site:
        """A few steps away, within the community: the officer who checks is the one of the main case."""
        lon = round(site.lon + self.chance.uniform(-0.0001, 0.0001), 6)
        place = locate(lon, site.lat)
        there = place is not None and place.community.code == site.community
        return Site(site.community, lon, site.lat, site.address) if there else site

    def _steps(self, past: PastStory, site: Site) -> Iterator[PastStep]:
        unit = right = self._right(past)
        assistant = next(code for code in ASSISTANTS if code != right)
        officer = self.walk.staff.officers[site.community]
        for deed in past.deeds:
            if deed.verb == "dispatch":
                unit = self.walk.wrong_unit(right) if deed.unit == "wrong" else right
            actor = self._who(deed, officer, unit, assistant)
            yield PastStep(
                at=deed.at,
                verb=deed.verb,
                actor=actor,
                given=self._given(past, deed, actor, unit, assistant),
                unit_id=self._tasked(deed, unit, assistant),
                main_key="" if deed.main is None else str(deed.main),
            )

    def _tasked(self, deed: PastDeed, unit: str, assistant: str) -> int | None:
        """Whose task is meant: a clerk of a bureau also reaches those of the units below it."""
        if deed.verb not in OF_A_TASK:
            return None
        return self.walk.units[assistant if deed.who == "assistant" else unit].pk

    def _right(self, past: PastStory) -> str:
        usual = self.usual[past.story.text.category]
        return self.walk.centres[past.story.street] if usual == "street" else usual

    def _who(self, deed: PastDeed, officer: UUID, unit: str, assistant: str) -> Actor:
        staff = self.walk.staff
        if deed.who == "officer":
            return staff.actor(officer)
        if deed.who in ("clerk", "assistant"):
            return staff.actor(staff.clerks[unit if deed.who == "clerk" else assistant])
        if deed.who == "leader":
            return staff.actor(staff.by_role["leader"][0])  # the first leads the whole district
        return staff.actor(self.chance.choice(staff.by_role[ROLES[deed.who]]))

    def _given(self, past: PastStory, deed: PastDeed, actor: Actor, unit: str, assistant: str) -> Given:
        text, units = past.story.text, self.walk.units
        dispatched = deed.verb == "dispatch"
        day = deed.at.astimezone(clock.LOCAL).date()
        return Given(
            note=deed.note,
            unit_id=units[unit].pk if dispatched else None,
            assist_ids=(units[assistant].pk,) if dispatched and deed.assist else (),
            condition_id=self.conditions[text.category, text.condition] if deed.verb == "register" else None,
            until=day + timedelta(days=deed.until_days) if deed.until_days else None,
            score=deed.score,
            kind=deed.kind,
            photos=tuple(
                Photo(self.album.upload(past, actor.user_id, deed.at, view, mended=mended), slot)
                for slot, view, mended in deed.slots
            ),
        )
