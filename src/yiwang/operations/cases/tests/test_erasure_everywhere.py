"""A reporter's values in every room at once: written by the rooms' own doors, then nowhere in the database."""

import json
import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from yiwang.core import erasing
from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests import people
from yiwang.core.accounts.tests.people import Browser
from yiwang.core.actor import system
from yiwang.core.audit import queries as audit
from yiwang.core.audit.models import Entry
from yiwang.core.comments.models import Comment, FormerText
from yiwang.core.deadlines.models import Deadline, StuckMark
from yiwang.core.drafts.models import Draft
from yiwang.core.events import relay
from yiwang.core.events.models import DeadLetter, OutboxEvent
from yiwang.core.files import actions as files
from yiwang.core.files.models import StoredFile
from yiwang.core.http.models import GivenAnswer
from yiwang.core.ids import uuid7
from yiwang.core.imports.actions import Options, bring_in
from yiwang.core.imports.mapping import parse
from yiwang.core.imports.models import RowFault, Run
from yiwang.core.masking import masked_phone
from yiwang.core.notify.models import Notice
from yiwang.core.phrases.models import Phrase
from yiwang.operations.cases import erasure
from yiwang.operations.cases.models import Case, CasePhoto, Reporter, Step
from yiwang.operations.cases.rules.words import spellings, without_person
from yiwang.operations.cases.tests.district import District, Walk, picture
from yiwang.operations.cases.tests.test_erasure import NAME, PHONE, chief, found_in, reported, seal

__all__ = ["chief"]

SPOKEN = "139-0712-7788"


def erase(chief: User, case: Case) -> None:
    erasure.erase_reporter(people.actor(chief), case.pk, reason="当事人申请")


def reached(case: Case) -> dict[str, int]:
    """What the record of the erasure says of the rooms."""
    step = Step.objects.get(case=case, verb="erase_reporter")
    entry = Entry.objects.get(action="cases.erase_reporter", object_id=str(case.pk))
    assert entry.after is not None
    assert entry.after["reached"] == step.data["reached"]
    return dict(step.data["reached"])


def say(browser: Browser, case: Case, text: str) -> dict[str, Any]:
    answer = browser.post("/comments", {"object_type": "case", "object_id": str(case.pk), "text": text})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def keep_draft(browser: Browser, key: str, body: dict[str, Any]) -> None:
    answer = browser.write("put", f"/drafts/{key}", {"body": body, "expected_version": 0})
    assert answer.status_code == 200, answer.content


def test_comments_what_they_said_before_and_their_notices(district: District, chief: User) -> None:
    walk = reported(district)
    shift = Browser(district.shift)
    first = say(shift, walk.case, f"@acceptor 请再问{NAME}，{SPOKEN}")
    assert shift.write("patch", f"/comments/{first['id']}", {"text": f"已问{NAME}"}).status_code == 200
    say(shift, walk.case, "长话" * 33 + PHONE + "，下午再打")
    other = Walk(district).case
    elsewhere = say(shift, other, f"与{PHONE}说的是一件事，也叫{NAME}")
    assert {"comments_comment", "comments_formertext"} <= set(found_in(PHONE)) | set(found_in(SPOKEN))
    erase(chief, walk.case)
    assert [found_in(text) for text in (NAME, PHONE, SPOKEN)] == [[], [], []]
    assert Comment.objects.get(pk=first["id"]).text == "已问欧***"
    assert FormerText.objects.get().text == f"@acceptor 请再问欧***，{masked_phone(PHONE)}"
    assert Notice.objects.get(kind="comment.mentioned").params["text"].startswith("@acceptor 请再问欧***")
    assert masked_phone(PHONE) in Comment.objects.get(pk=elsewhere["id"]).text
    assert reached(walk.case).items() >= {"comments.comment": 3, "comments.former_text": 1}.items()


