"""Notices that could not be sent out: seen by whoever runs the platform, sent again or given up, on the record."""

from datetime import timedelta
from typing import Any

import pytest

from yiwang.core import clock
from yiwang.core.accounts.models import PasswordLink, Session, SignInAttempt, User
from yiwang.core.accounts.tests.people import SYSTEM, Browser, person, unit
from yiwang.core.audit.models import Entry
from yiwang.core.http.models import GivenAnswer
from yiwang.core.ids import uuid7
from yiwang.core.notify.models import Delivery, Notice, Wishes
from yiwang.core.notify.queries import dead_deliveries
from yiwang.project.system import attention, retention

pytestmark = pytest.mark.django_db
LIST = "/system/dead-deliveries"
MAIL = "anna.wang@example.org"


@pytest.fixture
def admin() -> Browser:
    return Browser(person("admin", "system.view_state", "system.run_work"))


def dead(channel: str, reason: str, number: int = 1) -> list[int]:
    """So many that could not be sent to anna."""
    anna = User.objects.filter(username="anna").first() or person("anna")
    User.objects.filter(pk=anna.pk).update(phone="13912345678")
    Wishes.objects.get_or_create(user=anna, defaults={"mail": MAIL})
    made = []
    for _ in range(number):
        notice = Notice.objects.create(user=anna, kind="account.stand_in", params={"name": "李梅"})
        made.append(
            Delivery.objects.create(
                notice=notice,
                channel=channel,
                state="dead",
                attempts=6,
                reason=reason,
                due_at=clock.now(),
                ended_at=clock.now(),
            ).pk
        )
    return made


def test_they_are_seen_by_reason_with_masked_addresses(admin: Browser) -> None:
    dead("mail", "SMTP 550", 2)
    dead("sms", "unsure: TimeoutError")
    page = admin.get(LIST).json()
    assert page["reasons"] == [
        {"channel": "mail", "reason": "SMTP 550", "count": 2},
        {"channel": "sms", "reason": "unsure: TimeoutError", "count": 1},
    ]
    first = page["items"][0]
    assert (first["person"], first["to"], first["is_unsure"]) == ("人anna", "139****5678", True)
    assert first["name"] == {"zh": "由我代理", "en": "I stand in for somebody"}
    mails = admin.get(LIST, channel="mail", reason="SMTP 550").json()["items"]
    assert [one["to"] for one in mails] == ["a********@example.org"] * 2
    for told in (page, mails):
        assert not {MAIL, "13912345678", "李梅"} & set(str(told).split("'"))
    assert dead_deliveries().count() == 3


def test_one_or_all_of_a_reason_go_again_or_are_given_up_on_the_record(admin: Browser) -> None:
    one, *rest = dead("mail", "SMTP 550", 3)
    text = dead("sms", "HTTP 400", 1)
    assert admin.post(f"{LIST}/retry", {}).status_code == 422
    assert admin.post(f"{LIST}/retry", {"ids": [one]}).json() == {"count": 1}
    assert Delivery.objects.get(pk=one).state == "waiting"
    assert admin.post(f"{LIST}/retry", {"ids": [one]}).json()["code"] == "nothing_dead"
    assert admin.post(f"{LIST}/discard", {"ids": rest, "because": " "}).status_code == 422
    all_of_it = {"channel": "mail", "reason": "SMTP 550"}
    assert admin.post(f"{LIST}/discard", {**all_of_it, "because": "邮箱已停用"}).json() == {"count": 2}
    left = Delivery.objects.filter(pk__in=rest).values_list("state", "reason").distinct()
    assert list(left) == [("dropped", "given_up")]
    assert Delivery.objects.get(pk=text[0]).state == "dead"
    acts = list(Entry.objects.filter(object_type="delivery").order_by("id").values_list("action", "after"))
    assert acts[0] == ("notify.send_again", {"count": 1, "channel": "", "cause": None, "ids": [one]})
    assert acts[1] == (
        "notify.give_up",
        {"count": 2, "channel": "mail", "cause": "SMTP 550", "ids": rest, "because": "邮箱已停用"},
    )


def test_who_only_looks_settles_nothing_and_a_part_of_the_district_sees_nothing(admin: Browser) -> None:
    ids = dead("mail", "SMTP 550")
    viewer = Browser(person("viewer", "system.view_state"))
    assert viewer.get(LIST).status_code == 200
    assert viewer.post(f"{LIST}/retry", {"ids": ids}).status_code == 403
    part = unit("part", unit("root"))
    elsewhere = Browser(person("elsewhere", "system.view_state", "system.run_work", at=part))
    assert elsewhere.get(LIST).status_code == 403
    assert elsewhere.post(f"{LIST}/discard", {"ids": ids, "because": "x"}).status_code == 403
    assert Browser().get(LIST).status_code == 401


def test_what_is_past_its_time_goes_and_the_log_says_how_much(admin: Browser) -> None:
    now, anna = clock.now(), person("anna")
    before = SignInAttempt.objects.count()
    for days in (400, 300, 100):
        SignInAttempt.objects.create(username="anna", at=now - timedelta(days=days), succeeded=False)
    for number, (used, ends) in enumerate(((90, 80), (None, 40), (None, -1), (3, 2))):
        PasswordLink.objects.create(
            user=anna,
            digest=bytes([number] * 32),
            used_at=None if used is None else now - timedelta(days=used),
            expires_at=now - timedelta(days=ends),
        )
    GivenAnswer.objects.create(user_id=uuid7(), key="k", fingerprint="f")
    GivenAnswer.objects.update(created_at=now - timedelta(days=2))
    Session.objects.create(session_key="over", session_data="", expire_date=now - timedelta(hours=1))
    gone = retention.forget_old()
    assert gone == {"tries": 1, "links": 2, "sessions": 1, "answers": 1, "commands": 0}
    assert SignInAttempt.objects.count() == before + 2
    entry = Entry.objects.get(action="system.forget_old")
    assert (entry.object_type, entry.after) == ("retention", gone)


def test_each_sign_of_something_stuck_leads_to_the_view_that_shows_it(admin: Browser) -> None:
    dead("mail", "SMTP 550")
    pages = {item.key: item.page for item in attention.signs(SYSTEM)}
    assert pages["sign.dead_deliveries"] == "/system/dead-letters?show=deliveries"
    assert attention.PAGES["stuck_marks"] == "/system/dead-letters?show=marks"


def test_when_an_account_signed_in_last_outlives_its_log(admin: Browser) -> None:
    person("quiet-one")
    for days, right in ((450, True), (400, True), (390, False)):
        at = clock.now() - timedelta(days=days)
        SignInAttempt.objects.create(username="quiet-one", at=at, succeeded=right)
    retention.forget_old()
    left = SignInAttempt.objects.filter(username="quiet-one").values_list("succeeded", flat=True)
    assert list(left) == [True]
    chief = Browser(person("retention-chief", "accounts.manage_user"))
    (row,) = chief.get("/staff", q="quiet-one").json()["items"]
    assert row["last_sign_in"].startswith((clock.now() - timedelta(days=400)).date().isoformat())


def test_sign_ins_are_never_kept_for_less_than_six_months(admin: Browser) -> None:
    editor = Browser(person("editor", "parameters.edit_value"))
    known: Any = {one["key"]: one for one in editor.get("/parameters").json()["items"]}
    assert known["retention.sign_ins"]["least"] >= 184
    body = {"value": 183, "expected_version": 0}
    assert editor.write("put", "/parameters/retention.sign_ins", body).status_code == 422
    body["value"] = 184
    assert editor.write("put", "/parameters/retention.sign_ins", body).status_code == 200
