"""What goes wrong when a record lies on servers: writers that die, writers at once, servers that stop. Nothing that was
acknowledged is lost, and a person reads what happened."""

from __future__ import annotations

import datetime
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ascertain.errors import NoRecord, Unreachable
from ascertain.progress import Silent
from ascertain.record.entries import ExhibitPreserved, RecordCreated
from ascertain.record.home.address import parse_address
from ascertain.record.store import Record, new_record, open_record
from ascertain.record.verify import verify
from ascertain.settings import Settings

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
SEED = 20180407
pytestmark = [pytest.mark.home("team"), pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")]

# A process that writes one exhibit a transaction and says each number once it is committed.
WRITER = """
import datetime, sys
from pathlib import Path
from ascertain.record.entries import ExhibitPreserved
from ascertain.record.store import open_record
folder, name, number = sys.argv[1:]
record = open_record(Path(folder), 60)
for n in range(int(number)):
    with record.writing(name, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)) as writer:
        data = f"{name} {n}".encode()
        seq = writer.append(ExhibitPreserved(exhibit=writer.put(data), size=len(data), media_type="text/plain"))
    print(seq, flush=True)
"""


def _made(folder: Path, settings: Settings) -> Record:
    with new_record(folder, 5, settings) as record, record.writing("A. Analyst", NOW) as writer:
        writer.append(RecordCreated(name=folder.name, software="tests"))
    return open_record(folder, 5)


def _writer(folder: Path, name: str, number: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), name, str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _write(record: Record, data: bytes) -> int:
    with record.writing("A. Analyst", NOW) as writer:
        exhibit = writer.put(data)
        return writer.append(ExhibitPreserved(exhibit=exhibit, size=len(data), media_type="text/plain"))


def test_two_writers_at_once_lose_nothing_and_leave_no_gap(home: Any, tmp_path: Path) -> None:
    record = _made(tmp_path / "inquiry", home.settings())
    writers = {name: _writer(record.folder, name, 100) for name in ("ours", "theirs")}
    said = {name: [int(line) for line in process.communicate()[0].split()] for name, process in writers.items()}
    assert all(process.returncode == 0 for process in writers.values())
    assert sorted(said["ours"] + said["theirs"]) == list(range(1, 201))
    authors = {entry.seq: entry.author for entry in record.entries(1)}
    assert {name: [seq for seq, author in authors.items() if author == name] for name in said} == said
    found = verify(record, Silent())
    assert (found.problems, found.entries, found.objects) == ((), 201, 200)


def test_a_killed_writer_loses_nothing_that_it_was_told_and_blocks_nobody(home: Any, tmp_path: Path) -> None:
    record = _made(tmp_path / "inquiry", home.settings())
    chance = random.Random(SEED)
    acknowledged: list[int] = []
    for turn in range(5):
        process = _writer(record.folder, f"w{turn}", 10_000)
        assert process.stdout is not None
        acknowledged.append(int(process.stdout.readline()))
        time.sleep(chance.uniform(0, 0.15))
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout.read().split("\n")[:-1]]
        process.communicate()
        acknowledged.append(_write(record, f"after {turn}".encode()))
    numbers = [entry.seq for entry in record.entries()]
    assert numbers == list(range(len(numbers)))
    assert set(acknowledged) <= set(numbers)
    assert len(numbers) - 1 - len(acknowledged) <= 5  # committed, and killed before it could say so
    assert verify(record, Silent()).problems == ()


def test_a_kill_while_a_record_is_made_leaves_no_schema_that_claims_to_be_one(home: Any, tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from ascertain.record.store import new_record; "
        "from ascertain.settings import Settings\n"
        "with new_record(Path(sys.argv[1]), 0, Settings(database=sys.argv[2])):\n"
        "    print('made', flush=True); time.sleep(60)"
    )
    database = home.settings().database
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "inquiry"), database], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "made\n"
    process.kill()
    process.communicate()
    assert not (tmp_path / "inquiry").exists()
    _made(tmp_path / "inquiry", Settings(database=database))
    with home.postgres.connect() as connection:
        schema = parse_address(database).schema
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", (schema,))
        assert found.fetchall() == [(schema,)]


