"""Patrols of the demo district: plans with a week of tasks, two special inspections, a call.

Everything goes through the rooms' own actions with the clock held at each step.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from io import BytesIO
from random import Random
from typing import Any
from uuid import UUID

from yiwang.city.geo.models import DutyGrid
from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.files import actions as files
from yiwang.core.forms.declare import Field, Form, Kind
from yiwang.core.forms.queries import form_in_force
from yiwang.core.forms.rules import visible
from yiwang.operations.patrol import actions as patrol
from yiwang.operations.patrol.models import Inspection, Plan, Stop, Task
from yiwang.project.demo.people import Staff
from yiwang.project.demo.pictures import VARIANTS, picture
from yiwang.sensing.fleet import ingest

DAYS_BACK, DAYS_AHEAD = 6, 2
CENTRE, TOWN = "420117001", "420117002"
ROADS = ("文昌大道", "龙腾大道", "衡州大街", "齐安大道", "新洲大街", "古城大道")
SPOTS = (
    "农贸市场门口", "小学门口", "公交站台", "广场东侧", "河堤步道", "医院门口", "商业街口", "公园入口",
)  # fmt: skip
A_DAY, A_WEEK = patrol.Per.DAY, patrol.Per.WEEK
OFTEN = {"A": patrol.Frequency(1, A_DAY), "B": patrol.Frequency(4, A_WEEK), "C": patrol.Frequency(3, A_WEEK)}
MORNING = patrol.Window(time(8, 30), time(11, 30))
WHOLE_DAY = patrol.Window(time(8), time(18))
STEP_S, PACE_M = 30, 36.0
SCENE, ALBUM = "pavement", 6


class Patrols:
    """Makes the patrols of a demo, deterministic by seed but for the numbers that the database gives."""

    def __init__(self, staff: Staff, now: datetime, seed: int) -> None:
        self.staff, self.now, self.chance = staff, now, Random(seed)  # noqa: S311 - chance for stories
        self.today = now.astimezone(clock.LOCAL).date()
        self.shift = staff.actor(staff.by_role["shift_leader"][0])
        self.photos: dict[UUID, list[str]] = {}

    def make(self) -> None:
        """All of it."""
        for plan in self.plans():
            days = [self.today + timedelta(days=n) for n in range(-DAYS_BACK, DAYS_AHEAD + 1)]
            patrol.draw_up(plan, days)
        for task in Task.objects.filter(plan__isnull=False, starts_at__lt=self.now).order_by(
            "starts_at", "id"
        ):
            self.go(task)
        with clock.frozen(self.now):
            patrol.miss_overdue()
        self.reported(self.inspection("公厕服务质量专项检查", "public_toilet", TOWN, 9))
        self.inspect(self.inspection("城区环境卫生专项检查", "sanitation_inspection", CENTRE, 2), 0.5)
        self.call()

    def plans(self) -> list[Plan]:
        """Points in one street, streets in another, all grids of a third."""
        spots = tuple(
            patrol.NewTarget(f"{grid.community.name}{name}", lon=p[0], lat=p[1], is_key=n in (0, 5))
            for n, (name, grid) in enumerate(zip(SPOTS, grids(CENTRE), strict=False))
            for p in (middle(grid),)
        )
        roads = tuple(
            patrol.NewTarget(name, line=road(middle(grid), self.chance))
            for name, grid in zip(ROADS, grids(TOWN), strict=False)
        )
        first = self.today - timedelta(days=DAYS_BACK)
        common: dict[str, Any] = {"frequency": OFTEN, "starts_on": first, "weekdays": (1, 2, 3, 4, 5)}
        wanted = (
            patrol.NewPlan("邾城街道重点点位巡查", unit(CENTRE).pk, CENTRE, "points", windows=(MORNING,),
                form="street_patrol", targets=spots, **common),
            patrol.NewPlan("阳逻街道主干道巡查", unit(TOWN).pk, TOWN, "streets", windows=(WHOLE_DAY,),
                targets=roads, **common),
        )  # fmt: skip
        with clock.frozen(self.now - timedelta(days=DAYS_BACK, hours=2)):
            return [patrol.make_plan(self.shift, one) for one in wanted]

    def go(self, task: Task) -> None:
        """Walk a task as people do: most of them whole, some with a gap, one in ten not at all."""
        if task.person_id is None or self.chance.random() < 0.1:
            return
        actor = self.staff.actor(task.person_id)
        at = task.starts_at + timedelta(minutes=self.chance.randint(3, 25))
        stops = list(Stop.objects.filter(task=task))
        left = len(stops) - 1 if len(stops) > 2 and self.chance.random() < 0.2 else len(stops)
        for stop in stops[:left]:
            if at > self.now:
                return
            at = self.visit(actor, task, stop, at)
        if task.day == self.today and self.chance.random() < 0.4:
            return  # still under way
        if at < min(self.now, task.ends_at):
            with clock.frozen(at):
                patrol.finish(actor, task.pk, note="" if left == len(stops) else "道路施工，绕行未到")

    def visit(self, actor: Actor, task: Task, stop: Stop, at: datetime) -> datetime:
        """Walk a line, or check in at a point and fill its form; the moment afterwards."""
        end = at
        if stop.shape.geom_type == "LineString":
            end = self.walk(actor, stop, at)
        else:
            end += timedelta(minutes=self.chance.randint(4, 9))
        if end > self.now:
            return end
        place = stop.shape if stop.shape.geom_type == "Point" else stop.shape.interpolate_normalized(0.5)
        off = self.chance.uniform(-0.0003, 0.0003)
        with clock.frozen(end):
            patrol.check_in(actor, task.pk, stop.pk, lon=place.x + off, lat=place.y, accuracy_m=8)
            if task.form:
                self.fill(actor, task, stop)
        return end

    def walk(self, actor: Actor, stop: Stop, at: datetime) -> datetime:
        """The positions that a phone sends along a line, the whole of it or most."""
        share = 1.0 if self.chance.random() < 0.6 else self.chance.uniform(0.55, 0.95)
        count = max(2, int(stop.length_m * share / PACE_M))
        fixes = [stop.shape.interpolate_normalized(share * n / (count - 1)) for n in range(count)]
        points = [
            ingest.Point(at + timedelta(seconds=STEP_S * n), p.x, p.y, accuracy_m=6)
            for n, p in enumerate(fixes)
        ]
        end = points[-1].at + timedelta(seconds=STEP_S)
        if end <= self.now and actor.user_id is not None:
            with clock.frozen(end):
                if Task.objects.filter(pk=stop.task_id, state="planned").exists():
                    patrol.start(actor, stop.task_id, at)
                ingest.take(ingest.person(actor.user_id), points, end)
        return end

    def fill(self, actor: Actor, task: Task, stop: Stop) -> None:
        """A filled form: mostly good."""
        known = form_in_force(task.form)
        place = stop.shape if stop.shape.geom_type == "Point" else stop.shape.interpolate_normalized(0.5)
        given = answers(known.form, self.chance, self.album(actor), (place.x, place.y))
        patrol.fill(actor, task.pk, stop.pk, form=task.form, version=known.version, answers=given)

    def album(self, actor: Actor) -> list[str]:
        """Pictures of the person's own; they serve all that they fill."""
        if actor.user_id is None:
            raise LookupError("the platform takes no photographs")
        if actor.user_id not in self.photos:
            views = [(variant, view) for variant in range(VARIANTS) for view in ("near", "far")][:ALBUM]
            self.photos[actor.user_id] = [
                str(
                    files.store(
                        actor, stream=BytesIO(picture(SCENE, variant, True, view)), name="现场.jpg"
                    ).pk
                )
                for variant, view in views
            ]
        return self.photos[actor.user_id]

    def inspection(self, name: str, form: str, street: str, days_ago: int) -> Inspection:
        """An inspection that runs since some days: a third of the street's places, two teams."""
        first = self.today - timedelta(days=days_ago)
        begin = datetime.combine(first, time(9), clock.LOCAL)
        rows = tuple(
            patrol.Row(
                f"{grid.community.name}{'公厕' if form == 'public_toilet' else '片区'}{n}", *middle(grid)
            )
            for n, grid in enumerate(grids(street)[:24], start=1)
        )
        with clock.frozen(min(begin, self.now)):
            made = patrol.make_inspection(self.shift, patrol.NewInspection(name, unit(street).pk, street, form, first,
                first + timedelta(days=6), "重点看群众反映多的地方，扣分处拍照。"))  # fmt: skip
            made = patrol.put_population(
                self.shift, made.pk, patrol.Population("file", rows), expected_version=1
            )
            made = patrol.draw_sample(
                self.shift, made.pk, patrol.Sampling(33, "street", 20260117), expected_version=2
            )
            officers = self.officers(street)
            teams = tuple(
                patrol.Team(f"第{number}组", (person,))
                for number, person in zip(("一", "二"), officers, strict=False)
            )
            return patrol.run_inspection(self.shift, made.pk, teams, expected_version=3)

    def officers(self, street: str) -> list[UUID]:
        """The grid officers of a street."""
        found = (person for area, person in sorted(self.staff.officers.items()) if area.startswith(street))
        return list(dict.fromkeys(found))

    def inspect(self, made: Inspection, share: float) -> None:
        """Teams fill the form at a share of their places, one after the other."""
        for task in made.tasks.all():
            actor = self.staff.actor(task.members[0])
            at = min(task.starts_at + timedelta(hours=2), self.now - timedelta(hours=1))
            stops = list(Stop.objects.filter(task=task))
            for stop in stops[: round(len(stops) * share)]:
                if at < self.now:
                    at = self.visit(actor, task, stop, at)

    def reported(self, made: Inspection) -> None:
        """An inspection that is over: all seen, what was wrong ordered to be put right, one of it done."""
        self.inspect(made, 1.0)
        wrong = list(Stop.objects.filter(task__inspection=made, passed=False))
        until = self.today + timedelta(days=2)
        with clock.frozen(self.now - timedelta(days=2)):
            for stop in wrong:
                order = patrol.order_rectification(
                    self.shift, stop.pk, patrol.Order("按检查表扣分项整改到位", unit(TOWN).pk, until)
                )
                if stop == wrong[0]:
                    officer = self.staff.actor(self.officers(TOWN)[0])
                    patrol.report_done(officer, order.pk, result="已安排保洁并补齐用品", expected_version=1)
        made.refresh_from_db()
        with clock.frozen(self.now - timedelta(days=1)):
            said = "抽查对象总体达标，主要扣分项为地面保洁和用品补充，已要求限期整改并复查。"
            patrol.report_inspection(self.shift, made.pk, conclusion=said, expected_version=made.version)

    def call(self) -> None:
        """A call that runs: one is there, one comes, one has not answered."""
        lon, lat = middle(grids(CENTRE)[3])
        people = tuple(self.officers(CENTRE)[:3])
        dispatcher = self.staff.actor(self.staff.by_role["dispatcher"][0])
        begin = self.now - timedelta(minutes=18)
        with clock.frozen(begin):
            made = patrol.call_people(
                dispatcher, patrol.NewCall("占道经营聚集，需要支援疏导", lon, lat, people)
            )
        for person, state, minutes in zip(people, ("accepted", "accepted"), (1, 2), strict=False):
            with clock.frozen(begin + timedelta(minutes=minutes)):
                patrol.answer_call(self.staff.actor(person), made.pk, state)
        with clock.frozen(begin + timedelta(minutes=11)):
            patrol.answer_call(
                self.staff.actor(people[0]), made.pk, "arrived", lon=lon, lat=lat, accuracy_m=9
            )


