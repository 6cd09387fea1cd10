"""A special inspection from its template to its report."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.ids import uuid7
from yiwang.core.locks import hold
from yiwang.core.notify import actions as notify
from yiwang.operations.patrol import access, recording
from yiwang.operations.patrol.inspections.population import Population, items
from yiwang.operations.patrol.inspections.queries import figures
from yiwang.operations.patrol.models import Inspection, Item, Stop, Task
from yiwang.operations.patrol.rules import sampling
from yiwang.operations.patrol.rules.states import UNSETTLED, State
from yiwang.operations.patrol.runs.work import announce, end_at

STREET = 9
BY_DAY, TO_NIGHT = time(7, 0), time(21, 0)


@dataclass(frozen=True, slots=True)
class NewInspection:
    """A special inspection as it shall be."""

    name: str
    unit_id: int
    area_code: str
    form: str
    starts_on: date
    ends_on: date
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the sample is drawn: so many of a hundred, in proportion from each stratum, by a seed (None: a new one).

    `by`: street, grade, unit, or "" for the population as one.
    """

    percent: int
    by: str = ""
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """Who goes together."""

    name: str
    people: tuple[UUID, ...]


@transaction.atomic
def make(actor: Actor, new: NewInspection, inspection_id: UUID | None = None) -> Inspection:
    """Make an inspection. Raises Refused for a unit or area that is not the actor's, Invalid, Conflict `id_taken`."""
    key = inspection_id or uuid7()
    hold(f"patrol.inspection:{key}")
    if Inspection.objects.filter(pk=key).exists():
        raise Conflict("id_taken", "这个编号已被使用。", field="id")
    inspection = Inspection(pk=key, made_by_name=actor.name, made_at=clock.now())
    _take_in(actor, inspection, new)
    inspection.save(force_insert=True)
    recording.note(actor, "make_inspection", "inspection", key, before=None, after=_told(inspection))
    return inspection


@transaction.atomic
def change(actor: Actor, inspection_id: UUID, new: NewInspection, *, expected_version: int) -> Inspection:
    """Change what an inspection is about, until it runs. A new area lets population and sample go.

    Raises NotFound `inspection_not_found`, Conflict `patrol_changed` or `inspection_runs`, and as `make`.
    """
    inspection = _to_prepare(actor, inspection_id, expected_version)
    before = _told(inspection)
    moved = inspection.area_code != new.area_code
    _take_in(actor, inspection, new)
    if moved:
        inspection.items.all().delete()
        inspection.state, inspection.sampling = Inspection.State.DRAFT, {}
    return _saved(actor, inspection, "change_inspection", before)


@transaction.atomic
def put_population(
    actor: Actor, inspection_id: UUID, wanted: Population, *, expected_version: int
) -> Inspection:
    """Let these be what the sample is drawn from. Raises as `change` and as `population.items`."""
    inspection = _to_prepare(actor, inspection_id, expected_version)
    before = _told(inspection)
    found = items(actor, inspection, wanted)
    inspection.items.all().delete()
    Item.objects.bulk_create(found)
    inspection.source, inspection.sampling = wanted.source, {"population": len(found)}
    inspection.state = Inspection.State.DRAFT
    return _saved(actor, inspection, "put_population", before)


@transaction.atomic
def draw(actor: Actor, inspection_id: UUID, wanted: Sampling, *, expected_version: int) -> Inspection:
    """Draw the sample; again until it runs. The seed stays with it, and each draw is on the record with its seed.

    Raises as `change`, and Invalid `empty_population`.
    """
    inspection = _to_prepare(actor, inspection_id, expected_version)
    before = _told(inspection)
    rows = list(inspection.items.all())
    if not rows:
        raise Invalid("empty_population", "请先确定检查对象。", field="percent")
    seed = wanted.seed if wanted.seed is not None else sampling.seed_of(inspection.pk, clock.now())
    members = [sampling.Member(key_of(row), stratum_of(row, wanted.by)) for row in rows]
    chosen = sampling.draw(members, sampling.size_of(wanted.percent, len(rows)), seed)
    place = {key: number for number, key in enumerate(chosen, start=1)}
    inspection.items.update(drawn=None)
    for row in rows:
        row.drawn = place.get(key_of(row))
    Item.objects.bulk_update([row for row in rows if row.drawn], ["drawn"])
    inspection.sampling = {
        **asdict(wanted),
        "seed": seed,
        "population": len(rows),
        "drawn": len(chosen),
    }
    inspection.state = Inspection.State.SAMPLED
    return _saved(actor, inspection, "draw_sample", before)