def test_notices_also_where_the_words_were_cut_off(district: District, chief: User) -> None:
    walk = reported(district).to("handling")
    while relay.deliver_next():
        pass
    walk.case.refresh_from_db()
    Notice.objects.create(
        user=district.clerk,
        kind="case.urged",
        params={"note": f"请速与{NAME}联系，{PHONE[:9]}…", "list": [PHONE, 3, None, True]},
        link=f"/cases/{walk.case.pk}",
    )
    erase(chief, walk.case)
    assert found_in(PHONE) == found_in(PHONE[:9]) == found_in(NAME) == []
    notice = Notice.objects.get(kind="case.urged")
    assert notice.params["list"] == [masked_phone(PHONE), 3, None, True]
    assert notice.params["note"] == "请速与欧***联系，*********…"


def test_drafts_of_anybody(district: District, chief: User) -> None:
    walk = reported(district)
    shift, acceptor = Browser(district.shift), Browser(district.acceptor)
    keep_draft(shift, f"case.{walk.case.pk}.register", {"note": f"{NAME}说"})
    keep_draft(acceptor, "report", {"reporter": {"name": NAME, "phone": PHONE}, "lon": 114.8})
    keep_draft(shift, "report", {"reporter": {"name": NAME, "phone": "13000000000"}})
    erase(chief, walk.case)
    assert found_in(PHONE) == []
    drafts = {(row.user_id, row.key): row for row in Draft.objects.all()}
    assert drafts[district.shift.pk, f"case.{walk.case.pk}.register"].body == {"note": "欧***说"}
    report = drafts[district.acceptor.pk, "report"]
    assert report.body == {"reporter": {"name": "欧***", "phone": masked_phone(PHONE)}, "lon": 114.8}
    assert report.version == 2, "a window that holds the old words is told"
    assert drafts[district.shift.pk, "report"].version == 1, "a namesake's draft stays"
    again = acceptor.write(
        "put", "/drafts/report", {"body": {"reporter": {"phone": PHONE}}, "expected_version": 1}
    )
    assert (again.status_code, again.json()["code"]) == (409, "draft_changed")


def test_rows_that_could_not_be_brought_in(district: District, chief: User, tmp_path: Path) -> None:
    page = Path(__file__).resolve().parents[5] / "docs" / "operations" / "importing.md"
    example = page.read_text().partition("```toml\n")[2].partition("```")[0]
    table = tmp_path / "t.csv"
    head = "工单编号,渠道,登记时间,办结时间,标题,内容,来电人,经度,纬度\n"
    good = f"1号工单,电话,2025/3/1 8:30,2025/3/2 9:00,路灯不亮,{PHONE}来电,{NAME},114.805,30.858\n"
    broken = f"1号工单,电话,三月一日,,路灯不亮,晚上很黑,{NAME},114.805,30.858\n"
    numbered = f"2号工单,电话,三月一日,{PHONE},路灯不亮,晚上很黑,某人,114.805,30.858\n"
    table.write_text(head + good + broken + numbered, encoding="gb18030")
    run = bring_in(system("test"), table, parse("example", tomllib.loads(example)), Options())
    assert (run.loaded, run.faulty) == (1, 2)
    Run.objects.update(reason=f"IntegrityError: ({PHONE})")
    RowFault.objects.filter(original__contains={"工单编号": "2号工单"}).update(original={"电话": int(PHONE)})
    case = Case.objects.get()
    Reporter.objects.filter(case=case).update(phone=PHONE)
    assert {"imports_rowfault", "imports_run", "cases_reporter"} <= set(found_in(PHONE))
    erase(chief, case)
    assert found_in(PHONE) == found_in(NAME) == []
    assert reached(case)["imports.row_fault"] == 2
    assert RowFault.objects.filter(original={"电话": masked_phone(PHONE)}).exists()


