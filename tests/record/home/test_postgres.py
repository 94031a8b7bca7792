"""What PostgreSQL adds to a record: a server with settings, users with rights, several writers."""

from __future__ import annotations

import datetime
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import postgres_server as servers
import pytest
from sqlalchemy import create_engine

from ascertain.errors import (
    AccessRefused,
    AscertainError,
    NoRecord,
    RecordDamaged,
    RecordExists,
    RecordLocked,
    Unreachable,
)
from ascertain.progress import Silent
from ascertain.record import tables
from ascertain.record.entries import RecordCreated
from ascertain.record.home.address import parse_address
from ascertain.record.store import Record, new_record, open_record
from ascertain.record.verify import rebuild, verify
from ascertain.record.view import open_view
from ascertain.settings import load_settings

pytestmark = pytest.mark.home("team")
_NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def _schema(record: Record) -> str:
    return parse_address(load_settings(record.folder / "record.toml").database).schema


def _settings_in(connection: Any, *names: str) -> list[str]:
    return [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]


def test_a_writer_has_its_commit_on_the_disk_whatever_the_user_was_set_to(
    record: Record, home: Any, making: Any
) -> None:
    for configured, effective in (("off", "on"), ("local", "on"), ("remote_write", "on"), ("remote_apply",) * 2):
        with home.postgres.connect() as connection:
            connection.execute(f"ALTER ROLE {servers.OWNER} SET synchronous_commit = {configured}")
        try:
            with open_record(record.folder, 0).database.writing() as connection:
                assert _settings_in(connection, "synchronous_commit") == [effective]
        finally:
            with home.postgres.connect() as connection:
                connection.execute(f"ALTER ROLE {servers.OWNER} RESET synchronous_commit")


def test_a_reader_sees_one_state_and_cannot_write(record: Record, making: Any) -> None:
    with record.reading() as connection:
        assert _settings_in(connection, "transaction_isolation", "transaction_read_only") == ["repeatable read", "on"]
        before = connection.exec_driver_sql("SELECT count(*) FROM log").scalar()
        with open_record(record.folder, 5).writing("B. Analyst", making.start) as writer:
            writer.state("small", making.place("a"))
        assert connection.exec_driver_sql("SELECT count(*) FROM log").scalar() == before
    assert record.head().size == before + 1


def test_settings_do_not_outlive_their_transaction(record: Record) -> None:
    """So that a pooler between us and the server may hand the session to anybody."""
    with record.database.writing() as connection:
        session = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    engine = record.database._engine  # type: ignore[attr-defined]
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar() == session
        found = _settings_in(connection, "search_path", "lock_timeout")
    assert found == ['"$user", public', "0"]


def test_a_writer_waits_as_long_as_it_is_told(record: Record, making: Any) -> None:
    other = open_record(record.folder, 1)
    with record.writing("A. Analyst", making.start):
        begun = time.monotonic()
        with pytest.raises(RecordLocked), other.writing("B. Analyst", making.start):
            pytest.fail("two writers at once")
        assert 0.9 < time.monotonic() - begun < 3


def test_what_a_writer_sees_behind_the_lock_is_what_the_one_before_it_left(record: Record, making: Any) -> None:
    other = open_record(record.folder, 20)
    seen: list[int] = []

    def write() -> None:
        with other.writing("B. Analyst", making.start) as writer:
            seen.append(writer.state("small", making.place("b")))

    with record.writing("A. Analyst", making.start) as writer:
        waiting = threading.Thread(target=write)
        waiting.start()
        time.sleep(0.3)
        writer.state("small", making.place("a"))
    waiting.join()
    assert seen == [2]
    assert verify(record, Silent()).problems == ()


def test_a_rebuild_waits_for_readers_and_lets_nobody_see_empty_tables(record: Record, making: Any, state: Any) -> None:
    state(making.place("a"))
    with record.reading() as connection:
        with pytest.raises(RecordLocked):
            rebuild(open_record(record.folder, 0), Silent())
        assert connection.exec_driver_sql("SELECT count(*) FROM places").scalar() == 1
    rebuild(record, Silent())
    assert open_view(record).tables["places"].num_rows == 1


def test_a_server_that_acknowledges_too_early_is_not_written_to(own_postgres_server: Any, tmp_path: Path) -> None:
    server = own_postgres_server
    settings = replace(load_settings(), database=f"{server.address()}&schema=inquiry")
    with new_record(tmp_path / "inquiry", 0, settings) as record, record.writing("A", _NOW) as writer:
        writer.append(RecordCreated(name="inquiry", software="tests"))
    with server.connect() as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("SELECT pg_reload_conf()")
        time.sleep(0.2)
    record = open_record(tmp_path / "inquiry", 0)
    with pytest.raises(AscertainError, match="fsync off"), record.writing("A", _NOW):
        pytest.fail("an early acknowledgement was accepted")
    notes = verify(record, Silent()).notes
    assert any("fsync off" in note for note in notes)
    assert any("full_page_writes off" in note for note in notes)


