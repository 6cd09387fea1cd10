"""Which fields are asked, and whether each answer is one."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as each
from datetime import date
from typing import Any

from yiwang.core.forms.declare import Answer, Answers, Field, Form, Kind, When

MOST_TEXT, MOST_LONGTEXT, MOST_PICTURES = 200, 2000, 9
LARGEST = 1_000_000_000_000
DATE = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
MOMENT = re.compile(rf"({DATE.pattern})T{TIME}")
FILE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field's answer, or with a place of a form: a stable code and its parameters."""

    field: str
    code: str
    params: Mapping[str, Any] = each(default_factory=dict)


def is_filled(answer: Answer) -> bool:
    """Whether there is an answer: no empty text, list or set of pictures. "No" is one."""
    if isinstance(answer, str):
        return bool(answer.strip())
    if isinstance(answer, Mapping):
        return any(is_filled(part) for part in answer.values())
    if isinstance(answer, list):
        return bool(answer)
    return answer is not None


def visible(form: Form, answers: Answers) -> frozenset[str]:
    """The keys of the fields that are asked, given what was answered before them."""
    said: dict[str, Answer] = {}
    shown: set[str] = set()
    for asked in form.fields:
        if asked.when is None or holds(asked.when, said):
            shown.add(asked.key)
            if is_filled(answer := answers.get(asked.key)):
                said[asked.key] = answer
    return frozenset(shown)


def holds(when: When, said: Answers) -> bool:
    """Whether a condition holds for what is answered and shown."""
    if when.all_of:
        return all(holds(part, said) for part in when.all_of)
    if when.any_of:
        return any(holds(part, said) for part in when.any_of)
    answer = said.get(when.field)
    if when.filled is not None:
        return when.filled == (when.field in said)
    if when.field not in said:
        return False
    chosen = answer if isinstance(answer, list) else [answer]
    if when.among:
        return any(one in when.among for one in chosen if isinstance(one, str))
    if when.above is not None:
        return isinstance(answer, int | float) and is_number(answer) and answer > when.above
    return any(same(one, when.equals) for one in chosen)


