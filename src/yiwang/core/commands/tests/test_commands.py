"""Commands of phones: each once, in order, or in the conflict box with its pictures."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from ninja import Schema
from PIL import Image

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests import people
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.actor import Actor
from yiwang.core.commands import actions, queries, rules
from yiwang.core.commands.access import VIEW
from yiwang.core.commands.actions import Sent
from yiwang.core.commands.declare import CommandKind, Moment
from yiwang.core.commands.erasing import erase_commands
from yiwang.core.commands.models import Command
from yiwang.core.erasing import Erasure
from yiwang.core.errors import Conflict, Invalid, Unavailable
from yiwang.core.files import actions as files
from yiwang.core.files.models import StoredFile
from yiwang.core.ids import uuid7
from yiwang.core.phrases import actions as phrases
from yiwang.core.phrases.actions import Wording
from yiwang.core.phrases.models import Phrase

pytestmark = pytest.mark.django_db
DEVICE = UUID(int=7)


class NoteIn(Schema):
    """A note for the book of these tests."""

    text: str
    photos: list[UUID] = []


AWAY: list[str] = []


def note(who: Actor, command_id: UUID, body: NoteIn, moment: Moment) -> dict[str, Any]:
    """Keep a phrase, which has an audit entry and refuses the same words twice."""
    if body.text in AWAY:
        raise Unavailable("database_busy", "稍后再试。", retry_after_s=1)
    if body.text == "bug":
        raise ZeroDivisionError
    if body.text == "no":
        raise Conflict("was_first", "别人先办了。", who="甲")
    row = phrases.add(who, topic="field.note", wording=Wording(body.text), unit_id=None, shared=False)
    return {"phrase": row.pk, "at": moment.occurred_at, "via": who.via, "id": command_id}


NOTE = CommandKind("test.note", {"zh": "记一笔", "en": "Note"}, NoteIn, note)


@pytest.fixture(autouse=True)
def known_kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(queries, "kinds", lambda: {NOTE.key: NOTE})
    AWAY.clear()
    yield
    AWAY.clear()


@pytest.fixture
def anna() -> User:
    return person("anna", "files.upload_file", at=people.unit("parks", people.unit("root")))


def command(text: str, seq: int = 1, *, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    said = {"id": str(uuid7()), "seq": seq, "kind": "test.note", "at": (at or clock.now()).isoformat()}
    return {**said, "body": {"text": text}, **more}


def send(browser: Browser, *items: dict[str, Any], sent_at: datetime | None = None) -> list[dict[str, Any]]:
    body = {"device_id": str(DEVICE), "sent_at": (sent_at or clock.now()).isoformat(), "items": items}
    answer = browser.post("/commands", body)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def notes() -> list[str]:
    return list(Phrase.objects.order_by("pk").values_list("text", flat=True))


def picture(owner: User) -> StoredFile:
    stream = BytesIO()
    Image.new("RGB", (8, 8), "red").save(stream, "JPEG")
    stream.seek(0)
    return files.store(actor(owner), stream=stream, name="坑.jpg")


def test_what_is_sent_five_times_is_done_once_and_answered_alike(anna: User) -> None:
    browser, one = Browser(anna), command("路面破损")
    answers = [send(browser, one) for _ in range(5)]
    assert answers[0][0]["state"] == "done"
    assert all(answer == answers[0] for answer in answers)
    assert (notes(), answers[0][0]["result"]["via"]) == (["路面破损"], "phone")
    row = Command.objects.get()
    assert (str(row.pk), row.body, row.device_id, row.user_id) == (one["id"], None, DEVICE, anna.pk)
    assert answers[0][0]["result"]["id"] == one["id"]


def test_commands_are_done_in_their_order_and_one_that_is_refused_keeps_none_back(anna: User) -> None:
    items = [command(text, seq) for seq, text in enumerate(["一", "no", "bug", "二"], 1)]
    told = send(Browser(anna), *items)
    assert [item["state"] for item in told] == ["done", "refused", "refused", "done"]
    assert [item["problem"] and item["problem"]["code"] for item in told] == [
        None,
        "was_first",
        "internal_error",
        None,
    ]
    assert notes() == ["一", "二"]


def test_what_cannot_be_done_just_now_waits_with_all_that_follows(anna: User) -> None:
    browser, items = Browser(anna), [command(text, seq) for seq, text in enumerate("甲乙丙", 1)]
    AWAY.append("乙")
    assert [item["state"] for item in send(browser, *items)] == ["done", "waiting", "waiting"]
    assert Command.objects.count() == 1
    AWAY.clear()
    assert [item["state"] for item in send(browser, *items)] == ["done", "done", "done"]
    assert notes() == ["甲", "乙", "丙"]


def test_a_clock_that_is_wrong_by_a_day_is_put_right(anna: User) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    given = tomorrow - timedelta(hours=2)
    send(Browser(anna), command("昨天的明天", at=given), sent_at=tomorrow)
    row = Command.objects.get()
    assert abs(row.occurred_at - (clock.now() - timedelta(hours=2))) < timedelta(minutes=1)
    assert (row.claimed_at, row.doubt) == (given, "clock")


def test_a_refused_command_lies_in_the_box_with_its_picture_until_it_is_changed_and_sent(
    anna: User, settings: Any, tmp_path: Path
) -> None:
    settings.FILES_DIR = tmp_path
    browser, file, strange = Browser(anna), picture(anna), picture(person("bob"))
    one = command("no", body={"text": "no", "photos": [str(file.pk), str(strange.pk), str(uuid7())]})
    send(browser, one)
    (box,) = browser.get("/commands/conflicts").json()["items"]
    assert (box["problem"]["code"], box["problem"]["params"], box["label"]["zh"]) == (
        "was_first",
        {"who": "甲"},
        "记一笔",
    )
    assert (box["body"]["text"], [shown["id"] for shown in box["photos"]]) == ("no", [str(file.pk)])
    file.refresh_from_db()
    assert file.claimed_at is not None  # no sweep takes it
    again = f"/commands/{one['id']}/again"
    refused = browser.post(again, {"body": {"text": "no"}})
    assert (refused.status_code, refused.json()["code"]) == (409, "was_first")
    assert browser.post(again, {"body": {"text": "改好了"}}).json()["state"] == "done"
    assert (notes(), browser.get("/commands/conflicts").json()["items"]) == (["改好了"], [])
    assert send(browser, one)[0]["state"] == "done"
    assert browser.post(again, {"body": {"text": "再来"}}).status_code == 404


def test_a_conflict_is_given_up_with_a_reason(anna: User) -> None:
    browser, one = Browser(anna), command("no")
    send(browser, one)
    path = f"/commands/{one['id']}/drop"
    assert browser.post(path, {"note": " "}).status_code == 422
    assert browser.post(path, {"note": "别人已办"}).json()["state"] == "dropped"
    assert send(browser, one)[0]["state"] == "dropped"
    assert browser.get("/commands/conflicts").json()["items"] == []


def test_who_sees_and_settles_whose_conflicts(anna: User) -> None:
    one = command("no", body={"text": "no", "case_id": "7", "reporter": {"phone": "13800000000"}})
    send(Browser(anna), one)
    boss = Browser(person("boss", VIEW, at=people.unit("parks")))
    other = Browser(person("other", VIEW, at=people.unit("water", people.unit("root"))))
    (seen,) = boss.get("/commands/conflicts", others="true").json()["items"]
    assert (seen["who"], seen["mine"], seen["body"]) == ("人anna", False, {"case_id": "7"})
    assert boss.get("/commands/conflicts").json()["items"] == []
    assert other.get("/commands/conflicts", others="true").json()["items"] == []
    for browser in (boss, other):
        assert browser.post(f"/commands/{one['id']}/drop", {"note": "不要了"}).status_code == 404
        assert browser.post(f"/commands/{one['id']}/again", {"body": {}}).status_code == 404
    assert Browser().get("/commands/conflicts").status_code == 401


def test_an_id_means_one_thing_only(anna: User) -> None:
    browser, one = Browser(anna), command("甲")
    send(browser, one)
    changed = {**one, "body": {"text": "乙"}}
    assert send(browser, changed)[0]["problem"]["code"] == "command_id_taken"
    assert send(Browser(person("eve")), one)[0]["problem"]["code"] == "command_id_taken"
    assert notes() == ["甲"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "test.nothing"}, "unknown_command"),
        ({"body": {"text": 5}}, "invalid_input"),
        ({"body": {}}, "invalid_input"),
    ],
)
def test_what_is_not_understood_lies_in_the_box_too(anna: User, change: dict[str, Any], code: str) -> None:
    (told,) = send(Browser(anna), command("甲", **change))
    assert (told["state"], told["problem"]["code"]) == ("refused", code)
    assert Command.objects.get().state == "refused"


def test_a_kind_that_needs_a_permission_is_refused_without_it(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = CommandKind(NOTE.key, NOTE.label, NoteIn, note, permission="cases.report_case")
    monkeypatch.setattr(queries, "kinds", lambda: {kind.key: kind})
    assert send(Browser(anna), command("甲"))[0]["problem"]["code"] == "permission_denied"
    assert send(Browser(person("carl", "cases.report_case")), command("甲"))[0]["state"] == "done"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_an_odd_year_stops_no_phone(anna: User, at: str) -> None:
    browser = Browser(anna)
    body = {"device_id": str(DEVICE), "sent_at": at, "items": [{**command("甲"), "at": at}]}
    assert browser.post("/commands", body).json()["items"][0]["state"] == "done"


def test_half_a_sign_and_what_is_no_number_stop_no_phone(anna: User) -> None:
    items = [command("坏@"), command("no", 2, body={"text": "no", "odd": 0.25})]
    said = json.dumps({"device_id": str(DEVICE), "sent_at": clock.now().isoformat(), "items": items})
    answer = Browser(anna).post("/commands", said.replace("@", "\\ud83d").replace("0.25", "1e999"))
    assert [item["state"] for item in answer.json()["items"]] == ["done", "refused"]
    assert notes() == ["坏\ufffd"]
    assert Command.objects.get(state="refused").body == {"text": "no", "odd": None}


def test_a_command_that_cannot_be_noted_keeps_none_back(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(actions, "_refuse", fails)
    told = send(Browser(anna), command("no"), command("甲", 2))
    assert [item["state"] for item in told] == ["refused", "done"]


def test_pictures_of_what_cannot_be_read_are_kept(anna: User, settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    file = picture(anna)
    send(Browser(anna), command("甲", kind="test.unknown", body={"deep": [{"here": str(file.pk)}]}))
    assert Command.objects.get().files == [file.pk]


def test_a_batch_stands_in_its_order(anna: User) -> None:
    items = [command("一", 2), command("二", 1)]
    body = {"device_id": str(DEVICE), "sent_at": clock.now().isoformat(), "items": items}
    assert Browser(anna).post("/commands", body).status_code == 422


def test_erased_words_go_out_of_the_box(anna: User) -> None:
    send(
        Browser(anna),
        command("no", body={"text": "no", "photos": []}),
        command("no 13900000001", 2, body={"text": 3, "x": "13900000001"}),
    )
    erasure = Erasure(frozenset(), ("13900000001",), lambda text: text.replace("13900000001", "***"))
    assert erase_commands(erasure) == 1
    assert sorted(str(row.body) for row in Command.objects.all())[-1].count("***") == 1


def test_what_was_done_long_ago_is_forgotten_and_conflicts_stay(anna: User) -> None:
    send(Browser(anna), command("甲"), command("no", 2))
    Command.objects.update(settled_at=clock.now() - timedelta(days=500))
    assert actions.forget_old(timedelta(days=400)) == 1
    assert [row.state for row in Command.objects.all()] == ["refused"]


@pytest.mark.django_db(transaction=True)
def test_the_same_command_at_the_same_moment_is_done_once() -> None:
    anna = actor(person("anna", at=people.unit("root")))
    sent = Sent(uuid7(), DEVICE, 1, "test.note", clock.now(), {"text": "同时"})

    def take(_: int) -> str:
        try:
            return actions.take(anna, sent, rules.moment(sent.at, sent.at, clock.now())).state
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(take, range(6))) == {"done"}
    assert (notes(), Command.objects.count()) == (["同时"], 1)


def test_only_people_send(anna: User) -> None:
    with pytest.raises(Invalid):
        actions.again(actor(anna), _refused(anna), {"text": None})


def _refused(user: User) -> UUID:
    one = command("no")
    send(Browser(user), one)
    return UUID(one["id"])
