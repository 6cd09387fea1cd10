"""Errors are problem details wherever they arise."""

from typing import Any

import pytest

from yiwang.core.accounts.tests.people import Browser, person


def said(answer: Any) -> tuple[int, str]:
    """Status and code, once the media type is right."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"urn:yiwang:problem:{body['code']}"
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


@pytest.mark.django_db
def test_each_kind_of_error() -> None:
    browser = Browser(person("anna", "accounts.view_unit"))
    assert said(browser.get("/nowhere")) == (404, "not_found")
    assert said(browser.write("put", "/units", {})) == (405, "method_not_allowed")
    assert said(browser.get("/units", handling="perhaps")) == (422, "invalid_input")
    assert said(browser.get("/cases/018f0000-0000-7000-8000-000000000000")) == (403, "permission_denied")


@pytest.mark.django_db
def test_a_field_at_fault_is_named_as_it_was_sent() -> None:
    answer = Browser().post("/session", {"username": "a" * 151})
    assert said(answer) == (422, "invalid_input")
    assert {error["field"] for error in answer.json()["errors"]} == {"username", "password"}


@pytest.mark.django_db
def test_a_body_that_cannot_be_read_is_the_senders_mistake() -> None:
    browser = Browser(person("anna"))
    headers = {"X-CSRFToken": browser.client.cookies["csrftoken"].value, "Idempotency-Key": "k"}
    broken = browser.client.post(
        "/api/v1/session/password", b"{", content_type="application/json", headers=headers
    )
    assert said(broken) == (400, "bad_request")
    unbounded = browser.client.post(
        "/api/v1/session/password", b"x", content_type="multipart/form-data", headers=headers
    )
    assert said(unbounded) == (400, "bad_request")


@pytest.mark.django_db
@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "application/vnd.api+json"])
def test_text_that_no_database_can_store_is_refused_whatever_the_body_calls_itself(media_type: str) -> None:
    browser = Browser()
    headers = {"X-CSRFToken": browser.client.cookies["csrftoken"].value}
    body = b'{"username": "a\\u0000b", "password": "x"}'
    answer = browser.client.post("/api/v1/session", body, content_type=media_type, headers=headers)
    assert said(answer) == (400, "nul_character")


@pytest.mark.django_db
def test_no_cache_keeps_what_one_person_may_see() -> None:
    browser = Browser(person("anna", "accounts.view_unit"))
    assert browser.get("/units").headers["Cache-Control"] == "no-store"
    assert Browser().get("/units").headers["Cache-Control"] == "no-store", "a refusal neither"


@pytest.mark.django_db
def test_an_unexpected_error_is_logged_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("yiwang.core.accounts.queries.units", broken)
    answer = Browser(person("anna", "accounts.view_unit")).get("/units")
    assert said(answer) == (500, "internal_error")
    assert "secret" not in answer.content.decode()
