"""`yiwang import` brings a table in, says what came of it, and refuses in a line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests.conftest import district
from yiwang.project.cli import importing

__all__ = ["district"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district")]
ROWS = """source,id,created,closed,status,type
a,1,2020-01-01,2020-01-02,Closed,Pothole
a,2,2020-01-02,2020-01-01,Closed,x
"""


@pytest.fixture(autouse=True)
def at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database is the one that the command reaches."""

    @contextmanager
    def reached() -> Iterator[None]:
        yield

    monkeypatch.setattr(importing, "reachable_database", reached)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "requests.csv"
    path.write_text(ROWS)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(importing.bring, list(map(str, arguments)))


def test_it_brings_in_and_names_the_faulty_rows(file: Path) -> None:
    done = run("cases", file, "--mapping", "service_requests_311")
    assert done.exit_code == 0, done.output
    assert "2 rows in" in done.output
    assert "1 new, 0 there already, 1 faulty" in done.output
    assert "line 3: ended_at" in done.output
    assert Case.objects.count() == 1
    again = run("cases", file, "--mapping", "service_requests_311")
    assert "0 new, 1 there already, 1 faulty" in again.output


def test_a_dry_run_keeps_nothing_but_the_report(file: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    done = run("cases", file, "--mapping", "service_requests_311", "--dry-run", "--report", report)
    assert "1 would be new, 0 there already, 1 faulty" in done.output
    assert report.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("people", "FILE", "--mapping", "x"), "Nothing called 'people'"),
        (("cases", "FILE", "--mapping", "x"), "There is no mapping 'x'"),
        (("cases", "none.csv", "--mapping", "service_requests_311"), "none.csv cannot be read"),
        (("cases", "FILE"), "Say by which mapping"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(file: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(*(str(file) if one == "FILE" else one for one in arguments))
    assert done.exit_code != 0
    assert words in done.output
    assert "Traceback" not in done.output


def test_the_shipped_mappings_are_listed() -> None:
    assert "complaints_replies" in run("cases").output
