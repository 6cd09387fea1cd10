"""Real tables by the shipped mappings: every row is a case, there already, or at fault with a reason."""

import csv
import gzip
import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from yiwang.core.actor import system
from yiwang.core.deadlines.models import Deadline
from yiwang.core.imports import queries as imports
from yiwang.core.imports.actions import Options, bring_in
from yiwang.core.imports.declare import BadMapping
from yiwang.core.imports.mapping import parse
from yiwang.core.imports.models import Run
from yiwang.operations.cases import intake
from yiwang.operations.cases.intake import CASES
from yiwang.operations.cases.models import Answer, Case, Task
from yiwang.operations.cases.tests.district import District

pytestmark = pytest.mark.django_db
CLERK = system("test")
ROWS = 400  # of a real file; the whole of each is for the long run


def mapping(name: str) -> imports.Mapping:
    return imports.mapping(CASES, name)


def bring(path: Path, name: str, limit: int | None = ROWS) -> Run:
    return bring_in(CLERK, path, mapping(name), Options(limit=limit))


def faults(run: Run) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in imports.faults(run.pk)]


def requests(data_dir: Path) -> list[dict[str, str]]:
    with gzip.open(data_dir / "service_requests_311" / "requests.csv.gz", "rt") as file:
        return list(csv.DictReader(file))


def test_every_shipped_mapping_can_be_read(district: District) -> None:
    names = [one.name for one in imports.shipped_mappings(CASES)]
    assert names == [
        "complaints_hot_topics",
        "complaints_labelled",
        "complaints_replies",
        "service_requests_311",
    ]


def test_the_example_in_the_documents_is_a_mapping(district: District, tmp_path: Path) -> None:
    page = Path(__file__).resolve().parents[5] / "docs" / "operations" / "importing.md"
    example = page.read_text().partition("```toml\n")[2].partition("```")[0]
    found = parse("example", tomllib.loads(example))
    path = tmp_path / "t.csv"
    path.write_text(
        "工单编号,渠道,登记时间,办结时间,标题,内容,来电人,经度,纬度\n"
        "1,电话,2025/3/1 8:30,2025/3/2 9:00,路灯不亮,晚上很黑,王小明,114.805,30.858\n",
        encoding="gb18030",
    )
    run = bring_in(CLERK, path, found)
    assert (run.loaded, run.faulty) == (1, 0), faults(run)
    case = Case.objects.get()
    assert (case.category.key, case.state, case.area_code) == (
        "component.street_light",
        "closed",
        "420117001001001",
    )
    assert case.reporter.name == "王小明"


@pytest.mark.parametrize("name", ["labelled", "hot_topics", "replies"])
def test_complaints(district: District, data_dir: Path, name: str) -> None:
    path = data_dir / "complaints_zh" / f"{name}.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()][:ROWS]
    run = bring(path, f"complaints_{name}")
    assert faults(run) == []
    assert run.loaded == len(rows) == Case.objects.count()
    case = Case.objects.get(description__startswith=rows[0]["subject"])
    assert rows[0]["text"].strip()[:50] in case.description
    assert case.reported_at.astimezone(UTC) < datetime.now(UTC)
    assert case.place["unknown"] is True
    if name == "replies":
        assert set(Case.objects.values_list("state", flat=True)) == {"closed"}
        answer = Answer.objects.get(case=case)
        assert answer.text == rows[0]["reply"].strip().replace("\r\n", "\n")
        assert answer.told_at == case.ended_at
    else:
        assert set(Case.objects.values_list("state", flat=True)) == {"pending_registration"}
        assert not Deadline.objects.exists()
    assert bring(path, f"complaints_{name}").present in (0, len(rows))


def check_requests(run: Run, rows: list[dict[str, str]]) -> None:
    """What holds for any part of the 311 export."""
    impossible = {
        n for n, row in enumerate(rows, start=2) if row["closed"] and row["closed"] < row["created"]
    }
    unended = {
        n for n, row in enumerate(rows, start=2) if row["status"].startswith("Closed") and not row["closed"]
    }
    found = faults(run)
    assert {line for line, code in found if code == "ends_before_it_begins"} == impossible
    assert {line for line, code in found if code == "no_end"} == unended
    assert len(found) == len(impossible | unended)
    assert run.position == len(rows) == run.loaded + run.faulty
    lines = dict(enumerate(rows, start=2))
    ended = sum(
        row["status"].startswith("Closed") for n, row in lines.items() if n not in impossible | unended
    )
    assert Case.objects.filter(group__in=["closed", "refused"]).count() == ended
    assert not Task.objects.exists()
    assert Case.objects.filter(condition__isnull=False).count() == 0


