"""Lists at the desk while the number of cases grows: pages in every order, the search box, tables written out.

A page in an order of two columns stands beside the page by time, which one index serves. A table written out (read
through the data scope, worded, put into sheets, kept) stands beside the library alone, which writes the same cells
out of memory.
"""

import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

from django.test import override_settings

from yiwang.core.accounts.tests.people import actor
from yiwang.core.actor import Actor
from yiwang.core.exporting import Wanted, exported_list
from yiwang.core.exports import actions, work
from yiwang.core.exports.models import Export
from yiwang.core.search import queries as search
from yiwang.operations.cases import queries
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.queries import Filters
from yiwang.project import benching
from yiwang.project.benching import Figure

DATABASE = True
SIZES = {"_small": 10_000, "_medium": 100_000, "": 1_000_000}
QUICK = {"_small": 300, "_medium": 1_000, "": 3_000}
ORDERS = ("street,-due_at", "-unit,reported_at", "category,-reported_at", "state,due_at,number", "-due_at")
COLUMNS = (
    "number", "light", "due_at", "state", "category", "description", "street", "community", "address", "unit",
    "reported_at",
)  # fmt: skip


def run(quick: bool) -> Iterable[Figure]:
    """All figures. Full: 10⁴, 10⁵ and 10⁶ cases; quick: 300, 1,000 and 3,000."""
    towns = benching.load("_town")
    town = towns.found()
    for suffix, size in (QUICK if quick else SIZES).items():
        towns.grow(town, size)
        person = actor(town.district.shift)
        yield worst_order(person, suffix, 3 if quick else 5)
        yield box(person, suffix, 5 if quick else 15)
        yield table(person, suffix)


def worst_order(person: Actor, suffix: str, rounds: int) -> Figure:
    """The slowest of the first and second pages in the orders of two and three columns, of all that one sees."""
    plain = page(person, queries.NEWEST_FIRST, rounds)
    worst = max((page(person, order, rounds), order) for order in ORDERS)
    size = f"{Case.objects.count()} cases, 50 rows by {worst[1]}"
    return Figure(f"ordered_page_ms{suffix}", worst[0], "ms", "the same page by time of report", plain, size)


def page(person: Actor, order: str, rounds: int) -> float:
    """Milliseconds for a page and the one after it."""

    def both() -> None:
        first, _ = queries.list_page(person, Filters(), sort=order, after=None, limit=50)
        queries.list_page(person, Filters(), sort=order, after=first.next, limit=50)

    return median(1000 * seconds(both) for _ in range(rounds))


def box(person: Actor, suffix: str, rounds: int) -> Figure:
    """What the search box asks while somebody types: a number's end, a word, a telephone number."""
    number = Case.objects.order_by("-id").values_list("number", flat=True)[0]
    asked = (number[-5:], "垃圾", "13812345678")
    took = median(1000 * seconds(lambda q=q: search.find(person, q, 5)) for q in asked for _ in range(rounds))
    plain = page(person, queries.NEWEST_FIRST, rounds)
    return Figure(
        f"search_ms{suffix}",
        took,
        "ms",
        "two pages by time of report",
        plain,
        f"{Case.objects.count()} cases",
    )


def table(person: Actor, suffix: str) -> Figure:
    """The whole list as a workbook, by the worker's own function, and the same cells by the library alone."""
    wanted = Wanted({}, queries.NEWEST_FIRST, COLUMNS, "zh")
    with tempfile.TemporaryDirectory() as folder, override_settings(FILES_DIR=Path(folder), FILES_URL=None):
        export = actions.ask(person, actions.Order("cases.list", wanted, "xlsx"))
        ours = seconds(lambda: work.write(export.pk))
        done = Export.objects.get(pk=export.pk)
        if (done.state, done.done) != ("ready", Case.objects.count()):
            raise RuntimeError(f"{done.state} after {done.done} rows: {done.reason}")
        bare = seconds(lambda: alone(person, wanted, Path(folder) / "alone.xlsx", done.done))
    size = f"{done.done} rows of {len(COLUMNS)} columns, {done.size_bytes / 1e6:.1f} MB"
    return Figure(
        f"export_rows_per_s{suffix}",
        done.done / ours,
        "rows/s",
        "XlsxWriter, same cells",
        done.done / bare,
        size,
    )


def alone(person: Actor, wanted: Wanted, path: Path, rows: int) -> None:
    """As many rows of such cells, of which a few hundred are at hand."""
    some = [
        row
        for row, _ in zip(exported_list("cases.list").found(person, wanted).rows(), range(300), strict=False)
    ]
    by_key = {column.key: column for column in exported_list("cases.list").columns}
    columns = tuple(by_key[key] for key in wanted.columns)
    with work.Sheets(path, "案件列表", columns, "zh") as sheets:
        for number in range(rows):
            sheets.write(some[number % len(some)])
        sheets.save([])


def seconds(work_to_do: Callable[[], object]) -> float:
    """How long it took."""
    began = time.perf_counter()
    work_to_do()
    return time.perf_counter() - began
