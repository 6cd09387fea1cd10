"""Load shipped forms, publish and end a district's own versions, and take in what was filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit import actions as audit
from yiwang.core.codes.declare import BadDeclaration, content_digest, edition_rank
from yiwang.core.errors import Conflict, Invalid, NotFound
from yiwang.core.files import actions as files
from yiwang.core.forms import queries, rules
from yiwang.core.forms.declare import Form, form_json
from yiwang.core.forms.models import LOCAL, FilledForm, FormVersion
from yiwang.core.ids import uuid7
from yiwang.core.locks import hold

# How far a phone's clock, once corrected, may be ahead.
AHEAD = timedelta(minutes=5)
FAULTS = {
    "required": "请填写这一项。",
    "wrong_kind": "填写的内容不对。",
    "too_short": "至少 {least} 个字。",
    "too_long": "最多 {most} 个字。",
    "too_small": "不能小于 {least}。",
    "too_large": "不能大于 {most}。",
    "too_few": "至少 {least} 项。",
    "too_many": "最多 {most} 项。",
    "unknown_option": "请从选项中选择。",
    "repeated": "有重复的内容。",
    "slot_empty": "还缺一张照片。",
    "unknown_slot": "没有这种照片。",
    "unknown_field": "表单中没有这一项。",
}


@transaction.atomic
def load(forms: Iterable[Form]) -> int:
    """Store shipped forms; again changes nothing. Returns how many are new.

    Raises: BadDeclaration when a form makes no sense, or was changed under an edition that is already loaded.
    """
    return sum(_load(form) for form in forms)


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published: the form, from which day, what it was made from, and the newest version that was seen."""

    form: Form
    valid_from: date
    base: int | None
    expected_version: int
    note: str = ""


@transaction.atomic
def publish(actor: Actor, new: Publication) -> FormVersion:
    """Publish the district's own version of a form from a day on, until the next planned one.

    An unknown key makes a form of the district's own.
    What held on that day ends before it, or gives way when it began then. Raises Invalid `form_broken` with every fault
    by its place, `in_the_past`; NotFound `form_not_found` for the base; Conflict `form_changed`.
    """
    key = new.form.key
    hold(f"forms:{key}")
    if new.base is not None:
        queries.row_of(key, new.base)
    rows = list(FormVersion.objects.filter(key=key).order_by("-version"))
    local = [row for row in rows if not row.is_shipped]
    newest = local[0].version if local else 0
    if newest != new.expected_version:
        raise _changed(local[0])
    _demand_sound(new.form)
    if new.valid_from < clock.today():
        raise Invalid("in_the_past", "启用日期不能早于今天。", field="valid_from")
    living = [row for row in local if row.withdrawn_at is None]
    for row in living:
        _give_way(row, new.valid_from)
    later = [row.valid_from for row in living if row.valid_from and row.valid_from > new.valid_from]
    said = form_json(new.form)
    row = FormVersion.objects.create(
        key=key,
        version=newest + 1,
        edition=LOCAL,
        form=said,
        digest=content_digest(said),
        valid_from=new.valid_from,
        valid_to=min(later, default=None),
        base=new.base,
        note=new.note,
        published_by=actor.user_id,
        published_by_name=actor.name,
    )
    told = {"valid_from": str(new.valid_from), "note": new.note, "digest": row.digest}
    _record(actor, "forms.publish", row, {"base": new.base}, told)
    return row


@transaction.atomic
def end(actor: Actor, key: str, on: date, *, expected_version: int) -> FormVersion:
    """From a day on the shipped edition holds again; a form that only the district has is used no more from then on.

    Raises NotFound `no_local_version` when none holds on that day, Invalid `in_the_past`, Conflict `form_changed`.
    """
    hold(f"forms:{key}")
    if on < clock.today():
        raise Invalid("in_the_past", "停用日期不能早于今天。", field="valid_from")
    local = [row for row in queries.versions(key) if not row.is_shipped]
    if local and local[0].version != expected_version:
        raise _changed(local[0])
    current = next((row for row in local if row.withdrawn_at is None and _holds(row, on)), None)
    if current is None:
        raise NotFound("no_local_version", "这一天没有本地版本。", form=key)
    before = str(current.valid_to) if current.valid_to else None
    _give_way(current, on)
    _record(actor, "forms.end", current, {"valid_to": before}, {"valid_to": str(on)})
    return current


@transaction.atomic
def withdraw(actor: Actor, key: str, version: int) -> FormVersion:
    """Take a planned version back: the one before it goes on as if it had not been planned.

    Raises NotFound `form_not_found`, Conflict `version_in_force` once its day has come.
    """
    hold(f"forms:{key}")
    row = queries.row_of(key, version)
    if row.withdrawn_at is not None:
        raise NotFound("form_not_found", "这个版本已撤回。", form=key, version=version)
    if row.valid_from is None or row.valid_from <= clock.today():
        raise Conflict("version_in_force", "这个版本已经启用，不能撤回；请发布新的版本。", version=version)
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    before = FormVersion.objects.filter(key=key, valid_to=row.valid_from, withdrawn_at__isnull=True)
    before.update(valid_to=row.valid_to)
    _record(actor, "forms.withdraw", row, {"valid_from": str(row.valid_from)}, {"withdrawn": True})
    return row