def test_a_database_of_another_encoding_is_refused(home: Any, tmp_path: Path) -> None:
    with home.postgres.connect("postgres") as connection:
        connection.execute("DROP DATABASE IF EXISTS latin")
        connection.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    settings = replace(home.settings(), database=f"{home.postgres.address('latin')}&schema=a")
    with pytest.raises(AscertainError, match="LATIN1"), new_record(tmp_path / "inquiry", 0, settings):
        pytest.fail("a record was made there")
    assert list(tmp_path.iterdir()) == []
    with home.postgres.connect("latin") as connection:
        assert connection.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'a%'").fetchone() == (0,)


def test_a_database_that_is_not_there_is_no_record(home: Any, tmp_path: Path) -> None:
    settings = replace(home.settings(), database=f"{home.postgres.address('nobodys')}&schema=a")
    with pytest.raises(NoRecord, match="nobodys"), new_record(tmp_path / "inquiry", 0, settings):
        pytest.fail("a record was made there")


def test_wrong_credentials_are_said_to_be_that(
    home: Any, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(home.settings(), database=f"{home.postgres.by_port(servers.MEMBER)}?schema={_schema(record)}")
    for password in ("another word", None):
        if password:
            monkeypatch.setenv("PGPASSWORD", password)
        else:
            monkeypatch.delenv("PGPASSWORD")
        with pytest.raises(AccessRefused, match="refuses this user") as caught:
            open_record(record.folder, 0, settings)
        assert "PGPASSWORD" in caught.value.next_step
        assert "another word" not in str(caught.value)


def test_a_schema_that_holds_something_else_is_left_as_it_is(home: Any, tmp_path: Path) -> None:
    settings = home.settings()
    schema = parse_address(settings.database).schema
    with home.postgres.connect() as connection:
        connection.execute(f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.theirs AS SELECT 1 AS one")
        with pytest.raises(RecordExists, match="not empty"), new_record(tmp_path / "inquiry", 0, settings):
            pytest.fail("the schema was handed over")
        assert connection.execute(f"SELECT one FROM {schema}.theirs").fetchone() == (1,)
    with pytest.raises(RecordExists, match="not empty"), new_record(tmp_path / "inquiry", 0, settings):
        pytest.fail("the schema was handed over")
    assert list(tmp_path.iterdir()) == []


def test_a_schema_that_is_there_and_empty_is_taken(home: Any, tmp_path: Path) -> None:
    settings = home.settings()
    with home.postgres.connect() as connection:
        connection.execute(f"CREATE SCHEMA {parse_address(settings.database).schema}")
    with new_record(tmp_path / "inquiry", 0, settings):
        pass
    assert open_record(tmp_path / "inquiry", 0).head().size == 0


def test_a_schema_filled_by_somebody_else_meanwhile_is_left_as_it_is(home: Any, tmp_path: Path) -> None:
    settings = home.settings()
    schema = parse_address(settings.database).schema
    with home.postgres.connect() as connection:
        with pytest.raises(RecordExists, match="meanwhile"), new_record(tmp_path / "inquiry", 0, settings):
            connection.execute(f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.theirs AS SELECT 1 AS one")
        assert connection.execute(f"SELECT one FROM {schema}.theirs").fetchone() == (1,)
        left = connection.execute("SELECT count(*) FROM pg_namespace WHERE starts_with(nspname, %s)", (schema,))
        assert left.fetchone() == (1,)
    assert list(tmp_path.iterdir()) == []


def test_objects_of_somebody_else_are_left_as_they_are(home: Any, making: Any, tmp_path: Path, record: Record) -> None:
    record.objects.put(b"theirs")
    theirs = load_settings(record.folder / "record.toml").objects
    with (
        pytest.raises(RecordExists, match="holds objects already"),
        new_record(tmp_path / "other", 0, replace(home.settings(), objects=theirs)),
    ):
        pytest.fail("the bucket was handed over")


def test_a_record_of_a_newer_format_asks_for_a_newer_program(record: Record, making: Any) -> None:
    with making.connection(record) as connection:
        connection.execute("UPDATE about SET format = 2")
    with pytest.raises(AscertainError, match="format 2") as caught:
        record.database.about()  # type: ignore[attr-defined]
    assert "newer" in caught.value.next_step
    for opened in (lambda: open_record(record.folder, 0), lambda: rebuild(record, Silent())):
        with pytest.raises(AscertainError, match="format 2"):
            opened()


def test_a_folder_does_not_open_another_record_than_its_own(record: Record, making: Any, tmp_path: Path) -> None:
    other = making.record(tmp_path / "other")
    path = record.folder / "record.toml"
    path.write_text(path.read_text().replace(f"schema={_schema(record)}", f"schema={_schema(other)}"))
    with pytest.raises(RecordDamaged, match="another record"):
        open_record(record.folder, 0)


def test_the_environment_does_not_move_a_record(record: Record, making: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_settings(record.folder / "record.toml").database
    monkeypatch.setenv("ASCERTAIN_DATABASE", "postgresql://elsewhere/x?schema=y")
    assert load_settings(record.folder / "record.toml").database == before


def test_a_member_who_may_add_can_write_and_verify_and_change_nothing(record: Record, home: Any, making: Any) -> None:
    """The rights of docs/teams.md, word for word."""
    rights = (Path(__file__).parents[3] / "docs" / "teams.md").read_text("utf-8").partition("<!-- rights -->")[2]
    statements = rights.partition("```sql")[2].partition("```")[0]
    schema = _schema(record)
    with home.postgres.connect() as connection:
        connection.execute(statements.replace("idlib", schema).replace("analysts", servers.MEMBER))
    path = record.folder / "record.toml"
    path.write_text(path.read_text().replace(f"{servers.OWNER}@", f"{servers.MEMBER}@"))
    member = open_record(record.folder, 0)
    with member.writing("M. Member", making.start) as writer:
        writer.state("small", making.place("a"))
        writer.state("small", making.place("a", "another name"))
    assert verify(member, Silent()).problems == ()
    for change in ("DROP TRIGGER log_never_update ON log", "UPDATE log SET author = 'x'", "DELETE FROM heads",
                   "TRUNCATE log", "ALTER TABLE log DISABLE TRIGGER USER", "DROP TABLE log"):  # fmt: skip
        with pytest.raises(Exception, match=r"permission denied|must be owner"), home.connect(member) as connection:
            connection.execute(change)
    with pytest.raises(AccessRefused, match="may not do that"):
        rebuild(member, Silent())


def test_what_killed_processes_left_half_built_goes_away_with_the_next_try(home: Any, tmp_path: Path) -> None:
    settings = home.settings()
    schema = parse_address(settings.database).schema
    with home.postgres.connect() as connection:
        connection.execute(f"CREATE SCHEMA {schema}__building_dead; CREATE TABLE {schema}__building_dead.log ()")
        connection.execute(f"CREATE SCHEMA {schema}__building_live")
        connection.execute(f"SELECT pg_advisory_lock(hashtextextended('{schema}__building_live', 0))")
        with new_record(tmp_path / "inquiry", 0, settings):
            pass
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", (schema,))
        assert sorted(row[0] for row in found) == [schema, f"{schema}__building_live"]


def test_a_lost_table_asks_for_a_rebuild(record: Record, making: Any) -> None:
    with making.connection(record) as connection:
        connection.execute("DROP TABLE places")
    with pytest.raises(AscertainError, match="places") as caught:
        open_view(record)
    assert "rebuild" in caught.value.next_step


def test_another_driver_than_ours_meets_the_same_order(record: Record) -> None:
    """A column says itself how it is compared: the database's own language is English."""
    url = parse_address(load_settings(record.folder / "record.toml").database).url
    with create_engine(url).connect() as connection:
        assert connection.exec_driver_sql("SELECT 'a' < 'B'").scalar() is True
        connection.exec_driver_sql(f'SET search_path TO "{_schema(record)}"')
        sql = "SELECT min(kind) FROM (SELECT kind FROM log WHERE false UNION ALL VALUES ('a'), ('B')) AS these (kind)"
        assert connection.exec_driver_sql(sql).scalar() == "B"


def test_what_goes_wrong_in_a_bulk_is_told_as_everything_else(
    record: Record, making: Any, state: Any, home: Any
) -> None:
    state(making.place("a"))
    lines = [(7, "t", "a", "k", b"", b""), (7, "t", "a", "k", b"", b"")]
    with pytest.raises(AscertainError, match="refuses"), record.database.writing() as connection:
        record.database.load(connection, tables.log, iter(lines))
    with pytest.raises(Unreachable), record.database.writing() as connection:
        session = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with home.postgres.connect() as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (session,))
        record.database.load(connection, tables.log, iter(lines))
    assert verify(record, Silent()).problems == ()


def test_a_dump_of_the_schema_restored_elsewhere_is_the_record(
    record: Record, home: Any, state: Any, making: Any
) -> None:
    state(making.place("a"))
    server, schema = home.postgres, _schema(record)
    program = [f"{servers._programs()}/pg_dump", "-h", server.folder, "-p", str(server.port), "-U", servers.OWNER]
    dump = subprocess.run([*program, f"--schema={schema}", "inquiries"], check=True, capture_output=True).stdout
    with server.connect("postgres") as connection:
        connection.execute("DROP DATABASE IF EXISTS restored")
        connection.execute("CREATE DATABASE restored TEMPLATE template0")
    restore = [
        f"{servers._programs()}/psql",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        server.folder,
        "-p",
        str(server.port),
        "-U",
        servers.OWNER,
    ]
    subprocess.run([*restore, "restored"], input=dump, check=True, capture_output=True)
    path = record.folder / "record.toml"
    path.write_text(path.read_text().replace("/inquiries?", "/restored?"))
    restored = open_record(record.folder, 0)
    found = verify(restored, Silent())
    assert (found.problems, found.root) == ((), record.head().root().hex())
    with restored.writing("A. Analyst", making.start) as writer:
        writer.state("small", making.place("b"))
    restored.database.close()  # type: ignore[attr-defined]
