"""Folders and processes for tests of the platform itself."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.platform.running_platform import RunningPlatform
from yiwang.project.supervisor import orphans


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A short folder that user postgres may enter, which pytest's own temporary folders are not for root."""
    folder = Path(tempfile.mkdtemp(prefix="yiwang-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def platform(home: Path) -> Iterator[RunningPlatform]:
    """A whole platform of the module's own, up and seeded."""
    one = RunningPlatform(home)
    one.start()
    yield one
    one.stop()
    orphans.end(orphans.find(home / "var"))


def wait_until(true: Callable[[], object], patience_s: float = 10.0) -> None:
    """Waits until something holds; fails when it does not in time."""
    give_up_at = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < give_up_at, f"not true within {patience_s:.0f} s"
        time.sleep(0.02)
