"""Answers come in by one door: by the version they were given by, once, with their pictures."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from yiwang.core import clock, erasing
from yiwang.core.accounts.tests import people
from yiwang.core.accounts.tests.people import actor, person
from yiwang.core.actor import Actor
from yiwang.core.audit.models import Entry
from yiwang.core.codes.declare import BadDeclaration
from yiwang.core.erasing import Erasure
from yiwang.core.errors import Conflict, Invalid, NotFound
from yiwang.core.files import actions as files
from yiwang.core.files.models import StoredFile
from yiwang.core.forms import actions, queries
from yiwang.core.forms.actions import Publication
from yiwang.core.forms.models import FilledForm, FormVersion
from yiwang.core.forms.tests.samples import ALL_KINDS, SCORED, words
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db

SHIPPED = 2026001
AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
GOOD = {"litter": 3, "smell": "bad", "water": False, "extras": ["soap"]}


@pytest.fixture(autouse=True)
def shipped() -> None:
    with clock.frozen(AT - timedelta(days=400)):
        actions.load([ALL_KINDS, SCORED])


@pytest.fixture
def officer() -> Actor:
    return actor(person("officer", at=people.unit("root")))


def fill(who: Actor, answers: dict[str, Any], **options: Any) -> FilledForm:
    given = {
        "form": "scored",
        "version": SHIPPED,
        "id": None,
        "area_code": "420117",
        "filled_at": AT,
        **options,
    }
    with clock.frozen(AT):
        return actions.fill(who, answers=answers, **given)


def publish(who: Actor, day: str, seen: int = 0, name: str = "本地") -> FormVersion:
    form = queries.in_version("scored", SHIPPED).form
    changed = type(form)("scored", words(name), form.purpose, form.sections, "local")
    on = datetime.fromisoformat(day).date()
    return actions.publish(who, Publication(changed, on, SHIPPED, seen))


def test_it_is_kept_with_its_score_and_findings(officer: Actor) -> None:
    made = fill(officer, GOOD)
    made.refresh_from_db()
    assert made.answers == {"litter": 3, "smell": "bad", "water": False}
    assert (made.score, str(made.percent)) == ({"got": "2/3", "most": "125/2"}, "1.07")
    assert made.failed == ["smell", "water"]
    assert (made.filled_by_name, made.filled_at) == ("人officer", AT)
    entry = Entry.objects.get(action="forms.fill")
    assert entry.after["failed"] == ["smell", "water"]
    assert "soap" not in str(entry.after)


def test_the_same_id_is_the_same_form_again(officer: Actor) -> None:
    first = uuid7()
    assert fill(officer, GOOD, id=first).pk == fill(officer, GOOD, id=first).pk == first
    with pytest.raises(Conflict, match="filled_id_taken"):
        fill(officer, {"litter": 4}, id=first)
    other = actor(person("other"))
    with pytest.raises(Conflict, match="filled_id_taken"):
        fill(other, GOOD, id=first)
    assert FilledForm.objects.count() == 1


def test_every_fault_is_told_at_its_field(officer: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        fill(officer, {"litter": 1.5, "smell": "x", "what": 1})
    assert refused.value.code == "answers_wrong"
    assert [(one.field, one.code) for one in refused.value.fields] == [
        ("answers.litter", "wrong_kind"),
        ("answers.smell", "unknown_option"),
        ("answers.what", "unknown_field"),
    ]
    with pytest.raises(Invalid, match="in_the_future"):
        fill(officer, GOOD, filled_at=AT + timedelta(minutes=6))
    with pytest.raises(NotFound):
        fill(officer, GOOD, version=7)
    assert not FilledForm.objects.exists()


def test_an_older_version_is_taken_for_thirty_days(officer: Actor) -> None:
    with clock.frozen(AT - timedelta(days=40)):
        first = publish(officer, "2026-10-11")
    with clock.frozen(AT - timedelta(days=20)):
        second = publish(officer, "2026-10-31", first.version)
    assert queries.form_in_force("scored", AT.date()).version == second.version
    assert fill(officer, GOOD, version=second.version)
    assert fill(officer, GOOD, version=first.version)
    with pytest.raises(Invalid) as refused:
        fill(officer, GOOD, version=SHIPPED)
    assert (refused.value.code, refused.value.params["version"]) == ("form_outdated", second.version)
    # What was filled in while it held is taken, however late it arrives.
    assert fill(officer, GOOD, version=SHIPPED, filled_at=AT - timedelta(days=45))
    with clock.frozen(AT):
        planned = publish(officer, "2026-11-21", second.version)
    with pytest.raises(Invalid, match="form_outdated"):
        fill(officer, GOOD, version=planned.version)


def test_a_version_that_gave_way_on_its_first_day_was_there(officer: Actor) -> None:
    with clock.frozen(AT):
        first = publish(officer, "2026-11-20")
        second = publish(officer, "2026-11-20", first.version)
    assert fill(officer, GOOD, version=first.version)
    assert queries.form_in_force("scored", AT.date()).version == second.version


def test_a_newer_edition_is_in_force_and_the_old_one_goes(officer: Actor) -> None:
    later = type(SCORED)("scored", words("新版"), SCORED.purpose, SCORED.sections, "2026.2")
    with clock.frozen(AT - timedelta(days=31)):
        assert actions.load([later, ALL_KINDS]) == 1
    assert queries.form_in_force("scored").form.name["zh"] == "新版"
    with pytest.raises(Invalid, match="form_outdated"):
        fill(officer, GOOD)
    changed = type(SCORED)("scored", words("偷改"), SCORED.purpose, SCORED.sections, "2026.2")
    with pytest.raises(BadDeclaration, match="was changed"):
        actions.load([changed])
    with pytest.raises(BadDeclaration, match="no_fields at sections"):
        actions.load([type(SCORED)("empty", words("空"), words("空"), (), "2026.1")])


def test_pictures_become_part_of_it(officer: Actor, settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "JPEG")
    drawn.seek(0)
    mine = files.store(officer, stream=drawn, name="a.jpg")
    form = {"form": "all_kinds", "area_code": "420117001"}
    made = fill(officer, {"sure": False, "photos": [str(mine.pk)]}, **form)
    assert StoredFile.objects.get(pk=mine.pk).area_code == "420117001"
    shown = queries.shown(officer, queries.filled([made.pk])[made.pk])
    assert [one["id"] for one in shown["photos"]] == [mine.pk]
    assert shown["photos"][0]["thumbnail_url"]
    other = actor(person("other"))
    with pytest.raises(Invalid, match="file_not_found"):
        fill(other, {"sure": False, "photos": [str(mine.pk)]}, **form)
    paper = files.store(officer, stream=BytesIO(b"%PDF-1.7\n" + b"x" * 50), name="a.pdf")
    with pytest.raises(Invalid, match="not_a_picture"):
        fill(officer, {"sure": False, "photos": [str(paper.pk)]}, **form)


def test_the_database_keeps_it_as_it_was(officer: Actor) -> None:
    made = fill(officer, {"sure": False, "title": "刘三"}, form="all_kinds")
    for change in (
        lambda: FilledForm.objects.update(failed=[]),
        lambda: FilledForm.objects.all().delete(),
        lambda: FormVersion.objects.update(note="x"),
        lambda: FormVersion.objects.filter(key="scored").delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    erasure = Erasure(frozenset({made.pk}), (), lambda text: text.replace("刘三", "某人"))
    with transaction.atomic():
        assert erasing.reach(erasure) == {"forms.filled": 1}
    made.refresh_from_db()
    assert made.answers["title"] == "某人"


def test_filled_forms_are_read_by_few_questions(officer: Actor, django_assert_num_queries: Any) -> None:
    made = [fill(officer, GOOD).pk for _ in range(3)]
    with django_assert_num_queries(1):
        found = queries.filled(made)
    assert len(found) == 3
    with django_assert_num_queries(1):
        assert [queries.told(row.form_version).version for row in queries.filled_by_form("scored")] == [
            SHIPPED
        ] * 3
