"""Over HTTP: who may upload, and who sees what, for how long."""

import io
import os
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.files import actions, queries, rules, store
from yiwang.core.files.models import StoredFile
from yiwang.core.files.tests.factories import PDF, box, picture, video
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db


def upload(
    browser: Browser, content: bytes, name: str = "a.jpg", key: str | None = None, **fields: str
) -> Any:
    """Send a form with one file."""
    token = browser.client.cookies["csrftoken"].value
    return browser.client.post(
        "/api/v1/files",
        {"file": SimpleUploadedFile(name, content, "text/html"), **fields},
        headers={"X-CSRFToken": token, "Idempotency-Key": key or str(uuid7())},
    )


@pytest.fixture
def browser() -> Browser:
    return Browser(person("officer", "files.upload_file"))


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_photo_goes_up_and_is_seen_by_its_uploader(browser: Browser) -> None:
    content = picture("JPEG", (640, 480))
    answer = upload(browser, content, "井盖 破损.jpg")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["media_type"], told["width_px"], told["height_px"]) == ("image/jpeg", 640, 480)
    assert (told["size_bytes"], told["name"], told["taken_at"]) == (len(content), "井盖 破损.jpg", None)
    original, small = browser.client.get(told["url"]), browser.client.get(told["thumbnail_url"])
    assert (original.status_code, original["Content-Type"]) == (200, "image/jpeg")
    assert body_of(original) == content
    assert (small.status_code, small["Content-Type"]) == (200, "image/webp")
    assert int(small["Content-Length"]) == len(body_of(small))


def test_a_retry_with_the_same_key_is_the_same_file(browser: Browser) -> None:
    first, second = (upload(browser, picture(), key="k1") for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert StoredFile.objects.count() == 1


def test_a_client_may_choose_the_id(browser: Browser) -> None:
    chosen = str(uuid7())
    first, second = (upload(browser, picture(), id=chosen) for _ in range(2))
    assert first.json()["id"] == second.json()["id"] == chosen


def test_nobody_and_those_without_permission_upload_nothing() -> None:
    assert upload(Browser(), picture()).status_code == 401
    refused = upload(Browser(person("leader", "cases.view_case")), picture())
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"<html>", "a.jpg", "file_type_not_taken"),
        (b"", "a.jpg", "file_empty"),
        (box(b"ftyp", b"heic"), "IMG_1.HEIC", "heic_not_taken"),
        (picture()[:100], "a.jpg", "file_damaged"),
    ],
)
def test_a_refusal_names_field_and_reason(browser: Browser, content: bytes, name: str, code: str) -> None:
    answer = upload(browser, content, name)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, "file")
    assert not StoredFile.objects.exists()


def test_a_form_without_a_file_is_refused(browser: Browser) -> None:
    answer = browser.client.post(
        "/api/v1/files",
        {"id": "x"},
        headers={"X-CSRFToken": browser.client.cookies["csrftoken"].value, "Idempotency-Key": "k"},
    )
    assert answer.status_code == 422
    assert {problem["field"] for problem in answer.json()["errors"]} == {"file", "id"}


def test_a_form_that_is_far_too_large_is_refused_unread(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yiwang.core.files.uploads.MOST_BYTES", 1000)
    monkeypatch.setattr("yiwang.core.files.uploads.FORM_AROUND", 1000)
    monkeypatch.setattr(store, "write_draft", None)
    answer = upload(browser, picture("PNG", (900, 900), colour=(9, 8, 7)).ljust(5000))
    assert (answer.status_code, answer.json()["code"]) == (422, "file_too_large")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.sampled_from(
        [b"", picture()[:300], picture("PNG")[:60], picture("WEBP")[:40], PDF[:9], video()[:40]]
    ),
    rest=st.binary(max_size=200),
    name=st.text(max_size=30),
)
def test_bad_bytes_under_any_name_are_never_an_error_of_ours(
    browser: Browser, head: bytes, rest: bytes, name: str
) -> None:
    plain = "".join(c for c in name if c not in '"\r\n\0' and not 0xD800 <= ord(c) < 0xE000)
    # The test's own client takes the last part of a path, and nothing that has none.
    sendable = plain if os.path.basename(plain) not in {"", ".", ".."} else "a"
    answer = upload(browser, head + rest, sendable)
    assert answer.status_code in {201, 422}, answer.content


def stored(
    owner: str = "owner", content: bytes = PDF, name: str = "公文.pdf"
) -> tuple[Browser, StoredFile, str]:
    """A file with its owner's browser and link."""
    user = person(owner, "files.upload_file")
    who = actor(user)
    file = actions.store(who, stream=io.BytesIO(content), name=name)
    link = queries.link(who, file)
    assert link is not None
    return Browser(user), file, link


