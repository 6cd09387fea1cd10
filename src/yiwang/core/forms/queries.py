"""Which form holds on a day, in which versions it is kept, and what was filled in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.errors import Invalid, NotFound
from yiwang.core.files import queries as files
from yiwang.core.forms import rules
from yiwang.core.forms.declare import Form, read_form
from yiwang.core.forms.models import FIRST_SHIPPED, FilledForm, FormVersion

# Forms filled in by an earlier version are taken for this long: the phone was without a network.
TAKEN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class InForce:
    """A form in one version: the number that answers are sent with."""

    form: Form
    version: int


def form_in_force(key: str, day: date | None = None) -> InForce:
    """The form as it holds on a day (today when None). Raises: NotFound `form_not_found`."""
    row = _in_force(day or clock.today()).filter(key=key).first()
    if row is None:
        raise NotFound("form_not_found", "没有这个表单，或已停用。", form=key)
    return told(row)


def forms(day: date | None = None) -> list[InForce]:
    """Every form that holds on a day (today when None), by key. One query."""
    return [told(row) for row in _in_force(day or clock.today())]


def in_version(key: str, version: int) -> InForce:
    """A form in any version that it ever had. Raises: NotFound `form_not_found`."""
    return told(row_of(key, version))


def row_of(key: str, version: int) -> FormVersion:
    """A version as it is kept. Raises: NotFound `form_not_found`."""
    row = FormVersion.objects.filter(key=key, version=min(version, 2**31 - 1)).first()
    if row is None:
        raise NotFound("form_not_found", "没有这个表单或版本。", form=key, version=version)
    return row


def versions(key: str) -> list[FormVersion]:
    """All versions of a form: the district's own first, the newest first, withdrawn ones too; then the shipped ones.

    Raises: NotFound `form_not_found`.
    """
    rows = list(FormVersion.objects.filter(key=key).order_by("-version"))
    if not rows:
        raise NotFound("form_not_found", "没有这个表单。", form=key)
    return sorted(rows, key=lambda row: row.is_shipped)


def everything() -> QuerySet[FormVersion]:
    """Every version of every form, by key, the newest first."""
    return FormVersion.objects.order_by("key", "-version")


def fillable(key: str, version: int, day: date) -> FormVersion:
    """The version by which something filled in on `day` is taken: one that held then or within 30 days before, or has
    begun since.

    Raises: NotFound `form_not_found`, Invalid `form_outdated` {version: the one that holds now}.
    """
    row = row_of(key, version)
    newest = max(day, clock.today())
    since, until = min(day, newest) - TAKEN_FOR, newest
    held = _shipped_held(row, since, until) if row.is_shipped else _local_held(row, since, until)
    if not held:
        now = _in_force(clock.today()).filter(key=key).values_list("version", flat=True).first()
        raise Invalid("form_outdated", "表单已更新，请按新版重新填写。", field="version", version=now)
    return row


def filled(filled_ids: Iterable[UUID]) -> dict[UUID, FilledForm]:
    """Filled forms by id, with their versions; those that are not there are left out. One query."""
    return FilledForm.objects.select_related("form_version").in_bulk(list(filled_ids))


def filled_by_form(key: str) -> QuerySet[FilledForm]:
    """All that was filled in by a form, in any version, oldest first; who shows it narrows it to its own subject."""
    rows = FilledForm.objects.filter(form_version__key=key).select_related("form_version")
    return rows.order_by("filled_at", "id")


def shown(actor: Actor, row: FilledForm) -> dict[str, Any]:
    """A filled form for whoever may see the subject that it is about (shape: `schemas.FilledOut`): the form itself, the
    answers, links to the pictures that serve this actor."""
    found = files.by_ids(UUID(one) for one in rules.pictures(told(row.form_version).form, row.answers))
    return {
        "id": row.pk,
        "key": row.form_version.key,
        "version": row.form_version.version,
        "edition": row.form_version.edition,
        "form": row.form_version.form,
        "answers": row.answers,
        "score": row.score,
        "percent": row.percent,
        "failed": row.failed,
        "photos": [
            {
                "id": file.pk,
                "url": files.link(actor, file),
                "thumbnail_url": files.link(actor, file, "thumbnail"),
                "taken_at": file.taken_at,
            }
            for file in found.values()
        ],
        "filled_by": row.filled_by_name,
        "filled_at": row.filled_at,
        "received_at": row.received_at,
    }


def told(row: FormVersion) -> InForce:
    """A row as the form that it holds."""
    return InForce(read_form(row.form, row.edition), row.version)


def _in_force(day: date) -> QuerySet[FormVersion]:
    local = Q(withdrawn_at__isnull=True, valid_from__lte=day) & (
        Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    )
    rows = FormVersion.objects.filter(Q(version__gte=FIRST_SHIPPED) | local)
    # A district's own has a day, and stands before the shipped editions.
    return rows.order_by("key", "valid_from", "-version").distinct("key")


def _local_held(row: FormVersion, since: date, until: date) -> bool:
    """Whether a version of the district's own held on one of these days; one that gave way on its first day did."""
    if row.valid_from is None or row.valid_from > until:
        return False
    if row.withdrawn_at is not None:
        return row.valid_from <= _day(row.withdrawn_at) and _day(row.withdrawn_at) >= since
    return row.valid_to is None or row.valid_to > since


def _shipped_held(row: FormVersion, since: date, until: date) -> bool:
    """Whether a shipped edition held on one of these days: no newer one was there before them all, and no version of
    the district's own held on all of them."""
    newer = FormVersion.objects.filter(key=row.key, version__gt=row.version).order_by("published_at").first()
    if newer is not None and _day(newer.published_at) < since:
        return False
    own = FormVersion.objects.filter(key=row.key, valid_from__isnull=False, withdrawn_at__isnull=True)
    day = since
    for begins, ends in own.order_by("valid_from").values_list("valid_from", "valid_to"):
        if begins is not None and begins <= day and (ends is None or ends > day):
            day = ends or date.max
    return day <= until


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.LOCAL).date()
