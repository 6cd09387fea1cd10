"""The built pages are served in front of the API: cached for good where names hold a hash, compressed as it lies."""

import gzip
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from yiwang.project import serving

SCRIPT = b"console.log('a long script');" * 50


def django(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"from django"]


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "console"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<html></html>")
    (folder / "assets" / "main-B5dRk1_x.js").write_bytes(SCRIPT)
    (folder / "assets" / "main-B5dRk1_x.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "favicon.svg").write_text("<svg/>")
    phone = tmp_path / "mobile"
    (phone / "assets").mkdir(parents=True)
    (phone / "index.html").write_text("<html></html>")
    (phone / "assets" / "phone-B5dRk1_x.js").write_bytes(SCRIPT)
    (phone / "sw.js").write_text("self;")
    built = SimpleNamespace(console_dir=folder, mobile_dir=phone, mode="production")
    monkeypatch.setattr(serving, "ENV", built)
    return folder


def get(path: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
    environ: dict[str, Any] = {"PATH_INFO": path, **headers}
    setup_testing_defaults(environ)
    seen: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        seen.update(status=status, headers=dict(headers))

    answer = serving.with_pages(django)(environ, start_response)  # type: ignore[arg-type]
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return seen["status"], seen["headers"], body


def test_a_hashed_file_is_cached_for_good_and_sent_compressed(console: Path) -> None:
    status, headers, body = get("/assets/main-B5dRk1_x.js", HTTP_ACCEPT_ENCODING="gzip")
    assert status == "200 OK"
    assert "immutable" in headers["Cache-Control"]
    assert headers["Content-Encoding"] == "gzip"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers
    assert gzip.decompress(body) == SCRIPT


def test_a_browser_without_gzip_gets_it_plain(console: Path) -> None:
    _, headers, body = get("/assets/main-B5dRk1_x.js")
    assert "Content-Encoding" not in headers
    assert body == SCRIPT


def test_other_files_are_asked_for_again(console: Path) -> None:
    _, headers, body = get("/favicon.svg")
    assert headers["Cache-Control"] == f"max-age={serving.STATIC_MAX_AGE_S}, public"
    assert body == b"<svg/>"


def test_the_files_of_the_phone_lie_below_its_own_folder(console: Path) -> None:
    _, headers, body = get("/m/assets/phone-B5dRk1_x.js")
    assert "immutable" in headers["Cache-Control"]
    assert body == SCRIPT
    _, headers, body = get("/m/sw.js")
    assert "immutable" not in headers["Cache-Control"]
    assert body == b"self;"


@pytest.mark.parametrize(
    "path",
    ["/", "/cases/1", "/api/v1/health", "/assets/../../secret.key", "/assets/none.js", "/m/assets/none.js"],
)
def test_all_else_is_djangos(console: Path, path: str) -> None:
    assert get(path)[2] == b"from django"


def test_without_a_built_console_there_is_only_django(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "ENV", SimpleNamespace(console_dir=tmp_path / "none", mode="production"))
    assert serving.with_pages(django) is django


def test_the_page_itself_is_djangos_which_knows_its_policy(console: Path) -> None:
    for path in ("/", "/index.html", "/cases/new", "/m/", "/m/index.html", "/m/report"):
        assert get(path)[2] == b"from django"
