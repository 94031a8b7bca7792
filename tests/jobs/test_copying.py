"""A record moves from any home to any other, and is the same there, or there is no record."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ascertain.errors import AscertainError, NoRecord, RecordDamaged, RecordExists, RecordLocked
from ascertain.jobs.copying import copy_record
from ascertain.jobs.importing import import_reference
from ascertain.progress import Silent
from ascertain.record.entries import ExhibitErased, ExhibitPreserved, ExhibitSealed, RecordCreated
from ascertain.record.home import copying
from ascertain.record.home.address import parse_address
from ascertain.record.sealed.exhibit_keys import key_name
from ascertain.record.store import Record, new_record, open_record
from ascertain.record.tables import DERIVED
from ascertain.record.verify import verify
from ascertain.settings import Settings, load_settings

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def source(home: Any, small: Any, tmp_path: Path) -> Record:
    """A record of several commits, with a reference and three exhibits."""
    folder = tmp_path / "source"
    with new_record(folder, 0, home.settings()) as record, record.writing("A. Analyst", NOW) as writer:
        writer.append(RecordCreated(name="source", software="tests"))
    record = open_record(folder, 0)
    import_reference(record, str(small.write(tmp_path / "small")), "A. Analyst", NOW, Silent())
    for data in (b"one", b"two", b"\0three" * 1000):
        with record.writing("B. Béatrice", NOW) as writer:
            exhibit = writer.put(data)
            writer.append(ExhibitPreserved(exhibit=exhibit, size=len(data), media_type="text/plain"))
    return record


@pytest.fixture(params=["folder", "team"])
def any_target(request: pytest.FixtureRequest, home_of: Callable[[str], Any]) -> Settings:
    """Settings of a record that is not there yet, in each home."""
    return home_of(request.param).settings()


@pytest.fixture
def target(home: Any, home_of: Callable[[str], Any]) -> Settings:
    """Settings of a record that is not there yet, in another home than the source's."""
    return home_of("team" if type(home) is type(home_of("folder")) else "folder").settings()


def _tables(record: Record) -> dict[str, list[Any]]:
    with record.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in DERIVED
        }


def test_a_copy_is_the_same_record(source: Record, any_target: Settings, tmp_path: Path) -> None:
    done = copy_record(source, tmp_path / "copy", any_target, Silent())
    copy = open_record(tmp_path / "copy", 0)
    assert copy.head() == source.head()
    assert list(copy.entries()) == list(source.entries())
    assert _tables(copy) == _tables(source)
    assert copy.name == "source"
    found = verify(copy, Silent())
    assert found.problems == ()
    assert (done.entries, done.root, done.objects, done.since) == (found.entries, found.root, found.objects, 0)
    assert done.sent == found.objects


def test_a_copy_can_be_written_to_and_the_source_is_as_it_was(source: Record, target: Settings, tmp_path: Path) -> None:
    before = source.head()
    copy_record(source, tmp_path / "copy", target, Silent())
    copy = open_record(tmp_path / "copy", 0)
    with copy.writing("C. Curator", NOW) as writer:
        exhibit = writer.put(b"four")
        writer.append(ExhibitPreserved(exhibit=exhibit, size=4, media_type="text/plain"))
    assert verify(copy, Silent()).problems == ()
    assert source.head() == before


