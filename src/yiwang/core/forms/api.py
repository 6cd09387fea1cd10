"""Forms over HTTP. What was filled in is read through the rooms that own what it is about."""

from collections.abc import Mapping
from typing import Annotated, Any

from ninja import Path, Query
from pydantic import ValidationError

from yiwang.core.errors import Invalid
from yiwang.core.forms import actions, present, queries, rules
from yiwang.core.forms.actions import Publication
from yiwang.core.forms.declare import Form, read_form
from yiwang.core.forms.schemas import (
    FormCheckIn,
    FormCheckOut,
    FormDifferenceOut,
    FormEndIn,
    FormOut,
    FormPublishIn,
    Forms,
    FormShape,
    FormVersions,
    KeptForms,
)
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Everywhere, Router

router = Router(tags=["forms"])
EDIT = Everywhere("forms.edit_form")
Key = Annotated[str, Path(max_length=81)]
LARGEST = 2**31 - 1
Asked = Annotated[int, Query(ge=1, le=LARGEST)]


@router.get("/forms", permission=SIGNED_IN, response=Forms)
def list_forms(request: ActingRequest) -> object:
    """Every form that holds today."""
    return {"items": [present.summary(held) for held in queries.forms()]}


@router.get("/forms/versions", permission=EDIT, response=KeptForms)
def list_kept_forms(request: ActingRequest) -> object:
    """Every form that there is or was, with where it stands."""
    return {"items": present.kept()}


@router.post("/forms/check", permission=EDIT, response=FormCheckOut)
def check_form(request: ActingRequest, payload: FormCheckIn) -> object:
    """Look through a form in the making; nothing is kept."""
    form = form_of(payload.form)
    base = queries.in_version(form.key, payload.base).form if payload.base else None
    return {"faults": rules.faults_of(form), "changes": rules.changes(base, form) if base else ()}


@router.get("/forms/{key}", permission=SIGNED_IN, response=FormOut)
def get_form(
    request: ActingRequest, key: Key, version: Annotated[int | None, Query(ge=1, le=LARGEST)] = None
) -> object:
    """A form as it holds today, or in the version asked for."""
    number = version if version is not None else queries.form_in_force(key).version
    return present.whole(queries.row_of(key, number))


@router.get("/forms/{key}/versions", permission=EDIT, response=FormVersions)
def list_form_versions(request: ActingRequest, key: Key) -> object:
    """A form with all its versions: the district's own first, then the shipped ones."""
    return present.all_versions(queries.versions(key))


@router.get("/forms/{key}/difference", permission=EDIT, response=FormDifferenceOut)
def show_form_difference(request: ActingRequest, key: Key, before: Asked, after: Asked) -> object:
    """What one version says differently from another."""
    old, new = queries.in_version(key, before), queries.in_version(key, after)
    return {"before": before, "after": after, "changes": rules.changes(old.form, new.form)}


@router.put("/forms/{key}/local", permission=EDIT, response=FormVersions)
def publish_form(request: ActingRequest, key: Key, payload: FormPublishIn) -> object:
    """Publish the district's own version from a day on; 422 names every place at fault, 409 says who was first."""
    form = form_of({**payload.form, "key": key})
    new = Publication(form, payload.valid_from, payload.base, payload.expected_version, payload.note.strip())
    actions.publish(request.actor, new)
    return present.all_versions(queries.versions(key))


@router.post("/forms/{key}/local/end", permission=EDIT, response=FormVersions)
def end_form(request: ActingRequest, key: Key, payload: FormEndIn) -> object:
    """From a day on the shipped edition holds again; a form of the district's own is used no more."""
    actions.end(request.actor, key, payload.valid_from, expected_version=payload.expected_version)
    return present.all_versions(queries.versions(key))


@router.delete("/forms/{key}/local/{int:version}", permission=EDIT, response=FormVersions)
def withdraw_form(
    request: ActingRequest, key: Key, version: Annotated[int, Path(ge=1, le=LARGEST)]
) -> object:
    """Take back a version whose day has not come."""
    actions.withdraw(request.actor, key, version)
    return present.all_versions(queries.versions(key))


def form_of(sent: Mapping[str, Any]) -> Form:
    """What was sent as a form: texts without outer spaces, the English ones filled in.

    Raises Invalid `form_broken` with each place that is no part of a form.
    """
    try:
        shape = FormShape.model_validate(sent)
    except ValidationError as error:
        places = (".".join(str(part) for part in one["loc"]) for one in error.errors())
        fields = tuple(Invalid("field_invalid", "这里填写有误。", field=place) for place in places)
        raise Invalid("form_broken", "表单有需要改正的地方。", fields=fields) from error
    return read_form(_worded(shape.model_dump(mode="json")))


def _worded(said: Any) -> Any:
    if isinstance(said, list):
        return [_worded(one) for one in said]
    if not isinstance(said, dict):
        return said
    if set(said) == {"zh", "en"}:
        zh = said["zh"].strip()
        return {"zh": zh, "en": said["en"].strip() or zh}
    return {name: _worded(value) for name, value in said.items()}
