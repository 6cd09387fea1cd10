"""A small district for tests of cases: two streets, their people, one class of case, the shipped lifecycle."""

import time
from dataclasses import dataclass
from io import BytesIO

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from PIL import Image

from yiwang.city.geo.models import Area, Edition, UnitGrid
from yiwang.core.accounts.models import Unit, User
from yiwang.core.accounts.tests import people
from yiwang.core.actor import Actor
from yiwang.core.calendars.models import Calendar
from yiwang.core.calendars.seed import DEFAULT_KEY
from yiwang.core.files import actions as files
from yiwang.operations.cases import actions
from yiwang.operations.cases.actions import NewCase
from yiwang.operations.cases.categories.queries import current_category
from yiwang.operations.cases.models import Case, Category, FilingCondition
from yiwang.operations.cases.rules import Given, Photo
from yiwang.operations.cases.tests import shipped

HERE = (114.80, 30.86)
CATEGORY = "event.exposed_waste"


@dataclass(frozen=True)
class District:
    """Who is there. `collector` and `clerk` belong to the street of `HERE` and to its water unit."""

    acceptor: User
    shift: User
    dispatcher: User
    clerk: User
    other_clerk: User
    collector: User
    other_collector: User
    leader: User
    unit: Unit
    other_unit: Unit
    category: Category
    condition: FilingCondition

    def actor(self, name: str) -> Actor:
        """One of them at work."""
        return people.actor(getattr(self, name))


SEE = ("cases.view_case", "files.upload_file")
OFFICER = ("cases.report_case", "cases.self_handle", "cases.verify_case", "cases.check_case")
LEADER = ("cases.approve_request", "cases.supervise_case", "cases.force_close")


STREET, ELSEWHERE = "420117001", "420117002"


def land() -> None:
    """Two streets side by side, each one community and one unit grid; `HERE` lies in the first."""
    # A map of its own, so that nothing is answered from what was kept of another test's.
    Edition.objects.update_or_create(pk=1, defaults={"number": time.monotonic_ns()})
    Area.objects.create(code="420117", level="district", kind="district", name="新洲区", name_en="Xinzhou",
        geometry=box(114.7, 30.8, 115.0, 30.9), simulated=True, source="test")  # fmt: skip
    for street, west, name in ((STREET, 114.7, "邾城街道"), (ELSEWHERE, 114.85, "阳逻街道")):
        shape = box(west, 30.8, west + 0.15, 30.9)
        place = {"geometry": shape, "simulated": True, "source": "test", "name": name, "name_en": street}
        Area.objects.create(code=street, parent_id="420117", level="street", kind="street", **place)
        community = Area.objects.create(
            code=f"{street}001", parent_id=street, level="community", kind="community", **place
        )
        UnitGrid.objects.create(
            code=f"{street}001001", community=community, geometry=shape[0], area_m2=1, simulated=True
        )


def box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    """A rectangle, EPSG:4326."""
    return MultiPolygon(Polygon.from_bbox((west, south, east, north)), srid=4326)


def build() -> District:
    """Make the people: the collector and the leader belong to the street of `HERE`."""
    area, elsewhere = STREET, ELSEWHERE
    root = people.unit("root")
    centre = people.unit("centre", root)
    unit, other = people.unit("water", root, handles=True), people.unit("roads", root, handles=True)
    whole = [area[:6]]
    category = current_category(CATEGORY)
    condition = category.conditions.get(no=1)
    person = people.person
    return District(
        acceptor=person(
            "acceptor",
            *SEE,
            "cases.take_call",
            "cases.accept_case",
            "cases.view_reporter",
            "cases.merge_case",
            "cases.visit_case",
            "cases.confirm_appeal",
            "cases.urge_case",
            areas=whole,
            at=centre,
        ),
        shift=person(
            "shift",
            *SEE,
            "cases.register_case",
            "cases.close_case",
            "cases.confirm_request",
            "cases.reopen_case",
            "cases.merge_case",
            areas=whole,
            at=centre,
        ),
        dispatcher=person(
            "dispatcher",
            *SEE,
            "cases.dispatch_case",
            "cases.decide_request",
            "cases.urge_case",
            areas=whole,
            at=centre,
        ),
        clerk=person("clerk", *SEE, "cases.handle_case", at=unit),
        other_clerk=person("otherclerk", *SEE, "cases.handle_case", at=other),
        collector=person("collector", *SEE, *OFFICER, areas=[area], at=centre),
        other_collector=person("othercollector", *SEE, *OFFICER, areas=[elsewhere], at=centre),
        leader=person("leader", *SEE, *LEADER, areas=[area], at=centre),
        unit=unit,
        other_unit=other,
        category=category,
        condition=condition,
    )


def picture(actor: Actor, colour: str = "red") -> Photo:
    """A stored picture of the actor's, ready to be given."""
    body = BytesIO()
    Image.new("RGB", (64, 48), colour).save(body, "JPEG")
    body.seek(0)
    return Photo(files.store(actor, stream=body, name="现场.jpg").pk, "near")


def after_picture(actor: Actor) -> Photo:
    """A stored picture of the state after handling."""
    return Photo(picture(actor, "green").file_id, "after")


class Walk:
    """Carries one case through the loop, each step by the person whose it is."""

    def __init__(self, district: District, **changes: object) -> None:
        self.district = district
        new = {
            "category": CATEGORY, "description": "路口有暴露垃圾", "lon": HERE[0], "lat": HERE[1],
            "source": "hotline_12345", "reporter_name": "王小明", "reporter_phone": "13812345678",
        }  # fmt: skip
        self.case = actions.open_case(district.actor("acceptor"), NewCase(**{**new, **changes}))  # type: ignore[arg-type]

    def step(self, who: str, verb: str, **given: object) -> Case:
        """One step at the version that is there."""
        self.case = actions.advance(
            self.district.actor(who),
            self.case.pk,
            verb=verb,
            expected_version=self.case.version,
            given=Given(**given),  # type: ignore[arg-type]
        )
        return self.case

    def to(self, state: str) -> "Walk":
        """On to a state of the straight way."""
        district = self.district
        while self.case.state != state:
            match self.case.state:
                case "pending_registration":
                    self.step("shift", "register", condition_id=district.condition.pk)
                case "pending_dispatch":
                    self.step("dispatcher", "dispatch", unit_id=district.unit.pk)
                case "pending_handle":
                    self.step("clerk", "take")
                case "handling":
                    photo = after_picture(district.actor("clerk"))
                    self.step("clerk", "report_done", note="已清理", photos=(photo,))
                case "pending_check":
                    self.step("collector", "pass_check")
                case "pending_close":
                    self.step("shift", "close")
                case other:
                    pytest.fail(f"no straight way from {other}")
        return self


def seeded() -> None:
    """What every test of this room needs: calendar, lifecycle, categories."""
    Calendar.objects.create(
        key=DEFAULT_KEY, name="每周五天", name_en="Five days", spans=[["08:00", "12:00"], ["14:00", "18:00"]]
    )
    shipped.load()