def test_what_the_source_got_meanwhile_is_told(
    source: Record, target: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def writes_meanwhile(*_: Any) -> Any:
        with source.writing("A. Analyst", NOW) as writer:
            writer.append(RecordCreated(name="meanwhile", software="tests"))
        return send(*_)

    send = copying.copy_objects
    monkeypatch.setattr("ascertain.jobs.copying.copy_objects", writes_meanwhile)
    before = source.head()
    done = copy_record(source, tmp_path / "copy", target, Silent())
    assert done.since == 1
    assert open_record(tmp_path / "copy", 0).head() == before


@contextmanager
def _breaking_after(monkeypatch: pytest.MonkeyPatch, number: int) -> Iterator[None]:
    """Sending objects ends in an error after so many."""
    sent = 0
    send = copying._send

    def breaks(*arguments: Any) -> int | None:
        nonlocal sent
        sent += 1
        if sent > number:
            raise ConnectionResetError("pulled out")
        return send(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(copying, "_send", breaks)
        yield


def test_a_copy_that_stopped_half_way_is_no_record_and_goes_on_where_it_was(
    source: Record, target: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = verify(source, Silent()).objects
    with _breaking_after(monkeypatch, 4), pytest.raises(ConnectionResetError):
        copy_record(source, tmp_path / "copy", target, Silent())
    assert not (tmp_path / "copy").exists()
    for left in tmp_path.iterdir():
        if left.name not in ("source", "small"):
            with pytest.raises(NoRecord):
                open_record(left, 0)
    done = copy_record(source, tmp_path / "copy", target, Silent())
    assert 0 < done.sent <= whole - 3
    assert verify(open_record(tmp_path / "copy", 0), Silent()).problems == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "small", "source"]


def test_a_copy_that_stopped_half_way_leaves_no_schema(
    source: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home_of: Callable[[str], Any]
) -> None:
    team = home_of("team")
    settings = team.settings()
    monkeypatch.setattr("ascertain.jobs.copying.rebuild", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        copy_record(source, tmp_path / "copy", settings, Silent())
    with team.postgres.connect() as connection:
        schema = parse_address(settings.database).schema
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", (schema,))
        assert found.fetchall() == []


def test_a_damaged_source_gives_no_copy(source: Record, home: Any, target: Settings, tmp_path: Path) -> None:
    with home.tamper(source) as connection:
        connection.execute("UPDATE log SET author = 'B. Forger' WHERE seq = 3")
    with pytest.raises(RecordDamaged, match="the copy is not the record: entry 3"):
        copy_record(source, tmp_path / "copy", target, Silent())
    assert not (tmp_path / "copy").exists()


def test_a_source_with_an_altered_object_gives_no_copy(
    source: Record, home: Any, target: Settings, tmp_path: Path
) -> None:
    name = next(iter(source.objects.names()))
    home.alter_object(source, name, b"another text")
    with pytest.raises(RecordDamaged, match=f"object {name} has been altered in the source"):
        copy_record(source, tmp_path / "copy", target, Silent())
    assert not (tmp_path / "copy").exists()


def test_a_source_with_a_missing_object_gives_no_copy(source: Record, target: Settings, tmp_path: Path) -> None:
    name = next(iter(source.objects.names()))
    source.objects.discard(name)
    with pytest.raises(RecordDamaged, match=f"object {name} .* is missing"):
        copy_record(source, tmp_path / "copy", target, Silent())
    assert not (tmp_path / "copy").exists()


def test_a_source_without_a_head_that_it_should_have_gives_no_copy(
    source: Record, home: Any, target: Settings, tmp_path: Path
) -> None:
    with home.tamper(source) as connection:
        connection.execute("UPDATE heads SET root = ? WHERE size = 1", (b"\0" * 32,))
    with pytest.raises(RecordDamaged, match="the copy is not the record: the tree over the first 1 entries"):
        copy_record(source, tmp_path / "copy", target, Silent())


def test_a_place_that_is_taken_is_left_as_it_is(source: Record, target: Settings, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "a.txt").write_text("a")
    with pytest.raises(RecordExists):
        copy_record(source, tmp_path / "copy", target, Silent())
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["a.txt"]


def test_two_copies_to_one_place_do_not_meet(
    source: Record, target: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another(*arguments: Any) -> Any:
        with pytest.raises(RecordLocked, match="another process copies"):
            copy_record(source, tmp_path / "copy", target, Silent())
        return send(*arguments)

    send = copying.copy_objects
    monkeypatch.setattr("ascertain.jobs.copying.copy_objects", another)
    copy_record(source, tmp_path / "copy", target, Silent())
    assert verify(open_record(tmp_path / "copy", 0), Silent()).problems == ()


def test_an_empty_record_can_be_copied(home: Any, target: Settings, tmp_path: Path) -> None:
    with new_record(tmp_path / "source", 0, home.settings()):
        pass
    copy_record(open_record(tmp_path / "source", 0), tmp_path / "copy", target, Silent())
    assert open_record(tmp_path / "copy", 0).head().size == 0


def test_pages_of_the_log_meet_without_a_gap(
    source: Record, target: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_PAGE", 3)
    copy_record(source, tmp_path / "copy", target, Silent())
    assert list(open_record(tmp_path / "copy", 0).entries()) == list(source.entries())


@pytest.mark.home("folder")
def test_a_password_is_never_written_down(source: Record, tmp_path: Path) -> None:
    with pytest.raises(AscertainError, match="password"):
        copy_record(source, tmp_path / "copy", Settings(database="postgresql://u:secret@h/d"), Silent())
    assert not (tmp_path / "copy").exists()
    assert "secret" not in "".join(path.read_text() for path in tmp_path.rglob("record.toml"))


def test_settings_of_the_copy_say_where_it_lies(source: Record, target: Settings, tmp_path: Path) -> None:
    copy_record(source, tmp_path / "copy", target, Silent())
    written = load_settings(tmp_path / "copy" / "record.toml")
    assert (written.objects, written.objects_endpoint) == (target.objects, target.objects_endpoint)
    assert bool(written.database) == bool(target.database)


def _seal(record: Record) -> None:
    """Seal an exhibit by its entries alone, as jobs/protecting.py would."""
    with record.writing("A. Analyst", NOW) as writer:
        sealed = ExhibitSealed(
            exhibit="e" * 64, object=writer.put(b"ciphertext"), particulars=writer.put(b"particulars"),
            key=hashlib.sha256(b"wrapped").hexdigest(), recipients=["her"],
        )  # fmt: skip
        writer.append(sealed)
    record.keys.put(key_name("e" * 64, b"wrapped"), b"wrapped")


def test_keys_of_sealed_exhibits_go_along_and_are_counted(source: Record, target: Settings, tmp_path: Path) -> None:
    _seal(source)
    done = copy_record(source, tmp_path / "copy", target, Silent())
    copy = open_record(tmp_path / "copy", 0)
    assert done.keys == 1
    assert list(copy.keys.names()) == list(source.keys.names())
    assert verify(copy, Silent()).problems == ()


def test_what_was_erased_between_two_tries_does_not_stay_in_the_copy(
    source: Record, target: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _seal(source)
    with monkeypatch.context() as patched, pytest.raises(ZeroDivisionError):
        patched.setattr("ascertain.jobs.copying.copy_log", lambda *_: 1 / 0)
        copy_record(source, tmp_path / "copy", target, Silent())
    with source.writing("A. Analyst", NOW) as writer:
        writer.append(ExhibitErased(exhibit="e" * 64, reason="she asked", authority="the head"))
    source.keys.forget("e" * 64)
    source.objects.discard(hashlib.sha256(b"ciphertext").hexdigest())
    source.objects.discard(hashlib.sha256(b"particulars").hexdigest())
    assert verify(source, Silent()).problems == ()
    copy_record(source, tmp_path / "copy", target, Silent())
    copy = open_record(tmp_path / "copy", 0)
    assert list(copy.keys.names()) == []
    assert not copy.objects.has(hashlib.sha256(b"ciphertext").hexdigest())
    assert verify(copy, Silent()).problems == ()


def test_certificates_go_along_and_the_private_signing_key_does_not(
    source: Record, target: Settings, tmp_path: Path
) -> None:
    for name in ("authorities/root.pem", "keys/signer.pem"):
        path = source.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    copy_record(source, tmp_path / "copy", target, Silent())
    assert (tmp_path / "copy" / "authorities" / "root.pem").read_text() == "x"
    assert not (tmp_path / "copy" / "keys" / "signer.pem").exists()
