"""The check of a case's evidence: what was changed behind the platform's back is named, and only that."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from yiwang.core.accounts.tests.people import Browser
from yiwang.core.audit import queries as audit
from yiwang.core.audit import sealer
from yiwang.core.files import store
from yiwang.operations.cases.models import CasePhoto
from yiwang.operations.cases.tests.district import District, Walk

pytestmark = pytest.mark.django_db


def original(photo: CasePhoto) -> Path:
    return Path(settings.FILES_DIR) / store.original(photo.file.sha256)


@pytest.fixture
def walk(district: District) -> Walk:
    return Walk(district).to("pending_check")


def test_what_nobody_touched_holds(district: District, walk: Walk) -> None:
    found = Browser(district.shift).get(f"/cases/{walk.case.pk}/evidence").json()
    assert found["holds"] is True
    assert [(one["slot"], one["fault"], one["uploaded_by"]) for one in found["files"]] == [
        ("after", "", "人clerk")
    ]
    assert found["files"][0]["sha256"] == CasePhoto.objects.get(case=walk.case).file.sha256
    assert found["record"]["entries"] >= 5
    assert Browser(district.other_collector).get(f"/cases/{walk.case.pk}/evidence").status_code == 404


def test_an_original_that_is_other_than_it_was_is_named(district: District, walk: Walk) -> None:
    photo = CasePhoto.objects.get(case=walk.case)
    content = original(photo).read_bytes()
    browser, path = Browser(district.shift), f"/cases/{walk.case.pk}/evidence"
    for wrong, fault in (
        (content[:-1] + bytes([content[-1] ^ 1]), "altered"),
        (content + b"x", "wrong_size"),
    ):
        original(photo).chmod(0o640)
        original(photo).write_bytes(wrong)
        found = browser.get(path).json()
        assert (found["holds"], found["files"][0]["fault"]) == (False, fault)
    original(photo).unlink()
    assert browser.get(path).json()["files"][0]["fault"] == "missing"


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_was_changed_after_sealing_is_named(town: District) -> None:
    walk = Walk(town).to("pending_dispatch")
    sealer.seal_pending()
    case = str(walk.case.pk)
    before = audit.verify_object("case", case)
    assert (before.waiting, before.altered) == (0, ())
    assert before.entries >= 2
    victim = audit.history("case", case).last()
    assert victim is not None
    with connection.cursor() as cursor:
        cursor.execute("alter table audit_entry disable trigger user")
        cursor.execute("update audit_entry set actor_name = '别人' where id = %s", [victim.pk])
        cursor.execute("alter table audit_entry enable trigger user")
    assert audit.verify_object("case", case).altered == (victim.pk,)
    assert audit.verify().broken is not None, "as the walk along the whole chain says"
    found = Browser(town.shift).get(f"/cases/{case}/evidence").json()
    assert (found["holds"], found["record"]["altered"]) == (False, [victim.pk])