def test_names_of_files_reasons_of_failures_and_phrases(district: District, chief: User) -> None:
    walk = reported(district)
    officer = district.actor("shift")
    near = picture(officer, "blue")
    StoredFile.objects.filter(pk=near.file_id).update(name=f"{NAME}.jpg")
    CasePhoto.objects.create(case=walk.case, file_id=near.file_id, slot="near", seq=1)
    files.store(officer, stream=BytesIO(picture_bytes()), name=f"{PHONE}.jpg")
    event = OutboxEvent.objects.order_by("pk")[0]
    DeadLetter.objects.create(event=event, handler="x", reason=f"({PHONE})", attempts=9, at=event.at)
    OutboxEvent.objects.filter(pk=event.pk).update(payload={**event.payload, "said": PHONE})
    clock = Deadline.objects.filter(owner_id=walk.case.pk)[0]
    StuckMark.objects.create(
        deadline=clock, mark="due", mark_at=event.at, reason=PHONE, attempts=1, at=event.at
    )
    Phrase.objects.create(topic="case.close", text=f"请打{SPOKEN}", owner=district.shift)
    erase(chief, walk.case)
    assert [found_in(text) for text in (PHONE, NAME, SPOKEN)] == [[], [], []]
    names = sorted(StoredFile.objects.values_list("name", flat=True))
    assert names == sorted(["欧***.jpg", f"{masked_phone(PHONE)}.jpg"])
    seal()
    assert audit.verify().ok


def picture_bytes() -> bytes:
    from PIL import Image

    body = BytesIO()
    Image.new("RGB", (8, 8), "white").save(body, "JPEG")
    return body.getvalue()


def test_where_the_same_number_reported_another_case_it_stays_until_that_one_is_erased(
    district: District, chief: User
) -> None:
    walk, again = reported(district), reported(district)
    say(Browser(district.shift), again.case, f"{PHONE}又来电")
    erase(chief, walk.case)
    again.case.refresh_from_db()
    assert PHONE in again.case.description
    assert Comment.objects.get().text == f"{PHONE}又来电"
    assert Reporter.objects.get(case=again.case).phone == PHONE
    walk.case.refresh_from_db()
    assert PHONE not in walk.case.description
    erase(chief, again.case)
    assert found_in(PHONE) == found_in(NAME) == []


def test_the_same_number_written_otherwise_is_the_same(district: District, chief: User) -> None:
    walk = reported(district)
    again = Walk(district, reporter_name="", reporter_phone=f"+86 {SPOKEN}", description=f"{PHONE}来电").case
    say(Browser(district.shift), again, f"{SPOKEN}又来电")
    erase(chief, walk.case)
    again.refresh_from_db()
    assert again.description == f"{PHONE}来电"
    assert Comment.objects.get().text == f"{SPOKEN}又来电"
    assert Reporter.objects.get(case=again).phone == f"+86 {SPOKEN}"
    erase(chief, again)
    assert found_in(PHONE) == found_in(SPOKEN) == []


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("+8613907127788", "13907127788"),
        ("13907127788", "+86 139-0712-7788"),
        ("13907127788/8001", "13907127788/8001"),
        ("13907127788/8001", "13907127788"),
        ("(027)86891234", "(027)86891234"),
        ("027.86891234", "027-86891234"),
    ],
)
def test_a_number_goes_however_it_was_given(district: District, chief: User, phone: str, said: str) -> None:
    walk = Walk(district, reporter_name="", reporter_phone=phone, description=f"来电{said}，路口有垃圾")
    say(Browser(district.shift), walk.case, f"再打{said}")
    say(Browser(district.shift), Walk(district).case, f"与{phone}同院")
    erase(chief, walk.case)
    assert [found_in(text) for text in (phone, said)] == [[], []]


def test_a_short_number_leaves_addresses_and_ids(district: District, chief: User) -> None:
    address = "阳光小区1-10栋"
    walk = Walk(district, reporter_name="", reporter_phone="110", address=address, description="110转来")
    Step.objects.filter(case=walk.case).update(data={"unit": {"id": 110}})
    elsewhere = Walk(district, description="已打110").case
    erase(chief, walk.case)
    walk.case.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (walk.case.address, walk.case.description) == (address, "*10转来")
    assert Step.objects.get(case=walk.case, seq=1).data == {"unit": {"id": 110}}
    assert elsewhere.description == "已打110"


