"""A table is brought in whole: each row is made, present or at fault; again and after a kill nothing is doubled."""

import csv
from pathlib import Path

import pytest

from yiwang.core.actor import system
from yiwang.core.audit.models import Entry
from yiwang.core.errors import Conflict
from yiwang.core.imports import actions, queries
from yiwang.core.imports.actions import Options, bring_in
from yiwang.core.imports.faults import BadTable
from yiwang.core.imports.mapping import parse
from yiwang.core.imports.models import ExternalKey, RowFault, Run
from yiwang.core.imports.tests import things

pytestmark = pytest.mark.django_db
CLERK = system("test")
MAPPING = parse("test", things.document())
SMALL = 3


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    things.kept.clear()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "things.csv"
    rows = [f"{number},物{number},2026-03-{number:02d} 08:00" for number in range(1, 11)]
    rows[3], rows[5], rows[8] = "4,坏,", "6,=1+1,never", "2,又一个,"
    path.write_text("编号,名称,时间\n" + "\n".join(rows) + "\n")
    return path


def figures(run: Run) -> tuple[int, int, int, int]:
    return run.position, run.loaded, run.present, run.faulty


def test_every_row_is_accounted_for(file: Path, tmp_path: Path) -> None:
    heard: list[float] = []
    report = tmp_path / "out" / "report.csv"
    run = bring_in(
        CLERK, file, MAPPING, Options(report=report, chunk=SMALL), lambda run, done: heard.append(done)
    )
    assert figures(run) == (10, 7, 0, 3)
    assert run.state == "done"
    assert heard == sorted(heard)
    faults = {row.line: (row.field, row.code) for row in queries.faults(run.pk)}
    assert faults == {5: ("name", "refused"), 7: ("at", "not_a_date"), 10: ("key", "double")}
    assert ExternalKey.objects.count() == 7
    assert list(Entry.objects.values_list("action", flat=True)) == ["imports.start", "imports.finish"]
    with report.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["编号"] for row in rows] == ["4", "6", "2"]
    assert rows[1]["名称"] == "\t=1+1"
    assert rows[1]["导入:行号"] == "7"
    assert "2026" in rows[1]["导入:办法"]


def test_again_makes_nothing_and_a_mended_report_brings_the_rest(file: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    bring_in(CLERK, file, MAPPING, Options(report=report))
    assert figures(bring_in(CLERK, file, MAPPING)) == (10, 0, 7, 3)
    import openpyxl

    book = openpyxl.load_workbook(report)
    page = book.active
    assert page is not None
    assert page["B3"].value == "=1+1"
    assert page["B3"].data_type == "s"
    page["B2"], page["C3"], page["A4"] = "好", "2026-03-06", "22"
    page["B3"].data_type = "s"
    book.save(report)
    assert figures(bring_in(CLERK, report, MAPPING)) == (3, 3, 0, 0)
    assert len(things.kept) == 10


def test_a_dry_run_keeps_nothing_and_says_the_same(file: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    run = bring_in(CLERK, file, MAPPING, Options(dry=True, report=report))
    assert figures(run) == (10, 7, 0, 3)
    assert not Run.objects.exists()
    assert not ExternalKey.objects.exists()
    assert len(report.read_text().splitlines()) == 4


def test_a_run_that_was_killed_goes_on_where_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    def dies(*given: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return things.bring(*given)  # type: ignore[arg-type]

    from dataclasses import replace

    broken = replace(MAPPING, target=replace(things.THINGS, bring=dies))
    with pytest.raises(KeyboardInterrupt):
        bring_in(CLERK, file, broken, Options(chunk=SMALL))
    run = Run.objects.get()
    assert (run.state, run.position) == ("failed", 6)
    again = bring_in(CLERK, file, MAPPING, Options(chunk=SMALL))
    assert again.pk == run.pk
    assert figures(again) == (10, 7, 0, 3)
    assert RowFault.objects.count() == 3
    assert len(things.kept) == 7


def test_the_first_rows_only_and_then_the_rest(file: Path) -> None:
    assert figures(bring_in(CLERK, file, MAPPING, Options(limit=2))) == (2, 2, 0, 0)
    assert figures(bring_in(CLERK, file, MAPPING)) == (10, 7, 0, 3)
    assert Run.objects.count() == 1


def test_what_the_database_refuses_is_traced_to_its_row(file: Path) -> None:
    from dataclasses import replace

    from django.db import connection

    def bring(bringing: object, rows: object) -> object:
        with connection.cursor() as cursor:
            for row in rows:  # type: ignore[attr-defined]
                cursor.execute("SELECT %s::int", ["x" if row.values["name"] == "物7" else "1"])
        return things.bring(bringing, rows)  # type: ignore[arg-type]

    run = bring_in(CLERK, file, replace(MAPPING, target=replace(things.THINGS, bring=bring)))
    assert figures(run) == (10, 6, 0, 4)
    assert RowFault.objects.get(line=8).code == "refused_by_database"


def test_a_file_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("编号,称谓\n1,a\n")
    with pytest.raises(BadTable, match=r"no column 名称 or name\. It has: 编号, 称谓"):
        bring_in(CLERK, path, MAPPING)


def test_two_at_the_same_file_are_one_too_many(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection

    other = connection.copy()
    name = f"things:tests:{actions.tables.survey(file).digest}"
    with other.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtextextended(%s, 1))", [name])
        with pytest.raises(Conflict, match="import_running"):
            bring_in(CLERK, file, MAPPING)
    other.close()


def test_memory_stays_flat(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "many.csv"
    with path.open("w") as out:
        out.write("编号,名称,时间\n")
        out.writelines(f"{number},,2026-03-01\n" for number in range(40_000))
    found = actions.tables.survey(path)
    table = actions.tables.open_table(found)
    tracemalloc.start()
    assert sum(1 for _ in table.rows) == 40_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000
