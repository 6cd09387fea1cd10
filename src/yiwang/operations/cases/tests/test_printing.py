"""The printed file of a case: what stands on it, who sees whom, and that printing is written down."""

import signal
from hashlib import sha256
from io import BytesIO
from subprocess import CompletedProcess
from typing import Any

import pytest
from PIL import Image, ImageDraw

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser
from yiwang.core.audit.models import Entry
from yiwang.core.errors import Unavailable
from yiwang.core.files import actions as files
from yiwang.operations.cases import store
from yiwang.operations.cases.printing import gathering, press, printed, setting
from yiwang.operations.cases.printing.words import WORDS, Words
from yiwang.operations.cases.rules import Photo
from yiwang.operations.cases.tests.district import District, Walk

pytestmark = pytest.mark.django_db


def scene(district: District, who: str, slot: str, colour: str) -> Photo:
    """A larger picture, so that the paper has something to show."""
    body, picture = BytesIO(), Image.new("RGB", (1200, 800), colour)
    ImageDraw.Draw(picture).ellipse((400, 250, 800, 550), fill="#d8d2c4")
    picture.save(body, "JPEG", quality=80)
    body.seek(0)
    return Photo(files.store(district.actor(who), stream=body, name=f"{slot}.jpg").pk, slot)


def long_life(district: District) -> Walk:
    """A case with photos, a return that was refused, an extension, a failed check and a second round of work."""
    first = tuple(
        scene(district, "acceptor", slot, colour)
        for slot, colour in (("near", "#7b8f6a"), ("far", "#90a4ae"))
    )
    walk = Walk(
        district, photos=first, description="邾城街道文昌大道路口有<暴露垃圾>一处，约 2 平方米，\n影响通行。"
    )
    walk.to("handling")
    walk.step("clerk", "ask_return", note="该路段由街道保洁")
    walk.step("dispatcher", "refuse_return", note="属于你单位的管理范围")
    proof = (scene(district, "clerk", "evidence", "#b0a08a"),)
    walk.step("clerk", "ask_extension", note="需调吊车，明日到场", photos=proof)
    walk.step("dispatcher", "approve_extension", note="情况属实")
    walk.step("leader", "approve_extension", note="同意")
    walk.step(
        "clerk",
        "report_done",
        note="已清理并冲洗路面",
        photos=(scene(district, "clerk", "after", "#8aa57a"),),
    )
    walk.step("collector", "fail_check", note="墙角仍有残留")
    walk.step(
        "clerk", "report_done", note="残留已清理", photos=(scene(district, "clerk", "after", "#9ab58a"),)
    )
    walk.step(
        "collector",
        "pass_check",
        note="已清理干净",
        photos=(scene(district, "collector", "check", "#a3b899"),),
    )
    walk.step("shift", "close", note="同意结案")
    return walk


def told(district: District, walk: Walk, who: str = "acceptor", language: str = "zh") -> str:
    actor = district.actor(who)
    whole = store.read_for(actor, walk.case.pk)
    return setting.html(gathering.gathered(actor, whole, Words(language), clock.now()))


@pytest.fixture
def walk(district: District) -> Walk:
    return long_life(district)


def test_the_whole_life_stands_on_it(district: District, walk: Walk) -> None:
    page = told(district, walk)
    for said in (walk.case.number, "生活垃圾暴露堆放", "4 工作时", "需调吊车，明日到场", "属于你单位的管理范围",
        "墙角仍有残留", "同意结案", "返工 1 次", "邾城街道", "人leader", "打印：人acceptor"):  # fmt: skip
        assert said in page, said
    whole = store.read_for(district.actor("acceptor"), walk.case.pk)
    assert all(photo.file.sha256[:32] in page for photo in whole.photos)
    assert page.count("data:image/jpeg;base64,") == len(whole.photos) == 6
    assert "&lt;暴露垃圾&gt;" in page
    assert "<暴露垃圾>" not in page


def test_the_reporter_is_masked_as_on_the_screen(district: District, walk: Walk) -> None:
    assert "王小明 13812345678" in told(district, walk)
    masked = told(district, walk, "clerk")
    assert "13812345678" not in masked
    assert "王**" in masked
    assert "（已隐去）" in masked


def test_it_is_worded_in_english_too(district: District, walk: Walk) -> None:
    page = told(district, walk, language="en")
    for said in ("Case file", "Filing condition", "4 working hour", "Closed", "Approved", "Step"):
        assert said in page, said
    assert all(zh and en for zh, en in WORDS.values())


