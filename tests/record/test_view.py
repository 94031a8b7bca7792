from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ascertain.model.reference import Document, Figure, Party, Place
from ascertain.progress import Silent
from ascertain.record.entries import RecordCreated, RowWithdrawn
from ascertain.record.store import Record, open_record
from ascertain.record.verify import rebuild, verify
from ascertain.record.view import View, open_view

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
SOURCE = {"confirmed_by": "d", "confirmed_from": "tests"}


def _ids(view: View, table: str) -> list[str]:
    return view.tables[table].column("id").to_pylist()


def _figure(row_id: str, document: str) -> Figure:
    return Figure(id=row_id, subject="town", measure="killed", count=">=43", document=document, **SOURCE)


@pytest.mark.parametrize(
    ("published", "last_day_out", "first_day_in"),
    [
        ("2018-09-03", "2018-09-02", "2018-09-03"),
        ("2018-09", "2018-09-29", "2018-09-30"),
        ("2018-09~", "2018-09-29", "2018-09-30"),
        ("2018", "2018-12-30", "2018-12-31"),
        ("2018-09-01/2018-09-12", "2018-09-11", "2018-09-12"),
        ("201X", "2019-12-30", "2019-12-31"),
    ],
)
def test_a_document_counts_as_published_on_the_last_day_that_its_date_allows(
    record: Record, making: Any, state: Any, published: str, last_day_out: str, first_day_in: str
) -> None:
    state(making.document("report", published), _figure("n", "report"))
    for day, expected in ((last_day_out, False), (first_day_in, True)):
        view = open_view(record, as_of=datetime.date.fromisoformat(day))
        assert ("report" in _ids(view, "documents")) is expected
        assert ("n" in _ids(view, "figures")) is expected


def test_a_document_without_a_date_is_in_no_view_of_a_day(record: Record, making: Any, state: Any) -> None:
    state(making.document("undated", ""), _figure("n", "undated"))
    assert _ids(open_view(record), "figures") == ["n"]
    late = open_view(record, as_of=datetime.date(2100, 1, 1))
    assert (_ids(late, "documents"), _ids(late, "figures")) == ([], [])


def test_a_row_whose_document_is_not_in_the_record_is_in_no_view_of_a_day(record: Record, state: Any) -> None:
    state(_figure("n", "nowhere"))
    assert _ids(open_view(record, as_of=datetime.date(2100, 1, 1)), "figures") == []


def test_names_of_places_and_parties_have_no_date_of_publication(record: Record, making: Any, state: Any) -> None:
    party = Party(id="body", name="Commission", kind="body", independent=True, document="report", **SOURCE)
    state(making.document("report", "2030"), making.place("town"), party)
    view = open_view(record, as_of=datetime.date(2018, 1, 1))
    assert (_ids(view, "places"), _ids(view, "parties"), _ids(view, "documents")) == (["town"], ["body"], [])


def test_a_date_corrected_later_changes_the_view_of_now_and_not_the_view_of_then(
    record: Record, making: Any, state: Any
) -> None:
    first = state(making.document("report", "2018-07-06"), _figure("n", "report"))
    state(making.document("report", "2019-07-06"))
    day = datetime.date(2018, 12, 31)
    assert _ids(open_view(record, as_of=day, as_recorded=first), "figures") == ["n"]
    assert _ids(open_view(record, as_of=day), "figures") == []


def test_as_recorded_by_an_entry_shows_what_stood_at_that_entry(record: Record, making: Any) -> None:
    with record.writing("A. Analyst", NOW) as writer:
        writer.state("small", making.place("a", "before"))
        writer.state("small", making.place("a", "after"))
        writer.append(RowWithdrawn(table="places", id="a", reason="gone"))
    names = [open_view(record, as_recorded=n).tables["places"].column("name").to_pylist() for n in range(4)]
    assert names == [[], ["before"], ["after"], []]


def test_as_recorded_by_a_time_shows_what_stood_then(record: Record, making: Any) -> None:
    for day, name in ((10, "before"), (20, "after")):
        with record.writing("A. Analyst", NOW.replace(day=day)) as writer:
            writer.state("small", making.place("a", name))

    def name_at(moment: datetime.datetime) -> list[str]:
        return open_view(record, as_recorded=moment).tables["places"].column("name").to_pylist()

    assert name_at(NOW.replace(day=9)) == []
    assert name_at(NOW.replace(day=10)) == ["before"]
    assert name_at(NOW.replace(day=19, hour=23)) == ["before"]
    assert name_at(NOW.replace(day=20)) == ["after"]
    east = datetime.timezone(datetime.timedelta(hours=3))
    assert name_at(datetime.datetime(2026, 1, 20, 2, 59, tzinfo=east)) == ["before"]


@pytest.mark.parametrize("moment", [-1, datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)])
def test_before_the_first_entry_nothing_stood(record: Record, making: Any, state: Any, moment: Any) -> None:
    state(making.place("a"))
    view = open_view(record, as_recorded=moment)
    assert view.as_recorded == -1
    assert _ids(view, "places") == []


