"""Writes replayed cases: numbers, photos, and all rows by COPY."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.copying import copy_in
from yiwang.core.deadlines import actions as deadlines
from yiwang.core.deadlines.models import Deadline
from yiwang.core.files import actions as files
from yiwang.operations.cases import rules
from yiwang.operations.cases.history import CaseFault
from yiwang.operations.cases.history.replay import Replay, Replayed
from yiwang.operations.cases.models import Answer, Approval, Case, CasePhoto, Reporter, Request, Step, Task


@dataclass(slots=True)
class Written:
    """What was written: the new ids by key, and the number of steps."""

    made: dict[str, UUID] = field(default_factory=dict)
    steps: int = 0


def write(replay: Replay, actor: Actor, source: str) -> Written:
    """Write what went through a replay in the caller's transaction; `actor` is who brings it in.

    A case whose photos cannot be used fails here; see `replay.failed`.
    """
    written = Written()
    photos = _claimed(replay)
    cases = list(replay.cases.items())
    _number(held.dossier.case for _, held in cases)
    rows: dict[type[Any], list[Any]] = defaultdict(list)
    for key, held in cases:
        _collect(rows, held, photos.get(key, []), replay.now)
        written.made[key] = held.dossier.case.pk
        written.steps += held.dossier.case.version + 1
    _keep_answers_of(rows, set(written.made.values()))
    # A merged case points to its main one: those that are bound to none come first.
    rows[Case].sort(key=lambda case: case.main_case_id is not None)
    for model in (Case, Reporter, Task, Deadline, Request, Approval, Answer, Step, CasePhoto):
        copy_in(rows[model])
    _record(actor, source, cases)
    return written


def _collect(
    rows: dict[type[Any], list[Any]], held: Replayed, photos: list[CasePhoto], now: datetime
) -> None:
    dossier, past = held.dossier, held.past
    rows[Case].append(dossier.case)
    if past.reporter_name or past.reporter_phone:
        rows[Reporter].append(Reporter(case=dossier.case, name=past.reporter_name, phone=past.reporter_phone))
    for row in dossier.new:
        if isinstance(row, Deadline) and row.stopped_at is None:
            deadlines.pass_over(row, now)
        rows[type(row)].append(row)
    rows[CasePhoto] += photos


def _keep_answers_of(rows: dict[type[Any], list[Any]], there: set[UUID]) -> None:
    """A main case also answers for what is bound to it; one of those may have turned out to be at fault."""
    rows[Answer] = [row for row in rows[Answer] if row.case_id in there]


def _number(cases: Iterable[Case]) -> None:
    """Give each case the next number of its day, in the order of the reports."""
    ordered = sorted(cases, key=lambda case: case.reported_at)
    days = [case.reported_at.astimezone(clock.LOCAL).strftime("%Y%m%d") for case in ordered]
    serial = _take_serials(Counter(days))
    for case, day in zip(ordered, days, strict=True):
        serial[day] += 1
        case.number = rules.case_number(case.area_code[:6], day, serial[day])


def _take_serials(wanted: Counter[str]) -> dict[str, int]:
    """Takes so many serials of each day at once; returns the last one taken before."""
    if not wanted:
        return {}
    days = sorted(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into cases_daycounter (day, last) select * from unnest(%s::text[], %s::int[])"
            " on conflict (day) do update set last = cases_daycounter.last + excluded.last returning day, last",
            [days, [wanted[day] for day in days]],
        )
        return {day: last - wanted[day] for day, last in cursor.fetchall()}


def _claimed(replay: Replay) -> dict[str, list[CasePhoto]]:
    """The photos of each case, given to it; what the live door refuses of a photo is a fault of its case."""
    wanted = [
        (key, seq, step, photo) for key, held in replay.cases.items() for seq, step, photo in held.photos
    ]
    if not wanted:
        return {}
    places = {
        photo.file_id: (replay.cases[key].dossier.case.area_code, step.at, step.actor.user_id)
        for key, _, step, photo in wanted
    }
    known = files.claim_past(places)
    made: dict[str, list[CasePhoto]] = defaultdict(list)
    used: set[tuple[str, UUID]] = set()
    for key, seq, step, photo in wanted:
        stored = known.get(photo.file_id)
        code = reason = ""
        if stored is None:
            code, reason = "file_not_found", "照片不存在或不是经办人上传的。"
        elif (key, photo.file_id) in used:
            code, reason = "photo_used", "这张照片在本案件中用过两次。"
        elif photo.slot != rules.EVIDENCE and not stored.is_image:
            code, reason = "not_a_picture", "这里只接收照片。"
        if code and key in replay.cases:
            replay.fail(CaseFault(key, seq, step.verb, code, reason, "photos"))
        elif stored is not None and key in replay.cases:
            used.add((key, photo.file_id))
            case = replay.cases[key].dossier.case
            made[key].append(CasePhoto(case=case, file=stored, slot=photo.slot, seq=seq, added_at=step.at))
    replay.drop_what_hangs_on_faults()
    return made


def _record(actor: Actor, source: str, cases: list[tuple[str, Replayed]]) -> None:
    """One entry for each case, that says what it is: brought in now, with so many steps of then."""
    audit.record_many(
        actor,
        action="cases.bring_in",
        object_type="case",
        acts=[(str(held.dossier.case.pk), _summary(source, key, held)) for key, held in cases],
    )


def _summary(source: str, key: str, held: Replayed) -> dict[str, Any]:
    case: Case = held.dossier.case
    return {
        "number": case.number,
        "state": case.state,
        "version": case.version,
        "source": source,
        "key": key,
        "reported_at": case.reported_at.isoformat(),
        "reduced": held.past.reduced,
    }
