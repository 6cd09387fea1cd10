"""Whether a form makes sense: what an editor shows at the place, and what a shipped form must fulfil."""

import re
from collections.abc import Callable, Iterable, Iterator

from yiwang.core.forms.declare import SLOTS, Answer, Field, Form, Kind, Label, Number, Option, Section, When
from yiwang.core.forms.rules.answers import Fault

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
FORM_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?")
CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES})
NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})
COUNTED = frozenset({Kind.TEXT, Kind.LONGTEXT, Kind.CHOICES, Kind.PHOTO})
# What only some kinds have.
OF_KINDS = {
    "options": CHOOSING,
    "slots": frozenset({Kind.PHOTO}),
    "unit": NUMBERS,
    "least": NUMBERS | COUNTED,
    "most": NUMBERS | COUNTED,
    "points": frozenset({Kind.YES_NO}),
    "fails_on": frozenset({Kind.YES_NO}),
    "deducts": frozenset({Kind.YES_NO, Kind.INTEGER}),
    "deducts_at_most": frozenset({Kind.INTEGER}) | CHOOSING,
}
MOST_POINTS = 10_000
FINEST = 100


def faults_of(form: Form) -> tuple[Fault, ...]:
    """Everything that does not make sense, by place: `sections.0.fields.2.when`.

    Codes: bad_key, key_twice, no_name, no_fields, not_for_kind {what}, no_options, bounds_crossed, bad_bound,
    bad_points, needs_failing, unknown_slot, when_incomplete, when_unknown_field, when_unfit.
    """
    return tuple(_form(form))


def _form(form: Form) -> Iterator[Fault]:
    if not FORM_KEY.fullmatch(form.key):
        yield Fault("key", "bad_key")
    yield from _label("name", form.name)
    yield from _label("purpose", form.purpose)
    if not form.fields:
        yield Fault("sections", "no_fields")
    yield from _keys("sections", [section.key for section in form.sections])
    earlier: dict[str, Field] = {}
    for number, section in enumerate(form.sections):
        yield from _section(f"sections.{number}", section, earlier)


def _section(at: str, section: Section, earlier: dict[str, Field]) -> Iterator[Fault]:
    yield from _label(f"{at}.name", section.name)
    yield from _points(f"{at}.starts", section.starts)
    yield from _points(f"{at}.weight", section.weight, above=0)
    for number, asked in enumerate(section.fields):
        where = f"{at}.fields.{number}"
        if asked.key in earlier:
            yield Fault(f"{where}.key", "key_twice", {"key": asked.key})
        yield from _field(where, asked, earlier)
        earlier.setdefault(asked.key, asked)


def _field(at: str, asked: Field, earlier: dict[str, Field]) -> Iterator[Fault]:
    if not KEY.fullmatch(asked.key):
        yield Fault(f"{at}.key", "bad_key")
    yield from _label(f"{at}.label", asked.label)
    for what, kinds in OF_KINDS.items():
        if getattr(asked, what) not in (None, ()) and asked.kind not in kinds:
            yield Fault(f"{at}.{what}", "not_for_kind", {"what": what})
    yield from _bounds(at, asked)
    yield from _options(at, asked)
    yield from _scored(at, asked)
    if len(set(asked.slots)) < len(asked.slots) or not set(asked.slots) <= set(SLOTS):
        yield Fault(f"{at}.slots", "unknown_slot")
    if asked.when is not None:
        yield from _when(f"{at}.when", asked.when, earlier)


def _label(at: str, label: Label) -> Iterator[Fault]:
    if not label.get("zh", "").strip() or not label.get("en", "").strip():
        yield Fault(at, "no_name")