def changed(link: str, **changes: object) -> str:
    """The link with other parameters."""
    parts = urlsplit(link)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    query.update({name: str(value) for name, value in changes.items()})
    return f"{parts.path}?{urlencode({name: value for name, value in query.items() if value != 'None'})}"


def test_a_link_is_good_for_its_person_only() -> None:
    owner, _, link = stored()
    other = Browser(person("other", "files.upload_file"))
    assert owner.client.get(link).status_code == 200
    refused = other.client.get(link)
    assert (refused.status_code, refused.json()["code"]) == (403, "link_not_yours")
    assert Browser().client.get(link).status_code == 401


def test_a_link_expires() -> None:
    owner, _, link = stored()
    expires = int(parse_qs(urlsplit(link).query)["expires"][0])
    left = expires - clock.now().timestamp()
    assert 3600 <= left <= 7200
    with clock.frozen(clock.now() + timedelta(seconds=left + 1)):
        refused = owner.client.get(link)
    assert (refused.status_code, refused.json()["code"]) == (403, "link_expired")


@pytest.mark.parametrize(
    "change",
    [
        {"expires": 9_999_999_999},
        {"variant": "thumbnail"},
        {"signature": "0" * 64},
        {"signature": "é"},
        {"signature": ""},
    ],
)
def test_a_changed_link_is_refused(change: dict[str, object]) -> None:
    owner, _, link = stored()
    assert owner.client.get(changed(link, **change)).status_code == 403


@pytest.mark.parametrize(
    "change", [{"expires": "x"}, {"variant": "raw"}, {"signature": None}, {"expires": None}]
)
def test_a_malformed_link_is_invalid(change: dict[str, object]) -> None:
    owner, _, link = stored()
    assert owner.client.get(changed(link, **change)).status_code == 422


def test_a_signature_is_not_good_for_another_file() -> None:
    owner, file, link = stored()
    other = link.replace(str(file.pk), str(uuid7()))
    assert owner.client.get(other).status_code == 403
    assert owner.client.get(link.replace(str(file.pk), "../../etc/passwd")).status_code in {404, 422}


def test_content_can_only_be_shown_or_saved() -> None:
    owner, _, link = stored()
    answer = owner.client.get(link)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E5%85%AC%E6%96%87.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, max-age=3600, immutable"


@pytest.mark.parametrize("content", [picture(), video()])
def test_pictures_and_videos_are_shown_in_place(content: bytes) -> None:
    owner, _, link = stored(content=content, name='a";x="b.html')
    answer = owner.client.get(link)
    assert answer["Content-Disposition"].startswith("inline; filename=")
    assert ".html" not in answer["Content-Disposition"]
    assert answer["Content-Type"] in {"image/jpeg", "video/mp4"}


def test_a_part_can_be_asked_for() -> None:
    owner, _, link = stored(content=video())
    part = owner.client.get(link, headers={"Range": "bytes=4-11"})
    assert (part.status_code, body_of(part)) == (206, b"ftypisom")
    assert (part["Content-Range"], part["Content-Length"]) == (f"bytes 4-11/{len(video())}", "8")
    beyond = owner.client.get(link, headers={"Range": "bytes=99999-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(video())}")


def test_what_the_browser_has_is_not_sent_again() -> None:
    owner, _, link = stored()
    etag = owner.client.get(link)["ETag"]
    again = owner.client.get(link, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_link_stays_the_same_within_the_hour() -> None:
    who = actor(person("anna"))
    file = StoredFile(id=UUID(int=1), media_type="image/png")
    with clock.frozen(clock.now().replace(minute=1)):
        first = queries.link(who, file, "thumbnail")
    with clock.frozen(clock.now().replace(minute=58)):
        assert queries.link(who, file, "thumbnail") == first
    with pytest.raises(ValueError, match="no such variant"):
        queries.link(who, file, "raw")


def test_lost_content_is_said_and_no_error() -> None:
    owner, file, link = stored()
    store.remove(file.sha256)
    answer = owner.client.get(link)
    assert (answer.status_code, answer.json()["code"]) == (404, "content_missing")


def test_the_limits_are_the_documented_ones() -> None:
    assert {kind.extension: kind.most_bytes // rules.MIB for kind in rules.KINDS} == {
        ".jpg": 20,
        ".png": 20,
        ".webp": 20,
        ".pdf": 50,
        ".mp4": 100,
    }
