"""How a reporter's number is found and hidden, whatever way it was given and written: rules alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.erasing import Erasure
from yiwang.operations.cases.rules.words import (
    BETWEEN,
    DIGITS,
    WIDE,
    masked_phone,
    numbers,
    same_number,
    spellings,
    without_person,
)

MOBILE = "13907127788"
GIVEN = [
    "13907127788/8001",
    "139-0712-7788转8001",
    "(027)86891234",
    "（027）8689 1234",
    "027.86891234",
    "+8613907127788",
    "86 139 0712 7788",
    "0086-13907127788",
    "１３９０７１２７７８８",
    "86891234/86895678",
    "86891234 86895678",
    "12345转8001",
    "110",
]
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
landlines = st.from_regex(r"(0(2[0-9]|[3-9][0-9]{2}))?[2-8][0-9]{6,7}", fullmatch=True)
prefixes = st.sampled_from(["", "+86", "86", "0086", "+86 ", "86-"])
separators = st.from_regex(BETWEEN, fullmatch=True)
free_texts = st.text("0123456789０９-－ ()./转,+\\", min_size=1, max_size=20).filter(str.strip)


def hidden(text: str, phone: str) -> str:
    return without_person(text, "", phone)


@pytest.mark.parametrize("phone", GIVEN)
def test_a_phone_is_found_as_it_was_given(phone: str) -> None:
    assert phone not in hidden(f"来电{phone}。", phone)


@given(free_texts, st.text("来电，。 x", max_size=5), st.text("来电，。 x", max_size=5))
def test_any_phone_is_found_as_it_was_given(phone: str, before: str, after: str) -> None:
    shown = hidden(f"{before}电{phone.strip()}。{after}", phone)
    if len(re.sub("[^0-9０-９]", "", phone)) > 2:
        assert phone.strip() not in shown


@given(mobiles, prefixes, prefixes, st.lists(separators, min_size=10, max_size=10), st.booleans())
def test_a_mobile_is_found_with_and_without_the_prefix_however_it_is_broken_up(
    mobile: str, prefix: str, other: str, breaks: list[str], wide: bool
) -> None:
    broken = "".join(digit + between for digit, between in zip(mobile, [*breaks, ""], strict=True))
    said = broken.translate(str.maketrans(DIGITS, WIDE)) if wide else broken
    shown = hidden(f"来电{other}{said}，", prefix + mobile)
    assert said not in shown
    assert shown.count("*") >= 4
    assert same_number(prefix + mobile, other + mobile)
    assert mobile in spellings(prefix + mobile)


@given(mobiles | landlines)
def test_what_the_search_finds_is_hidden(phone: str) -> None:
    for spelling in spellings(phone):
        assert spelling not in hidden(f"来电{spelling}。", phone)


@given(mobiles, st.integers(7, 10), st.sampled_from(["", "…", "-", " …"]))
def test_most_of_a_number_at_the_end_of_a_text_is_hidden(mobile: str, length: int, end: str) -> None:
    cut = "-".join([mobile[:3], mobile[3:7], mobile[7:length]]).rstrip("-")
    for said in (mobile[:length], cut):
        assert hidden(f"来电{said}{end}", f"+86{mobile}") == f"来电{'*' * len(said)}{end}"


@given(mobiles, st.text("来电0123456789-，", max_size=30))
def test_a_text_without_seven_digits_of_the_number_stays(mobile: str, text: str) -> None:
    digits = re.sub("[^0-9]", "", text)
    if mobile[:7] not in digits:
        assert hidden(text, mobile) == text


def test_the_numbers_of_a_phone() -> None:
    assert numbers("13907127788/8001") == ("139071277888001", MOBILE)
    assert numbers("+86 139-0712-7788") == ("8613907127788", MOBILE)
    assert numbers("013907127788") == ("013907127788", MOBILE)
    assert set(numbers("86891234/86895678")) > {"86891234", "86895678"}
    assert set(numbers("86891234 86895678")) > {"86891234", "86895678"}
    assert numbers("(027)86891234") == ("02786891234",)
    assert numbers("110") == numbers("12345") == numbers("") == numbers("无") == ()
    assert {"027-86891234", "02786891234"} < set(spellings("(027)86891234"))
    assert "0713-8689123" in spellings("07138689123")
    assert spellings("12345/110")[:2] == ("12345/110", "12345110")


def test_an_extension_alone_is_nobodys() -> None:
    assert hidden("请拨8001或12345", "13907127788/8001") == "请拨8001或12345"
    assert hidden(f"{MOBILE}来电", "13907127788/8001") == f"{masked_phone(MOBILE)}来电"


@pytest.mark.parametrize("text", ["阳光小区1-10栋", "1 10", "1100", "2110号", "１１０", "1.1.0"])
def test_a_short_number_is_found_only_as_it_was_given(text: str) -> None:
    assert hidden(text, "110") == text
    assert hidden("打了110，", "110") == "打了*10，"


def test_another_towns_number_is_another() -> None:
    assert not same_number("027-86891234", "010-86891234")
    assert hidden("010-86891234", "027-86891234") == "010-86891234"
    assert not same_number("", "无")
    assert same_number("110", "110")


def test_ids_and_places_in_a_document_stay() -> None:
    document = {"unit": {"id": 110}, "lon": 114.13907127788, "note": "打了110"}
    gone = Erasure(frozenset(), (), lambda text: hidden(text, "110"))
    assert gone.masked(document) == {**document, "note": "打了*10"}
    sure = Erasure(frozenset(), (MOBILE,), lambda text: hidden(text, MOBILE))
    told = {"lon": 114.13907127788, "tel": int(MOBILE), "cell": float(MOBILE), "n": 3.0, "on": True}
    shown = masked_phone(MOBILE)
    assert sure.masked(told) == {**told, "tel": shown, "cell": shown}