def _keys(at: str, keys: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, key in enumerate(keys):
        if not KEY.fullmatch(key):
            yield Fault(f"{at}.{number}.key", "bad_key")
        if key in seen:
            yield Fault(f"{at}.{number}.key", "key_twice", {"key": key})
        seen.add(key)


def _bounds(at: str, asked: Field) -> Iterator[Fault]:
    least, most = asked.least, asked.most
    if asked.kind in COUNTED:
        for name, bound in (("least", least), ("most", most)):
            if bound is not None and (bound != int(bound) or not (name == "most") <= bound <= MOST_POINTS):
                yield Fault(f"{at}.{name}", "bad_bound")
    if least is not None and most is not None and least > most:
        yield Fault(f"{at}.most", "bounds_crossed")


def _options(at: str, asked: Field) -> Iterator[Fault]:
    if asked.kind in CHOOSING and not asked.options:
        yield Fault(f"{at}.options", "no_options")
    yield from _keys_of_options(at, asked.options)
    for number, option in enumerate(asked.options):
        yield from _label(f"{at}.options.{number}.label", option.label)
        yield from _points(f"{at}.options.{number}.points", option.points, least=-MOST_POINTS)


def _keys_of_options(at: str, options: tuple[Option, ...]) -> Iterator[Fault]:
    for fault in _keys(f"{at}.options", (option.code for option in options)):
        yield Fault(fault.field.replace(".key", ".code"), fault.code, fault.params)


def _scored(at: str, asked: Field) -> Iterator[Fault]:
    yield from _points(f"{at}.points", asked.points)
    yield from _points(f"{at}.deducts", asked.deducts, above=0)
    yield from _points(f"{at}.deducts_at_most", asked.deducts_at_most, above=0)
    scored = asked.points is not None or asked.deducts is not None
    if asked.kind is Kind.YES_NO and scored and asked.fails_on is None:
        yield Fault(f"{at}.fails_on", "needs_failing")


def _points(
    at: str, points: Number | None, *, least: Number = 0, above: Number | None = None
) -> Iterator[Fault]:
    if points is None:
        return
    fine = round(points * FINEST) != points * FINEST and abs(points * FINEST - round(points * FINEST)) > 1e-6
    low = points < least or (above is not None and points <= above)
    if fine or low or points > MOST_POINTS:
        yield Fault(at, "bad_points")


def _when(at: str, when: When, earlier: dict[str, Field]) -> Iterator[Fault]:
    parts = when.all_of or when.any_of
    tests = [when.equals is not None, bool(when.among), when.above is not None, when.filled is not None]
    if parts:
        nested = any(part.all_of or part.any_of for part in parts)
        if nested or when.field or any(tests) or (when.all_of and when.any_of):
            yield Fault(at, "when_incomplete")
        name = "all_of" if when.all_of else "any_of"
        for number, part in enumerate(parts):
            yield from _when(f"{at}.{name}.{number}", part, earlier)
    elif sum(tests) != 1:
        yield Fault(at, "when_incomplete")
    elif when.field not in earlier:
        yield Fault(at, "when_unknown_field", {"field": when.field})
    elif not _fits(when, earlier[when.field]):
        yield Fault(at, "when_unfit", {"field": when.field})


def _fits(when: When, asked: Field) -> bool:
    if when.filled is not None:
        return True
    if when.above is not None:
        return asked.kind in NUMBERS
    codes = {option.code for option in asked.options}
    if when.among:
        return asked.kind in CHOOSING and set(when.among) <= codes
    fits = EQUALS.get(asked.kind)
    return fits is not None and fits(when.equals, codes)


EQUALS: dict[Kind, Callable[[Answer, set[str]], bool]] = {
    Kind.YES_NO: lambda said, codes: isinstance(said, bool),
    Kind.CHOICE: lambda said, codes: said in codes,
    Kind.CHOICES: lambda said, codes: said in codes,
    Kind.INTEGER: lambda said, codes: isinstance(said, int | float) and not isinstance(said, bool),
    Kind.NUMBER: lambda said, codes: isinstance(said, int | float) and not isinstance(said, bool),
}
