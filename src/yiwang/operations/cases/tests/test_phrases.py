"""Every step that asks for words has some to choose from."""

import json
from pathlib import Path

import pytest

from yiwang.core.phrases.actions import ship
from yiwang.core.phrases.models import Phrase
from yiwang.operations.cases import phrases

EDITIONS = sorted(Path(phrases.EDITION).parent.glob("lifecycle_*.json"))


def test_every_verb_that_demands_words_has_phrases() -> None:
    table = json.loads(EDITIONS[-1].read_text())
    asking = {
        row["verb"]
        for row in table["transitions"]
        if any(field["name"] == "note" and field["required"] for field in row.get("fields", ()))
    }
    topics = {phrase.topic for phrase in phrases.shipped()}
    assert asking
    assert {f"case.{verb}" for verb in asking} <= topics
    assert topics <= {f"case.{row['verb']}" for row in table["transitions"]}


def test_phrases_are_whole_and_each_its_own() -> None:
    found = phrases.shipped()
    assert len({phrase.key for phrase in found}) == len(found) > 80
    assert len({(phrase.topic, phrase.zh) for phrase in found}) == len(found)
    assert all(phrase.zh.strip() and phrase.en.strip() for phrase in found)
    assert all(len(phrase.zh) <= 200 and len(phrase.key) <= 120 for phrase in found)


@pytest.mark.django_db
def test_they_are_loaded_once() -> None:
    assert phrases.load() == Phrase.objects.count() > 80
    assert phrases.load() == ship(phrases.shipped()) == 0