def test_each_room_goes_through_its_rows_once(
    district: District, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many = frozenset(uuid7() for _ in range(30))
    gone = erasing.Erasure(many, spellings(PHONE), str, files=many)
    with django_assert_max_num_queries(45):
        erasing.reach(gone)


def test_what_names_only_a_photo_stays(district: District, chief: User) -> None:
    walk = reported(district)
    photo = picture(district.actor("shift"), "blue")
    CasePhoto.objects.create(case=walk.case, file_id=photo.file_id, slot="near", seq=1)
    body = json.dumps({"id": str(photo.file_id)}).encode()
    GivenAnswer.objects.create(
        user_id=district.shift.pk, key="k", fingerprint="f", status=201, body=body, content_type="x"
    )
    erase(chief, walk.case)
    assert GivenAnswer.objects.filter(body=body).exists()


def test_kept_answers_that_hold_the_number_without_the_case(district: District, chief: User) -> None:
    walk = reported(district)
    say(Browser(district.shift), Walk(district).case, f"找{PHONE}")
    assert "http_givenanswer" in found_in(PHONE)
    erase(chief, walk.case)
    assert found_in(PHONE) == []


def test_what_fails_in_one_room_leaves_all_as_it_was(
    district: District, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = reported(district)

    def broken(erasure: erasing.Erasure) -> int:
        raise OSError("disk")

    monkeypatch.setitem(erasing._erasers, "zz.last", broken)
    with pytest.raises(OSError, match="disk"):
        erase(chief, walk.case)
    assert Reporter.objects.get(case=walk.case).phone == PHONE
    walk.case.refresh_from_db()
    assert PHONE in walk.case.description


@pytest.mark.parametrize(
    "text",
    [
        PHONE,
        SPOKEN,
        "139 0712 7788",
        "139 - 0712 - 7788",
        "１３９０７１２７７８８",
        f"86{PHONE}转1",
        f"{PHONE}{PHONE}",
    ],
)
def test_a_number_is_found_however_it_was_written(text: str) -> None:
    shown = without_person(f"来电{text}。", "", PHONE)
    assert "0712" not in shown
    assert "０７１２" not in shown


def test_a_short_number_within_a_longer_one_is_another() -> None:
    assert without_person("案件4201172026112200012", "", "20261122") == "案件4201172026112200012"
    assert without_person("电话86891234，", "", "86891234") == f"电话{masked_phone('86891234')}，"
    assert spellings("12345") == ()
    assert set(spellings(PHONE)) >= {PHONE, SPOKEN}


def test_a_json_document_keeps_its_form() -> None:
    gone = erasing.Erasure(frozenset(), (PHONE,), lambda text: text.replace(PHONE, "*"))
    document = {PHONE: [int(PHONE), 1, 1.5, True, None, {"x": f"a{PHONE}"}]}
    assert gone.masked(document) == {"*": ["*", 1, 1.5, True, None, {"x": "a*"}]}
    assert json.dumps(gone.masked({"a": 1})) == '{"a": 1}'


def test_signs_of_a_pattern_stand_for_themselves(district: District) -> None:
    for text in ("a_b%c", "axb%c", "a_b1c", "a\\b"):
        Phrase.objects.create(topic="case.close", text=text)

    def found(text: str) -> list[str]:
        rows = erasing.holding(Phrase.objects.all(), [text], ("text", "text_en"))
        return sorted(rows.values_list("text", flat=True))

    assert (found("a_b"), found("b%c"), found("\\")) == (["a_b%c", "a_b1c"], ["a_b%c", "axb%c"], ["a\\b"])
    assert not erasing.holding(Phrase.objects.all(), [], ("text",)).exists()


def test_words_have_one_eraser() -> None:
    with pytest.raises(TypeError, match="two functions"):
        erasing.erases("comments.comment")(lambda erasure: 0)


@pytest.mark.django_db(transaction=True)
def test_all_rooms_or_none() -> None:
    with pytest.raises(RuntimeError, match="one transaction"):
        erasing.reach(erasing.Erasure(frozenset(), (), str))
