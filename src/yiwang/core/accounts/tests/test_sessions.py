"""Sessions: seen, ended, and ended by themselves when they are left."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from yiwang.core import clock
from yiwang.core.accounts.models import Session
from yiwang.core.accounts.sessions import user_of_session
from yiwang.core.accounts.tests.people import Browser, person, unit
from yiwang.core.audit.models import Entry
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db
MANAGE = "accounts.manage_user"
BACKGROUND = {"X-Background": "1"}


def later(minutes: int) -> Any:
    return clock.frozen(clock.now() + timedelta(minutes=minutes))


def test_ones_own_sessions_are_seen_and_ended() -> None:
    user = person("anna")
    here, there, third = Browser(user), Browser(user), Browser(user)
    rows = here.get("/my/sessions").json()["items"]
    assert sorted(row["is_this"] for row in rows) == [False, False, True]
    keys = {there.client.cookies["yiwang_session"].value, here.client.cookies["yiwang_session"].value}
    assert not any(key in str(rows) for key in keys), "a key opens the session and is never shown"
    other = Session.objects.get(session_key=there.client.cookies["yiwang_session"].value)
    assert here.delete(f"/my/sessions/{other.public_id}").status_code == 204
    assert there.get("/session").status_code == 401
    assert here.delete(f"/my/sessions/{other.public_id}").status_code == 404
    assert here.post("/my/sessions/end-others").status_code == 204
    assert (third.get("/session").status_code, here.get("/session").status_code) == (401, 200)
    assert Entry.objects.filter(action="accounts.end_session").count() == 2


def test_an_administrator_sees_and_ends_those_of_their_people() -> None:
    water, roads = unit("water", unit("root")), unit("roads", unit("root"))
    theirs = Browser(person("bert", at=water))
    admin, stranger = Browser(person("admin", MANAGE, at=water)), Browser(person("far", MANAGE, at=roads))
    (row,) = admin.get("/sessions?q=bert").json()["items"]
    assert (row["name"], row["ip"], row["may_end"]) == ("人bert", "127.0.0.1", True)
    assert stranger.get("/sessions?q=bert").json()["items"] == []
    assert stranger.delete(f"/sessions/{row['id']}").status_code == 404
    assert theirs.get("/sessions").status_code == 403
    assert admin.delete(f"/sessions/{row['id']}").status_code == 204
    assert theirs.get("/session").status_code == 401


def test_a_session_that_is_left_ends_by_itself(settings: Any) -> None:
    settings.IDLE_MINUTES = 30
    browser = Browser(person("carl"))
    assert browser.get("/session").json()["idle_minutes"] == 30
    with later(20):
        assert browser.get("/session").status_code == 200
    with later(45):
        assert browser.client.get("/api/v1/session", headers=BACKGROUND).status_code == 200
    with later(60):
        assert browser.get("/session").status_code == 401, "what a page asks by itself is no use of it"


def test_a_session_that_was_left_is_not_shown_as_signed_in(settings: Any) -> None:
    settings.IDLE_MINUTES = 30
    user = person("carl", at=unit("water", unit("root")))
    left, manager = Browser(user), person("manager", MANAGE, at=unit("water", unit("root")))
    with later(25):
        assert left.get("/session").status_code == 200
    with later(55):
        admin = Browser(manager)
        assert len(admin.get("/sessions?q=carl").json()["items"]) == 1
    with later(60):
        assert admin.get("/sessions?q=carl").json()["items"] == []
        assert admin.get(f"/staff/{user.pk}").json()["sessions"] == 0
        (mine,) = Browser(user).get("/my/sessions").json()["items"]
        assert mine["is_this"]


def test_sessions_from_before_have_each_an_id_of_its_own() -> None:
    MigrationExecutor(connection).migrate([("accounts", "0006_posts_and_roles")])
    one, late = uuid7(), clock.now() + timedelta(days=1)
    for key in "ab":
        Session.objects.create(session_key=key, session_data="", expire_date=late, public_id=one)
    MigrationExecutor(connection).migrate([("accounts", "0007_session_ids")])
    assert len(set(Session.objects.values_list("public_id", flat=True))) == 2


def test_a_listener_neither_keeps_nor_outlives_a_session(settings: Any) -> None:
    settings.IDLE_MINUTES = 30
    user = person("dora")
    key = Browser(user).client.cookies["yiwang_session"].value
    with later(25):
        assert user_of_session(key) == user.pk
    with later(40):
        assert user_of_session(key) is None
    settings.IDLE_MINUTES = 0
    with later(40):
        assert user_of_session(key) == user.pk


def test_use_is_written_once_a_minute(django_assert_num_queries: Any) -> None:
    browser = Browser(person("emil"))
    browser.get("/session")
    with django_assert_num_queries(3):
        browser.get("/session")
    with later(2), django_assert_num_queries(4):
        browser.get("/session")


def test_the_log_shows_tries_within_ones_authority() -> None:
    root = unit("root")
    chief = Browser(person("chief", MANAGE, at=root))
    manager = Browser(person("manager", MANAGE, at=unit("water", root)))
    for name in ("chief", "nobody"):
        Browser().post("/session", {"username": name, "password": "x"})

    def seen(browser: Browser, query: str) -> list[tuple[str, str]]:
        return [(row["username"], row["reason"]) for row in browser.get(f"/sign-ins?{query}").json()["items"]]

    assert seen(chief, "succeeded=false") == [("nobody", "unknown_account"), ("chief", "wrong_password")]
    assert seen(manager, "succeeded=false") == []
    assert seen(manager, "") == [("manager", "signed_in")]
    today = clock.today()
    assert len(seen(chief, f"q=127.0&first={today}&last={today}")) == 4
    assert seen(chief, f"last={today - timedelta(days=1)}") == []
