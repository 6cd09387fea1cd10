"""`yiwang files`: says what is missing, and copies to another place."""

import io
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from yiwang.core.accounts.tests.people import actor, person
from yiwang.core.files import actions
from yiwang.core.files.tests.factories import PDF, picture
from yiwang.project.cli import files as command

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the content of two files."""
    settings.FILES_DIR = tmp_path / "here"
    monkeypatch.setattr(command, "reachable_database", nullcontext)
    officer = actor(person("officer", "files.upload_file"))
    for content in (PDF, picture()):
        actions.store(officer, stream=io.BytesIO(content), name="a")
    return Path(settings.FILES_DIR)


def test_what_is_missing_is_named_and_an_exit_code(stored: Path) -> None:
    fine = CliRunner().invoke(command.files, ["check", "--deep"])
    assert (fine.exit_code, "0 contents are not as they should be" in fine.output) == (0, True)
    [first, *_] = sorted((stored / "originals").rglob("??*/*"))
    first.unlink()
    wrong = CliRunner().invoke(command.files, ["check"])
    assert wrong.exit_code == 1
    assert f"{first.name}  missing" in wrong.output


def test_content_is_copied_once(stored: Path, tmp_path: Path) -> None:
    to = (tmp_path / "there").as_uri()
    first = CliRunner().invoke(command.files, ["copy", to])
    assert first.exit_code == 0, first.output
    assert "2 copied" in first.output
    assert "0 copied" in CliRunner().invoke(command.files, ["copy", to]).output
    here = sorted(
        p.relative_to(stored) for folder in ("originals", "thumbnails") for p in (stored / folder).rglob("*")
    )
    there = sorted(p.relative_to(tmp_path / "there") for p in (tmp_path / "there").rglob("*"))
    assert [p for p in there if p.parts[1:]] == here
    refused = CliRunner().invoke(command.files, ["copy", "gopher://x"])
    assert refused.exit_code == 1
    assert "must be file:///path" in refused.output
