"""What a tamperer does past the record's own code, and the words in which verification names it."""

from __future__ import annotations

from typing import Any

import pytest

from ascertain.errors import NoRecord, RecordDamaged
from ascertain.progress import Silent
from ascertain.record.entries import Entry, ExhibitAcquired, ExhibitPreserved
from ascertain.record.merkle import frontier_of, leaf_hash
from ascertain.record.store import DATABASE, Record
from ascertain.record.verify import verify


def problems(record: Record) -> list[str]:
    return list(verify(record, Silent()).problems)


@pytest.fixture
def kept(record: Record, making: Any) -> Record:
    """A record of six entries in three commits, with one object."""
    with record.writing("A. Analyst", making.start) as writer:
        writer.state("small", making.place("a"))
        writer.state("small", making.place("b"))
        writer.state("small", making.place("c"))
    with record.writing("A. Analyst", making.start) as writer:
        exhibit = writer.put(b"a statement")
        writer.append(ExhibitPreserved(exhibit=exhibit, size=11, media_type="text/plain"))
        writer.append(ExhibitAcquired(exhibit=exhibit, original_name="s.txt"))
    return record


@pytest.fixture
def exhibit(kept: Record) -> str:
    return next(kept.objects.names())


def _entry(record: Record, seq: int) -> Entry:
    return next(record.entries(seq))


def _forged(record: Record, seq: int) -> bytes:
    """An entry's bytes with another author."""
    return _entry(record, seq).model_copy(update={"author": "B. Forger"}).canonical()


def test_an_untouched_record_verifies_with_its_root_and_its_numbers(kept: Record) -> None:
    found = verify(kept, Silent())
    assert (found.problems, found.notes) == ((), ())
    assert (found.entries, found.objects) == (6, 1)
    assert found.root == kept.head().root().hex()


def test_altered_bytes_of_an_entry_are_named_by_its_number(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("UPDATE log SET entry = ? WHERE seq = 2", (_forged(kept, 2),))
    found = problems(kept)
    assert found[0] == "entry 2 (row.stated) has been altered: it no longer has the hash it was logged with"
    assert found[1] == "entry 2: the log's column author differs from the entry"
    assert [line for line in found if line.startswith("entry")] == found[:2]
    assert [line for line in found[2:] if "does not have the root" not in line] == []


def test_an_entry_and_its_leaf_altered_together_leave_the_root_wrong(kept: Record, making: Any) -> None:
    data = _forged(kept, 2)
    with making.tamperer(kept) as connection:
        connection.execute(
            "UPDATE log SET entry = ?, leaf = ?, author = 'B. Forger' WHERE seq = 2", (data, leaf_hash(data))
        )
    assert problems(kept) == [
        "the tree over the first 4 entries does not have the root written at that commit",
        "the tree over the first 6 entries does not have the root written at that commit",
    ]


def test_an_altered_leaf_is_named_by_its_entry(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("UPDATE log SET leaf = ? WHERE seq = 3", (b"\0" * 32,))
    assert problems(kept) == ["entry 3 (row.stated) has been altered: it no longer has the hash it was logged with"]


@pytest.mark.parametrize("column", ["time", "author", "kind"])
def test_an_altered_column_of_the_log_is_named(kept: Record, making: Any, column: str) -> None:
    with making.tamperer(kept) as connection:
        connection.execute(f"UPDATE log SET {column} = 'x' WHERE seq = 3")
    assert problems(kept) == [f"entry 3: the log's column {column} differs from the entry"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="no_bytes"),
        pytest.param(b"{", id="half_an_object"),
        pytest.param(b"[]", id="no_object"),
        pytest.param(b"\xff\xfe", id="not_utf8"),
    ],
)
def test_bytes_that_are_no_entry_are_named(kept: Record, making: Any, data: bytes) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("UPDATE log SET entry = ? WHERE seq = 3", (data,))
    assert problems(kept)[0] == "entry 3 cannot be read: entry 3 is not an entry"


@pytest.mark.home("folder")  # the other database knows what a column may hold
@pytest.mark.parametrize("data", [pytest.param("as text", id="text"), pytest.param(5, id="a_number")])
def test_what_is_no_bytes_in_a_column_of_bytes_is_named(kept: Record, making: Any, data: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("UPDATE log SET entry = ? WHERE seq = 3", (data,))
    assert problems(kept)[0] == "entry 3 cannot be read: entry 3 is not an entry"


def test_an_entry_that_is_not_canonical_is_named(kept: Record, making: Any) -> None:
    data = _entry(kept, 3).canonical().replace(b'"seq":3', b'"seq": 3')
    with making.tamperer(kept) as connection:
        connection.execute("UPDATE log SET entry = ?, leaf = ? WHERE seq = 3", (data, leaf_hash(data)))
    assert problems(kept)[0] == "entry 3 (row.stated) is not in canonical form"


def test_two_entries_that_changed_places_are_named(kept: Record, making: Any) -> None:
    second, third = (_entry(kept, seq).canonical() for seq in (2, 3))
    with making.tamperer(kept) as connection:
        for seq, data in ((2, third), (3, second)):
            connection.execute("UPDATE log SET entry = ?, leaf = ? WHERE seq = ?", (data, leaf_hash(data), seq))
    assert problems(kept)[:2] == [
        "entry 2 cannot be read: entry 2 says that it is entry 3",
        "entry 3 cannot be read: entry 3 says that it is entry 2",
    ]


def test_a_missing_entry_is_named_and_those_after_it_are_not(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("DELETE FROM log WHERE seq = 2")
    found = problems(kept)
    assert [line for line in found if line.startswith("entr")] == ["entry 2 is missing (entry 3 stands next)"]
    assert "the log has 5 entries, but a head of 6 was written: entries are gone" in found


def test_several_missing_entries_are_named_as_a_range(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("DELETE FROM log WHERE seq IN (0, 1, 2)")
    assert "entries 0 to 2 are missing (entry 3 stands next)" in problems(kept)


def test_a_truncated_tail_is_named_by_what_the_last_head_says(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("DELETE FROM log WHERE seq >= 4")
    assert problems(kept) == ["the log has 4 entries, but a head of 6 was written: entries are gone"]


def test_entries_added_under_no_head_are_named(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("DELETE FROM heads WHERE size = 6")
    assert problems(kept) == ["the last 2 entries are under no head"]


def test_a_log_without_any_head_is_named(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("DELETE FROM heads")
    assert problems(kept) == ["the last 6 entries are under no head"]


def test_an_altered_head_is_named_by_its_size(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("UPDATE heads SET root = ? WHERE size = 4", (b"\0" * 32,))
    assert problems(kept) == ["the tree over the first 4 entries does not have the root written at that commit"]


def test_a_head_whose_peaks_were_altered_is_named_before_it_spoils_the_next_commit(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("UPDATE heads SET peaks = ? WHERE size = 6", (b"\0" * 64,))
    assert problems(kept) == ["the head of 6 entries has been altered: its peaks do not make its root"]


def test_a_head_of_more_entries_than_there_are_is_named(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("INSERT INTO heads VALUES (9, ?, ?)", (b"\0" * 32, b"\0" * 64))
    assert problems(kept) == ["the log has 6 entries, but a head of 9 was written: entries are gone"]


def test_an_altered_row_is_named_by_its_table_its_id_and_its_columns(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("UPDATE places SET name = 'elsewhere', lat = 1.0 WHERE id = 'b'")
    assert problems(kept) == ["table places: row 'b' differs from the log in name, lat"]


def test_an_extra_row_is_named(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("INSERT INTO places (id, name, from_entry) VALUES ('z', 'nowhere', 2)")
    assert problems(kept) == ["table places: row 'z' is in no entry"]


def test_a_missing_row_is_named(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("DELETE FROM places WHERE id = 'b'")
    assert problems(kept) == ["table places: row 'b' is missing"]


def test_a_missing_table_is_named(kept: Record, making: Any) -> None:
    with making.tamperer(kept) as connection:
        connection.execute("DROP TABLE zones")
    assert problems(kept) == ["table zones is missing"]


def test_a_row_made_to_stand_after_it_was_withdrawn_is_named(kept: Record, making: Any) -> None:
    with kept.writing("A. Analyst", making.start) as writer:
        writer.state("small", making.place("a", "a new name"))
    with making.tamperer(kept) as connection:
        connection.execute("UPDATE places SET until_entry = NULL WHERE id = 'a'")
    assert problems(kept) == ["table places: row 'a' differs from the log in until_entry"]


def test_a_missing_object_is_named_with_the_entry_that_wants_it(kept: Record, exhibit: str) -> None:
    kept.objects.discard(exhibit)
    assert problems(kept) == [f"object {exhibit} (entry 4) is missing"]


def test_a_missing_folder_of_objects_is_each_object_missing(kept: Record, making: Any, exhibit: str) -> None:
    making.home.lose_objects(kept)
    assert problems(kept) == [f"object {exhibit} (entry 4) is missing"]


def test_an_altered_object_is_named_with_what_it_now_hashes_to(kept: Record, making: Any, exhibit: str) -> None:
    making.home.alter_object(kept, exhibit, b"another statement")
    (problem,) = problems(kept)
    assert problem.startswith(f"object {exhibit} (entry 4) has been altered: its bytes now hash to ")


def test_an_object_that_no_entry_names_is_a_note_and_no_problem(kept: Record) -> None:
    stray = kept.objects.put(b"left behind")
    found = verify(kept, Silent())
    assert found.problems == ()
    assert found.notes == (f"object {stray} is named by no entry (left by an interrupted command)",)


@pytest.mark.parametrize("name", ["log_never_update", "log_never_delete", "heads_never_update", "heads_never_delete"])
def test_a_dropped_trigger_is_named(kept: Record, making: Any, name: str) -> None:
    with making.connection(kept) as connection:
        connection.execute(making.home.drop_trigger.format(name=name, table=name.partition("_")[0]))
    assert problems(kept) == [f"trigger {name}, which keeps the log append-only, is missing"]


@pytest.mark.home("folder")
def test_a_trigger_that_no_longer_refuses_is_named(kept: Record, making: Any) -> None:
    with making.connection(kept) as connection:
        connection.execute("DROP TRIGGER log_never_delete")
        connection.execute("CREATE TRIGGER log_never_delete BEFORE DELETE ON log BEGIN SELECT 1; END")
    assert problems(kept) == ["trigger log_never_delete, which keeps the log append-only, is changed"]


@pytest.mark.home("team")
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("ALTER TABLE log DISABLE TRIGGER log_never_delete", "is changed"),
        ("ALTER TABLE log ENABLE TRIGGER log_never_delete", "is changed"),
        ("DROP TRIGGER log_never_delete ON log; CREATE TRIGGER log_never_delete BEFORE DELETE ON log "
         "FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION append_only(); "
         "ALTER TABLE log ENABLE ALWAYS TRIGGER log_never_delete", "is changed"),
        ("DROP TRIGGER log_never_delete ON log; CREATE TRIGGER log_never_delete BEFORE DELETE ON log "
         "FOR EACH ROW EXECUTE FUNCTION append_only(); ALTER TABLE log ENABLE ALWAYS TRIGGER log_never_delete",
         "is changed"),
        ("CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
         "CREATE OR REPLACE TRIGGER log_never_delete BEFORE DELETE ON log FOR EACH STATEMENT EXECUTE FUNCTION quiet()",
         "is changed"),
        ("CREATE TRIGGER extra BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION append_only()",
         "trigger extra on log is none of the record's"),
        ("CREATE RULE quiet AS ON DELETE TO log DO INSTEAD NOTHING", "table log has a rule"),
        ("ALTER TABLE heads ENABLE ROW LEVEL SECURITY", "table heads hides rows"),
        ("ALTER TABLE heads SET UNLOGGED", "table heads is unlogged"),
        ("CREATE TABLE more () INHERITS (log)", "table log has tables that inherit"),
    ],
)  # fmt: skip
def test_what_else_would_let_a_log_be_changed_is_named(kept: Record, making: Any, change: str, problem: str) -> None:
    with making.connection(kept) as connection:
        connection.execute(change)
    (found,) = problems(kept)
    assert problem in found


@pytest.mark.home("team")
def test_a_function_that_no_longer_refuses_is_named_at_each_trigger(kept: Record, making: Any) -> None:
    with making.connection(kept) as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        )
    assert len([line for line in problems(kept) if line.endswith("is changed")]) == 6


def test_a_rewritten_log_verifies_with_another_root_which_is_why_a_root_is_noted_elsewhere(
    kept: Record, making: Any
) -> None:
    noted = verify(kept, Silent()).root
    forged = [_forged(kept, seq) if seq == 5 else entry.canonical() for seq, entry in enumerate(kept.entries())]
    with making.tamperer(kept) as connection:
        values = (forged[5], leaf_hash(forged[5]))
        connection.execute("UPDATE log SET entry = ?, leaf = ?, author = 'B. Forger' WHERE seq = 5", values)
        tree = frontier_of(leaf_hash(data) for data in forged)
        connection.execute("UPDATE heads SET root = ?, peaks = ? WHERE size = 6", (tree.root(), b"".join(tree.peaks)))
        connection.execute("UPDATE acquisitions SET author = 'B. Forger'")
    found = verify(kept, Silent())
    assert found.problems == ()
    assert found.root != noted


def test_an_entry_that_the_tables_cannot_hold_is_named(kept: Record, making: Any) -> None:
    entry = _entry(kept, 3)
    data = entry.model_copy(update={"body": {**entry.body, "table": "rumours"}}).canonical()
    with making.tamperer(kept) as connection:
        connection.execute("UPDATE log SET entry = ?, leaf = ? WHERE seq = 3", (data, leaf_hash(data)))
        leaves = [leaf_hash(row[0]) for row in connection.execute("SELECT entry FROM log ORDER BY seq")]
        for size in (4, 6):
            tree = frontier_of(leaves[:size])
            values = (tree.root(), b"".join(tree.peaks), size)
            connection.execute("UPDATE heads SET root = ?, peaks = ? WHERE size = ?", values)
    assert problems(kept) == ["entry 3 (row.stated) cannot be replayed: 'rumours'"]


@pytest.mark.home("folder")
def test_a_database_cut_short_is_damage(kept: Record) -> None:
    path = kept.folder / DATABASE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    try:
        found = problems(kept)
    except RecordDamaged as error:
        found = [f"the database file: {error.message}"]
    assert any(line.startswith("the database file") for line in found)


def test_a_record_without_its_log_is_no_record(kept: Record, making: Any) -> None:
    with making.connection(kept) as connection:
        connection.execute("DROP TABLE log")
    with pytest.raises(NoRecord, match=r"no such table: log|log. does not exist"):
        problems(kept)