@transaction.atomic
def fill(
    actor: Actor,
    *,
    form: str,
    version: int,
    answers: Mapping[str, Any],
    id: UUID | None,
    area_code: str,
    filled_at: datetime,
) -> FilledForm:
    """Take in what somebody filled in: the one door of answers. The caller has made sure that the actor may.

    `filled_at`: the moment on the spot (aware). Answers of fields that are not asked are dropped, the actor's pictures
    become part of it. The same `id` with the same answers is the same filled form again.
    Raises NotFound `form_not_found`; Invalid `form_outdated`, `in_the_future`, `answers_wrong` with every fault as
    `answers.<field>`, `file_not_found`, `not_a_picture`; Conflict `filled_id_taken`.
    """
    row = queries.fillable(form, version, filled_at.astimezone(clock.LOCAL).date())
    if filled_at > clock.now() + AHEAD:
        raise Invalid("in_the_future", "填写时间晚于现在，请校准手机时间。", field="filled_at")
    declared = queries.told(row).form
    kept = rules.kept(declared, answers)
    if id is not None and (before := _filled_before(id)):
        return _same(before, actor, row, kept)
    _demand_right(declared, answers)
    _claim(actor, rules.pictures(declared, kept), area_code)
    scored = rules.score(declared, kept)
    made = FilledForm.objects.create(
        id=id or uuid7(),
        form_version=row,
        answers=kept,
        score={"got": str(scored.got), "most": str(scored.most)} if scored else None,
        percent=scored.percent if scored else None,
        failed=list(rules.failed(declared, kept)),
        area_code=area_code,
        filled_by_id=actor.user_id,
        filled_by_name=actor.name,
        filled_at=filled_at,
    )
    audit.record(
        actor,
        action="forms.fill",
        object_type="filled_form",
        object_id=str(made.pk),
        before=None,
        after={
            "form": form,
            "version": version,
            "score": made.score,
            "failed": made.failed,
            "area": area_code,
        },
    )
    return made


def _load(form: Form) -> bool:
    if faults := rules.faults_of(form):
        raise BadDeclaration(f"{form.key} {form.edition}: {faults[0].code} at {faults[0].field}")
    said = form_json(form)
    digest, version = content_digest(said), edition_rank(form.edition)
    row = FormVersion.objects.filter(key=form.key, version=version).first()
    if row is not None and row.digest != digest:
        raise BadDeclaration(
            f"{form.key} {form.edition} was changed after it was loaded: give it a new edition"
        )
    if row is None:
        FormVersion.objects.create(
            key=form.key, version=version, edition=form.edition, form=said, digest=digest
        )
    return row is None


def _give_way(row: FormVersion, day: date) -> None:
    """A version that holds on a day ends before it; one that begins then is withdrawn."""
    if row.valid_from == day:
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
    elif _holds(row, day):
        row.valid_to = day
        row.save(update_fields=["valid_to"])


def _holds(row: FormVersion, day: date) -> bool:
    begun = row.valid_from is not None and row.valid_from <= day
    return begun and (row.valid_to is None or row.valid_to > day)


def _demand_sound(form: Form) -> None:
    if faults := rules.faults_of(form):
        fields = tuple(Invalid(one.code, "这里需要改正。", field=one.field, **one.params) for one in faults)
        raise Invalid("form_broken", "表单有需要改正的地方。", fields=fields)


def _demand_right(form: Form, answers: Mapping[str, Any]) -> None:
    faults = rules.check(form, answers)
    if faults:
        fields = tuple(
            Invalid(
                one.code, FAULTS[one.code].format(**one.params), field=f"answers.{one.field}", **one.params
            )
            for one in faults
        )
        raise Invalid("answers_wrong", "有内容需要补充或更正。", fields=fields)


def _filled_before(filled_id: UUID) -> FilledForm | None:
    hold(f"forms:{filled_id}")
    return FilledForm.objects.select_related("form_version").filter(pk=filled_id).first()


def _same(before: FilledForm, actor: Actor, row: FormVersion, answers: Mapping[str, Any]) -> FilledForm:
    mine = before.filled_by_id == actor.user_id and before.form_version_id == row.pk
    if not mine or before.answers != answers:
        raise Conflict("filled_id_taken", "这个编号已用于另一份填写。", field="id")
    return before


def _claim(actor: Actor, pictures: Iterable[str], area_code: str) -> None:
    ids = [UUID(one) for one in pictures]
    if not ids:
        return
    claimed = files.claim(actor, ids, area_code=area_code)
    others = sorted(str(one.pk) for one in claimed.values() if not one.is_image)
    if others:
        raise Invalid("not_a_picture", "照片项只接收图片。", field="answers", files=others)


def _changed(row: FormVersion) -> Conflict:
    return Conflict(
        "form_changed",
        f"这个表单刚刚由{row.published_by_name}修改过，请看最新版本。",
        version=row.version,
        actor=row.published_by_name,
        at=row.published_at.isoformat(),
    )


def _record(
    actor: Actor, action: str, row: FormVersion, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    audit.record(
        actor,
        action=action,
        object_type="form",
        object_id=row.key,
        before=before,
        after={"version": row.version, **after},
    )