def key_of(row: Item) -> str:
    """What the draw knows an item by: what it is and where, so that the same list gives the same sample."""
    return f"{row.name}@{row.location.x:.6f},{row.location.y:.6f}"


def stratum_of(row: Item, by: str) -> str:
    """The stratum of an item."""
    return {"street": row.area_code[:STREET], "grade": row.grade, "unit": str(row.unit_id or "")}.get(by, "")


@transaction.atomic
def run(actor: Actor, inspection_id: UUID, teams: tuple[Team, ...], *, expected_version: int) -> Inspection:
    """Send the teams: the sample is shared out among them by place, a task for each; they are told.

    Raises as `change`, Conflict `no_sample`, Invalid `no_teams`, `team_twice`, `team_empty`, `person_not_found` or
    `ends_in_past`.
    """
    inspection = _to_prepare(actor, inspection_id, expected_version)
    before = _told(inspection)
    drawn = list(inspection.items.filter(drawn__isnull=False))
    if inspection.state != Inspection.State.SAMPLED or not drawn:
        raise Conflict("no_sample", "请先抽样。")
    if inspection.ends_on < clock.today():
        raise Invalid("ends_in_past", "检查的末日已经过了，请先改日期。", field="ends_on")
    _check_teams(actor, teams)
    inspection.teams = [{"name": team.name, "people": [str(p) for p in team.people]} for team in teams]
    inspection.state = Inspection.State.RUNNING
    by_place = {str(row.pk): row for row in sorted(drawn, key=lambda row: (row.area_code, row.location.x))}
    for team, keys in zip(teams, sampling.split(list(by_place), len(teams)), strict=True):
        if keys:
            _send(inspection, team, [by_place[key] for key in keys])
    return _saved(actor, inspection, "run_inspection", before)


@transaction.atomic
def report(actor: Actor, inspection_id: UUID, *, conclusion: str, expected_version: int) -> Inspection:
    """Close an inspection with its report: the figures as they stand now, and what follows from them.

    What the teams have not done by now is missed. Raises NotFound, Conflict `patrol_changed` or
    `inspection_does_not_run`, Invalid `conclusion_needed`.
    """
    inspection = _running(actor, inspection_id, expected_version)
    if not conclusion.strip():
        raise Invalid("conclusion_needed", "请填写检查结论。", field="conclusion")
    before, now = _told(inspection), clock.now()
    _end_tasks(inspection, State.MISSED, now)
    inspection.state, inspection.conclusion = Inspection.State.REPORTED, conclusion.strip()
    inspection.reported_at, inspection.reported_by_name = now, actor.name
    inspection.figures = figures(inspection)
    return _saved(actor, inspection, "report_inspection", before)


@transaction.atomic
def cancel(actor: Actor, inspection_id: UUID, *, expected_version: int) -> Inspection:
    """Call an inspection off, with its open tasks. Raises NotFound, Conflict `patrol_changed`, `inspection_over`."""
    inspection = _of(actor, inspection_id, expected_version)
    if inspection.state in (Inspection.State.REPORTED, Inspection.State.CANCELLED):
        raise Conflict("inspection_over", "这次检查已经结束。")
    before = _told(inspection)
    _end_tasks(inspection, State.CANCELLED, clock.now())
    inspection.state = Inspection.State.CANCELLED
    return _saved(actor, inspection, "cancel_inspection", before)


def _of(actor: Actor, inspection_id: UUID, expected_version: int) -> Inspection:
    rows = access.inspections_for(actor, access.LEAD)
    inspection = access.one(rows, inspection_id, "inspection_not_found", lock=True)
    recording.require_version(inspection, expected_version)
    return inspection


def _to_prepare(actor: Actor, inspection_id: UUID, expected_version: int) -> Inspection:
    inspection = _of(actor, inspection_id, expected_version)
    if inspection.state not in (Inspection.State.DRAFT, Inspection.State.SAMPLED):
        raise Conflict("inspection_runs", "检查已经开始，不能再改对象和抽样。", state=inspection.state)
    return inspection


