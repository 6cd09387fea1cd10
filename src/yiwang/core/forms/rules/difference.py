"""What two versions of a form say differently."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.core.forms.declare import Field, Form, as_json


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `what`: form, section or field; `key`: whose; `label`: what it is called; `part`: name,
    options, required …, or added, removed, moved. `before` and `after` as JSON."""

    what: str
    key: str
    label: Mapping[str, str]
    part: str
    before: Any
    after: Any


def changes(before: Form, after: Form) -> tuple[Change, ...]:
    """What changes from one version to the other, in the order of the newer one; what is gone comes last."""
    about = _About("form", after.key, after.name)
    words = [about.part(part, getattr(before, part), getattr(after, part)) for part in ("name", "purpose")]
    return tuple(
        change for parts in (*words, _sections(before, after), _fields(before, after)) for change in parts
    )


@dataclass(frozen=True, slots=True)
class _About:
    """What a change is about."""

    what: str
    key: str
    label: Mapping[str, str]

    def told(self, part: str, before: Any, after: Any) -> Change:
        return Change(self.what, self.key, self.label, part, as_json(before), as_json(after))

    def part(self, part: str, before: Any, after: Any) -> Iterator[Change]:
        if before != after:
            yield self.told(part, before, after)


def _sections(before: Form, after: Form) -> Iterator[Change]:
    old = {section.key: section for section in before.sections}
    new = {section.key: section for section in after.sections}
    for key, section in new.items():
        about = _About("section", key, section.name)
        if key not in old:
            yield about.told("added", None, section.name)
            continue
        for part in ("name", "starts", "weight"):
            yield from about.part(part, getattr(old[key], part), getattr(section, part))
    for key, gone in old.items():
        if key not in new:
            yield _About("section", key, gone.name).told("removed", gone.name, None)


def _fields(before: Form, after: Form) -> Iterator[Change]:
    old, new = _placed(before), _placed(after)
    for key, (section, asked) in new.items():
        about = _About("field", key, asked.label)
        if key not in old:
            yield about.told("added", None, asked)
            continue
        yield from _parts(about, as_json(old[key][1]), as_json(asked))
        yield from about.part("section", old[key][0], section)
    for key, (_, gone) in old.items():
        if key not in new:
            yield _About("field", key, gone.label).told("removed", gone, None)
    kept = tuple(key for key in old if key in new), tuple(key for key in new if key in old)
    yield from _About("form", after.key, after.name).part("order", *kept)


def _parts(about: _About, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for part in [*new, *(name for name in old if name not in new)]:
        yield from about.part(part, old.get(part), new.get(part))


def _placed(form: Form) -> dict[str, tuple[str, Field]]:
    """Each field with its section."""
    return {asked.key: (section.key, asked) for section in form.sections for asked in section.fields}
