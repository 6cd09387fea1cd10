"""A room that keeps words or places of people says how a person goes out of them."""

from django.apps import AppConfig, apps
from django.contrib.gis.db.models import GeometryField
from django.db.models import CharField, Field, FloatField, JSONField, TextField

from yiwang.core import erasing
from yiwang.core.accounts.models import User

# So long is what people write; shorter texts are codes and names of things.
WORDS_FROM = 100
WORDLESS = {
    "audit": "its chain never holds personal values in plain; they have a way of their own (docs/adr/0005)",
    "accounts": "accounts/erasure.py itself takes out who has left; the rest is about units and roles",
    "parameters": "values of settings and who set them in office",
    "codes": "names of codes and the standards they come from",
    "calendars": "hours of work and the notices they come from",
    "geo": "names of areas and bodies and what they come from",
    "setup": "marks of steps and who took them in office",
}
PLACELESS: dict[str, str] = {}


def fields(room: AppConfig) -> list[Field]:
    return [field for model in room.get_models() for field in model._meta.local_fields]


def is_words(field: Field) -> bool:
    if isinstance(field, TextField | JSONField):
        return True
    return isinstance(field, CharField) and not field.choices and (field.max_length or 0) >= WORDS_FROM


def is_place(field: Field) -> bool:
    return isinstance(field, GeometryField) or (isinstance(field, FloatField) and field.name == "lon")


def rooms() -> list[AppConfig]:
    return [room for room in apps.get_app_configs() if room.name.startswith("yiwang.")]


def unanswered(needed: set[str], answers: frozenset[str]) -> set[str]:
    return needed - {what.split(".")[0] for what in answers}


def test_every_room_with_words_has_an_eraser() -> None:
    needed = {room.label for room in rooms() if any(map(is_words, fields(room)))}
    assert unanswered(needed, erasing.answered()[0]) == set(WORDLESS)


def test_every_room_with_places_and_people_forgets_them() -> None:
    needed = {
        room.label
        for room in rooms()
        if any(map(is_place, fields(room))) and any(field.related_model is User for field in fields(room))
    }
    assert unanswered(needed, erasing.answered()[1]) == set(PLACELESS)