def test_it_is_a_pdf_and_printing_is_written_down(district: District, walk: Walk) -> None:
    answer = Browser(district.clerk).get(f"/cases/{walk.case.pk}/file.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert walk.case.number in answer["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.object_id, entry.actor_name) == (
        "cases.print_case",
        str(walk.case.pk),
        "人clerk",
    )
    assert entry.after is not None
    assert entry.after["sha256"] == sha256(answer.content).hexdigest()
    assert entry.after["pages"] >= 2
    assert entry.after["reporter_masked"] is True


def test_who_does_not_see_the_case_prints_nothing(district: District) -> None:
    case = Walk(district).case
    before = Entry.objects.count()
    answer = Browser(district.other_collector).get(f"/cases/{case.pk}/file.pdf")
    assert (answer.status_code, answer.json()["code"]) == (404, "case_not_found")
    assert Browser(district.collector).get(f"/cases/{case.pk}/file.pdf", lang="fr").status_code == 422
    assert Entry.objects.count() == before


def test_nothing_is_fetched_whatever_is_written_into_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def opened(self: Any, request: Any, *rest: Any, **more: Any) -> Any:
        asked.append(getattr(request, "full_url", str(request)))
        raise OSError

    monkeypatch.setattr("weasyprint.urls.URLFetcher.open", opened)
    page = '<img src="file:///etc/passwd"><img src="http://127.0.0.1/x"><link rel=stylesheet href="http://x/y.css">'
    content, pages = press.set_pages(page, "")
    assert (asked, pages) == ([], 1)
    assert content.startswith(b"%PDF-")


def test_of_very_many_photos_the_first_are_printed_and_all_are_listed(
    district: District, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_PICTURES", 4)
    page = told(district, walk)
    whole = store.read_for(district.actor("acceptor"), walk.case.pk)
    assert page.count("data:image/jpeg;base64,") == 4
    assert "另有 2 张照片未印出" in page
    assert all(photo.file.sha256[32:] in page for photo in whole.photos)
    assert "2 more photos are not printed" in told(district, walk, language="en")


def test_photos_that_take_too_long_are_listed_only(
    district: District, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "PICTURES_S", 0.0)
    page = told(district, walk)
    assert "data:image/jpeg" not in page
    assert "另有 6 张照片未印出" in page


def test_a_file_that_is_too_long_is_refused_and_says_how_long(
    district: District, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "MOST_ROWS", 12)
    answer = Browser(district.clerk).get(f"/cases/{walk.case.pk}/file.pdf")
    assert (answer.status_code, answer.json()["code"]) == (409, "case_file_too_long")
    assert answer.json()["params"]["most"] == 12 < answer.json()["params"]["rows"]
    assert not Entry.objects.filter(action="cases.print_case").exists()


def test_a_file_that_is_not_set_in_time_is_given_up(
    district: District, walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "MOST_S", 0.2)
    answer = Browser(district.clerk).get(f"/cases/{walk.case.pk}/file.pdf")
    assert (answer.status_code, answer.json()["code"]) == (503, "printing_timed_out")
    assert answer.headers["Retry-After"] == "60"
    assert not Entry.objects.filter(action="cases.print_case").exists()


def test_only_so_many_print_at_once(district: District, walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "WAIT_S", 0.05)
    with press.place(), press.place():
        answer = Browser(district.clerk).get(f"/cases/{walk.case.pk}/file.pdf")
    assert (answer.status_code, answer.json()["code"]) == (429, "printing_busy")
    with press.place():
        pass


def test_a_press_that_falls_over_is_an_error_with_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fallen(*_: Any, **__: Any) -> Any:
        return CompletedProcess([], -signal.SIGSEGV, b"", b"somewhere in a font")

    monkeypatch.setattr(press.subprocess, "run", fallen)
    with pytest.raises(RuntimeError, match="code -11: somewhere in a font"):
        press.pressed("<p>", "")


def test_what_the_press_fails_on_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MOST_MEMORY", "much")
    with pytest.raises(RuntimeError, match=r"ValueError.*much"):
        press.pressed("<p>", "")


def test_a_page_that_would_take_all_memory_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MOST_MEMORY", 250 << 20)
    with pytest.raises(Unavailable, match="printing_timed_out"):
        press.pressed("<p>" + "<b>字</b>" * 400_000, "")


def test_a_case_just_reported_prints_too(district: District) -> None:
    _, content = printed.case_file(district.actor("acceptor"), Walk(district).case.pk)
    assert content.startswith(b"%PDF-")
    assert "尚未立案" in told(district, Walk(district))
