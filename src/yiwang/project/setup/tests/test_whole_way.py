"""A seeded installation that is still empty: the whole first run over HTTP, or the real demo through its job."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from yiwang.city.geo import seed as geo
from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts import queries
from yiwang.core.accounts import seed as units
from yiwang.core.accounts.models import Post, Role, Unit, User
from yiwang.core.accounts.tests.people import PASSWORD, SYSTEM, Browser, actor
from yiwang.core.calendars import seed as calendars
from yiwang.core.files.models import StoredFile
from yiwang.core.jobs import long
from yiwang.core.jobs.models import LongJob
from yiwang.core.rosters.tests.test_units import send
from yiwang.operations.cases import seed as cases
from yiwang.operations.cases.models import Case
from yiwang.project import demo
from yiwang.project.demo.plan import FULL, Sizes
from yiwang.project.demo.walk import Walk
from yiwang.project.setup import demo_instead
from yiwang.project.setup.tests.tables import PEOPLE, UNITS

SMALL = Sizes(dict.fromkeys(FULL.open_cases, 1), closed=2, past=10)


@pytest.fixture
def founder(db: None, settings: Any, tmp_path: Path) -> User:
    """A real installation that is still empty, with its first administrator."""
    settings.FILES_DIR = tmp_path
    for seed in (calendars, units, geo, cases):
        seed.load()
    accounts.found(kind="real", district_code=demo.DISTRICT_CODE, district_name=demo.DISTRICT_NAME)
    user = accounts.create_user(SYSTEM, username="wangfang", name="王芳", password=PASSWORD)
    user.must_change_password = False
    user.save()
    post = Post.objects.get(unit__code="urban_management", key="administrator")
    root = Unit.objects.get(parent=None)
    role = Role.objects.get(key="administrator")
    accounts.assign(SYSTEM, user=user, post=post, role=role, areas=[demo.DISTRICT_CODE], unit=root)
    return user


def test_the_first_administrator_comes_from_step_to_step_to_a_ready_platform(
    founder: User, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_DIR, settings.NOTIFY_URLS = tmp_path, {}
    browser = Browser(founder)

    def shown() -> dict[str, Any]:
        return {step["key"]: step for step in browser.get("/setup").json()["steps"]}

    def confirm(step: str) -> None:
        done = browser.post(f"/setup/steps/{step}/confirm", {"mark": shown()[step]["mark"]})
        assert done.status_code == 200, done.content
        assert shown()[step]["state"] == "done"

    def bring_in(path: str, table: str) -> None:
        said = send(browser, path, table.encode()).json()
        assert (said["faulty"], said["new"]) == (0, table.count("\n") - 1), said

    assert browser.get("/setup").json()["next"] == "geo.district"
    district = shown()["geo.district"]
    seen = (str(district["facts"][name]) for name in ("code", "streets", "communities"))
    assert district["mark"] == "-".join(seen)
    confirm("geo.district")
    confirm("accounts.units")
    bring_in("/rosters/units", UNITS)
    assert shown()["accounts.units"]["state"] == "look"  # others than those that were seen
    confirm("accounts.units")
    assert shown()["cases.staffed"]["state"] == "todo"
    bring_in("/rosters", PEOPLE)
    assert {shown()[step]["state"] for step in ("accounts.people", "cases.staffed")} == {"done"}
    confirm("cases.classes")
    assert browser.post("/setup/steps/notify.channels/later", {}).status_code == 200
    left = {key for key, step in shown().items() if step["state"] in ("todo", "look")}
    assert left <= {"calendars.notices", "system.backups"}


def run(founder: User) -> LongJob:
    job = demo_instead.begin(actor(founder), typed=demo.DISTRICT_NAME)
    long.do(job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.full
def test_broken_off_in_the_middle_it_leaves_nothing_and_the_second_try_is_whole(
    founder: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "load", partial(demo.load, sizes=SMALL))
    done, do = [], Walk.do

    def broken(walk: Walk, deed: Any) -> None:
        do(walk, deed)
        done.append(deed)
        if len(done) == 40:
            assert Case.objects.exists()
            raise RuntimeError("cut off")

    with monkeypatch.context() as once:
        once.setattr(Walk, "do", broken)
        first = run(founder)
    assert (first.state, first.reason) == (LongJob.State.FAILED, "cut off")
    assert list(User.objects.all()) == [founder]
    assert (Case.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert getattr(queries.installation(), "kind", "") == "real"

    second = run(founder)
    assert (second.state, second.reason) == (LongJob.State.DONE, "")
    assert second.result is not None
    assert second.result["cases"] == Case.objects.count() > 10
    assert getattr(queries.installation(), "kind", "") == "demo"
    assert not Post.objects.filter(is_local=True).exists()
    assert User.objects.filter(is_demo=False).get() == founder