def _running(actor: Actor, inspection_id: UUID, expected_version: int) -> Inspection:
    inspection = _of(actor, inspection_id, expected_version)
    if inspection.state != Inspection.State.RUNNING:
        raise Conflict("inspection_does_not_run", "检查不在进行中。", state=inspection.state)
    return inspection


def _take_in(actor: Actor, inspection: Inspection, new: NewInspection) -> None:
    unit = Unit.objects.filter(pk=new.unit_id).first()
    if unit is None:
        raise Invalid("unit_not_found", "没有这个单位。", field="unit_id")
    access.require_for(actor, access.LEAD, unit=unit, area_code=new.area_code)
    if new.ends_on < new.starts_on:
        raise Invalid("ends_before_start", "末日不能早于首日。", field="ends_on")
    inspection.unit, inspection.name, inspection.purpose = unit, new.name.strip(), new.purpose.strip()
    inspection.area_code, inspection.form = new.area_code, new.form
    inspection.starts_on, inspection.ends_on = new.starts_on, new.ends_on


def _check_teams(actor: Actor, teams: tuple[Team, ...]) -> None:
    if not teams:
        raise Invalid("no_teams", "请至少安排一个检查组。", field="teams")
    if len({team.name.strip() for team in teams}) < len(teams):
        raise Invalid("team_twice", "检查组名称不能重复。", field="teams")
    if any(not team.people or not team.name.strip() for team in teams):
        raise Invalid("team_empty", "每个检查组都要有名称和人员。", field="teams")
    people = {person for team in teams for person in team.people}
    if not people <= access.walkers_for(actor, access.LEAD):
        raise Invalid("person_not_found", "有人员不存在或已停用。", field="teams")


def _send(inspection: Inspection, team: Team, rows: list[Item]) -> None:
    task = Task.objects.create(
        inspection=inspection,
        key=team.name.strip()[:60],
        name=f"{inspection.name} · {team.name.strip()}"[:120],
        unit=inspection.unit,
        area_code=inspection.area_code,
        day=inspection.starts_on,
        starts_at=datetime.combine(inspection.starts_on, BY_DAY, clock.LOCAL),
        ends_at=datetime.combine(inspection.ends_on, TO_NIGHT, clock.LOCAL),
        team=team.name.strip()[:50],
        members=list(team.people),
        form=inspection.form,
        seed=inspection.sampling["seed"],
        state=State.PLANNED,
        stops_count=len(rows),
    )
    Stop.objects.bulk_create(
        Stop(
            task=task,
            item=row,
            order=order,
            name=row.name,
            address=row.address,
            shape=row.location,
            radius_m=100,
            grade=row.grade,
            area_code=row.area_code,
        )
        for order, row in enumerate(rows)
    )
    announce(task, "draw_up")
    days = f"{inspection.starts_on:%m-%d}—{inspection.ends_on:%m-%d}"
    params = {"name": inspection.name, "stops": len(rows), "days": days}
    notify.notify(team.people, kind="patrol.inspection_begins", params=params, link="/patrol/tasks")


def _end_tasks(inspection: Inspection, state: State, now: datetime) -> None:
    for task in inspection.tasks.select_for_update(of=("self",)).select_related("unit"):
        if task.state in UNSETTLED:
            whole = state is State.MISSED and task.done_count == task.stops_count
            task.state = State.DONE if whole else state
            end_at(task, now)
            task.version += 1
            task.save()
            announce(task, "end_inspection")


def _saved(actor: Actor, inspection: Inspection, verb: str, before: dict[str, Any]) -> Inspection:
    inspection.version += 1
    inspection.save()
    recording.note(actor, verb, "inspection", inspection.pk, before=before, after=_told(inspection))
    return inspection


def _told(inspection: Inspection) -> dict[str, Any]:
    return {
        "name": inspection.name,
        "unit": inspection.unit_id,
        "area_code": inspection.area_code,
        "form": inspection.form,
        "starts_on": inspection.starts_on.isoformat(),
        "ends_on": inspection.ends_on.isoformat(),
        "state": inspection.state,
        "source": inspection.source,
        "sampling": inspection.sampling,
        "teams": inspection.teams,
        "version": inspection.version,
    }
