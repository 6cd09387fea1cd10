"""Every route declares a permission that exists, and holds to it whoever calls: walked as everybody."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ninja.operation import Operation

from yiwang.core.accounts.queries import all_permissions
from yiwang.core.accounts.tests.people import Browser, person, unit
from yiwang.core.http.routes import FIRST_SIGN_IN, PUBLIC, SIGNED_IN, Everywhere
from yiwang.project.api import api

ROLES = json.loads(Path("src/yiwang/project/roles_2026_1.json").read_text(encoding="utf-8"))["roles"]
SOMETHING = "018f0000-0000-7000-8000-000000000000"


def operations() -> Iterator[tuple[str, str, Operation]]:
    """Method, path below /api/v1, and operation, of every route."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, f"{prefix}{path}", operation


ROUTES = list(operations())
NAMES = [f"{method} {path}" for method, path, _ in ROUTES]


def permission(operation: Operation) -> str:
    return str((operation.openapi_extra or {}).get("x-permission", ""))


class WithoutBody:
    """An answer to HEAD: its own status, and the words of the GET beside it, which is refused alike."""

    def __init__(self, answer: Any, beside: Any) -> None:
        self.status_code, self.json = answer.status_code, beside.json


def call(browser: Browser, method: str, path: str) -> Any:
    filled = re.sub(r"\{int:\w+\}", "1", path)
    filled = re.sub(r"\{(\w+:)?\w+_id\}", SOMETHING, filled)
    filled = re.sub(r"\{[^}]+\}", "x", filled)
    if method == "GET":
        return browser.get(filled)
    if method == "HEAD":
        return WithoutBody(browser.client.head(f"/api/v1{filled}"), browser.get(filled))
    return browser.write(method.lower(), filled, {})


def test_there_are_routes() -> None:
    assert len(ROUTES) > 20


@pytest.mark.parametrize(("method", "path", "operation"), ROUTES, ids=NAMES)
def test_every_route_declares_a_permission_that_exists(method: str, path: str, operation: Operation) -> None:
    assert permission(operation) in {PUBLIC, SIGNED_IN, FIRST_SIGN_IN, *all_permissions()}


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path", "operation"), ROUTES, ids=NAMES)
def test_nobody_gets_through_but_to_what_is_public(method: str, path: str, operation: Operation) -> None:
    answer = call(Browser(), method, path)
    if permission(operation) == PUBLIC:
        assert answer.status_code != 403
    else:
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.django_db
def test_a_first_password_opens_nothing_but_its_own_change() -> None:
    browser = Browser(person("newcomer", *all_permissions(), areas=["420117"], must_change=True))
    for method, path, operation in ROUTES:
        if permission(operation) in {PUBLIC, FIRST_SIGN_IN}:
            continue
        answer = call(browser, method, path)
        refused = (answer.status_code, answer.json()["code"]) == (403, "password_change_required")
        assert refused, f"{method} {path} gave {answer.status_code}"


@pytest.mark.django_db
def test_every_role_gets_through_where_it_may_and_nowhere_else() -> None:
    for role in [*ROLES, {"key": "nothing", "permissions": []}]:
        browser = Browser(person(role["key"].replace("_", ""), *role["permissions"], areas=["420117"]))
        for method, path, operation in ROUTES:
            needed = permission(operation)
            if path == "/session":
                continue
            answer = call(browser, method, path)
            refused = answer.status_code == 403 and answer.json()["code"] == "permission_denied"
            may = needed in {PUBLIC, SIGNED_IN, FIRST_SIGN_IN, *role["permissions"]}
            if may and needed != SIGNED_IN:
                assert not refused, f"{role['key']} {method} {path}"
            if not may:
                assert refused, f"{role['key']} {method} {path} gave {answer.status_code}"


# What belongs to no part of the district: the routes of these rooms, and these permissions, are asked for everywhere.
OF_THE_DISTRICT = {"audit", "codes", "forms", "imports", "parameters", "system"}
OF_THE_DISTRICT |= {"calendars.edit_calendar", "cases.edit_categories", "cases.edit_lifecycle"}
# Which calendar a unit has is its own part's.
OF_A_PART = {"/units/{int:unit_id}/calendar"}


@pytest.mark.django_db
def test_what_is_the_whole_districts_is_closed_to_who_holds_all_of_it_for_a_part() -> None:
    browser = Browser(person("part", *all_permissions(), areas=["420117"], at=unit("water", unit("root"))))
    for method, path, operation in ROUTES:
        needed = (operation.openapi_extra or {}).get("x-permission")
        if not isinstance(needed, Everywhere):
            asked = permission(operation)
            open_to_a_part = path in OF_A_PART or not {asked, asked.split(".")[0]} & OF_THE_DISTRICT
            assert open_to_a_part, f"{method} {path}"
            continue
        answer = call(browser, method, path)
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied"), f"{method} {path}"


def test_every_role_names_permissions_that_exist() -> None:
    for role in ROLES:
        assert set(role["permissions"]) <= set(all_permissions()), role["key"]


def test_the_first_administrator_can_give_every_role() -> None:
    """What is personal is given only by who holds it: else a role could never be filled."""
    administrator = next(role for role in ROLES if role["key"] == "administrator")["permissions"]
    personal = {key for key, declared in all_permissions().items() if declared.personal}
    for role in ROLES:
        assert personal.intersection(role["permissions"]) <= set(administrator), role["key"]


def test_every_permission_is_worded_twice_and_named_after_its_room() -> None:
    for key, declared in all_permissions().items():
        assert declared.label["zh"], key
        assert declared.label["en"], key
        assert key.count(".") == 1, key
