"""Parameters: the default until somebody sets one, within its bounds, on the record."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.audit.models import Entry
from yiwang.core.parameters import declare, queries
from yiwang.core.parameters.declare import Parameter

KEPT = Parameter("tests.kept", 14, {"zh": "份数", "en": "Kept"}, {"zh": "", "en": ""}, 1, 90)
ON = Parameter("tests.on", True, {"zh": "开", "en": "On"}, {"zh": "", "en": ""})


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(declare, "_known", {})
    for parameter in (KEPT, ON):
        declare.declare(parameter)
    queries.forget()
    yield
    queries.forget()


@given(st.one_of(st.integers(), st.booleans(), st.text(), st.none(), st.floats()))
def test_a_number_takes_whole_numbers_within_its_bounds_only(value: object) -> None:
    assert KEPT.fits(value) == (type(value) is int and 1 <= value <= 90)
    assert ON.fits(value) == isinstance(value, bool)


def test_two_of_one_name_and_a_default_out_of_bounds_are_refused(known: None) -> None:
    with pytest.raises(ValueError, match="two parameters"):
        declare.declare(Parameter("tests.on", False, {}, {}))
    with pytest.raises(ValueError, match="does not fit"):
        declare.declare(Parameter("tests.off", 9, {}, {}, 10, 20))


@pytest.mark.django_db(transaction=True)
def test_a_value_is_set_on_the_record_and_holds_at_once(known: None) -> None:
    admin = Browser(person("admin", "parameters.edit_value"))
    assert (queries.number(KEPT), queries.switched_on(ON)) == (14, True)
    put = admin.write("put", "/parameters/tests.kept", {"value": 30, "expected_version": 0})
    assert put.status_code == 200, put.content
    assert next((p["value"], p["default"], p["version"]) for p in put.json()["items"]) == (30, 14, 1)
    assert queries.number(KEPT) == 30
    late = admin.write("put", "/parameters/tests.kept", {"value": 31, "expected_version": 0})
    assert (late.status_code, late.json()["code"]) == (409, "parameter_changed")
    admin.write("put", "/parameters/tests.kept", {"value": None, "expected_version": 1})
    assert queries.number(KEPT) == 14
    entries = Entry.objects.filter(object_type="parameter").order_by("id")
    assert [(e.before["value"], e.after["value"]) for e in entries] == [(14, 30), (30, 14)]


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "value"), [("kept", 0), ("kept", 91), ("kept", True), ("on", 1)])
def test_what_does_not_fit_is_refused(known: None, key: str, value: object) -> None:
    admin = Browser(person("admin", "parameters.edit_value"))
    answer = admin.write("put", f"/parameters/tests.{key}", {"value": value, "expected_version": 0})
    assert (answer.status_code, answer.json()["code"]) == (422, "parameter_out_of_range")


@pytest.mark.django_db
def test_who_may_not_sees_none(known: None) -> None:
    assert Browser(person("clerk")).get("/parameters").status_code == 403
    admin = Browser(person("admin", "parameters.edit_value"))
    assert admin.write("put", "/parameters/tests.x", {"value": 1, "expected_version": 0}).status_code == 404
