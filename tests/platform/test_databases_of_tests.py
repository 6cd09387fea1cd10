"""Each test run has a database of its own, and commits of one test do not reach the next."""

import os

import pytest
from django.db import connection

from yiwang.project.environment import CHECKOUT, ENV
from yiwang.project.testing.databases import is_alive
from yiwang.project.testing.ports import free_port
from yiwang.project.testing.surroundings import FIRST, group_of, place_in_order, turn_away


def value(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def test_a_run_is_turned_away_from_the_real_installation() -> None:
    variables = {
        "YIWANG_HOME": "/srv/real",
        "YIWANG_PUBLIC_ORIGIN": "https://real",
        "YIWANG_DATA_DIR": "/data",
        "PATH": "/bin",
    }
    turn_away(variables, 77)
    assert variables == {
        "YIWANG_HOME": str(CHECKOUT / "var" / "test"),
        "YIWANG_MODE": "test",
        "YIWANG_DATABASE_NAME": "test_77",
        "YIWANG_DATA_DIR": "/data",
        "DJANGO_SETTINGS_MODULE": "yiwang.project.settings",
        "PATH": "/bin",
    }


def test_this_run_was_turned_away() -> None:
    assert ENV.mode == "test"
    assert ENV.var == CHECKOUT / "var" / "test" / "var"


@pytest.mark.skipif(ENV.database_url is not None, reason="a managed database is used")
@pytest.mark.django_db
def test_the_database_is_this_runs_own() -> None:
    assert value("SELECT current_database()") == f"test_{os.getpid()}"
    assert value("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_commits_is_gone_for_the_next(turn: int) -> None:
    assert value("SELECT to_regclass('left_behind')") is None
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind (turn int)")


def test_a_database_of_a_dead_run_is_known() -> None:
    assert is_alive(f"test_{os.getpid()}")
    assert not is_alive("test_999999999")
    assert not is_alive("test_old")


def test_what_starts_platforms_stays_together_and_comes_first() -> None:
    assert (
        group_of("tests/browser/test_loop.py") == group_of("tests/browser/test_other.py") == "tests/browser"
    )
    assert (
        group_of("src/yiwang/core/audit/tests/test_rules.py") == "src/yiwang/core/audit/tests/test_rules.py"
    )
    assert place_in_order("tests/browser/test_loop.py") == 0
    assert place_in_order("src/yiwang/core/audit/tests/test_rules.py") > place_in_order(
        "tests/kill/test_x.py"
    )
    assert all((CHECKOUT / first).exists() for first in FIRST)


def test_no_port_is_given_twice() -> None:
    pairs = [free_port(following=1) for _ in range(20)]
    alone = {free_port() for _ in range(20)}
    assert len(alone) == 20
    assert all(abs(one - other) > 1 for one in pairs for other in pairs if one != other)