def test_service_requests(district: District, data_dir: Path) -> None:
    rows = requests(data_dir)
    run = bring(data_dir / "service_requests_311" / "requests.csv.gz", "service_requests_311")
    check_requests(run, rows[:ROWS])
    with_due = [row for row in rows[:ROWS] if row["due"]]
    assert Deadline.objects.count() == len(with_due)
    first = Case.objects.get(description="SW-HGW", reported_at="2015-10-01T00:42:31Z")
    assert (first.source, first.state, first.group) == ("app", "closed", "closed")
    assert first.steps.get(seq=1).data["imported"] == {"known": True, "said": "Solid Waste / SW-HGW"}


@pytest.mark.full
def test_all_service_requests(district: District, data_dir: Path) -> None:
    run = bring(data_dir / "service_requests_311" / "requests.csv.gz", "service_requests_311", None)
    check_requests(run, requests(data_dir))


def test_other_columns_missing_values_and_odd_dates(district: District, tmp_path: Path) -> None:
    """A table as another city would send it: other order and case of columns, dates of Excel, a blank, a double."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    for row in (
        ["STATUS", "Type", "extra", "Closed", "Created", "ID", "Source", "lat", "lon"],
        ["Closed", "Pothole", "x", datetime(2020, 1, 2, 8), datetime(2020, 1, 1, 8), 7, "a", 40.7, -74.0],  # noqa: DTZ001
        ["closed", "Noise - Park", None, "2020-01-02T08:00:00", "2020/1/1 8:00", "8", "a", None, None],
        ["Open", "?", None, None, "1/1/2020", "9", "a", None, None],
        ["Open", "?", None, None, "2020-01-01", None, "a", None, None],
        ["Open", "?", None, None, "2020-01-01", "8", "a", None, None],
        ["Open", "?", None, None, "2020-01-01", "10", "a", 400, 1],
    ):
        page.append(row)
    book.save(tmp_path / "t.xlsx")
    run = bring(tmp_path / "t.xlsx", "service_requests_311")
    assert faults(run) == [(4, "not_a_date"), (5, "no_key"), (6, "double"), (7, "out_of_range")]
    assert set(Case.objects.values_list("category__key", flat=True)) == {
        "event.damaged_road",
        "event.commercial_noise",
    }
    assert set(Case.objects.values_list("reported_at", flat=True)) == {datetime(2020, 1, 1, 13, tzinfo=UTC)}


def test_a_place_in_the_district_is_kept_whatever_its_datum(district: District, tmp_path: Path) -> None:
    document = dict(mapping("service_requests_311").document)
    document["options"] = {**document["options"], "datum": "gcj02"}
    path = tmp_path / "t.csv"
    path.write_text(
        "source,id,created,closed,status,type,channel,lat,lon\na,1,2020-01-01,,Open,x,,30.86,114.80\n"
    )
    bring_in(CLERK, path, parse("t", document))
    case = Case.objects.get()
    assert case.area_code == "420117001001001"
    assert case.location.x == pytest.approx(114.7944, abs=0.001)
    assert case.state == "pending_registration"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "ways must say"),
        ({"ways": {"a": "x"}}, "must be a list"),
        ({"ways": {"a": ["x"]}, "datum": "x"}, "datum must be"),
        ({"ways": {"a": ["x"]}, "area": "42"}, "area must be"),
        ({"way": {}}, "'way' is not known"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(BadMapping, match=words):
        intake.prepare(options)


def test_a_way_that_the_lifecycle_does_not_know_is_refused(district: District, tmp_path: Path) -> None:
    document = dict(mapping("service_requests_311").document)
    document["options"] = {"ways": {"open": ["take_call", "fly"]}}
    path = tmp_path / "t.csv"
    path.write_text("source,id,created,closed,status,type,channel\na,1,2020-01-01,,Open,x,\n")
    with pytest.raises(BadMapping, match="no way take_call → fly"):
        bring_in(CLERK, path, parse("t", document))
