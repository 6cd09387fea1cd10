"""A half-written form is its writer's only, and no window overwrites what another one has kept."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.actor import system
from yiwang.core.drafts import actions, queries, rules
from yiwang.core.drafts.models import Draft
from yiwang.core.drafts.tasks import forget_old_drafts
from yiwang.core.errors import Conflict, Invalid, Refused

FORM = "case.report"


@pytest.fixture
def anna(db: None) -> User:
    return person("anna")


def put(browser: Browser, body: object, version: int, key: str = FORM) -> object:
    return browser.write("put", f"/drafts/{key}", {"body": body, "expected_version": version})


def test_a_form_comes_back_as_it_was_left(anna: User) -> None:
    browser = Browser(anna)
    empty = browser.get(f"/drafts/{FORM}").json()
    assert empty == {"key": FORM, "version": 0, "saved_at": None, "body": None}
    body = {"description": "井盖\n破了", "photos": [1, None, {"x": 1.5}], "": True}
    assert put(browser, body, 0).json()["version"] == 1
    kept = browser.get(f"/drafts/{FORM}").json()
    assert (kept["body"], kept["version"]) == (body, 1)
    assert put(browser, {"description": "另写"}, 1).json()["version"] == 2
    assert browser.delete(f"/drafts/{FORM}").status_code == 204
    assert browser.delete(f"/drafts/{FORM}").status_code == 204
    assert browser.get(f"/drafts/{FORM}").json()["version"] == 0


def test_two_windows_do_not_overwrite_each_other_in_silence(anna: User) -> None:
    browser = Browser(anna)
    put(browser, {"a": 1}, 0)
    assert put(browser, {"a": 2}, 1).status_code == 200
    late = put(browser, {"a": 3}, 1)
    assert (late.status_code, late.json()["code"]) == (409, "draft_changed")
    assert late.json()["params"]["version"] == 2
    assert browser.get(f"/drafts/{FORM}").json()["body"] == {"a": 2}
    assert put(browser, {"a": 3}, 2).status_code == 200


def test_the_same_content_again_is_no_conflict(anna: User) -> None:
    browser = Browser(anna)
    put(browser, {"a": 1}, 0)
    assert put(browser, {"a": 1}, 0).json()["version"] == 1


def test_what_was_sent_does_not_come_back_from_an_old_window(anna: User) -> None:
    browser = Browser(anna)
    put(browser, {"a": 1}, 0)
    browser.delete(f"/drafts/{FORM}")
    assert put(browser, {"a": 2}, 1).status_code == 409
    assert not Draft.objects.exists()


def test_nobody_sees_the_drafts_of_others(anna: User) -> None:
    put(Browser(anna), {"secret": 1}, 0)
    bert = Browser(person("bert"))
    assert bert.get(f"/drafts/{FORM}").json()["version"] == 0
    assert bert.get("/drafts").json()["items"] == []
    assert bert.delete(f"/drafts/{FORM}").status_code == 204
    assert Draft.objects.count() == 1
    assert Browser().get(f"/drafts/{FORM}").status_code == 401


def test_ones_drafts_are_listed_newest_first(anna: User, django_assert_num_queries) -> None:
    start = clock.now() - timedelta(hours=1)
    for number in range(5):
        with clock.frozen(start + timedelta(seconds=number)):
            actions.keep(actor(anna), f"case.form-{number}", body={"n": number}, expected_version=0)
    browser = Browser(anna)
    first = browser.get("/drafts", limit=3).json()
    rest = browser.get("/drafts", limit=3, after=first["next"]).json()
    keys = [item["key"] for item in [*first["items"], *rest["items"]]]
    assert keys == [f"case.form-{number}" for number in (4, 3, 2, 1, 0)]
    assert rest["next"] is None
    assert set(first["items"][0]) == {"key", "version", "saved_at"}
    with django_assert_num_queries(1):
        queries.draft_page(actor_once(anna))


def actor_once(user: User):
    from yiwang.core.actor import Actor

    return Actor(user_id=user.pk, name=user.name)


def test_a_draft_has_bounds(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    me = actor(anna)
    fits = {"x": "中" * ((rules.LARGEST_BYTES - 8) // 3)}
    assert actions.keep(me, FORM, body=fits, expected_version=0).version == 1
    with pytest.raises(Invalid, match="draft_too_large"):
        actions.keep(me, FORM, body={"x": "中" * (rules.LARGEST_BYTES // 3 + 1)}, expected_version=1)
    monkeypatch.setattr(rules, "MOST_PER_PERSON", 1)
    with pytest.raises(Invalid, match="too_many_drafts"):
        actions.keep(me, "case.other", body={}, expected_version=0)


@pytest.mark.parametrize("key", ["A", "-x", "a b", "x" * 101, "a/b"])
def test_a_key_is_spelled_plainly(anna: User, key: str) -> None:
    assert put(Browser(anna), {}, 0, key).status_code in (404, 422)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("body", [[], "x", 1, None])
def test_a_form_is_an_object(anna: User, body: object) -> None:
    assert put(Browser(anna), body, 0).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        '{"a": "\\ud800"}',
        '{"\\udfff": 1}',
        '{"a": NaN}',
        '{"a": [1e999]}',
        '{"a": ' + "[" * 30 + "]" * 30 + "}",
        '{"a": ' + "[" * 900 + "]" * 900 + "}",
        '{"a": ' + "[" * 9000 + "]" * 9000 + "}",
        '{"a": ' + "9" * 5000 + "}",
    ],
)
def test_what_could_not_be_given_back_is_refused(anna: User, body: str) -> None:
    browser = Browser(anna)
    headers = {"X-CSRFToken": browser.client.cookies["csrftoken"].value, "Idempotency-Key": "k"}
    answer = browser.client.put(
        f"/api/v1/drafts/{FORM}",
        f'{{"body": {body}, "expected_version": 0}}',
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code in (400, 422), answer.content
    assert not Draft.objects.exists()


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.lists(st.booleans())))
def test_any_form_has_a_size(body: dict[str, object]) -> None:
    assert rules.size_bytes(body) >= 2


def test_what_nobody_came_back_for_is_swept(anna: User) -> None:
    me = actor(anna)
    with clock.frozen(clock.now() - rules.KEPT_FOR - timedelta(seconds=1)):
        actions.keep(me, "case.old", body={}, expected_version=0)
    actions.keep(me, "case.new", body={}, expected_version=0)
    assert forget_old_drafts() == 1
    assert Draft.objects.get().key == "case.new"


@pytest.mark.django_db
def test_the_platform_itself_writes_no_forms() -> None:
    worker = system("worker")
    with pytest.raises(Refused):
        actions.keep(worker, FORM, body={}, expected_version=0)
    assert queries.draft(worker, FORM) is None


def test_an_old_version_of_nothing_is_a_conflict(anna: User) -> None:
    with pytest.raises(Conflict):
        actions.keep(actor(anna), FORM, body={"a": 1}, expected_version=4)
