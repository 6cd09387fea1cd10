"""A store of the test's own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def files_dir(tmp_path: Path, settings) -> Path:
    """Where this test's content lies."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR
