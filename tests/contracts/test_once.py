"""Every write happens once, and whole. Over HTTP, with a route of the accounts room as the example."""

import threading
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings

from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests.people import PASSWORD, Browser, person
from yiwang.core.actor import system
from yiwang.core.audit.models import Entry
from yiwang.core.http.models import GivenAnswer
from yiwang.core.http.once import fingerprint, forget_old_answers

CHANGE = {"current": PASSWORD, "new": "Better-Horse-8"}


@pytest.mark.django_db
def test_a_write_without_a_key_is_refused() -> None:
    browser = Browser(person("anna"))
    answer = browser.post("/session/password", CHANGE, **{"Idempotency-Key": ""})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


@pytest.mark.django_db
def test_the_same_key_gives_the_same_answer_and_no_second_effect() -> None:
    browser = Browser(person("anna"))
    first = browser.post("/session/password", CHANGE, key="k1")
    entries = Entry.objects.count()
    second = browser.post("/session/password", CHANGE, key="k1")
    assert (first.status_code, second.status_code) == (204, 204)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Entry.objects.count() == entries


@pytest.mark.django_db
def test_a_key_belongs_to_one_request() -> None:
    browser = Browser(person("anna"))
    browser.post("/session/password", CHANGE, key="k1")
    other = browser.post("/session/password", {**CHANGE, "new": "Third-Horse-9"}, key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.django_db
def test_a_key_belongs_to_one_person() -> None:
    one, two = Browser(person("anna")), Browser(person("bert"))
    assert one.post("/session/password", CHANGE, key="k1").status_code == 204
    answer = two.post("/session/password", CHANGE, key="k1")
    assert answer.status_code == 204
    assert "Idempotency-Replayed" not in answer.headers


def test_what_is_remembered_of_a_request_cannot_be_guessed_at_without_our_key() -> None:
    request = RequestFactory().post("/api/v1/session/password", CHANGE, content_type="application/json")
    plain = sha256(b"POST /api/v1/session/password\n" + request.body).hexdigest()
    someone = system("tests")
    assert fingerprint(request, someone) == fingerprint(request, someone) != plain
    with override_settings(SECRET_KEY="another installation's"):
        other = fingerprint(request, someone)
    assert other != fingerprint(request, someone)


@pytest.mark.django_db
def test_a_refused_write_leaves_nothing_and_frees_its_key() -> None:
    browser = Browser(person("anna"))
    refused = browser.post("/session/password", {**CHANGE, "current": "wrong"}, key="k1")
    assert refused.status_code == 422
    assert not GivenAnswer.objects.exists()
    assert browser.post("/session/password", CHANGE, key="k1").status_code == 204


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_key_are_one_write() -> None:
    browsers = [Browser(person("anna"))]
    browsers.append(Browser())
    browsers[1].client.cookies = browsers[0].client.cookies
    start = threading.Barrier(2)
    statuses: list[tuple[int, bool]] = []

    def send(browser: Browser) -> None:
        start.wait()
        answer = browser.post("/session/password", CHANGE, key="k1")
        statuses.append((answer.status_code, "Idempotency-Replayed" in answer.headers))
        connection.close()

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [(204, False), (204, True)]
    assert User.objects.get(username="anna").check_password("Better-Horse-8")


@pytest.mark.django_db
def test_old_answers_are_forgotten() -> None:
    browser = Browser(person("anna"))
    browser.post("/session/password", CHANGE, key="k1")
    assert forget_old_answers(timedelta(days=1)) == 0
    GivenAnswer.objects.update(created_at="2026-01-01T00:00:00Z")
    assert forget_old_answers(timedelta(days=1)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/units?handling=%00", "/units?x=a%00b"])
def test_a_nul_is_refused_with_a_reason(path: str) -> None:
    answer = Browser(person("anna", "accounts.view_unit")).get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "nul_character")


@pytest.mark.django_db
def test_an_answer_is_not_given_again_to_less_authority() -> None:
    user = person("anna", "files.upload_file")
    browser = Browser(user)
    browser.post("/session/password", CHANGE, key="k1")
    user.assignments.update(valid_to="2020-02-02")
    again = browser.post("/session/password", CHANGE, key="k1")
    assert (again.status_code, again.json()["code"]) == (422, "idempotency_key_reused")
