"""A small town for tests of patrols: two streets with a duty grid each, who plans, who walks, a form."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from yiwang.city.geo.models import Area, DutyAssignment, DutyGrid, UnitGrid
from yiwang.core import clock
from yiwang.core.accounts.models import Assignment, Unit, User
from yiwang.core.accounts.tests import people
from yiwang.core.actor import Actor
from yiwang.core.forms import actions as forms
from yiwang.core.forms.declare import Field, Form, Kind, Section
from yiwang.operations.cases.tests.district import ELSEWHERE, HERE, STREET
from yiwang.operations.patrol.models import Plan, Task
from yiwang.operations.patrol.plans import actions as plans
from yiwang.operations.patrol.plans.actions import NewPlan, NewTarget
from yiwang.operations.patrol.plans.drawing_up import draw_up_plan
from yiwang.operations.patrol.rules.drafting import Window
from yiwang.operations.patrol.rules.frequency import Frequency, Per

WALKS = ("patrol.view_work", "patrol.walk_task", "cases.view_case", "cases.report_case", "cases.self_handle")
LOOK = Form(
    key="look",
    name={"zh": "看一看", "en": "Look"},
    purpose={"zh": "试用", "en": "Tries"},
    sections=(
        Section(
            "first",
            {"zh": "一", "en": "One"},
            (
                Field("clean", {"zh": "干净", "en": "Clean"}, Kind.YES_NO, True, points=10, fails_on=False),
                Field("note", {"zh": "备注", "en": "Note"}, Kind.LONGTEXT, most=100),
            ),
        ),
    ),
)
METRE = 1 / 111_195


@dataclass(frozen=True)
class Town:
    """`walker` is on duty in the grid of `HERE`, `other` in that of the street beside it."""

    planner: User
    inspector: User
    walker: User
    other: User
    next_shift: User
    unit: Unit
    street_unit: Unit

    def actor(self, name: str) -> Actor:
        """One of them at work."""
        return people.actor(getattr(self, name))


def build() -> Town:
    """Make the people and the grids."""
    root = Unit.objects.get(code="root")
    centre, unit = people.unit("streetcentre", root), people.unit("patrolunit", root)
    Unit.objects.filter(pk=unit.pk).update(area_code=STREET)
    whole = [STREET[:6]]
    leads = (
        "patrol.view_work",
        "patrol.edit_plan",
        "patrol.lead_inspection",
        "patrol.call_people",
        "cases.view_case",
    )
    town = Town(
        planner=people.person("planner", *leads, at=root, areas=whole),
        inspector=people.person(
            "inspect", "patrol.view_work", "patrol.lead_inspection", at=centre, areas=whole
        ),
        walker=people.person("walker", *WALKS, "files.upload_file", at=unit, areas=[STREET]),
        other=people.person("otherwalker", *WALKS, at=centre, areas=[ELSEWHERE]),
        next_shift=people.person("nextshift", *WALKS, at=unit, areas=[STREET]),
        unit=unit,
        street_unit=centre,
    )
    grid(STREET, town.walker)
    grid(ELSEWHERE, town.other)
    Area.objects.filter(code=STREET).update(management_class="A")
    forms.load([LOOK])
    return town


def grid(street: str, walker: User) -> DutyGrid:
    """The duty grid of a street, with its person."""
    community = Area.objects.get(code=f"{street}001")
    made = DutyGrid.objects.create(
        code=f"{street}001Z01",
        name=f"{street}责任网格",
        name_en="grid",
        community=community,
        geometry=community.geometry,
    )
    made.unit_grids.set(UnitGrid.objects.filter(community=community))
    assignment = Assignment.objects.get(user=walker)
    DutyAssignment.objects.create(duty_grid=made, assignment=assignment, valid_from=date(2020, 1, 1))
    return made


def new_plan(town: Town, **changes: Any) -> NewPlan:
    """A plan of three points, twice a day where the grade is A, once else."""
    east, north = HERE
    points = (
        NewTarget("大门", lon=east, lat=north),
        NewTarget("后门", lon=east + 0.001, lat=north),
        NewTarget("车站", lon=114.9, lat=north),
    )
    plan = NewPlan(
        name="日常巡查",
        unit_id=town.unit.pk,
        area_code=STREET[:6],
        kind="points",
        frequency={"A": Frequency(2), "B": Frequency(1), "C": Frequency(1, Per.DAY)},
        windows=(Window(time(8), time(12)), Window(time(14), time(18))),
        starts_on=clock.today() - timedelta(days=1),
        form="look",
        targets=points,
    )
    return replace(plan, **changes)


def planned(town: Town, **changes: Any) -> Plan:
    """A plan with its tasks drawn up."""
    plan = plans.make_plan(town.actor("planner"), new_plan(town, **changes))
    draw_up_plan(plan)
    return plan


def first_task(plan: Plan, user: User) -> Task:
    """The earliest task of today that is somebody's."""
    return Task.objects.filter(plan=plan, person=user, day=clock.today()).order_by("starts_at")[0]