def grids(street: str) -> list[DutyGrid]:
    """The duty grids of a street, one of each community in turn."""
    found = list(
        DutyGrid.objects.filter(code__startswith=street).select_related("community").order_by("code")
    )
    return sorted(found, key=lambda grid: (grid.code[12:], grid.code))


def middle(grid: DutyGrid) -> tuple[float, float]:
    """A point inside a grid, degrees."""
    point = grid.geometry.point_on_surface
    return round(point.x, 6), round(point.y, 6)


def road(at: tuple[float, float], chance: Random) -> tuple[tuple[float, float], ...]:
    """A street of half a kilometre through a point, with a bend."""
    east, north = at
    lean = chance.uniform(-0.0012, 0.0012)
    return ((east - 0.0028, north + lean), (east, north), (east + 0.0026, north + lean / 2))


def unit(street: str) -> Unit:
    """The centre of a street."""
    return Unit.objects.get(area_code=street, kind="street_centre")


def answers(form: Form, chance: Random, photos: list[str], place: tuple[float, float]) -> dict[str, Any]:
    """What somebody fills in who looks honestly: one in eight questions tells of something wrong."""
    given: dict[str, Any] = {}
    film = iter(photos)
    for field in form.fields:
        if field.key in visible(form, given):
            answer = _answer(field, chance, film, place)
            if answer is not None:
                given[field.key] = answer
    return given


def _answer(field: Field, chance: Random, film: Iterator[str], place: tuple[float, float]) -> Any:
    bad = chance.random() < 0.12
    match field.kind:
        case Kind.YES_NO:
            good = True if field.fails_on is None else not field.fails_on
            return good != bad
        case Kind.INTEGER | Kind.NUMBER:
            return max(field.least or 0, 1 if bad else 0)
        case Kind.CHOICE | Kind.CHOICES:
            fitting = [one.code for one in field.options if one.fails == bad] or [field.options[0].code]
            return fitting[0] if field.kind is Kind.CHOICE else fitting[: int(field.least or 1)]
        case Kind.PHOTO:
            if field.slots:
                return {slot: [next(film)] for slot in field.slots}
            return [next(film) for _ in range(int(field.least or 1))]
        case Kind.POINT:
            return {"lon": place[0], "lat": place[1]}
        case Kind.TEXT | Kind.LONGTEXT:
            return "个别地方需要再清理" if field.required else None
    return None
