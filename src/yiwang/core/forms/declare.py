"""How a room (`forms.py`: `FORMS = (...)`) or a sector declares a form, and the one JSON shape of a form.

The same JSON is kept in the database, sent to browsers and phones, and read by the rules in TypeScript
(`web/src/shared/forms/declared/rules.ts`). Labels are `{"zh", "en"}`. Points are decimals with two places at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any

Label = Mapping[str, str]
# An answer as JSON; by the field's key in `answers`.
Answer = Any
Answers = Mapping[str, Answer]
Number = int | float


class Kind(StrEnum):
    """What a field asks for, and so what its answer is.

    text, longtext: a string. integer, number: a number. choice: the code of an option; choices: a list of codes.
    yes_no: a boolean. date: "2026-11-23". moment: ISO 8601 with offset. photo: a list of file ids, or by slot
    `{"near": [...], "far": [...]}`. point: `{"lon", "lat"}` in degrees (EPSG:4326), `accuracy_m` where it is known.
    """

    TEXT = "text"
    LONGTEXT = "longtext"
    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    DATE = "date"
    MOMENT = "moment"
    PHOTO = "photo"
    POINT = "point"


SLOTS = ("near", "far", "reference", "before", "after")


@dataclass(frozen=True, slots=True)
class Option:
    """What can be chosen. `points`: what it earns, or takes off where negative. `fails`: choosing it is a finding."""

    code: str
    label: Label
    points: Number | None = None
    fails: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """When a field is asked for: one test of an earlier field, or several tests of which all or any must hold.

    `equals`: the answer is this (of several choices: one of them); `among`: it is one of these; `above`: it is greater;
    `filled`: there is an answer, or none. A field that is not shown counts as not answered.
    """

    field: str = ""
    equals: str | bool | Number | None = None
    among: tuple[str, ...] = ()
    above: Number | None = None
    filled: bool | None = None
    all_of: tuple["When", ...] = ()
    any_of: tuple["When", ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One question. Its key is its own for ever: answers are kept and exported by it.

    `least`, `most`: bounds of a number, length of a text, how many choices or pictures. `points`: what a yes_no earns
    unless it `fails_on` that answer. `deducts`: what a failed yes_no, or each one of an integer, takes off,
    `deducts_at_most` altogether. A photo with `slots` wants a picture in each of them.
    """

    key: str
    label: Label
    kind: Kind
    required: bool = False
    unit: Label | None = None
    least: Number | None = None
    most: Number | None = None
    options: tuple[Option, ...] = ()
    slots: tuple[str, ...] = ()
    when: When | None = None
    points: Number | None = None
    fails_on: bool | None = None
    deducts: Number | None = None
    deducts_at_most: Number | None = None
    hint: Label | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together. `starts`: points that it has before any is earned or taken off; it never falls
    below 0. `weight`: what it counts for in the whole, whatever its own points; without one it counts by them."""

    key: str
    name: Label
    fields: tuple[Field, ...]
    starts: Number = 0
    weight: Number | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form in one edition ("2026.1"; "local" for a district's own). What was shipped never changes."""

    key: str
    name: Label
    purpose: Label
    sections: tuple[Section, ...]
    edition: str = "2026.1"
    fields: tuple[Field, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = tuple(one for section in self.sections for one in section.fields)
        object.__setattr__(self, "fields", every)

    def find(self, key: str) -> Field | None:
        """The field with this key, if there is one."""
        return next((one for one in self.fields if one.key == key), None)


def as_json(declared: Any) -> Any:
    """A declaration as JSON; what is as it is without saying is left out."""
    if is_dataclass(declared) and not isinstance(declared, type):
        said = ((one, getattr(declared, one.name)) for one in fields(declared) if one.init)
        return {one.name: as_json(value) for one, value in said if value is not None and value != one.default}
    if isinstance(declared, Mapping):
        return dict(declared)
    if isinstance(declared, tuple):
        return [as_json(item) for item in declared]
    return str(declared) if isinstance(declared, StrEnum) else declared


def form_json(form: Form) -> dict[str, Any]:
    """What a form says, without its edition: `{key, name, purpose, sections}`."""
    said: dict[str, Any] = as_json(form)
    said.pop("edition", None)
    return said


def read_form(raw: Mapping[str, Any], edition: str = "local") -> Form:
    """A form from its JSON. Raises KeyError, TypeError or ValueError for what is no form at all; whether it makes sense
    is for `rules.faults_of`."""
    sections = tuple(_section(one) for one in raw["sections"])
    return Form(raw["key"], raw["name"], raw["purpose"], sections, edition)


def _section(raw: Mapping[str, Any]) -> Section:
    asked = tuple(_field(one) for one in raw["fields"])
    return Section(raw["key"], raw["name"], asked, raw.get("starts") or 0, raw.get("weight"))


def _field(raw: Mapping[str, Any]) -> Field:
    said = {name: value for name, value in raw.items() if value is not None}
    said["kind"] = Kind(raw["kind"])
    said["options"] = tuple(Option(**one) for one in raw.get("options") or ())
    said["slots"] = tuple(raw.get("slots") or ())
    said["when"] = read_when(raw.get("when"))
    return Field(**said)


def read_when(raw: Mapping[str, Any] | None) -> When | None:
    """A condition from its JSON; None for none."""
    if not raw:
        return None
    said: dict[str, Any] = {name: value for name, value in raw.items() if value is not None}
    said["among"] = tuple(raw.get("among") or ())
    for name in ("all_of", "any_of"):
        said[name] = tuple(made for one in raw.get(name) or () if (made := read_when(one)))
    return When(**said)
