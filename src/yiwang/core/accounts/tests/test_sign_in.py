"""Signing in, over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from yiwang.core import clock
from yiwang.core.accounts import actions
from yiwang.core.accounts.models import Session, SignInAttempt
from yiwang.core.accounts.tests.people import PASSWORD, SYSTEM, Browser, actor, person, unit
from yiwang.core.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db


def test_nobody_is_told_so_and_gets_a_token_to_sign_in_with() -> None:
    answer = Client().get("/api/v1/session")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "csrftoken" in answer.cookies


def test_the_session_tells_what_one_may_in_the_whole_district() -> None:
    root = unit("root")
    whole = Browser(person("whole", "codes.edit_code", at=root)).get("/session").json()
    part = Browser(person("part", "codes.edit_code", at=unit("water", root))).get("/session").json()
    assert [one["permissions"] for one in (whole, part)] == [["codes.edit_code"]] * 2
    assert [one["permissions_everywhere"] for one in (whole, part)] == [["codes.edit_code"], []]


def test_signing_in_says_who_one_is_and_what_one_may() -> None:
    user = person("anna", "cases.view_case", areas=["420117"])
    browser = Browser(user)
    session = browser.get("/session").json()
    assert session["user"]["username"] == "anna"
    assert session["permissions"] == ["cases.view_case"]
    assert session["posts"][0]["name"] == "岗anna"
    cookie = browser.client.cookies["yiwang_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_wrong_password_counts_down_to_a_lock_that_ends_by_itself() -> None:
    person("bert")
    browser = Browser()
    for left in (4, 3, 2, 1, 0):
        answer = browser.post("/session", {"username": "bert", "password": "wrong"})
        assert answer.status_code == 401
        assert answer.json()["params"] == {"remaining": left}
    locked = browser.post("/session", {"username": "bert", "password": PASSWORD})
    assert locked.status_code == 429
    assert 0 < locked.json()["params"]["retry_after_s"] <= 900
    assert int(locked.headers["Retry-After"]) > 0
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert actions.sign_in("bert", PASSWORD, ip=None).username == "bert"


def test_an_unknown_name_is_answered_and_locked_like_a_known_one() -> None:
    browser = Browser()
    for _ in range(5):
        answer = browser.post("/session", {"username": "nobody", "password": "x"})
        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    assert browser.post("/session", {"username": "nobody", "password": "x"}).status_code == 429
    assert SignInAttempt.objects.filter(username="nobody").count() == 5


@pytest.mark.parametrize(
    ("origin", "said", "kept"),
    [
        (None, "203.0.113.9", "127.0.0.1"),
        ("https://yiwang.example.org", "203.0.113.9", "203.0.113.9"),
        ("https://yiwang.example.org", "nonsense", None),
    ],
)
def test_a_try_keeps_where_it_came_from(
    settings: Any, origin: str | None, said: str, kept: str | None
) -> None:
    settings.PUBLIC_ORIGIN = origin
    Browser().post("/session", {"username": "nobody", "password": "x"}, **{"X-Real-IP": said})
    assert SignInAttempt.objects.get().ip == kept


def test_a_success_forgives_the_failures_before_it() -> None:
    person("carl")
    browser = Browser()
    for _ in range(4):
        browser.post("/session", {"username": "carl", "password": "x"})
    assert browser.post("/session", {"username": "carl", "password": PASSWORD}).status_code == 200
    answer = browser.post("/session", {"username": "carl", "password": "x"})
    assert answer.json()["params"] == {"remaining": 4}


def test_a_write_without_a_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        "/api/v1/session", {"username": "a", "password": "b"}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def test_signing_out_ends_the_session() -> None:
    browser = Browser(person("dora"))
    assert browser.delete("/session").status_code == 204
    assert browser.get("/session").status_code == 401
    assert not Session.objects.filter(user_id__isnull=False).exists()


def test_a_closed_account_is_out_at_once() -> None:
    user = person("emil")
    browser = Browser(user)
    user.is_active = False
    user.save()
    assert browser.get("/session").status_code == 401


def test_the_first_password_must_be_changed_before_anything_else() -> None:
    user = person("fred", "accounts.view_unit", must_change=True)
    browser = Browser(user)
    other = Browser(user)
    refused = browser.get("/units")
    assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
    weak = browser.post("/session/password", {"current": PASSWORD, "new": "short"})
    assert (weak.status_code, weak.json()["code"], weak.json()["field"]) == (422, "weak_password", "new")
    wrong = browser.post("/session/password", {"current": "no", "new": "Better-Horse-8"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "current")
    assert (
        browser.post("/session/password", {"current": PASSWORD, "new": "Better-Horse-8"}).status_code == 204
    )
    assert browser.get("/units").status_code == 200
    assert other.get("/session").status_code == 401, "other browsers are signed out"


def test_units_need_their_permission() -> None:
    assert Browser().get("/units").status_code == 401
    answer = Browser(person("gina")).get("/units")
    assert (answer.status_code, answer.json()["params"]) == (403, {"permission": "accounts.view_unit"})


def test_demo_people_exist_only_in_a_demo_database(settings: pytest.FixtureRequest) -> None:
    with pytest.raises(Refused, match="not_a_demo_database"):
        actions.create_user(SYSTEM, username="demo1", name="演示", password=PASSWORD, demo=True)
    assert Browser().get("/demo-accounts").status_code == 404
    actions.found(kind="demo", district_code="420117", district_name="新洲区")
    user = person("helen")
    user.is_demo = True
    user.save()
    listed = Browser().get("/demo-accounts").json()["items"]
    assert [item["username"] for item in listed] == ["helen"]
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    assert Browser().get("/demo-accounts").status_code == 404
    answer = Browser().post("/session", {"username": "helen", "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (403, "demo_account_in_production")


def test_a_database_is_founded_once() -> None:
    actions.found(kind="real", district_code="420117", district_name="新洲区")
    actions.found(kind="real", district_code="420117", district_name="新洲区")
    with pytest.raises(Conflict, match="already_founded"):
        actions.found(kind="demo", district_code="420117", district_name="新洲区")


def test_a_taken_name_is_refused() -> None:
    person("ida")
    with pytest.raises(Invalid, match="username_taken"):
        person("ida")


def test_an_assignment_of_tomorrow_gives_nothing_today() -> None:
    user = person("jan", "cases.view_case")
    assignment = user.assignments.get()
    assignment.valid_from = clock.now().date() + timedelta(days=2)
    assignment.save()
    assert not actor(user).can("cases.view_case")


def test_passwords_are_kept_by_argon2_outside_tests(settings: pytest.FixtureRequest) -> None:
    settings.PASSWORD_HASHERS = [settings.ARGON2]  # type: ignore[attr-defined]
    assert person("kai").password.startswith("argon2$argon2id$")
    assert actions.sign_in("kai", PASSWORD, ip="127.0.0.1").username == "kai"


def test_guesses_at_the_current_password_lock_like_tries_to_sign_in() -> None:
    browser = Browser(person("lena"))
    for _ in range(5):
        wrong = browser.post("/session/password", {"current": "guess", "new": "Better-Horse-8"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_password")
    locked = browser.post("/session/password", {"current": PASSWORD, "new": "Better-Horse-8"})
    assert (locked.status_code, locked.json()["code"]) == (429, "locked_out")
