"""The operation log over HTTP: found by who, what and when; values of persons never; the chain verified by a worker."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, person, unit
from yiwang.core.actor import Actor, system
from yiwang.core.audit import actions, sealer
from yiwang.core.audit.actions import PersonalField
from yiwang.core.audit.models import Entry
from yiwang.core.ids import uuid7
from yiwang.core.jobs import long
from yiwang.core.jobs.models import LongJob
from yiwang.project.system import journal

pytestmark = pytest.mark.django_db
PHONE = "13900001111"
SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture
def admin(settings: Any, tmp_path: Any) -> Browser:
    settings.AUDIT_DIR = tmp_path
    return Browser(person("admin", "audit.view_entry", "audit.check_chain"))


def plant(name: str, tree: str, subject: UUID | None = None, ip: str | None = None) -> Entry:
    """Somebody plants a tree."""
    personal = [PersonalField(subject, "neighbour.phone", PHONE)] if subject else []
    with transaction.atomic():
        actions.record(
            Actor(user_id=uuid7(), name=name, ip=ip), action="trees.plant", object_type="tree", object_id=tree,
            before={"high_m": 1, "kind": "柳"}, after={"high_m": 2, "kind": "柳"}, personal=personal,
        )  # fmt: skip
    return Entry.objects.order_by("-id")[0]


def found(browser: Browser, **asked: str) -> list[str]:
    return [one["object_id"] for one in browser.get("/audit/entries", **asked).json()["items"]]


def test_acts_are_found_by_who_what_where_and_when(admin: Browser) -> None:
    plant("王建国", "a", ip="10.0.0.7")
    plant("李梅", "b")
    today = clock.today().isoformat()
    assert found(admin, action="trees.") == ["b", "a"]
    assert found(admin, who="建国") == ["a"]
    assert found(admin, object_type="tree", object_id="b", since=today, until=today) == ["b"]
    assert found(admin, ip="10.0.0.7") == ["a"]
    assert found(admin, action="trees.", until="2020-01-01") == []
    assert admin.get("/audit/entries", ip="10.0").json()["code"] == "bad_address"


def test_an_entry_tells_that_values_were_touched_and_erased_never_the_values(admin: Browser) -> None:
    subject = uuid7()
    entry = plant("王建国", "a", subject)
    sealer.seal_pending()
    shown = admin.get(f"/audit/entries/{entry.pk}")
    assert PHONE not in shown.content.decode()
    told = shown.json()
    assert (told["before"]["high_m"], told["after"]["high_m"]) == (1, 2)
    assert told["mentions"] == [{"subject": str(subject), "field": "neighbour.phone", "erased": False}]
    assert told["position"] >= 1
    actions.erase_person(system("tests"), subject)
    assert admin.get(f"/audit/entries/{entry.pk}").json()["mentions"][0]["erased"] is True
    assert admin.get("/audit/entries/999999999").status_code == 404


def test_the_chain_is_verified_by_a_worker(admin: Browser) -> None:
    plant("王建国", "a")
    sealing = sealer.Sealer()
    sealing.turn()
    begun = admin.post("/audit/chain/check")
    assert begun.status_code == 202, begun.content
    long.do(UUID(begun.json()["id"]))
    job = LongJob.objects.get(pk=begun.json()["id"])
    assert job.state == "done", job.reason
    assert job.result is not None
    assert (job.result["ok"], job.result["broken"]) == (True, None)
    chain = admin.get("/audit/chain").json()
    assert chain["check"]["id"] == begun.json()["id"]
    assert [one["position"] for one in chain["anchors"]] == [job.result["anchored_to"]]


def test_who_reads_does_not_check_and_others_do_not_read(admin: Browser) -> None:
    reader = Browser(person("reader", "audit.view_entry"))
    assert reader.get("/audit/chain").status_code == 200
    assert reader.post("/audit/chain/check").status_code == 403
    assert Browser(person("onlooker", "cases.view_case")).get("/audit/entries").status_code == 403


def test_the_log_is_read_in_words_and_names_as_far_as_the_reader_may_see(admin: Browser) -> None:
    words = admin.get("/audit/words").json()
    assert words["actions"]["accounts.assign"] == {"zh": "任职", "en": "gave a post"}
    assert set(words) == {"actions", "objects", "fields", "states", "values"}
    water = unit("names-water", unit("root"))
    ann = person("names-ann", at=water)
    refs = [
        f"user:{ann.pk}",
        f"unit:{water.pk}",
        "list:people.list",
        "user:nobody",
        "unit:x",
        "stars:1",
        "code:a:b",
    ]
    found = {"list:people.list": {"zh": "人员", "en": "People"}}
    assert admin.get("/audit/names", of=refs).json()["names"] == found
    sees = Browser(person("names-boss", "audit.view_entry", "accounts.manage_user", "accounts.view_unit"))
    names = sees.get("/audit/names", of=refs).json()["names"]
    assert names[f"user:{ann.pk}"]["zh"] == "人names-ann"
    assert names[f"unit:{water.pk}"]["zh"] == "names-water"
    part = Browser(person("names-part", "audit.view_entry", at=water))
    assert part.get("/audit/names", of=refs).status_code == 403


def test_every_act_and_object_of_the_log_has_words() -> None:
    shipped = json.loads((Path(journal.__file__).parent / "audit_words.json").read_text())
    source = "".join(file.read_text() for file in SOURCE.rglob("*.py") if "tests" not in file.parts)
    acts = set(re.findall(r'action="([a-z_]+\.[a-z_]+)"', source))
    kinds = set(re.findall(r'object_type="([a-z_]+)"', source))
    assert acts - set(shipped["actions"]) - {"cases.dispatch", "cases.take"} == set()
    assert kinds - set(shipped["objects"]) == set()
    assert all(all(pair) for words in shipped.values() for pair in words.values())