def same(one: Answer, other: Answer) -> bool:
    """Equal as in JSON: true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def is_number(answer: Answer) -> bool:
    """A finite number that a form can hold."""
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return False
    return math.isfinite(answer) and abs(answer) <= LARGEST


def kept(form: Form, answers: Answers) -> dict[str, Answer]:
    """What of the answers is kept: given ones of fields that are asked, in the order of the form."""
    shown = visible(form, answers)
    return {
        asked.key: answers[asked.key]
        for asked in form.fields
        if asked.key in shown and is_filled(answers.get(asked.key))
    }


def check(form: Form, answers: Answers) -> tuple[Fault, ...]:
    """Everything that is wrong, at most once a field, in the order of the form; strangers last.

    Codes: required; wrong_kind; too_short, too_small, too_few {least}; too_long, too_large, too_many {most};
    unknown_option; repeated; unknown_slot, slot_empty {slot}; unknown_field.
    """
    shown = visible(form, answers)
    asked = [one for one in form.fields if one.key in shown]
    found = [fault for one in asked if (fault := _fault(one, answers.get(one.key)))]
    known = {one.key for one in form.fields}
    return (*found, *(Fault(key, "unknown_field") for key in sorted(set(answers) - known)))


def failed(form: Form, answers: Answers) -> tuple[str, ...]:
    """The fields whose answer is a finding: a yes_no answered as it `fails_on`, an option that `fails`."""
    shown = visible(form, answers)
    return tuple(one.key for one in form.fields if one.key in shown and _fails(one, answers.get(one.key)))


def pictures(form: Form, answers: Answers) -> list[str]:
    """The ids of all files in the answers, in the order of the form."""
    photos = (answers.get(one.key) for one in form.fields if one.kind is Kind.PHOTO)
    return [file_id for answer in photos if answer for _, ids in slots_of(answer) for file_id in ids]


def slots_of(answer: Answer) -> list[tuple[str, list[str]]]:
    """The pictures of an answer by slot; "" for those without one."""
    return list(answer.items()) if isinstance(answer, Mapping) else [("", answer)]


def _fails(asked: Field, answer: Answer) -> bool:
    if asked.kind is Kind.YES_NO:
        return asked.fails_on is not None and answer is asked.fails_on
    chosen = answer if isinstance(answer, list) else [answer]
    return any(option.fails and option.code in chosen for option in asked.options)


def _fault(asked: Field, answer: Answer) -> Fault | None:
    if not is_filled(answer):
        return Fault(asked.key, "required") if asked.required else None
    return next(CHECKS[asked.kind](asked, answer), None)


def _wrong(asked: Field) -> Fault:
    return Fault(asked.key, "wrong_kind")


def _bounded(
    asked: Field, value: float, least: float | None, most: float | None, words: tuple[str, str]
) -> Iterator[Fault]:
    if least is not None and value < least:
        yield Fault(asked.key, words[0], {"least": least})
    if most is not None and value > most:
        yield Fault(asked.key, words[1], {"most": most})


def _text(asked: Field, answer: Answer) -> Iterator[Fault]:
    if not isinstance(answer, str):
        yield _wrong(asked)
        return
    longest = MOST_TEXT if asked.kind is Kind.TEXT else MOST_LONGTEXT
    most = longest if asked.most is None else asked.most
    yield from _bounded(asked, len(answer.strip()), asked.least, most, ("too_short", "too_long"))


def _number(asked: Field, answer: Answer) -> Iterator[Fault]:
    if not is_number(answer) or (asked.kind is Kind.INTEGER and answer != int(answer)):
        yield _wrong(asked)
        return
    yield from _bounded(asked, answer, asked.least, asked.most, ("too_small", "too_large"))


def _choice(asked: Field, answer: Answer) -> Iterator[Fault]:
    if not isinstance(answer, str):
        yield _wrong(asked)
    elif answer not in {option.code for option in asked.options}:
        yield Fault(asked.key, "unknown_option")


def _choices(asked: Field, answer: Answer) -> Iterator[Fault]:
    if not isinstance(answer, list) or not all(isinstance(one, str) for one in answer):
        yield _wrong(asked)
        return
    if not set(answer) <= {option.code for option in asked.options}:
        yield Fault(asked.key, "unknown_option")
    if len(set(answer)) < len(answer):
        yield Fault(asked.key, "repeated")
    yield from _bounded(asked, len(answer), asked.least, asked.most, ("too_few", "too_many"))


def _yes_no(asked: Field, answer: Answer) -> Iterator[Fault]:
    if not isinstance(answer, bool):
        yield _wrong(asked)


def _date(asked: Field, answer: Answer) -> Iterator[Fault]:
    if not (isinstance(answer, str) and DATE.fullmatch(answer) and _is_day(answer)):
        yield _wrong(asked)


def _moment(asked: Field, answer: Answer) -> Iterator[Fault]:
    if not (isinstance(answer, str) and MOMENT.fullmatch(answer) and _is_day(answer[:10])):
        yield _wrong(asked)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _photo(asked: Field, answer: Answer) -> Iterator[Fault]:
    if not isinstance(answer, Mapping | list) or isinstance(answer, Mapping) != bool(asked.slots):
        yield _wrong(asked)
        return
    slots = slots_of(answer)
    for slot, ids in slots:
        if asked.slots and slot not in asked.slots:
            yield Fault(asked.key, "unknown_slot", {"slot": slot})
        if not isinstance(ids, list) or not all(isinstance(i, str) and FILE_ID.fullmatch(i) for i in ids):
            yield _wrong(asked)
            return
    taken = [file_id for _, ids in slots for file_id in ids]
    if len(set(taken)) < len(taken):
        yield Fault(asked.key, "repeated")
    if asked.required:
        filled = {slot for slot, ids in slots if ids}
        yield from (
            Fault(asked.key, "slot_empty", {"slot": slot}) for slot in asked.slots if slot not in filled
        )
    most = MOST_PICTURES if asked.most is None else asked.most
    yield from _bounded(asked, len(taken), asked.least, most, ("too_few", "too_many"))


def _point(asked: Field, answer: Answer) -> Iterator[Fault]:
    known = {"lon", "lat", "accuracy_m"}
    if not isinstance(answer, Mapping) or not set(answer) <= known:
        yield _wrong(asked)
        return
    on_earth = _within(answer.get("lon"), 180) and _within(answer.get("lat"), 90)
    if not on_earth or not is_number(answer.get("accuracy_m", 0)):
        yield _wrong(asked)


def _within(answer: Answer, most: float) -> bool:
    return is_number(answer) and abs(answer) <= most


CHECKS: Mapping[Kind, Callable[[Field, Answer], Iterator[Fault]]] = {
    Kind.TEXT: _text,
    Kind.LONGTEXT: _text,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.PHOTO: _photo,
    Kind.POINT: _point,
}
