"""Read a release of a dataset into the record, and open a view of the claims that stand.

A release is one entry that names one Parquet object, however many rows it has.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import Connection, select

from ascertain.errors import IsSealed, RecordDamaged, UsageError
from ascertain.jobs.given import Given
from ascertain.jobs.protecting.exhibits import refuse_sealed_bytes
from ascertain.jobs.reading.targets import exhibit_of_target
from ascertain.model.dataset import CLAIMS, Anchor
from ascertain.progress import Progress
from ascertain.read.datasets.binding import bind
from ascertain.read.datasets.mapping import Mapping
from ascertain.read.datasets.reading import READER, Outcome, Release, read_release
from ascertain.read.datasets.standing import anchors, has_claim, object_says, standing_claims
from ascertain.read.datasets.tables.opening import open_table
from ascertain.record.entries import DatasetRead
from ascertain.record.home.objects import is_alive
from ascertain.record.store import Record
from ascertain.record.tables import datasets, exhibits
from ascertain.record.view import entry_at

_CHUNK: Final = 1024 * 1024
_WORKING: Final = ".reading-"


@dataclass(frozen=True, slots=True)
class ReadDataset:
    """A release as read. `entry` is its number in the log; `known`: it had been read before, and nothing was added."""

    name: str
    release: str
    exhibit: str
    mapping: str
    entry: int
    outcome: Outcome
    known: bool = False


@dataclass(frozen=True)
class Datasets:
    """The datasets of one record."""

    record: Record
    author: str
    clock: Callable[[], datetime.datetime]
    progress: Progress

    def read(
        self,
        target: str,
        mapping: Mapping,
        *,
        name: str = "",
        release: str = "",
        again: bool = False,
        given: Given | None = None,
    ) -> ReadDataset:
        """Read a release (an exhibit by its id, or a file, which is preserved first); as `read_dataset`."""
        exhibit = exhibit_of_target(self.record, target, given or Given(), self.author, self.clock(), self.progress)
        return read_dataset(
            self.record, exhibit, mapping, name=name, release=release, again=again,
            author=self.author, now=self.clock(), progress=self.progress,
        )  # fmt: skip

    def claims(
        self,
        *,
        as_recorded: datetime.datetime | int | None = None,
        names: Sequence[str] | None = None,
        columns: Sequence[str] = tuple(CLAIMS.names),
    ) -> pa.Table:
        """The claims that stand, or stood at a moment; as `dataset_claims`."""
        return dataset_claims(self.record, as_of_recorded=as_recorded, names=names, columns=columns)


def read_dataset(
    record: Record,
    exhibit: str,
    mapping: Mapping,
    *,
    name: str = "",
    release: str = "",
    again: bool = False,
    author: str,
    now: datetime.datetime,
    progress: Progress,
) -> ReadDataset:
    """Read an exhibit of the record as a release of a dataset (by `name`, the mapping's if none is given).

    What an earlier release of that name said is compared by key: what did not change adds nothing. A release that was
    read before with the same reader and mapping adds nothing either, unless `again` says that it is to stand once more.
    Raises UnreadableExhibit, BadMapping, IsSealed, RecordLocked, UsageError (no such exhibit).
    """
    dataset = name or mapping.name
    with record.reading() as connection:
        _refuse_absent(connection, exhibit)
        earlier = _chain(connection, dataset)
    same = [row for row in earlier if _is_same(row, exhibit, mapping)]
    if same and not (again and same[-1] is not earlier[-1]):
        return ReadDataset(dataset, same[-1].release, exhibit, mapping.name, same[-1].entered, Outcome(), known=True)
    with _workplace(record) as folder:
        source, target = fetch_object(record, exhibit, folder / "exhibit"), folder / "claims.parquet"
        before = [fetch_object(record, row.claims, folder / f"before-{row.entered}") for row in earlier]
        table = open_table(source, mapping.table)
        bound = bind(mapping, table.header)
        scratch = folder / "scratch"
        scratch.mkdir()
        progress.begin(f"reading {dataset}", None)
        outcome = read_release(table, bound, Release(dataset, release, exhibit), before, target, scratch, progress)
        progress.end()
        entry = _write(record, target, mapping, Release(dataset, release, exhibit), earlier, outcome, author, now)
    return ReadDataset(dataset, release, exhibit, mapping.name, entry, outcome)


def dataset_claims(
    record: Record,
    *,
    as_of_recorded: datetime.datetime | int | None = None,
    names: Sequence[str] | None = None,
    columns: Sequence[str] = tuple(CLAIMS.names),
) -> pa.Table:
    """The claims of datasets that stood at a moment (or an entry's number), in the columns of `model.dataset.CLAIMS`.

    `names` are the datasets wanted (all: None). Ask for few `columns` where there are many rows.
    Raises UsageError for a column that there is not, RecordDamaged for an object that is gone or altered.
    """
    if unknown := sorted(set(columns) - set(CLAIMS.names)):
        raise UsageError(f"no column {', '.join(unknown)}", next_step=f"columns: {', '.join(CLAIMS.names)}")
    with record.reading() as connection:
        seq = entry_at(connection, as_of_recorded)
        wanted = names if names is not None else _names(connection)
        chains = [
            [row.claims for row in _chain(connection, name) if row.entered <= seq] for name in sorted(set(wanted))
        ]
    parts = [pa.schema([CLAIMS.field(name) for name in columns]).empty_table()]
    for number, chain in enumerate(chains):
        with _workplace(record) as folder:
            objects = [fetch_object(record, one, folder / f"{number}-{place}") for place, one in enumerate(chain)]
            parts.append(standing_claims(objects, folder, columns))
    return pa.concat_tables(parts)


def dataset_anchors(record: Record, claim: dict[str, Any]) -> tuple[Anchor, ...]:
    """Where the words of a claim stand in its exhibit; `claim` is a row of `dataset_claims` with all columns."""
    with record.reading() as connection:
        said = select(datasets.c.claims).where(
            datasets.c.exhibit == claim["exhibit"], datasets.c.name == claim["dataset"]
        )
        objects = [row.claims for row in connection.execute(said.order_by(datasets.c.entered.desc()))]
    for name in objects:
        with _workplace(record) as folder:
            found = fetch_object(record, name, folder / "object")
            if has_claim(found, claim["claim"]):
                return anchors(claim, object_says(found)["columns"])
    raise UsageError("no release of the record has this claim")


def fetch_object(record: Record, name: str, target: Path) -> Path:
    """An object as a file of its own, its hash checked on the way. Raises RecordDamaged when it is gone or altered."""
    digest = hashlib.sha256()
    with record.objects.open(name) as source, target.open("wb") as copy:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
    if digest.hexdigest() != name:
        raise RecordDamaged(f"object {name} has been altered", next_step="run `ascertain verify`")
    return target


@contextmanager
def _workplace(record: Record) -> Iterator[Path]:
    """A folder for working files; they hold words of exhibits, so they lie where the record does, and go at the end.

    What a process of this host that was killed left behind goes too.
    """
    own = f"{_WORKING}{platform.node()}-"
    for left in record.folder.glob(f"{own}*"):
        process = left.name.removeprefix(own).partition("-")[0]
        if process.isdecimal() and not is_alive(int(process)):
            shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=f"{own}{os.getpid()}-", dir=record.folder) as folder:
        yield Path(folder)


def _chain(connection: Connection, name: str) -> list[Any]:
    """The releases of a dataset, in the order in which they were read."""
    return list(connection.execute(select(datasets).where(datasets.c.name == name).order_by(datasets.c.entered)))


def _names(connection: Connection) -> list[str]:
    return [row.name for row in connection.execute(select(datasets.c.name).distinct())]


def _is_same(row: Any, exhibit: str, mapping: Mapping) -> bool:
    return bool(row.exhibit == exhibit and row.reader == READER and row.mapping == mapping.identity)


def _refuse_absent(connection: Connection, exhibit: str) -> None:
    row = connection.execute(select(exhibits).where(exhibits.c.id == exhibit)).first()
    if row is None:
        raise UsageError(f"there is no exhibit {exhibit[:16]}…")
    if row.sealed is not None:
        raise IsSealed("the exhibit is sealed: nothing of it is written in the clear")


def _write(
    record: Record,
    target: Path,
    mapping: Mapping,
    release: Release,
    earlier: Sequence[Any],
    outcome: Outcome,
    author: str,
    now: datetime.datetime,
) -> int:
    with record.writing(author, now) as writer:
        refuse_sealed_bytes(record, writer.seals(), release.exhibit)
        stands = [
            row.entered for row in writer.find(select(datasets.c.entered).where(datasets.c.name == release.dataset))
        ]
        if sorted(stands) != [row.entered for row in earlier]:
            raise UsageError(
                f"another process read a release of {release.dataset} meanwhile", next_step="run the same command again"
            )
        with target.open("rb") as file:
            claims = writer.put_file(file).name
        return writer.append(
            DatasetRead(
                exhibit=release.exhibit,
                name=release.dataset,
                release=release.release,
                reader=READER,
                mapping=writer.put(mapping.canonical()),
                claims=claims,
                number=outcome.claims,
                previous=earlier[-1].exhibit if earlier else "",
                changed=outcome.changes["changed"],
                withdrawn=outcome.changes["withdrawn"],
            )
        )
