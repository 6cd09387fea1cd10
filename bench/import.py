"""Import: rows of a CSV file brought in as cases per second, by the shipped mapping for 311 exports, with their steps,
answers, audit entries, external keys and progress; and rows read and understood alone.

Beside the whole stands COPY of the same rows into a table of plain columns; beside the reading Python's csv.DictReader.
"""

import csv
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from django.db import connection

from yiwang.core.actor import system
from yiwang.core.imports import actions, queries, tables
from yiwang.core.imports.declare import Parsed, target
from yiwang.core.imports.mapping import Mapping
from yiwang.core.imports.rules import Columns, parse_row
from yiwang.operations.cases.tests import district as small
from yiwang.project.benching import Figure

DATABASE = True
ROUNDS = 3
COLUMNS = (
    "source", "id", "created", "due", "closed", "status", "agency", "type", "descriptor", "channel", "lat", "lon",
    "area", "outcome",
)  # fmt: skip
TYPES = (
    "Pothole",
    "Noise - Residential",
    "Illegal Parking",
    "SW-Dirty Street",
    "Street Light Out",
    "Graffiti",
    "Other",
)
BEGIN = datetime(2024, 1, 1)  # noqa: DTZ001 - a wall clock, as exports have it


def run(quick: bool) -> Iterable[Figure]:
    """Both figures, each the median of a few rounds."""
    small.land()
    small.seeded()
    small.build()
    mapping = queries.mapping(target("cases"), "service_requests_311")
    count = 3_000 if quick else 20_000
    with TemporaryDirectory() as folder:
        files = [written(Path(folder), number, count) for number in range(ROUNDS)]
        size = f"{count} rows of {len(COLUMNS)} columns"
        copied = rate(count, lambda: copy(files[0]))
        brought = [
            rate(count, lambda file=file: bring(file, mapping), 1) for file in files[: 1 if quick else ROUNDS]
        ]
        yield Figure(
            "rows_per_s", median(brought), "rows/s", "COPY of the same rows into plain columns", copied, size
        )
        plain = rate(count, lambda: read_plainly(files[0]))
        ours = rate(count, lambda: read(files[0], mapping))
        yield Figure("rows_read_per_s", ours, "rows/s", "csv.DictReader", plain, size)


def written(folder: Path, number: int, count: int) -> Path:
    """A file of requests, most of them closed."""
    chance, path = Random(number), folder / f"requests{number}.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for row in range(count):
            created = BEGIN + timedelta(seconds=chance.randrange(300 * 86_400))
            closed = created + timedelta(hours=chance.randrange(1, 400))
            is_open = chance.random() < 0.1
            out.writerow([
                f"city{number}", row, created.isoformat(), (created + timedelta(days=5)).isoformat(),
                "" if is_open else closed.isoformat(), "Open" if is_open else "Closed", "Works", chance.choice(TYPES),
                f"near house {chance.randrange(900)}", "Phone", 40.7, -74.0, "Downtown", "The condition was corrected.",
            ])  # fmt: skip
    return path


def bring(file: Path, mapping: Mapping) -> None:
    """The whole way."""
    run = actions.bring_in(system("bench"), file, mapping)
    if run.faulty or run.loaded != run.position:
        raise RuntimeError(f"{run.loaded} of {run.position} rows came in")


def read(file: Path, mapping: Mapping) -> None:
    """Read and understood."""
    table = tables.open_table(tables.survey(file))
    columns = Columns(table.columns)
    for row in table.rows:
        if not isinstance(parse_row(mapping, columns, row.line, row.cells), Parsed):
            raise RuntimeError(f"line {row.line} is not understood")


def read_plainly(file: Path) -> None:
    """Read alone."""
    with file.open(newline="") as lines:
        for _ in csv.DictReader(lines):
            pass


def copy(file: Path) -> None:
    """By the database alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"create temporary table bare ({', '.join(f'{name} text' for name in COLUMNS)})")
        with cursor.copy("copy bare from stdin with (format csv, header true)") as rows:
            rows.write(file.read_bytes())
        cursor.execute("drop table bare")


def rate(count: int, work: Callable[[], None], rounds: int = ROUNDS) -> float:
    """The median rate of a few rounds."""
    rates = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        rates.append(count / (time.perf_counter() - began))
    return median(rates)
