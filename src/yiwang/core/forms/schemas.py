"""Forms and filled forms on the wire. The shape of a form is `declare.form_json`'s."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field, StrictBool, StrictFloat, StrictInt

from yiwang.core.forms.declare import SLOTS, Kind
from yiwang.core.http.schemas import Label, Out

Key = Annotated[str, Field(max_length=81)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
Text = Annotated[str, Field(max_length=200)]


def _plain(number: float) -> float | int:
    """3 and 3.0 are one number; the shorter is kept."""
    return int(number) if number == int(number) else number


Bound = Annotated[StrictInt | StrictFloat, Field(ge=-1e12, le=1e12), AfterValidator(_plain)]


class FormWords(Schema):
    """A label; where the English one is empty, the Chinese one stands in for it."""

    zh: Text
    en: Text = ""


class FormOption(Schema):
    """What can be chosen: what it earns or takes off, and whether it is a finding."""

    code: Key
    label: FormWords
    points: Bound | None = None
    fails: bool = False


class FormTest(Schema):
    """One test of an earlier field."""

    field: Key = ""
    equals: StrictBool | Bound | Text | None = None
    among: list[Key] = Field([], max_length=100)
    above: Bound | None = None
    filled: bool | None = None


class FormWhen(FormTest):
    """When a field is asked for: one test, or several of which all or any must hold."""

    all_of: list[FormTest] = Field([], max_length=10)
    any_of: list[FormTest] = Field([], max_length=10)


class FormField(Schema):
    """One question, as `declare.Field`."""

    key: Key
    label: FormWords
    kind: Kind
    required: bool = False
    unit: FormWords | None = None
    least: Bound | None = None
    most: Bound | None = None
    options: list[FormOption] = Field([], max_length=100)
    slots: list[Key] = Field([], max_length=len(SLOTS))
    when: FormWhen | None = None
    points: Bound | None = None
    fails_on: bool | None = None
    deducts: Bound | None = None
    deducts_at_most: Bound | None = None
    hint: FormWords | None = None


class FormSection(Schema):
    """Questions that belong together, with the points they start from and their weight."""

    key: Key
    name: FormWords
    fields: list[FormField] = Field(max_length=100)
    starts: Bound = 0
    weight: Bound | None = None


class FormShape(Schema):
    """A form."""

    key: Key
    name: FormWords
    purpose: FormWords
    sections: list[FormSection] = Field(max_length=30)


class FormOut(Out):
    """A form in one version, by which answers are sent. `in_force`: it is the one that holds today."""

    key: str
    version: int
    edition: str
    in_force: bool
    form: FormShape


class FormSummaryOut(Out):
    """A form in the list: what holds today. `local`: the district's own version."""

    key: str
    version: int
    edition: str
    name: Label
    purpose: Label
    fields: int
    scored: bool
    local: bool


class Forms(Schema):
    """All that hold today."""

    items: list[FormSummaryOut]


class FormVersionOut(Out):
    """One version of a form, in the list of those who edit."""

    version: int
    edition: str
    state: Literal["shipped", "superseded", "planned", "in_force", "past", "withdrawn"]
    valid_from: date | None
    valid_to: date | None
    base: int | None
    note: str
    published_by: str
    published_at: datetime


class KeptForm(Out):
    """A form with where it stands: `current` is the version that holds today (null: none), `newest` the number of the
    district's newest version (0: none), `planned` the day of the next one, `newer_edition` a shipped edition that came
    after what the district's own was made from."""

    key: str
    name: Label
    purpose: Label
    fields: int
    scored: bool
    current: int | None
    edition: str
    newest: int
    planned: date | None
    newer_edition: str | None
    changed_by: str
    changed_at: datetime


class KeptForms(Schema):
    """Every form that there is or was, for those who edit."""

    items: list[KeptForm]


class FormVersions(Out):
    """A form with all its versions."""

    key: str
    current: int | None
    newest: int
    versions: list[FormVersionOut]


class FormCheckIn(Schema):
    """A form in the making (`FormShape`), and the version that it is made from, if any."""

    form: dict[str, Any]
    base: Version | None = None


class FormFaultOut(Out):
    """What is wrong, at a place of the form (`sections.0.fields.2.when`)."""

    field: str
    code: str
    params: dict[str, Any]


class FormPublishIn(Schema):
    """The district's own version (`form`: a `FormShape`) from a day on.

    `expected_version`: the newest of its own that was seen, 0 for none; `base`: the version that it was made from.
    """

    form: dict[str, Any]
    valid_from: date = Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))
    base: Version | None = None
    expected_version: Version
    note: str = Field("", max_length=500)


class FormEndIn(Schema):
    """The day from which the shipped edition holds again."""

    valid_from: date = Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))
    expected_version: Version


class FormChangeOut(Out):
    """One thing that two versions say differently, as `rules.Change`."""

    what: Literal["form", "section", "field"]
    key: str
    label: Label
    part: str
    before: Any
    after: Any


class FormCheckOut(Schema):
    """Everything that does not make sense (nothing: it can be published), and what changes against the base."""

    faults: list[FormFaultOut]
    changes: list[FormChangeOut]


class FormDifferenceOut(Schema):
    """What one version says differently from another."""

    before: int
    after: int
    changes: list[FormChangeOut]


class FilledPictureOut(Out):
    """A picture in the answers, with links that serve this person for an hour or two."""

    id: UUID
    url: str | None
    thumbnail_url: str | None
    taken_at: datetime | None


class FormScoreOut(Out):
    """Points as fractions in lowest terms: "17/2" or "8"."""

    got: str
    most: str


class FilledOut(Out):
    """A filled form (`queries.shown`), for whoever may see what it is about. `failed`: the fields that are findings."""

    id: UUID
    key: str
    version: int
    edition: str
    form: FormShape
    answers: dict[str, Any]
    score: FormScoreOut | None
    percent: Decimal | None
    failed: list[str]
    photos: list[FilledPictureOut]
    filled_by: str
    filled_at: datetime
    received_at: datetime
