"""A release of a dataset to its claims."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ascertain.model.dataset import CLAIMS, ROWS
from ascertain.read.datasets.standing import anchors, object_says, standing_claims

DAY = datetime.date


def test_each_row_is_a_claim_with_its_values_and_its_words(bench: Any) -> None:
    read = bench.read(bench.table(*bench.rows))
    first = read.claims["a1"]
    assert (first["type"], first["row"], first["speaker"]) == ("air_strike", 2, "The Estor Observatory")
    assert (first["killed_low"], first["killed"], first["killed_high"]) == (2, 3, 5)
    assert (first["lon"], first["lat"], first["precision_km"]) == (36.4, 35.9, 5.0)
    assert (first["when_earliest"], first["when_latest"], first["date_precision_days"]) == (
        DAY(2018, 4, 7),
        DAY(2018, 4, 7),
        1,
    )
    assert first["via"] == "Radio Estor"
    assert (first["cells"]["place_precision"], first["cells"]["when"]) == ("1", "2018-04-07")


def test_a_precision_code_widens_the_days_by_its_table(bench: Any) -> None:
    claims = bench.read(bench.table(*bench.rows)).claims
    assert (claims["a2"]["when_earliest"], claims["a2"]["when_latest"]) == (DAY(2018, 4, 2), DAY(2018, 4, 14))
    assert (claims["a3"]["when_earliest"], claims["a3"]["when_latest"]) == (DAY(2018, 4, 1), DAY(2018, 4, 30))


def test_what_the_row_does_not_say_is_null_and_has_no_words(bench: Any) -> None:
    second = bench.read(bench.table(*bench.rows)).claims["a2"]
    assert (second["killed_low"], second["killed"], second["killed_high"], second["via"]) == (None, 1, None, None)
    assert second["cells"]["via"] is None
    assert second["injured"] is None


def test_a_word_of_no_known_code_is_kept_and_counted(bench: Any) -> None:
    read = bench.read(bench.table(*bench.rows))
    assert read.claims["a3"]["type"] is None
    assert read.claims["a3"]["cells"]["type"] == "raid"
    assert read.outcome.unknown["type"] == {"raid": 1}


def test_a_null_word_is_nothing_and_a_formula_is_text(bench: Any) -> None:
    third = bench.read(bench.table(*bench.rows)).claims["a3"]
    assert third["place"] is None
    assert third["text"] == "=1+1"


@pytest.mark.parametrize(
    ("row", "code", "says"),
    [
        ("b,shelling,31/02/2018,1,36,35,1,,,,1,,", "bad_date", "column 3 (date): '31/02/2018' is no date"),
        ("b,shelling,1066-10-14,1,36,35,1,,,,1,,", "bad_date", "outside the years"),
        ("b,shelling,2018-04-07,1,36,200,1,,,,1,,", "out_of_range", "column 6 (lat): '200' lies outside -90 to 90"),
        ("b,shelling,2018-04-07,1,here,35,1,,,,1,,", "bad_number", "'here' is no number of degrees"),
        ("b,shelling,2018-04-07,1,nan,35,1,,,,1,,", "bad_number", "'nan'"),
        ("b,shelling,2018-04-07,1,36,,1,,,,1,,", "half_a_point", "a longitude without a latitude"),
        ("b,shelling,2018-04-07,1,36,35,1,,,,-3,,", "negative", "column 11 (best): '-3' is fewer than none"),
        ("b,shelling,2018-04-07,1,36,35,1,,,,many,,", "bad_count", "'many' is no number of persons"),
        ("b,shelling,2018-04-07,1,36,35,1,,,9,,2,", "bounds", "killed: at least 9 and at most 2"),
        (",shelling,2018-04-07,1,36,35,1,,,,1,,", "no_key", "the row has no key"),
        ("b,shelling,2018-04-07,1,36,35,1,,,,1", "ragged", "11 cells under a header of 13"),
        ("b,shelling,2018-04-07,1,36,35,1,,,,1,,,,,", "ragged", "16 cells under a header of 13"),
        ("b,shelling,2018-04-07,1,36,35,1,a\0b,,,1,,", "nul", "column 8 (place): a NUL character"),
        ('b,shelling,2018-04-07,1,36,35,1,"x"y,,,1,,', "unreadable", "(line 3)"),
    ],
)
def test_a_row_that_is_no_claim_is_named_with_its_number_and_the_reason(
    bench: Any, row: str, code: str, says: str
) -> None:
    read = bench.read(bench.table(bench.rows[0], row, bench.rows[1]))
    (failure,) = read.outcome.failures
    assert (failure.row, failure.code) == (3, code)
    assert says in failure.reason
    assert set(read.claims) == {"a1", "a2"}
    (kept,) = [one for one in read.rows if one["change"] == "failed"]
    assert (kept["row"], kept["problem"], kept["reason"]) == (3, code, failure.reason)


def test_the_second_row_of_a_key_is_no_claim(bench: Any) -> None:
    read = bench.read(bench.table(*bench.rows, bench.rows[0].replace("a note", "another")))
    assert read.outcome.failed == {"duplicate_key": 1}
    assert read.outcome.failures[0].reason == "the key is that of row 2"
    assert read.claims["a1"]["text"] == "a note"


def test_a_best_estimate_outside_its_own_bounds_stands_and_is_counted(bench: Any) -> None:
    read = bench.read(bench.table("a,shelling,2018-04-07,1,36,35,1,,,2,9,5,"))
    assert read.claims["a"]["killed"] == 9
    assert sum(read.outcome.doubts.values()) == 1


def test_bytes_that_are_no_characters_fail_their_row_alone(bench: Any) -> None:
    data = bench.table(*bench.rows).replace(b"Arvel", b"Arv\xe9l")
    read = bench.read(data)
    assert read.outcome.failed == {"encoding": 1}
    assert set(read.claims) == {"a1", "a3"}


def test_the_same_input_gives_the_same_bytes(bench: Any) -> None:
    one, other = bench.read(bench.table(*bench.rows)), bench.read(bench.table(*bench.rows))
    assert one.path.read_bytes() == other.path.read_bytes()


def test_ids_are_of_the_exhibit_and_the_key(bench: Any) -> None:
    one, other = (
        bench.read(bench.table(*bench.rows)),
        bench.read(bench.table(*bench.rows[:2], "a4" + bench.rows[2][2:])),
    )
    assert len({row["claim"] for row in one.rows}) == 3
    assert not {row["claim"] for row in one.rows} & {row["claim"] for row in other.rows}
    assert all(len(row["claim"]) == 32 for row in one.rows)


def test_the_object_has_the_published_schema(bench: Any) -> None:
    written = pq.read_schema(bench.read(bench.table(*bench.rows)).path)
    assert [(field.name, field.type) for field in written] == [(field.name, field.type) for field in ROWS]


# Releases


def test_a_newer_release_adds_what_is_new_and_replaces_what_changed(bench: Any) -> None:
    first = bench.read(bench.table(*bench.rows))
    changed = bench.rows[0].replace("2,3,5", "2,4,5")
    second = bench.read(bench.table(changed, bench.rows[2], "a4" + bench.rows[1][2:]), before=[first.path])
    assert second.outcome.changes == {"new": 1, "changed": 1, "unchanged": 1, "withdrawn": 1}
    rows = {row["key"]: row for row in second.rows}
    assert rows["a1"]["replaces"] == first.claims["a1"]["claim"]
    assert (rows["a2"]["change"], rows["a2"]["claim"]) == ("withdrawn", first.claims["a2"]["claim"])
    assert "a3" not in rows


def test_what_moved_in_the_file_or_is_in_another_order_is_unchanged(bench: Any) -> None:
    first = bench.read(bench.table(*bench.rows))
    columns = [2, 0, 1, *range(3, 13)]
    moved = [",".join(line.split(",")[at] for at in columns) for line in reversed((bench.header, *bench.rows))]
    header = moved.pop()
    second = bench.read(bench.table(*moved, header=header), before=[first.path])
    assert second.outcome.changes == {"unchanged": 3}
    assert second.rows == []


def test_a_column_that_is_new_and_empty_changes_nothing(bench: Any) -> None:
    short = bench.header.removesuffix(",notes")
    first = bench.read(bench.table(*(row.rpartition(",")[0] for row in bench.rows), header=short))
    second = bench.read(bench.table(*(row.rpartition(",")[0] + "," for row in bench.rows)), before=[first.path])
    assert second.outcome.changes == {"unchanged": 3}
    third = bench.read(bench.table(*bench.rows), before=[first.path, second.path])
    assert third.outcome.changes == {"changed": 2, "unchanged": 1}


def test_a_table_of_codes_that_says_something_else_changes_the_rows_that_it_reads(bench: Any) -> None:
    first = bench.read(bench.table(*bench.rows))
    wider = bench.mapping.replace(b'"2": 25', b'"2": 30')
    assert wider != bench.mapping
    second = bench.read(bench.table(*bench.rows), wider, before=[first.path])
    assert second.outcome.changes == {"changed": 1, "unchanged": 2}
    assert second.claims["a2"]["precision_km"] == 30


def test_a_row_that_comes_back_is_restored(bench: Any) -> None:
    first = bench.read(bench.table(*bench.rows))
    second = bench.read(bench.table(*bench.rows[1:]), before=[first.path])
    third = bench.read(bench.table(*bench.rows, ""), before=[first.path, second.path])
    assert third.outcome.changes == {"restored": 1, "unchanged": 2}
    assert third.claims["a1"]["replaces"] == first.claims["a1"]["claim"]


def test_a_row_that_fails_in_a_newer_release_withdraws_nothing(bench: Any) -> None:
    first = bench.read(bench.table(*bench.rows))
    second = bench.read(bench.table(bench.rows[0].replace("35.9", "200"), *bench.rows[1:]), before=[first.path])
    assert second.outcome.changes == {"failed": 1, "unchanged": 2}


def test_what_stands_is_the_last_that_was_said_of_each_key(bench: Any, tmp_path: Path) -> None:
    first = bench.read(bench.table(*bench.rows))
    second = bench.read(
        bench.table(bench.rows[0].replace("2,3,5", "2,4,5"), bench.rows[2]), before=[first.path], release="2"
    )
    assert standing_claims([first.path], tmp_path)["killed"].to_pylist() == [3, 1, 0]
    both = standing_claims([first.path, second.path], tmp_path)
    assert both.schema == CLAIMS
    assert {row["key"]: (row["killed"], row["release"]) for row in both.to_pylist()} == {"a1": (4, "2"), "a3": (0, "1")}


def test_every_slot_has_its_cell(bench: Any, tmp_path: Path) -> None:
    read = bench.read(bench.table(*bench.rows))
    claim = standing_claims([read.path], tmp_path).to_pylist()[0]
    found = {one.slot: one for one in anchors(claim, object_says(read.path)["columns"])}
    assert (found["killed"].fragment, found["killed"].column, found["killed"].text) == ("cell=2,11", "best", "3")
    assert "injured" not in found


def test_a_table_without_a_key_is_known_again_by_its_content(bench: Any) -> None:
    keyless = bench.mapping.replace(b"key: id\n", b"")
    first = bench.read(bench.table(*bench.rows), keyless)
    second = bench.read(
        bench.table(bench.rows[0].replace("2,3,5", "2,4,5"), *bench.rows[1:]), keyless, before=[first.path]
    )
    assert second.outcome.changes == {"new": 1, "withdrawn": 1, "unchanged": 2}
