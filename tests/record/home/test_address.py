from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import AscertainError, UsageError
from ascertain.record.home.address import checked_schema, for_others, parse_address, schema_of
from ascertain.record.home.places import open_objects
from ascertain.record.home.postgres import PostgresDatabase
from ascertain.settings import Settings


def test_an_address_is_read_and_written_as_it_was() -> None:
    text = "postgresql://alice@db.example.org:5433/inquiries?schema=idlib&sslmode=verify-full"
    address = parse_address(text)
    assert (address.schema, address.url.host, address.url.database) == ("idlib", "db.example.org", "inquiries")
    assert "schema" not in address.url.query
    assert parse_address(str(address)) == address


def test_a_colleague_gets_it_without_the_users_name() -> None:
    assert for_others("postgresql://alice@h/d?schema=idlib") == "postgresql://h/d?schema=idlib"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "no address", id="empty"),
        pytest.param("idlib", "no address", id="a_word"),
        pytest.param("sqlite:///x", "no address of a PostgreSQL", id="another_database"),
        pytest.param("mysql://h/d?schema=a", "no address of a PostgreSQL", id="another_server"),
        pytest.param("postgresql://h?schema=a", "no address of a PostgreSQL", id="no_database"),
        pytest.param("postgresql://u:secret@h/d?schema=a", "must not hold a password", id="a_password"),
        pytest.param("postgresql://u:@h/d?schema=a", "must not hold a password", id="an_empty_password"),
        pytest.param("postgresql://h/d?schema=a&password=secret", "must not hold a password", id="a_password_behind"),
        pytest.param("postgresql://h/d?schema=a&options=-cfsync=off", "'options', which is not known", id="options"),
        pytest.param("postgresql://h/d?schema=a&sslpassword=x", "'sslpassword'", id="a_password_of_a_key"),
        pytest.param("postgresql://h/d", "cannot be a record's schema", id="no_schema"),
        pytest.param("postgresql://h/d?schema=public", "cannot be a record's schema", id="everybodys_schema"),
        pytest.param("postgresql://h/d?schema=pg_catalog", "cannot be a record's schema", id="the_servers_schema"),
        pytest.param('postgresql://h/d?schema=a";drop', "cannot be a record's schema", id="sql"),
        pytest.param("postgresql://h/d?schema=A", "cannot be a record's schema", id="capitals"),
        pytest.param(f"postgresql://h/d?schema={'a' * 49}", "cannot be a record's schema", id="too_long"),
    ],
)
def test_what_is_no_address_of_a_record_is_refused_without_its_secrets(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as caught:
        parse_address(text)
    assert "secret" not in f"{caught.value.message} {caught.value.next_step}"


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    for tried in (text, f"postgresql://{text}", f"postgresql://h/d?schema={text}"):
        with suppress(UsageError):
            assert parse_address(str(parse_address(tried))).schema


@given(st.text(max_size=80))
def test_any_folder_gives_a_schema_or_none(name: str) -> None:
    schema = schema_of(name)
    assert schema == "" or checked_schema(schema) == schema


@pytest.mark.parametrize(
    ("folder", "schema"),
    [
        ("idlib", "idlib"),
        ("Idlib 2018", "idlib_2018"),
        ("إدلب", ""),
        ("2018", ""),
        ("public", ""),
        ("x" * 60, "x" * 48),
    ],
)
def test_a_folders_name_gives_the_schemas(folder: str, schema: str) -> None:
    assert schema_of(folder) == schema


def test_a_driver_that_is_not_installed_is_asked_for_by_the_name_of_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(AscertainError, match="needs the driver psycopg") as caught:
        PostgresDatabase(parse_address("postgresql://h/d?schema=a"), 0)
    assert "ascertain[postgres]" in caught.value.next_step


def test_objects_in_a_bucket_ask_for_their_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.delitem(sys.modules, "ascertain.record.home.bucket", raising=False)
    monkeypatch.delitem(sys.modules, "ascertain.record.home.object_store", raising=False)
    with pytest.raises(AscertainError, match="need the package obstore") as caught:
        open_objects(tmp_path, Settings(objects="s3://records/x"))
    assert "ascertain[s3]" in caught.value.next_step
