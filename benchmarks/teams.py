"""How fast a record on servers is beside one in a folder: copying, replaying, verifying; and bulk by COPY and by ADBC.

    python benchmarks/teams.py --work /var/tmp/teams
    python benchmarks/teams.py --work /var/tmp/teams --entries 10000 --json figures.json

Starts a PostgreSQL and an S3-compatible server of its own on this machine, as the tests do, in memory where there is
room: the figures tell the program's work, not a network's or a disk's. ADBC is measured when its driver is installed.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "servers"))

import postgres_server
import s3_server
from sqlalchemy import MetaData, select

import ascertain
from ascertain.jobs.copying import copy_record
from ascertain.model.reference import Place
from ascertain.progress import Silent
from ascertain.record import tables
from ascertain.record.entries import ItemFailed, RecordCreated
from ascertain.record.home import copying
from ascertain.record.store import Record, new_record, open_record
from ascertain.record.verify import rebuild, verify
from ascertain.settings import Settings

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
SOURCED = {"document": "d", "confirmed_by": "d", "confirmed_from": "benchmark"}


class Clock:
    """Measures and prints; keeps what it measured."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, work: Callable[[], Any], number: int = 0) -> Any:
        """Do some work; `number` is how many things it was."""
        begun = time.perf_counter()
        done = work()
        self.seconds[name] = seconds = time.perf_counter() - begun
        print(f"{name:45} {seconds:8.2f} s" + (f" {number / seconds:12,.0f} a second" if number else ""), flush=True)
        return done


def main() -> int:
    """Measure everything in one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="a folder that is made and removed")
    parser.add_argument("--entries", type=int, default=100_000, help="how long the synthetic log is")
    parser.add_argument("--json", type=Path, help="write the figures here")
    given = parser.parse_args()
    given.work.mkdir(parents=True)
    postgres, s3 = postgres_server.new_postgres(), s3_server.new_s3()
    os.environ.update(s3_server.ENVIRONMENT)
    clock = Clock()
    try:
        _reference(clock, given.work, postgres, s3)
        _long_log(clock, given.work, postgres, given.entries)
    finally:
        shutil.rmtree(given.work, ignore_errors=True)
    if given.json:
        given.json.write_text(json.dumps(clock.seconds, indent=2) + "\n", "utf-8")
    return 0


def _places(postgres: Any, s3: Any, name: str) -> dict[str, str]:
    database = f"{postgres.address()}&schema={name}"
    return {"database": database, "objects": s3.address(name), "objects_endpoint": s3.endpoint}


def _reference(clock: Clock, work: Path, postgres: Any, s3: Any) -> None:
    """The shipped record, made and copied either way. The first import pays for what is loaded once."""
    ascertain.new(work / "warm", reference="syria-cw")
    clock("new with syria-cw, folder", lambda: ascertain.new(work / "here", reference="syria-cw"))
    there = _places(postgres, s3, "there")
    clock("new with syria-cw, servers", lambda: ascertain.new(work / "there", reference="syria-cw", **there))
    copy = _places(postgres, s3, "copy")
    clock("copy syria-cw, folder to servers", lambda: ascertain.open(work / "here").copy(work / "copy", **copy))
    clock("copy syria-cw, servers to folder", lambda: ascertain.open(work / "there").copy(work / "back"))


def _long_log(clock: Clock, work: Path, postgres: Any, number: int) -> None:
    """A synthetic log: half rows of a reference, half failures."""
    server = Settings(database=f"{postgres.address()}&schema=long")
    source = clock("write, folder", lambda: _filled(work / "long", Settings(), number), number)
    clock("write, servers", lambda: _filled(work / "long-there", server, number), number)
    to = Settings(database=f"{postgres.address()}&schema=longcopy")
    size = source.head().size
    with new_record(work / "long-copy", 5, to, name="long", goes_on=True) as target:
        clock("copy the log alone, folder to servers", lambda: copying.copy_log(source, target, size, Silent()), number)
        clock("rebuild, servers", lambda: rebuild(target, Silent()), number)
        clock("verify, servers", lambda: verify(target, Silent()), number)
    clock("rebuild, folder", lambda: rebuild(source, Silent()), number)
    clock("verify, folder", lambda: verify(source, Silent()), number)
    clock("copy, folder to folder", lambda: copy_record(source, work / "again", Settings(), Silent()), number)
    _bulk(clock, open_record(work / "long-copy", 5), postgres, number)


def _filled(folder: Path, settings: Settings, number: int) -> Record:
    with new_record(folder, 5, settings) as record, record.writing("benchmark", NOW) as writer:
        writer.append(RecordCreated(name=folder.name, software="benchmark"))
    record = open_record(folder, 5)
    with record.writing("benchmark", NOW) as writer:
        for n in range(number // 2):
            writer.append(ItemFailed(stage="preserve", item=f"file-{n}", code="x", reason="could not be read"))
            writer.state("benchmark", Place(id=f"p{n}", name=f"Place {n}", **SOURCED))
    return record


def _bulk(clock: Clock, record: Record, postgres: Any, number: int) -> None:
    """The log's lines into a table, by COPY as `copy` does it and by ADBC."""
    with record.reading() as connection:
        lines = [tuple(line) for line in connection.execute(select(tables.log))]
    with record.database.writing() as connection:
        for name, like in (("with_key", "INCLUDING ALL"), ("without_key", "")):
            connection.exec_driver_sql(f"CREATE TABLE {name} (LIKE log {like})")
            table = tables.log.to_metadata(MetaData(), name=name)
            clock(f"COPY, {name}", lambda: record.database.load(connection, table, iter(lines)), number)  # noqa: B023
    try:
        import adbc_driver_postgresql.dbapi as adbc
        import pyarrow as pa
    except ModuleNotFoundError:
        print("ADBC: its driver is not installed (adbc-driver-postgresql)")
        return
    columns = [column.name for column in tables.log.c]
    batch = pa.table({name: [line[at] for line in lines] for at, name in enumerate(columns)})
    address = f"postgresql://{postgres_server.OWNER}@/inquiries?host={postgres.folder}&port={postgres.port}"
    with adbc.connect(address) as connection, connection.cursor() as cursor:
        clock("ADBC, without_key", lambda: cursor.adbc_ingest("by_adbc", batch, mode="replace"), number)
        connection.commit()


if __name__ == "__main__":
    sys.exit(main())
