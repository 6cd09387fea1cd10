"""Takes the steps of many past cases in memory, in the order of their times, by the rules of the live doors."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.gis.geos import Point

from yiwang.core import clock
from yiwang.core.errors import DomainError, Invalid, Refused
from yiwang.core.ids import uuid7
from yiwang.core.imports import queries as imports
from yiwang.operations.cases import rules, steps
from yiwang.operations.cases.dossier import Dossier
from yiwang.operations.cases.effects import Occasion
from yiwang.operations.cases.history import TARGET, CaseFault, PastCase, PastStep, by_time
from yiwang.operations.cases.history import reduced as history_reduced
from yiwang.operations.cases.history.memory import Memory
from yiwang.operations.cases.history.place import Laid
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.rules import Given, Photo

AHEAD = timedelta(minutes=5)


@dataclass(slots=True)
class Replayed:
    """One case that is being replayed: its rows in memory, and the photos of each of its steps."""

    past: PastCase
    dossier: Dossier
    photos: list[tuple[int, PastStep, Photo]] = field(default_factory=list)


class Replay:
    """Some cases of one source; `cases` are those that went through, by key, in the order of their opening."""

    def __init__(self, past: Sequence[PastCase], source: str, memory: Memory, now: datetime) -> None:
        self.past, self.source, self.memory, self.now = past, source, memory, now
        memory.begin_chunk()
        self.cases: dict[str, Replayed] = {}
        self.failed: dict[str, CaseFault] = {}
        self._ids: dict[str, UUID] = {}
        self._table = memory.table

    def run(self) -> None:
        """Take every step; what cannot be brought in stands in `failed`."""
        sound = []
        for case in self.past:
            fault = implausible(case, self.now)
            if fault is not None:
                self.failed[case.key] = fault
            else:
                sound.append(case)
        places = self._places(sound)
        for case, number, step in by_time(sound):
            if case.key in self.failed:
                continue
            try:
                if case.reduced and number:
                    history_reduced.take(self.cases[case.key].dossier, self._table, case, step)
                    continue
                with clock.frozen(step.at):
                    self._step(case, number, step, places[case.key])
            except DomainError as error:
                self._fail(case, number, step.verb, error)
        self.drop_what_hangs_on_faults()

    def _step(self, case: PastCase, number: int, step: PastStep, place: Laid | None) -> None:
        if number == 0:
            self._open(case, step, place)
            return
        held = self.cases[case.key]
        given = self._given(held, step)
        main_before = held.dossier.case.main_case_id
        occasion = Occasion(step.actor, self._table, step.at, self.memory)
        steps.take(held.dossier, occasion, step.verb, given)
        self.memory.rebind(held.dossier, main_before)
        self._note_photos(held, step)

    def _open(self, case: PastCase, step: PastStep, place: Laid | None) -> None:
        row = self._row(case, step, place)
        held = Replayed(case, Dossier(row))
        if case.reduced:
            history_reduced.begin(held.dossier, self._table, case, step)
        else:
            given = Given(note=case.description, photos=step.given.photos)
            opening = rules.opening(self._table, step.actor, case.source, given, step.verb)
            occasion = Occasion(step.actor, self._table, step.at, self.memory)
            steps.begin(held.dossier, occasion, opening, Given(photos=step.given.photos))
        self.cases[case.key] = held
        self.memory.cases[row.pk] = held.dossier
        self._note_photos(held, step)

    def _row(self, case: PastCase, step: PastStep, place: Laid | None) -> Case:
        """The case as it is opened; its number is given when it is written."""
        self.memory.require_source(case.source)
        if not case.description.strip():
            raise Invalid("required", "问题描述是空的。", field="description")
        if place is None:
            raise Invalid("outside_district", "位置不在本区范围内。", field="lon")
        occurred = case.occurred_at or step.at
        if occurred > step.at + AHEAD:
            raise Invalid("in_the_future", "发生时间晚于上报时间。", field="occurred_at")
        return Case(
            id=uuid7(),
            category=self.memory.category(case.category),
            description=case.description.strip(),
            location=Point(place.lon, place.lat, srid=4326),
            address=(case.address.strip() or place.address)[:300],
            area_code=place.area_code,
            place=place.facts,
            source=case.source,
            lifecycle_id=self._table.version,
            reported_by=step.actor.user_id,
            occurred_at=min(occurred, step.at),
            reported_at=step.at,
        )

    def _given(self, held: Replayed, step: PastStep) -> Given:
        """What was given, with the task and the main case by their ids of now."""
        given = step.given
        if step.unit_id is not None:
            tasks = [t for t in held.dossier.open_tasks() if t.unit_id == step.unit_id]
            if not tasks:
                raise Refused("no_task", "这个单位没有可办的任务。")
            row = self._table.find(held.dossier.case.state, step.verb)
            kinds = {row.task.kind} if row and row.task else {"handle"}
            fitting = [t for t in tasks if t.kind in kinds] or tasks
            given = replace(given, task_id=fitting[0].pk)
        if step.main_key:
            given = replace(given, main_case_id=self._case_id(step.main_key))
        return given

    def _case_id(self, key: str) -> UUID | None:
        if key in self.cases and key not in self.failed:
            return self.cases[key].dossier.case.pk
        if key not in self._ids:
            known = imports.known(TARGET, self.source, [key])
            if key in known:
                self._ids[key] = known[key].object_id
        if key not in self._ids:
            raise Invalid("no_main_case", "主案不在这批案件里，也不在库中。", field="main_case_id")
        return self._ids[key]

    def _note_photos(self, held: Replayed, step: PastStep) -> None:
        seq = held.dossier.case.version + 1
        held.photos += [(seq, step, photo) for photo in step.given.photos]

    def _places(self, past: Sequence[PastCase]) -> dict[str, Laid | None]:
        """Where each case lies, all at once."""
        known = [c for c in past if c.lon is not None and c.lat is not None]
        points = [(c.lon or 0.0, c.lat or 0.0) for c in known]
        days = [c.steps[0].at.astimezone(clock.LOCAL).date() for c in known]
        found = self.memory.places.find(points, days) if known else []
        laid: dict[str, Laid | None] = {}
        for case, place in zip(known, found, strict=True):
            if place is not None:
                laid[case.key] = Laid.at(case.lon or 0.0, case.lat or 0.0, place)
        for case in past:
            if case.key not in laid:
                laid[case.key] = self._laid_to_area(case)
        return laid

    def _laid_to_area(self, case: PastCase) -> Laid | None:
        try:
            return self.memory.somewhere_in(case.area) if case.area else None
        except Invalid as error:
            self._fail(case, 0, "", error)
            return None

    def _fail(self, case: PastCase, number: int, verb: str, error: DomainError) -> None:
        inner = error.fields[0] if isinstance(error, Invalid) and error.fields else error
        self.fail(
            CaseFault(case.key, number + 1, verb, inner.code, inner.message, inner.field or error.field or "")
        )

    def fail(self, fault: CaseFault) -> None:
        """A case is not brought in; who is bound to it is found out at the end."""
        self.failed[fault.key] = fault
        held = self.cases.pop(fault.key, None)
        if held is not None:
            self.memory.forget(held.dossier)

    def drop_what_hangs_on_faults(self) -> None:
        """A case that is bound to one that is not brought in cannot be either; main cases are bound to none."""
        there = {held.dossier.case.pk for held in self.cases.values()}
        lost = self.memory.cases.keys() - there
        for key, held in list(self.cases.items()):
            if held.dossier.case.main_case_id in lost:
                self.fail(CaseFault(key, 0, "merge", "main_case_at_fault", "它并入的主案没有导入。"))


def implausible(case: PastCase, now: datetime) -> CaseFault | None:
    """What is wrong with a past before any rule is asked: no steps, times that go back or lie ahead."""
    if not case.steps:
        return CaseFault(case.key, 0, "", "no_steps", "没有任何步骤。")
    before = case.steps[0].at
    for number, step in enumerate(case.steps, start=1):
        if step.at.tzinfo is None:
            return CaseFault(case.key, number, step.verb, "naive_time", "时间没有时区。", "at")
        if step.at > now + AHEAD:
            return CaseFault(case.key, number, step.verb, "in_the_future", "时间在将来。", "at")
        if step.at < before:
            reason = f"时间 {step.at:%Y-%m-%d %H:%M:%S} 早于上一步 {before:%Y-%m-%d %H:%M:%S}（UTC）。"
            return CaseFault(case.key, number, step.verb, "ends_before_it_begins", reason, "at")
        before = step.at
    return None