def test_a_server_that_stops_is_told_in_words_and_the_next_call_works(own_postgres_server: Any, tmp_path: Path) -> None:
    server = own_postgres_server
    record = _made(tmp_path / "inquiry", Settings(database=f"{server.address()}&schema=inquiry"))
    _write(record, b"before")
    server.stop("fast")
    for call in (lambda: _write(record, b"while"), lambda: list(record.entries()), record.head):
        with pytest.raises(Unreachable, match="does not answer"):
            call()
    server.start()
    assert _write(record, b"after") == 2
    server.stop("fast")
    server.start()
    assert record.head().size == 3
    assert verify(record, Silent()).problems == ()


def test_a_server_that_stops_in_a_transaction_keeps_none_of_it(own_postgres_server: Any, tmp_path: Path) -> None:
    server = own_postgres_server
    record = _made(tmp_path / "inquiry", Settings(database=f"{server.address()}&schema=inquiry"))
    with pytest.raises(Unreachable, match="does not answer"), record.writing("A. Analyst", NOW) as writer:
        writer.append(RecordCreated(name="again", software="tests"))
        server.stop("immediate")
    with pytest.raises(Unreachable):
        record.head()
    server.start()
    assert record.head().size == 1


def test_a_server_that_stops_while_it_commits_leaves_it_open_and_says_so(
    own_postgres_server: Any, tmp_path: Path
) -> None:
    server = own_postgres_server
    record = _made(tmp_path / "inquiry", Settings(database=f"{server.address()}&schema=inquiry"))
    with pytest.raises(Unreachable, match="may be kept or not") as caught, record.database.writing():
        server.stop("immediate")
    assert "ascertain log" in caught.value.next_step


def test_a_server_whose_plug_is_pulled_has_everything_that_it_acknowledged(
    own_postgres_server: Any, tmp_path: Path
) -> None:
    server = own_postgres_server
    record = _made(tmp_path / "inquiry", Settings(database=f"{server.address()}&schema=inquiry"))
    process = _writer(record.folder, "w", 10_000)
    assert process.stdout is not None
    said = [int(process.stdout.readline())]
    threading.Timer(0.5, server.stop, ["immediate"]).start()
    said += [int(line) for line in process.stdout.read().split()]
    process.communicate()
    assert process.returncode == 1
    server.start()
    numbers = [entry.seq for entry in record.entries()]
    assert numbers == list(range(len(numbers)))
    assert len(said) <= len(numbers) - 1 <= len(said) + 1
    assert verify(record, Silent()).problems == ()


def test_an_object_store_that_stops_is_told_in_words_and_nothing_is_lost(
    home: Any, own_s3_server: Any, tmp_path: Path
) -> None:
    store = own_s3_server
    settings = replace(home.settings(), objects=store.address("inquiry"), objects_endpoint=store.endpoint)
    record = _made(tmp_path / "inquiry", settings)
    _write(record, b"before")
    (exhibit,) = record.objects.names()
    store.stop()
    with pytest.raises(Unreachable, match=r"object store .* does not answer"):
        _write(record, b"while")
    with pytest.raises(Unreachable):
        record.objects.get(exhibit)
    assert record.head().size == 2  # what needs no object goes on
    store.start()
    assert _write(record, b"while") == 2
    found = verify(record, Silent())
    assert (found.problems, found.objects) == ((), 2)


def test_a_database_that_is_somebody_elses_is_not_touched(home: Any, tmp_path: Path) -> None:
    settings = home.settings()
    record = _made(tmp_path / "inquiry", settings)
    schema = parse_address(settings.database).schema
    with home.postgres.connect() as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}; CREATE TABLE {schema}.log (x int)")
        for call in (
            lambda: open_record(record.folder, 0),
            lambda: _write(record, b"x"),
            lambda: verify(record, Silent()),
        ):
            with pytest.raises(NoRecord):
                call()
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)).fetchall()
        assert tables == [("log",)]
        assert connection.execute(f"SELECT count(*) FROM {schema}.log").fetchone() == (0,)
