"""The two doors: `open_case` brings a case into the loop, `advance` moves it. What is past comes by `history`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import connection, transaction

from yiwang.city.geo.queries import Named, Place, locate
from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.codes import queries as codes
from yiwang.core.errors import Conflict, Invalid
from yiwang.core.events import actions as events
from yiwang.core.events.declare import Audience, Event
from yiwang.core.files import actions as files
from yiwang.core.files import queries as stored
from yiwang.core.ids import uuid7
from yiwang.core.locks import hold
from yiwang.core.prepared import at_once, insert
from yiwang.operations.cases import access, queries, rules, steps, store
from yiwang.operations.cases.categories.queries import current_category
from yiwang.operations.cases.dossier import Dossier
from yiwang.operations.cases.effects import Occasion
from yiwang.operations.cases.events import CaseAdvanced, CaseOpened
from yiwang.operations.cases.lifecycle import Table
from yiwang.operations.cases.models import Case, CasePhoto, Lifecycle, Reporter
from yiwang.operations.cases.personal import personal_of
from yiwang.operations.cases.rules import Given, Photo
from yiwang.operations.cases.rules.late import Late, counts_at, proof_of
from yiwang.operations.cases.steps import Taken
from yiwang.operations.cases.store import Live

__all__ = ["Given", "NewCase", "Photo", "advance", "open_case", "publish_lifecycle"]


@dataclass(frozen=True, slots=True)
class NewCase:
    """What somebody tells us. Position is lon/lat in EPSG:4326; `id` may be made by the client (UUIDv7).

    `verb` names the opening where a source has several ways in; "" takes the first that is the actor's.
    """

    category: str
    description: str
    lon: float
    lat: float
    source: str
    address: str = ""
    id: UUID | None = None
    occurred_at: datetime | None = None
    photos: tuple[Photo, ...] = ()
    reporter_name: str = ""
    reporter_phone: str = ""
    verb: str = ""


@transaction.atomic
def open_case(actor: Actor, new: NewCase) -> Case:
    """Bring a case into the loop, once: the same `id` from the same person gives the case that is there.

    Raises Refused when no opening is the actor's, Invalid with the field at fault (category, lon, description,
    occurred_at, photos), Conflict `id_taken` when somebody else used the id.
    Effects: number, place, first clock, step 1, audit entry, `case.opened` after commit.
    """
    case_id = new.id or uuid7()
    # The same report may come twice at once; the second waits here and finds the first.
    hold(f"cases.open:{case_id}")
    known = _already_there(actor, case_id)
    if known is not None:
        return known
    table = queries.current_table()
    now = clock.now()
    given = Given(note=new.description, photos=new.photos)
    row = rules.opening(table, actor, new.source, given, new.verb)
    dossier = Dossier(_new_row(actor, new, case_id, table, now))
    taken = steps.begin(dossier, Occasion(actor, table, now, Live()), row, Given(photos=new.photos))
    store.save(dossier, new_case=True)
    if new.reporter_name or new.reporter_phone:
        reporter = Reporter(case=dossier.case, name=new.reporter_name, phone=new.reporter_phone)
        reporter.save(force_insert=True)
    else:
        reporter = None
    _announce(actor, dossier, taken, new.photos, personal_of(reporter))
    return dossier.case


@transaction.atomic
def advance(
    actor: Actor,
    case_id: UUID,
    *,
    verb: str,
    expected_version: int,
    given: Given,
    late: Late | None = None,
) -> Case:
    """Take one step of the table. One that reaches us `late` counts when it was taken, where a picture proves that.

    Raises NotFound, Conflict `case_changed` (with what happened meanwhile) when the case is no longer at
    `expected_version`, and what `rules.decide` raises; then nothing has changed.
    Effects: those of the table's row, step, audit entry, `case.advanced` after commit.
    """
    if given.main_case_id is not None:
        store.lock_both(case_id, given.main_case_id)
    dossier = store.lock_for(actor, case_id)
    if dossier.case.version != expected_version:
        raise _changed_meanwhile(dossier.case)
    table = queries.table_of(dossier.case)
    now, told = _moment(dossier.case, given, late) if late and late.is_late else (clock.now(), {})
    taken = steps.take(dossier, Occasion(actor, table, now, Live()), verb, given)
    taken.step.data.update(told)
    with at_once():
        store.save(dossier)
        _announce(actor, dossier, taken, given.photos)
    return dossier.case


def _moment(case: Case, given: Given, late: Late) -> tuple[datetime, dict[str, Any]]:
    """When a late step counts, and what is kept with it of that."""
    pictures = stored.by_ids(photo.file_id for photo in given.photos)
    proof = proof_of(late, (file.taken_at for file in pictures.values()))
    last = case.steps.order_by("-seq")[0]
    told = {
        "claimed_at": late.claimed_at.isoformat(),
        "occurred_at": late.occurred_at.isoformat(),
        "received_at": late.received_at.isoformat(),
        "proof": proof.value,
    }
    return counts_at(late, proof, last.at), {"late": told}


def _already_there(actor: Actor, case_id: UUID) -> Case | None:
    known = store.CASE_ROW.first(case_id)
    if known is not None and known.reported_by != actor.user_id:
        raise Conflict("id_taken", "这个编号已被另一个案件使用。", field="id")
    return known


def _new_row(actor: Actor, new: NewCase, case_id: UUID, table: Table, now: datetime) -> Case:
    category = current_category(new.category)
    codes.require("case_sources", new.source, field="source")
    occurred_at = rules.bounded_claim(new.occurred_at, now)
    place = locate(new.lon, new.lat)
    if place is None:
        raise Invalid("outside_district", "位置不在本区范围内，请在地图上重新选点。", field="lon")
    day = now.astimezone(clock.LOCAL).strftime("%Y%m%d")
    return Case(
        id=case_id,
        number=rules.case_number(place.district.code, day, _next_serial(day)),
        category=category,
        description=new.description.strip(),
        location=Point(new.lon, new.lat, srid=4326),
        address=new.address.strip() or f"{place.street.name}{place.community.name}",
        area_code=place.unit_grid,
        place=place_facts(place),
        source=new.source,
        lifecycle_id=table.version,
        reported_by=actor.user_id,
        occurred_at=occurred_at,
        reported_at=now,
    )


def place_facts(place: Place) -> dict[str, Any]:
    """The place as the case keeps it: names as they were on the day, for people to read."""
    body, grid, person = place.managing_body, place.duty_grid, place.duty_person
    return {
        "district": _named(place.district),
        "street": _named(place.street),
        "community": _named(place.community),
        "unit_grid": place.unit_grid,
        "duty_grid": _named(grid) if grid else None,
        "duty_person": {"name": person.name, "post": person.post} if person else None,
        "managing_body": _named(body) if body else None,
        "area_class": place.area_class,
    }


def _named(part: Named) -> dict[str, str]:
    return {"code": part.code, "name": part.name, "name_en": part.name_en}


def _next_serial(day: str) -> int:
    """The day's next serial; filings of one day queue up here until the one before has committed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into cases_daycounter (day, last) values (%s, 1)"
            " on conflict (day) do update set last = cases_daycounter.last + 1 returning last",
            [day],
        )
        return int(cursor.fetchone()[0])


