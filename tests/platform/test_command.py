"""The command starts in a moment and says plainly what is in its way."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from yiwang.project import benching
from yiwang.project.benching import Figure
from yiwang.project.cli import COMMANDS, yiwang
from yiwang.project.cli.running import table, width, worded
from yiwang.project.failure import Failure

ROOT = Path(__file__).resolve().parents[2]


def test_every_part_is_listed_and_loads() -> None:
    told = CliRunner().invoke(yiwang, ["--help"]).output
    assert all(name in told for name in COMMANDS)
    for name in COMMANDS:
        assert CliRunner().invoke(yiwang, [name, "--help"]).exit_code == 0


def test_an_unknown_part_is_refused() -> None:
    done = CliRunner().invoke(yiwang, ["nothing"])
    assert done.exit_code == 2
    assert "No such command 'nothing'" in done.output


def test_starting_the_command_loads_no_framework() -> None:
    """Nor does it read the environment: `demo` and `--port` still have to write into it."""
    program = (
        "import sys, yiwang.project.cli, yiwang.project.cli.running;"
        "print([name for name in ('django', 'psycopg', 'yiwang.project.environment') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_demo_wants_a_database_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIWANG_DATABASE_URL", "postgresql://city/real")
    done = CliRunner().invoke(yiwang, ["demo"])
    assert done.exit_code == 1
    assert "The demo makes its own database" in done.output


def test_chinese_columns_line_up() -> None:
    lines = table(("account", "name 姓名"), [["acceptor", "王敏"], ["leader", "Li"]]).splitlines()
    assert lines[0] == "  account   name 姓名"
    assert lines[2] == "  acceptor  王敏"
    assert width("王敏") == 4
    assert worded({"zh": "受理员", "en": "Acceptor"}) == "受理员"
    assert worded(None) == ""


def test_a_figure_is_one_line_with_its_reference() -> None:
    line = Figure("rows_per_s", 500.0, "rows/s", "COPY of the same rows", 2000.0, "10k rows").line("load")
    assert json.loads(line) == {
        "bench": "load",
        "figure": "rows_per_s",
        "value": 500.0,
        "unit": "rows/s",
        "reference": "COPY of the same rows",
        "reference_value": 2000.0,
        "ratio": 0.25,
        "size": "10k rows",
        "cores": len(os.sched_getaffinity(0)),
    }
    assert json.loads(Figure("lost", 0, "cases").line("load"))["ratio"] is None


def test_benchmarks_are_found_and_run_on_a_scratch_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "_shared.py").write_text("")
    (folder / "sums.py").write_text(
        "import os\n"
        "from yiwang.project.benching import Figure\n"
        "def run(quick):\n"
        "    yield Figure(os.environ['YIWANG_DATABASE_NAME'], 1 if quick else 2, 'sums')\n"
    )
    monkeypatch.setattr(benching, "CHECKOUT", tmp_path)
    monkeypatch.setenv("YIWANG_DATABASE_NAME", "real")
    assert benching.names() == ["sums"]
    line = json.loads(next(benching.run("sums", quick=True)))
    assert (line["figure"], line["value"]) == (f"bench_sums_{os.getpid()}", 1)


def test_a_benchmark_never_touches_a_database_that_is_not_its_own() -> None:
    """It drops its database at the end, so it refuses to start on this test run's, or anybody's."""
    with pytest.raises(Failure, match="is not one of its own"), benching.scratch_database():
        pass


def test_a_benchmark_turns_to_its_database_before_the_environment_is_read(tmp_path: Path) -> None:
    program = (
        "import pathlib; from yiwang.project import benching;"
        f"benching.CHECKOUT = pathlib.Path({str(tmp_path)!r});"
        "list(benching.run('empty', quick=True));"
        "from yiwang.project.environment import ENV; print(ENV.database_name)"
    )
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "empty.py").write_text("def run(quick):\n    return ()\n")
    variables = {**os.environ, "YIWANG_DATABASE_NAME": "real", "YIWANG_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=variables
    )
    assert done.stdout.startswith("bench_empty_")


def test_an_unknown_benchmark_is_refused_with_those_that_there_are() -> None:
    done = CliRunner().invoke(yiwang, ["bench", "nothing"])
    assert done.exit_code == 1
    assert "There is no benchmark 'nothing'" in done.output


def test_a_database_without_tables_is_named_with_what_to_do() -> None:
    from django.db import ProgrammingError

    from yiwang.project.cli.database import advice_on_missing_tables

    with pytest.raises(click.ClickException, match="yiwang migrate"), advice_on_missing_tables():
        raise ProgrammingError("relation does not exist")
