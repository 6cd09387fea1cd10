"""The first run over HTTP: what stands where by real data, who may see and decide it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured

from yiwang.core import clock
from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts import queries
from yiwang.core.accounts.attention import locked
from yiwang.core.accounts.models import Post, SignInAttempt, Unit, User
from yiwang.core.accounts.tests.people import SYSTEM, Browser, person, unit
from yiwang.core.actor import system
from yiwang.core.audit.models import Entry
from yiwang.core.calendars import seed as calendars
from yiwang.core.errors import Conflict
from yiwang.core.imports.models import Run
from yiwang.core.jobs.models import LongJob
from yiwang.operations.cases.setup import LOOP
from yiwang.project import demo
from yiwang.project.setup import demo_instead
from yiwang.project.setup.models import StepDecision
from yiwang.project.system import attention, health

pytestmark = pytest.mark.django_db
TOLD: Any = SimpleNamespace(say=lambda *_: None)
VIEW, RUN, MANAGE = "system.view_state", "system.run_work", "accounts.manage_user"


@pytest.fixture
def admin(settings: Any, tmp_path: Any) -> Browser:
    settings.BACKUP_DIR = tmp_path
    settings.NOTIFY_URLS = {}
    accounts.found(kind="real", district_code="420117", district_name="新洲区")
    return Browser(person("admin", VIEW, RUN, MANAGE, areas=["420117"]))


def states(shown: Any) -> dict[str, str]:
    return {step["key"]: step["state"] for step in shown["steps"]}


def test_before_the_first_administrator_everybody_hears_only_that() -> None:
    assert Browser().get("/session/door").json() == {"open": False}
    user = person("first")
    assert Browser().get("/session/door").json() == {"open": True}
    user.set_unusable_password()
    user.save()
    assert Browser().get("/session/door").json() == {"open": False}
    user.set_password("x")
    user.is_active = False
    user.save()
    assert Browser().get("/session/door").json() == {"open": False}


def test_an_empty_installation_is_led_step_by_step(admin: Browser) -> None:
    shown = admin.get("/setup").json()
    assert set(states(shown).values()) == {"todo"}
    assert (shown["next"], shown["done"], shown["finished"]) == ("geo.district", 0, False)
    assert states(shown)["cases.staffed"] == "todo"
    for needed in LOOP.values():
        person(needed[0].partition(".")[2], needed[0], areas=["420117"])
    calendars.load()
    unit("below", unit("root"))
    after = states(admin.get("/setup").json())
    assert (after["accounts.people"], after["cases.staffed"]) == ("done", "done")
    assert after["accounts.units"] == "look"
    assert after["calendars.notices"] in ("done", "look")


def test_a_step_is_confirmed_as_it_was_seen_and_taken_up_again(admin: Browser) -> None:
    unit("below", unit("root"))
    shown = admin.get("/setup").json()["steps"]
    mark = next(one["mark"] for one in shown if one["key"] == "accounts.units")
    unit("later", unit("root"))
    wrong = admin.post("/setup/steps/accounts.units/confirm", {"mark": mark})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "step_changed")
    Unit.objects.filter(code="later").update(valid_to=clock.today())
    done = admin.post("/setup/steps/accounts.units/confirm", {"mark": mark}).json()
    step = next(one for one in done["steps"] if one["key"] == "accounts.units")
    assert (step["state"], step["decided_by"]) == ("done", "人admin")
    again = admin.post("/setup/steps/accounts.units/reopen", {}).json()
    assert states(again)["accounts.units"] == "look"
    told = Entry.objects.filter(action__startswith="setup.").order_by("id")
    assert list(told.values_list("action", "object_id")) == [
        ("setup.confirm_step", "accounts.units"),
        ("setup.take_up_step", "accounts.units"),
    ]


def test_only_what_is_optional_waits_and_what_is_missing_is_not_confirmed(admin: Browser) -> None:
    later = admin.post("/setup/steps/notify.channels/later", {})
    assert states(later.json())["notify.channels"] == "later"
    for path, body, code in (
        ("accounts.people/later", {}, "step_required"),
        ("accounts.people/confirm", {"mark": ""}, "step_missing"),
        ("no.step/later", {}, "step_not_found"),
    ):
        assert admin.post(f"/setup/steps/{path}", body).json()["code"] == code
    assert StepDecision.objects.count() == 1


def test_the_steps_are_the_whole_districts(admin: Browser) -> None:
    everybody = [Browser(), Browser(person("clerk"))]
    part = Browser(person("part", VIEW, RUN, at=unit("water", unit("root")), areas=["420117"]))
    sees_only = Browser(person("reader", VIEW, areas=["420117"]))
    for path in ("/steps/notify.channels/later", "/steps/notify.channels/reopen", "/demo"):
        answers = [one.post(f"/setup{path}", {"confirm": "x"}) for one in (*everybody, part, sees_only)]
        assert [answer.status_code for answer in answers] == [401, 403, 403, 403]
    assert [one.get("/setup").status_code for one in (*everybody, part, sees_only)] == [401, 403, 403, 200]


def test_attention_shows_each_what_they_may_see_to(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LOOKS", (health.queues,))
    water = unit("water", unit("root"))
    person("locked", at=water)
    person("elsewhere", at=unit("roads", unit("root")))
    for name in ("locked", "elsewhere"):
        SignInAttempt.objects.bulk_create(SignInAttempt(username=name, succeeded=False) for _ in range(5))
    Run.objects.create(
        target="cases", source="s", mapping="m", mapping_digest="", mapping_document={}, file_name="f",
        file_digest="d", file_size=1, started_by_name="甲", position=3, faulty=3,
    )  # fmt: skip
    Run.objects.filter().update(started_at=clock.now() - timedelta(days=2))
    found = admin.get("/attention").json()
    items = {item["key"]: item for item in found["items"]}
    assert items["accounts.locked"]["n"] == 2
    assert items["cases.unstaffed"]["params"]["parts"] == list(LOOP)
    assert "imports.faulty" not in items
    assert (found["signed_in"], found["backup_at"]) == (1, None)
    chief = Browser(person("chief", MANAGE, at=water))
    assert [(i["key"], i["n"]) for i in chief.get("/attention").json()["items"]] == [("accounts.locked", 1)]
    bringer = Browser(person("bringer", "imports.bring_in"))
    (one,) = bringer.get("/attention").json()["items"]
    assert (one["key"], one["n"], one["params"]) == ("imports.faulty", 1, {"rows": 3})
    nobody = Browser(person("nobody")).get("/attention").json()
    assert (nobody["items"], nobody["signed_in"]) == ([], None)
    assert Browser().get("/attention").status_code == 401


def test_to_look_for_attention_is_cheap(
    admin: Browser, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    looked: list[str] = []

    def told(name: str) -> Any:
        def look() -> Any:
            looked.append(name)
            return iter(())

        return look

    for name in ("files", "notices"):
        assert getattr(health, name) in health.LOOKS
        assert getattr(health, name) in attention.BESIDES
    cheap, dear = told("cheap"), told("dear")
    monkeypatch.setattr(health, "LOOKS", (cheap, dear))
    monkeypatch.setattr(attention, "BESIDES", (dear,))
    admin.get("/attention")
    assert looked == ["cheap"]
    for name in (*(f"nobody{n}" for n in range(20)), "admin"):
        SignInAttempt.objects.bulk_create(SignInAttempt(username=name, succeeded=False) for _ in range(5))
    with django_assert_num_queries(1):
        (item,) = locked(system("tests"))
    assert item.n == 1
    SignInAttempt.objects.create(username="admin", succeeded=True)
    assert [item.n for item in locked(system("tests"))] == [0]


def test_the_demo_is_offered_to_an_empty_installation_only(admin: Browser, settings: Any) -> None:
    assert admin.get("/setup").json()["demo"]["possible"] is True
    typo = admin.post("/setup/demo", {"confirm": "新洲"})
    assert (typo.status_code, typo.json()["code"]) == (422, "not_confirmed")
    begun = admin.post("/setup/demo", {"confirm": demo.DISTRICT_NAME})
    assert begun.status_code == 202
    assert LongJob.objects.get().kind == demo_instead.KIND
    person("clerk")
    settings.PRODUCTION = True
    shown = admin.get("/setup").json()["demo"]
    assert (shown["possible"], shown["refusals"]) == (False, ["production"])
    refused = admin.post("/setup/demo", {"confirm": demo.DISTRICT_NAME})
    assert (refused.status_code, refused.json()["code"]) == (409, "demo_refused")
    settings.PRODUCTION = configured.MODE == "production"


def test_anybody_beside_the_one_who_asks_keeps_the_demo_out(admin: Browser) -> None:
    person("chief", MANAGE, areas=["420117"])
    person("part", MANAGE, at=unit("water", unit("root")))
    assert demo_instead.refusals() == ["people"]


@pytest.mark.parametrize("name", ["admin1", "acceptor", "acceptor37", "root2"])
def test_an_account_that_the_demo_needs_keeps_it_out(admin: Browser, name: str) -> None:
    User.objects.update(username=name)
    assert demo_instead.refusals() == ["username"]
    User.objects.update(username=f"{name}x")
    assert demo_instead.refusals() == []


def test_a_post_that_was_made_here_keeps_the_demo_out(admin: Browser) -> None:
    Post.objects.update(is_local=True)
    assert demo_instead.refusals() == ["units"]


def test_who_begins_to_work_meanwhile_keeps_the_demo_out(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(step: Any) -> dict[str, int]:
        accounts.create_user(
            SYSTEM, username="demo1", name="演示", password=configured.DEMO_PASSWORD, demo=True
        )
        person("meanwhile")
        return {"cases": 0}

    monkeypatch.setattr(demo, "load", load)
    with pytest.raises(Conflict, match="除管理员外已有人员"):
        demo_instead.load(LongJob(kind=demo_instead.KIND, asked_by_name="人admin"), TOLD)
    assert [user.username for user in User.objects.all()] == ["admin"]
    assert getattr(queries.installation(), "kind", "") == "real"


def test_loading_turns_the_installation_into_a_demo_whole_or_not_at_all(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[int, int, str]] = []

    def load(step: Any) -> dict[str, int]:
        step(0, 0, "people")
        if not said:
            said.append((0, 0, "people"))
            raise RuntimeError("cut off")
        accounts.create_user(
            SYSTEM, username="demo1", name="演示", password=configured.DEMO_PASSWORD, demo=True
        )
        return {"people": 1, "cases": 0}

    monkeypatch.setattr(demo, "load", load)
    job = LongJob(kind=demo_instead.KIND, asked_by_name="人admin")
    with pytest.raises(RuntimeError):
        demo_instead.load(job, TOLD)
    assert (queries.installation() or job).kind == "real"
    assert demo_instead.load(job, TOLD) == {"people": 1, "cases": 0}
    assert (queries.installation() or job).kind == "demo"
    assert User.objects.filter(is_demo=True).count() == 1
    assert admin.get("/setup").json()["demo"]["refusals"][0] == "already_demo"
