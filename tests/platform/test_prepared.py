"""Statements that are made once give the same rows, and write the same, as Django's own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier, get_ident
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.gis.geos import Point
from django.contrib.gis.geos.prototypes.io import _WKBReader
from django.db import IntegrityError, connection, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext

from yiwang.core import clock
from yiwang.core.accounts.models import Assignment, Unit
from yiwang.core.calendars.models import Calendar
from yiwang.core.deadlines.models import Deadline
from yiwang.core.events.models import OutboxEvent
from yiwang.core.prepared import Prepared, at_once, insert, update
from yiwang.operations.cases.models import Case, Lifecycle

pytestmark = pytest.mark.django_db
NAMED = Prepared(lambda key: Calendar.objects.filter(key=key).order_by("pk"), "\uffff")


def calendar(key: str) -> Calendar:
    return Calendar(key=key, name="甲", name_en="A", spans=[["08:00", "12:00"]])


def test_rows_come_as_from_django_and_the_statement_is_made_once() -> None:
    for key in ("a", "b"):
        calendar(key).save()
    with CaptureQueriesContext(connection) as caught:
        found = [NAMED.first(key) for key in ("a", "b", "none")]
    assert [row and (row.key, row.spans) for row in found] == [
        ("a", [["08:00", "12:00"]]), ("b", [["08:00", "12:00"]]), None,
    ]  # fmt: skip
    assert len(caught) == 3
    assert found[0] == Calendar.objects.get(key="a")


def test_related_rows_and_geometry_come_along() -> None:
    root = Unit.objects.create(code="r", name="r", short_name="r", kind="k", path="1.")
    child = Unit.objects.create(code="c", name="c", short_name="c", kind="k", path="1.2.", parent=root)
    rows = Prepared(lambda pk: Unit.objects.select_related("parent").filter(pk=pk), -1)
    with CaptureQueriesContext(connection) as caught:
        (found,) = rows(child.pk)
        assert found.parent is not None
        assert (found.parent.path, rows(root.pk)[0].parent) == ("1.", None)
    assert len(caught) == 2


def test_values_come_as_tuples_and_a_list_stands_for_a_list() -> None:
    for key in ("a", "b", "c"):
        calendar(key).save()
    among = Prepared(
        lambda keys: (
            Calendar.objects.filter(RawSQL("key = any(%s)", [keys], output_field=BooleanField()))
            .annotate(length=Length("key"))
            .order_by("-key")
            .values_list("length", "spans", "key")
        ),
        ["\uffff"],
    )
    assert among(["a", "c"]) == [(1, [["08:00", "12:00"]], "c"), (1, [["08:00", "12:00"]], "a")]
    assert among([]) == []


def test_a_stand_in_that_does_not_reach_the_statement_is_refused() -> None:
    broken = Prepared(lambda day: Assignment.objects.filter(valid_from__month=day.month), date.max)
    with pytest.raises(ValueError, match="does not stand in the statement"):
        broken(clock.today())


def test_inserting_fills_keys_and_leaves_defaults_to_the_database() -> None:
    event = OutboxEvent(type="x.y", aggregate="x:1", payload={"字": 1}, audience={}, at=clock.now())
    insert([event])
    stored = OutboxEvent.objects.get(pk=event.pk)
    assert (stored.payload, stored.state) == ({"字": 1}, "pending")
    assert stored.due_at is not None
    many = [calendar(f"k{n}") for n in range(120)]
    insert(many)
    assert Calendar.objects.filter(key__startswith="k").count() == 120


def test_updating_writes_what_is_named_and_nothing_else() -> None:
    row = calendar("a")
    row.save()
    row.name, row.name_en = "乙", "B"
    update(row, ("name",))
    assert (Calendar.objects.get().name, Calendar.objects.get().name_en) == ("乙", "A")
    update(row)
    assert Calendar.objects.get().name_en == "B"


def test_every_kind_of_column_survives_the_way_there_and_back() -> None:
    now = clock.now()
    row = Deadline(
        owner_kind="x", owner_id=uuid4(), stage="s", calendar="", limit_kind="working_hour",
        limit_amount=Decimal("1.50"), started_at=now, warn_at=now, due_at=now, allowed_us=1, day_us=1,
        marks=["warn"], percents=[80], mark_at=[now], next_at=now,
    )  # fmt: skip
    insert([row])
    stored = Deadline.objects.get(pk=row.pk)
    kept = [f.attname for f in Deadline._meta.concrete_fields]
    assert [getattr(stored, name) for name in kept] == [getattr(row, name) for name in kept]


def some_case() -> Case:
    from yiwang.operations.cases.tests import district

    district.land()
    district.seeded()
    return district.Walk(district.build()).case


def test_a_geometry_is_written_as_django_writes_it() -> None:
    case = some_case()
    case.location = Point(114.81, 30.87, srid=4326)
    update(case, ("location",))
    assert Case.objects.get(pk=case.pk).location.coords == (114.81, 30.87)


@pytest.mark.django_db(transaction=True)
def test_no_two_threads_share_a_reader_of_geometries(monkeypatch: pytest.MonkeyPatch) -> None:
    """GEOS takes its readers for one thread's: two at once in one reader mix their rows up."""
    stored = some_case()
    rows = Prepared(lambda key: Case.objects.filter(pk=key), UUID(int=2**128 - 1))
    users: dict[int, set[int]] = {}
    read = _WKBReader.read

    def noted(reader: Any, *given: Any, **named: Any) -> Any:
        users.setdefault(id(reader), set()).add(get_ident())
        return read(reader, *given, **named)

    monkeypatch.setattr(_WKBReader, "read", noted)
    both = Barrier(2)

    def ask() -> None:
        both.wait()
        assert [row.location.coords for row in rows(stored.pk)] == [stored.location.coords]
        both.wait()  # neither ends before the other: its number would be given again
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(ask) for _ in range(2)]:
            done.result()
    assert [len(threads) for threads in users.values()] == [1, 1]


def test_what_travels_together_fails_together() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), at_once():
        insert([calendar("a"), calendar("a")], keys=False)
    assert not Calendar.objects.exists()
    with at_once():
        insert([calendar("a")], keys=False)
        asked = NAMED.ask("a")
        lifecycles = Prepared(lambda n: Lifecycle.objects.filter(pk=n), 2**31 - 1).ask(77)
        assert [row.key for row in asked()] == ["a"]
        assert lifecycles() == []


def test_within_another_nothing_is_waited_for() -> None:
    came_on = False
    with pytest.raises(IntegrityError), transaction.atomic(), at_once():  # noqa: PT012 - the order of both is the matter
        with at_once():
            insert([calendar("a"), calendar("a")], keys=False)
        came_on = True
    assert came_on
    assert not Calendar.objects.exists()


def test_another_value_than_the_stand_in_asks_for_itself() -> None:
    rows = Prepared(lambda owner: Deadline.objects.filter(owner_id=owner), UUID(int=2**128 - 1))
    assert rows(uuid4()) == []
