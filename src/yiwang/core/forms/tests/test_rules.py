"""What is asked, what is right, what it scores: by cases that the browser shares, and by properties."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.exporting import Words
from yiwang.core.forms import rules
from yiwang.core.forms.declare import SLOTS, Field, Form, Kind, Section, When, form_json, read_form
from yiwang.core.forms.rules.cells import SLOT_WORDS
from yiwang.core.forms.tests import cases
from yiwang.core.forms.tests.samples import ALL_KINDS, FORMS, SCORED, words

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 12) | st.floats(-2, 12) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Form, dict[str, Any]]:
    """A form with answers of the right kind mostly, anything at all sometimes."""
    form = draw(st.sampled_from(list(FORMS.values())))
    chance = draw(st.randoms(use_true_random=False))
    keys = draw(st.sets(st.sampled_from([field.key for field in form.fields])))
    answers = {field.key: cases.answer(field, chance) for field in form.fields if field.key in keys}
    odd = draw(st.dictionaries(st.sampled_from([*answers, "stranger"]), JSON, max_size=2))
    return form, {**answers, **odd}


def score(form: Form, answers: dict[str, Any]) -> tuple[str, str] | None:
    found = rules.score(form, answers)
    return (str(found.got), str(found.most)) if found else None


def faults(form: Form, answers: dict[str, Any]) -> dict[str, str]:
    return {fault.field: fault.code for fault in rules.check(form, answers)}


def test_the_shared_cases_are_what_the_rules_say() -> None:
    assert cases.FILE.read_text(encoding="utf-8") == cases.written(), "see tests/cases.py"
    codes = {fault["code"] for case in json.loads(cases.written())["cases"] for fault in case["faults"]}
    assert codes == {
        *("required", "wrong_kind", "unknown_option", "repeated", "slot_empty", "unknown_slot"),
        *("too_short", "too_long", "too_small", "too_large", "too_few", "too_many", "unknown_field"),
    }


@given(answered())
def test_whatever_is_sent_there_is_an_answer_to_it(given: tuple[Form, dict[str, Any]]) -> None:
    form, answers = given
    told = cases.told(form, answers)
    assert len({fault["field"] for fault in told["faults"]}) == len(told["faults"])
    found = rules.score(form, answers)
    assert found is None or 0 <= found.got <= found.most
    assert found is None or 0 <= found.percent <= 100


@given(answered())
def test_what_is_not_asked_changes_nothing(given: tuple[Form, dict[str, Any]]) -> None:
    form, answers = given
    kept = rules.kept(form, answers)
    assert set(kept) <= rules.visible(form, answers)
    assert rules.kept(form, kept) == kept
    assert rules.visible(form, kept) == rules.visible(form, answers)
    assert score(form, kept) == score(form, answers)
    assert rules.failed(form, kept) == rules.failed(form, answers)
    known = [fault for fault in rules.check(form, answers) if fault.code != "unknown_field"]
    assert list(rules.check(form, kept)) == known


@given(answered(), st.sampled_from(["litter", "count"]), st.integers(0, 9))
def test_more_litter_never_scores_more(given: tuple[Form, dict[str, Any]], key: str, more: int) -> None:
    answers = {**given[1], "litter": 3}
    less = rules.score(SCORED, answers)
    after = rules.score(SCORED, {**answers, "litter": 3 + more})
    assert less is not None
    assert after is not None
    assert after.got <= less.got
    assert after.most == less.most


def test_scores_are_exact() -> None:
    assert score(SCORED, {}) == ("60", "60")
    # 9 - 3 × 0.3 of 9, counted as 60.
    assert score(SCORED, {"litter": 3, "smell": "none"}) == ("54", "60")
    # No more than 2 for litter, then 8: no section falls below zero.
    assert score(SCORED, {"litter": 99, "smell": "bad"}) == ("0", "60")
    # 9 - 0.3 = 8.7; 60 × 8.7 / 9 = 58; and 2.5 + 1 of 3.5 by their own points.
    assert score(SCORED, {"litter": 1, "water": True, "leak": False}) == ("123/2", "127/2")
    # 2.5 - 0.5 + 1 - 1 (of -3 no more than 1).
    assert score(SCORED, {"litter": 0, "water": True, "leak": True, "extras": ["soap", "dirt"]}) == (
        "62",
        "259/4",
    )
    assert rules.score(ALL_KINDS, {"sure": True}) is None
    assert rules.is_scored(SCORED)
    assert not rules.is_scored(ALL_KINDS)


def test_a_percentage_is_rounded_half_up() -> None:
    assert str(rules.Score(Fraction(1), Fraction(8)).percent) == "12.50"
    assert str(rules.Score(Fraction(123450), Fraction(10**7)).percent) == "1.23"
    assert str(rules.Score(Fraction(12345), Fraction(10**6)).percent) == "1.23"
    assert str(rules.Score(Fraction(2), Fraction(3)).percent) == "66.67"


def test_a_condition_on_what_is_not_asked_does_not_hold() -> None:
    chain = (
        Field("a", words("一"), Kind.YES_NO),
        Field("b", words("二"), Kind.YES_NO, when=When(field="a", equals=True)),
        Field("c", words("三"), Kind.TEXT, when=When(field="b", equals=True)),
        Field("d", words("四"), Kind.TEXT, when=When(field="b", filled=False)),
    )
    form = Form("chain", words("链"), words("链"), (Section("s", words("一"), chain),))
    assert rules.visible(form, {"a": True, "b": True}) == {"a", "b", "c"}
    assert rules.visible(form, {"a": False, "b": True}) == {"a", "d"}


def test_yes_is_not_one() -> None:
    assert faults(ALL_KINDS, {"sure": 1}) == {"sure": "wrong_kind"}
    assert "story" not in rules.visible(ALL_KINDS, {"sure": 1})
    assert faults(ALL_KINDS, {"sure": False, "count": True}) == {"count": "wrong_kind"}


def test_a_row_has_words_and_numbers() -> None:
    answers = {
        "sure": True,
        "count": 3,
        "width": 1.5,
        "colour": "red",
        "faults": ["dirt", "noise"],
        "moment": "2026-11-23T08:00:00+08:00",
        "photos": cases.IDS[:2],
        "place": {"lon": 114.8, "lat": 30.8},
    }
    heads = [column.zh for column in rules.columns(ALL_KINDS)]
    row = dict(zip(heads, rules.cells(ALL_KINDS, answers, Words("zh")), strict=True))
    assert (row["是否"], row["个数（处）"], row["颜色"], row["问题"]) == ("是", 3, "红", "dirt、noise")
    assert (row["照片"], row["位置"], row["短文字"]) == ("2", "114.800000, 30.800000", None)
    assert row["时间"].isoformat() == answers["moment"]
    scored = rules.cells(SCORED, {"litter": 1}, Words("en"))
    assert scored == [1, None, None, None, None, 58.0, 60.0]
    assert [column.en for column in rules.columns(SCORED)][-2:] == ["Score", "Out of"]
    assert set(SLOT_WORDS) == set(SLOTS)


def test_a_form_is_read_as_it_was_written() -> None:
    for form in FORMS.values():
        assert read_form(json.loads(json.dumps(form_json(form))), form.edition) == form


def test_forms_that_make_sense_have_no_faults() -> None:
    assert [rules.faults_of(form) for form in FORMS.values()] == [(), ()]


TEXT = Field("a", words("一"), Kind.TEXT)
YES_NO = Field("b", words("二"), Kind.YES_NO)


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ((), "sections", "no_fields"),
        ((TEXT, TEXT), "sections.0.fields.1.key", "key_twice"),
        ((replace(TEXT, key="A"),), "sections.0.fields.0.key", "bad_key"),
        ((replace(TEXT, label={"zh": "一", "en": " "}),), "sections.0.fields.0.label", "no_name"),
        ((replace(TEXT, kind=Kind.CHOICE),), "sections.0.fields.0.options", "no_options"),
        ((replace(TEXT, points=1),), "sections.0.fields.0.points", "not_for_kind"),
        ((replace(TEXT, least=3, most=2),), "sections.0.fields.0.most", "bounds_crossed"),
        ((replace(TEXT, least=0.5),), "sections.0.fields.0.least", "bad_bound"),
        ((replace(TEXT, slots=("near",)),), "sections.0.fields.0.slots", "not_for_kind"),
        ((replace(YES_NO, points=1),), "sections.0.fields.0.fails_on", "needs_failing"),
        ((replace(YES_NO, points=0.125, fails_on=True),), "sections.0.fields.0.points", "bad_points"),
        ((replace(YES_NO, deducts=0, fails_on=True),), "sections.0.fields.0.deducts", "bad_points"),
        ((replace(TEXT, kind=Kind.PHOTO, slots=("x",)),), "sections.0.fields.0.slots", "unknown_slot"),
        ((replace(TEXT, when=When(field="b")),), "sections.0.fields.0.when", "when_incomplete"),
        (
            (replace(TEXT, when=When(field="b", equals=True)), YES_NO),
            "sections.0.fields.0.when",
            "when_unknown_field",
        ),
        (
            (YES_NO, replace(TEXT, when=When(all_of=(When(any_of=(When(field="b", filled=True),)),)))),
            "sections.0.fields.1.when",
            "when_incomplete",
        ),
        ((YES_NO, replace(TEXT, when=When(field="b", above=2))), "sections.0.fields.1.when", "when_unfit"),
        (
            (YES_NO, replace(TEXT, when=When(all_of=(When(field="b", equals="x"),)))),
            "sections.0.fields.1.when.all_of.0",
            "when_unfit",
        ),
    ],
)
def test_what_makes_no_sense_is_told_at_its_place(fields: tuple[Field, ...], place: str, code: str) -> None:
    form = Form("f", words("表"), words("表"), (Section("s", words("一"), fields),))
    assert (place, code) in {(fault.field, fault.code) for fault in rules.faults_of(form)}


def test_what_two_versions_say_differently() -> None:
    first, second = ALL_KINDS.sections
    sure, title, *rest = first.fields
    changed = replace(
        ALL_KINDS,
        name=words("改名"),
        sections=(
            replace(first, fields=(replace(title, most=8), sure, *rest[1:])),
            replace(second, weight=20),
            Section("third", words("三"), (Field("extra", words("新"), Kind.TEXT),)),
        ),
    )
    found = {(one.what, one.key, one.part) for one in rules.changes(ALL_KINDS, changed)}
    assert found == {
        ("form", "all_kinds", "name"),
        ("section", "second", "weight"),
        ("section", "third", "added"),
        ("field", "title", "most"),
        ("field", "extra", "added"),
        ("field", "story", "removed"),
        ("form", "all_kinds", "order"),
    }
    assert rules.changes(ALL_KINDS, ALL_KINDS) == ()