def _announce(
    actor: Actor,
    dossier: Dossier,
    taken: Taken,
    photos: Sequence[Photo],
    personal: Sequence[audit.PersonalField] = (),
) -> None:
    """Write down what happened: photos for people, audit entry for the record, event for the rest."""
    case, step = dossier.case, taken.step
    _keep_photos(actor, case, photos, step.seq, step.at)
    audit.record(
        actor.at(taken.scope),
        action=f"cases.{step.verb}",
        object_type="case",
        object_id=str(case.pk),
        before={"state": taken.from_state, "version": case.version - 1} if taken.from_state else None,
        after={"state": case.state, "version": case.version, "number": case.number, **step.data},
        personal=personal,
    )
    events.publish(_event(case, taken), audience_of(dossier))


def _keep_photos(actor: Actor, case: Case, photos: Sequence[Photo], seq: int, now: datetime) -> None:
    if not photos:
        return
    kept = {photo.file_id for photo in store.PHOTOS(case.pk)}
    if any(photo.file_id in kept for photo in photos):
        raise Invalid("photo_used", "这张照片在本案件中已经用过，请拍摄新的照片。", field="photos")
    claimed = files.claim(actor, [photo.file_id for photo in photos], area_code=case.area_code)
    shown = [photo.file_id for photo in photos if photo.slot != rules.EVIDENCE]
    if not all(claimed[file_id].is_image for file_id in shown):
        raise Invalid("not_a_picture", "这里只接收照片，请不要上传文档或视频。", field="photos")
    insert(
        CasePhoto(case=case, file=claimed[photo.file_id], slot=photo.slot, seq=seq, added_at=now)
        for photo in photos
    )


def _event(case: Case, taken: Taken) -> Event:
    verb = taken.row.verb
    if not taken.from_state:
        return CaseOpened(str(case.pk), case.number, case.version, verb, case.state)
    return CaseAdvanced(str(case.pk), case.number, case.version, verb, case.state, taken.from_state)


def audience_of(dossier: Dossier) -> Audience:
    """Those who see the case, as in `access.visible_to`."""
    case = dossier.case
    return Audience(
        area_code=case.area_code,
        unit_paths=tuple({task.unit.path for task in dossier.tasks if task.unit}),
        user_ids=(case.reported_by,) if case.reported_by else (),
        permission=access.VIEW,
    )


def _changed_meanwhile(case: Case) -> Conflict:
    step = case.steps.order_by("-seq")[0]
    return Conflict(
        "case_changed",
        f"案件刚刚被{step.actor_name}处理过，请看最新情况。",
        version=case.version,
        state=case.state,
        verb=step.verb,
        actor=step.actor_name,
        at=step.at.isoformat(),
    )


@transaction.atomic
def publish_lifecycle(data: dict[str, Any]) -> Table:
    """Publish a version of the lifecycle table; a version once published never changes.

    Raises BrokenTable when the table contradicts itself or names unknown guards or effects, Conflict
    `version_published` when the version is there with another table.
    """
    table = queries.checked_table(data)
    row, made = Lifecycle.objects.get_or_create(
        version=table.version, defaults={"edition": table.edition, "table": data}
    )
    if not made and row.table != data:
        raise Conflict("version_published", f"流程第 {table.version} 版已发布，不能改动；请发布新的版本。")
    return table
