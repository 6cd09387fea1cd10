"""What the surroundings tell is read once, typed and checked."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from yiwang.project import environment
from yiwang.project.environment import CHECKOUT, BadEnvironment, kept_secret, read


@pytest.mark.parametrize("url", ["s3://", "s3:bucket", "file://host/x", "/var/files", "ftp://x/y"])
def test_a_place_of_files_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(BadEnvironment, match="YIWANG_FILES_URL"):
        read({"YIWANG_FILES_URL": url, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"})


def test_a_bucket_needs_its_credentials_which_are_not_shown() -> None:
    variables = {"YIWANG_FILES_URL": "s3://yiwang/files?endpoint=https://s3.example.org"}
    with pytest.raises(BadEnvironment, match="AWS_ACCESS_KEY_ID"):
        read(variables)
    found = read({**variables, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "hush"})
    assert (found.files_url, found.files_credentials) == (
        variables["YIWANG_FILES_URL"],
        ("key", "hush", None),
    )
    assert "hush" not in repr(found)


def test_nothing_need_be_given() -> None:
    found = read({})
    assert (found.home, found.mode, found.database_url) == (CHECKOUT, "development", None)
    assert (found.host, found.port, found.live_port, found.live_url) == ("127.0.0.1", 8000, 8001, None)
    assert found.files_dir == CHECKOUT / "var" / "files"
    assert found.data_dir == CHECKOUT.parent / "shared" / "data"
    assert found.address == "http://127.0.0.1:8000"
    assert found.district_dir.name == "xinzhou"


def test_everything_may_be_given(tmp_path: Path) -> None:
    found = read(
        {
            "YIWANG_HOME": str(tmp_path),
            "YIWANG_MODE": "production",
            "YIWANG_DATABASE_URL": "postgresql://db/yiwang",
            "YIWANG_SECRET_KEY": "k" * 32,
            "YIWANG_HOST": "::1",
            "YIWANG_PORT": "9000",
            "YIWANG_LIVE_PORT": "9100",
            "YIWANG_FILES_DIR": str(tmp_path / "photos"),
            "YIWANG_PUBLIC_ORIGIN": "https://yiwang.example.org/",
        }
    )
    assert (found.var, found.files_dir) == (tmp_path / "var", tmp_path / "photos")
    assert (found.database_url, found.secret_key) == ("postgresql://db/yiwang", "k" * 32)
    assert (found.port, found.live_port) == (9000, 9100)
    assert found.public_origin == found.address == "https://yiwang.example.org"
    assert found.live_url == "https://yiwang.example.org/live"


def test_sessions_are_left_alone_but_in_production() -> None:
    origin = {"YIWANG_PUBLIC_ORIGIN": "https://yiwang.example.org"}
    assert read({}).idle_minutes == 0
    assert read({**origin, "YIWANG_MODE": "production"}).idle_minutes == 30
    assert read({"YIWANG_IDLE_MINUTES": "15"}).idle_minutes == 15
    for wrong in ("3", "-1", "1000", "soon"):
        with pytest.raises(BadEnvironment, match="YIWANG_IDLE_MINUTES"):
            read({"YIWANG_IDLE_MINUTES": wrong})


def test_a_blank_variable_is_a_missing_one() -> None:
    assert read({"YIWANG_PORT": " ", "YIWANG_DATABASE_URL": ""}) == read({})


def test_live_events_take_the_next_port() -> None:
    assert read({"YIWANG_PORT": "9000"}).live_port == 9001
    assert read({"YIWANG_PORT": "65535"}).live_port == 65534


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("YIWANG_PORT", "0", "port from 1 to 65535"),
        ("YIWANG_PORT", "８０００", "port from 1 to 65535"),
        ("YIWANG_LIVE_PORT", "eight", "port from 1 to 65535"),
        ("YIWANG_MODE", "prod", "one of development, demo, production, test"),
        ("YIWANG_SECRET_KEY", "short", "at least 32"),
        ("YIWANG_PUBLIC_ORIGIN", "yiwang.example.org", "must be an address"),
        ("YIWANG_LIVE_URL", "ftp://x", "must be an address"),
        ("YIWANG_LIVE_PORT", "8000", "two ports"),
    ],
)
def test_a_bad_value_is_named_with_what_is_expected(name: str, value: str, told: str) -> None:
    with pytest.raises(BadEnvironment, match=told) as refusal:
        read({name: value})
    assert name in str(refusal.value)


@pytest.mark.parametrize(
    ("host", "seen"),
    [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("::1", "[::1]"), ("10.0.0.5", "10.0.0.5")],
)
def test_the_address_can_be_opened_here(host: str, seen: str) -> None:
    assert environment.browsable(host) == seen


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: kept_secret(file), range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) > 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["secret.key"]
