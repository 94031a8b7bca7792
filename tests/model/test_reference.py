from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ascertain.model.reference import ROW_OF_TABLE, ROWS, Document, Figure, Incident, Party, Place, Refers, Zone
from ascertain.record.tables import column_values

SOURCED = {"id": "a", "document": "d", "confirmed_by": "d", "confirmed_from": "first reading"}
DOCUMENT = {
    "id": "d",
    "party": "p",
    "title": "A report",
    "published": "2018-07-06",
    "kind": "fact_finding_report",
    "url": "https://example.org/d",
    "seen": "primary",
    "confirmed_by": "d",
    "confirmed_from": "first reading",
}


def _columns_with_problems(kind: type, cells: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(cells)
    return [str(problem["loc"][0]) for problem in caught.value.errors()]


def test_every_table_has_one_row_class_and_every_reference_is_to_a_table() -> None:
    assert len(ROW_OF_TABLE) == len(ROWS)
    marks = [mark for row in ROWS for info in row.model_fields.values() for mark in info.metadata]
    assert all(table in ROW_OF_TABLE for mark in marks if isinstance(mark, Refers) for table in mark.tables)


def test_a_document_keeps_its_cells_without_surrounding_space() -> None:
    assert Document.model_validate({**DOCUMENT, "title": "  A report "}).title == "A report"


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        pytest.param("published", "6 July 2018", id="a_date_that_is_not_edtf"),
        pytest.param("published", "2018-02-30", id="a_day_that_does_not_exist"),
        pytest.param("kind", "novel", id="a_kind_of_no_vocabulary"),
        pytest.param("kind", "", id="no_kind"),
        pytest.param("seen", "once", id="a_way_of_seeing_of_no_vocabulary"),
        pytest.param("title", "", id="no_title"),
        pytest.param("title", "   ", id="a_title_of_spaces"),
        pytest.param("id", "a b", id="a_space_in_the_id"),
        pytest.param("id", "", id="no_id"),
        pytest.param("id", "x" * 121, id="an_id_too_long"),
        pytest.param("id", "../etc", id="an_id_that_begins_with_a_dot"),
        pytest.param("confirmed_by", "", id="confirmed_by_nothing"),
        pytest.param("weight", "5", id="a_column_of_its_own"),
    ],
)
def test_a_bad_cell_of_a_document_names_its_column(column: str, cell: str) -> None:
    assert _columns_with_problems(Document, {**DOCUMENT, column: cell}) == [column]


@pytest.mark.parametrize("cell", ["1,2", "70..40", "some", "9" * 30])
def test_a_bad_count_of_a_figure_names_its_column_and_no_other_error_escapes(cell: str) -> None:
    figure = {**SOURCED, "subject": "idlib", "measure": "killed", "count": cell}
    assert _columns_with_problems(Figure, figure) == ["count"]


def test_a_figure_without_a_count_and_an_incident_without_a_time_say_nothing() -> None:
    assert _columns_with_problems(Figure, {**SOURCED, "subject": "x", "measure": "killed", "count": ""}) == ["count"]
    incident = {**SOURCED, "name": "Douma", "kind": "incident", "place": "douma", "when": ""}
    assert _columns_with_problems(Incident, incident) == ["when"]


@pytest.mark.parametrize("cell", ["north", "nan", "inf", "91", "-90.5"])
def test_a_latitude_is_a_number_of_degrees(cell: str) -> None:
    assert _columns_with_problems(Place, {**SOURCED, "name": "Douma", "lat": cell}) == ["lat"]


def test_an_empty_number_is_no_number_rather_than_zero() -> None:
    place = Place.model_validate({**SOURCED, "name": "Douma", "lat": "", "lon": "36.4"})
    assert (place.lat, place.lon) == (None, 36.4)


def test_a_list_is_split_at_its_bars_and_keeps_no_empty_names() -> None:
    party = {**SOURCED, "name": "France", "kind": "state", "aliases": "République | | France |", "independent": "no"}
    assert Party.model_validate(party).aliases == ("République", "France")


@pytest.mark.parametrize("cell", ["", "true", "Yes", "1"])
def test_yes_and_no_are_the_only_answers_to_independent(cell: str) -> None:
    party = {**SOURCED, "name": "France", "kind": "state", "independent": cell}
    assert _columns_with_problems(Party, party) == ["independent"]


def test_a_row_becomes_columns_with_days_and_bounds() -> None:
    zone = Zone.model_validate({**SOURCED, "name": "Idlib", "from": "2018-09~", "admin1": "Idlib|Hama"})
    values = column_values(zone)
    assert (values["from"], values["from_earliest"], values["from_latest"]) == ("2018-09~", "2018-09-01", "2018-09-30")
    assert (values["until"], values["until_earliest"], values["until_latest"]) == ("", None, None)
    assert values["admin1"] == '["Idlib", "Hama"]'
    figure = Figure.model_validate({**SOURCED, "subject": "x", "measure": "killed", "count": ">=43"})
    assert {k: v for k, v in column_values(figure).items() if k.startswith("count")} == {
        "count": ">=43",
        "count_low": 43,
        "count_high": None,
    }


def test_a_row_written_out_is_read_back_as_the_same_row() -> None:
    zone = Zone.model_validate({**SOURCED, "name": "Idlib", "from": "2018-09", "admin1": "Idlib", "precision_km": "5"})
    assert Zone.model_validate(zone.model_dump(mode="json", by_alias=True)) == zone