def test_an_entry_that_is_not_written_yet_means_the_last_one(record: Record, making: Any, state: Any) -> None:
    last = state(making.place("a"))
    assert open_view(record, as_recorded=10**30).as_recorded == last


def test_a_view_of_an_empty_record_has_every_table_with_its_columns(record: Record) -> None:
    view = open_view(record)
    assert len(view.tables) == 11
    assert {"id", "when", "when_earliest", "when_latest"} <= set(view.tables["incidents"].column_names)
    assert not {"reference", "from_entry", "until_entry"} & set(view.tables["incidents"].column_names)


def test_a_list_comes_back_as_a_list_and_a_number_as_a_number(record: Record, state: Any) -> None:
    state(Place(id="a", name="Estor", aliases=("Astor", "إستور"), lat=35.5, document="d", **SOURCE))
    (row,) = open_view(record).tables["places"].to_pylist()
    assert (row["aliases"], row["lat"], row["lon"]) == (["Astor", "إستور"], 35.5, None)


def _rows(view: View) -> dict[str, list[dict[str, Any]]]:
    return {name: table.to_pylist() for name, table in view.tables.items()}


NAMES = st.sampled_from(("a", "b", "c"))
DAYS = st.dates(datetime.date(2018, 1, 1), datetime.date(2018, 12, 31))


class AnyHistory(RuleBasedStateMachine):
    """Rows stated, replaced and withdrawn in any order, beside what should then stand."""

    folder: Path
    making: Any

    def __init__(self) -> None:
        super().__init__()
        self.standing: dict[str, str] = {}
        self.published: dict[str, datetime.date] = {}
        self.past: list[tuple[int, datetime.date | None, dict[str, Any]]] = []

    @initialize(number=st.integers(0, 10**12))
    def begin(self, number: int) -> None:
        folder = self.folder / f"{number}-{len(list(self.folder.iterdir()))}"
        with self.making.new(folder) as record, record.writing("A. Analyst", NOW) as writer:
            writer.append(RecordCreated(name=folder.name, software="tests"))
        self.record = open_record(folder, 0)

    @rule(row=NAMES, name=st.text("aéع0-", min_size=1, max_size=6))
    def state_a_place(self, row: str, name: str) -> None:
        with self.record.writing("A. Analyst", NOW) as writer:
            writer.state("any", Place(id=row, name=name, document="a", **SOURCE))
        self.standing[row] = name

    @rule(row=NAMES)
    def withdraw_a_place(self, row: str) -> None:
        with self.record.writing("A. Analyst", NOW) as writer:
            writer.append(RowWithdrawn(table="places", id=row, reason="any"))
        self.standing.pop(row, None)

    @rule(row=NAMES, day=DAYS)
    def state_a_document_and_a_figure(self, row: str, day: datetime.date) -> None:
        document = Document(
            id=row, party="p", title="t", published=day.isoformat(), kind="letter", symbol="S", seen="primary", **SOURCE
        )
        with self.record.writing("A. Analyst", NOW) as writer:
            writer.state("any", document)
            writer.state("any", _figure(f"n_{row}", row))
        self.published[row] = day

    @rule()
    def fail_half_way(self) -> None:
        with pytest.raises(ZeroDivisionError), self.record.writing("A. Analyst", NOW) as writer:
            writer.append(RowWithdrawn(table="places", id="a", reason="any"))
            raise ZeroDivisionError

    @rule(day=st.none() | DAYS)
    def look(self, day: datetime.date | None) -> None:
        """Remember what the record shows now."""
        view = open_view(self.record, as_of=day)
        self.past.append((view.as_recorded, day, _rows(view)))

    @rule(day=DAYS)
    def a_view_of_a_day_shows_what_had_been_published(self, day: datetime.date) -> None:
        known = sorted(row for row, published in self.published.items() if published <= day)
        view = open_view(self.record, as_of=day)
        assert _ids(view, "documents") == known
        assert _ids(view, "figures") == [f"n_{row}" for row in known]

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def a_view_of_the_past_never_changes(self, data: st.DataObject) -> None:
        number, day, rows = data.draw(st.sampled_from(self.past))
        assert _rows(open_view(self.record, as_of=day, as_recorded=number)) == rows

    @rule()
    def rebuild_changes_nothing(self) -> None:
        before = _rows(open_view(self.record))
        rebuild(self.record, Silent())
        assert _rows(open_view(self.record)) == before

    @invariant()
    def what_stands_is_what_was_last_said(self) -> None:
        if hasattr(self, "record"):
            places = open_view(self.record).tables["places"].to_pylist()
            assert {row["id"]: row["name"] for row in places} == self.standing

    def teardown(self) -> None:
        if hasattr(self, "record"):
            assert verify(self.record, Silent()).problems == ()
            for number, day, rows in self.past:
                assert _rows(open_view(self.record, as_of=day, as_recorded=number)) == rows


def test_any_history_of_a_record_keeps_its_promises(tmp_path_factory: pytest.TempPathFactory, making: Any) -> None:
    AnyHistory.making = making
    AnyHistory.folder = tmp_path_factory.mktemp("histories")
    case = AnyHistory.TestCase
    case.settings = settings(
        max_examples=15 if making.home.is_quick else 5,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    case("runTest").runTest()
