"""Take gazetteers into the record, and open the places that it holds for reading."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import select

from ascertain.errors import UsageError
from ascertain.model.reference import Place
from ascertain.read.places.cod import read_cod
from ascertain.read.places.columns import read_columns
from ascertain.read.places.gazetteer import Gazetteer
from ascertain.read.places.geonames import read_geonames
from ascertain.read.places.reference import rows_of_reference
from ascertain.read.places.rows import PlaceName, Problem, from_parquet, to_parquet, to_table
from ascertain.record.entries import GazetteerImported
from ascertain.record.store import Record
from ascertain.record.tables import REFERENCE, gazetteers

FORMS: Final = ("cod", "geonames", "csv")
SYRIA: Final = "syria-cod"
_SYRIA_TERMS: Final = "CC BY 3.0 IGO: OCHA, Syrian Arab Republic – Subnational Administrative Boundaries (COD-AB)"


@dataclass(frozen=True, slots=True)
class Source:
    """What a gazetteer is called, and whose it is: `terms` go with its places wherever they are shown."""

    name: str
    version: str
    source: str = ""
    terms: str = ""


@dataclass(frozen=True, slots=True)
class ImportedGazetteer:
    """A gazetteer as taken in: its rows (one name of one place each), and the rows of its file that gave none.

    `known`: the record had the same rows under this name and version; nothing was added.
    """

    name: str
    version: str
    number: int
    problems: tuple[Problem, ...]
    known: bool


def import_gazetteer(
    record: Record,
    data: bytes,
    form: str,
    source: Source,
    *,
    mapping: Mapping[str, str] | None = None,
    author: str,
    now: datetime.datetime,
) -> ImportedGazetteer:
    """Take in the places of a file: OCHA's COD-AB ("cod"), a GeoNames dump ("geonames"), a CSV by a mapping ("csv").

    A later import of the same name replaces it from then on. Raises UsageError for another form, for no name, and for a
    file without a single place; UnreadableExhibit for bytes that are not of that form.
    """
    if not source.name:
        raise UsageError("a gazetteer needs a name", next_step="give one with --name")
    rows, problems = _read(data, form, source, mapping)
    if not rows:
        reason = f" ({problems[0].row}: {problems[0].reason})" if problems else ""
        raise UsageError(f"the file holds no place{reason}", next_step="see docs/methods/read/places.md")
    with record.writing(author, now) as writer:
        held = writer.put(to_parquet(rows))
        last = writer.find(select(gazetteers).where(gazetteers.c.name == source.name).order_by(gazetteers.c.entered))
        known = bool(last) and (last[-1].gazetteer, last[-1].version) == (held, source.version)
        if not known:
            writer.append(
                GazetteerImported(
                    name=source.name,
                    version=source.version,
                    source=source.source,
                    terms=source.terms,
                    gazetteer=held,
                    number=len(rows),
                )
            )
    return ImportedGazetteer(source.name, source.version, len(rows), tuple(problems), known)


def _read(
    data: bytes, form: str, source: Source, mapping: Mapping[str, str] | None
) -> tuple[list[PlaceName], list[Problem]]:
    whose = source.source or source.name
    match form:
        case "cod":
            return read_cod(data, source=whose, version=source.version)
        case "geonames":
            return read_geonames(data, source=whose, version=source.version)
        case "csv":
            return read_columns(data, source=whose, version=source.version, mapping=mapping)
    raise UsageError(f"{form!r} is no form of a gazetteer", next_step=f"forms: {', '.join(FORMS)}")


def shipped_syria() -> tuple[bytes, Source]:
    """The units of Syria that come with the package (form "csv"), with their terms."""
    data = files("ascertain").joinpath("gazetteers", SYRIA, "places.csv").read_bytes()
    return data, Source(SYRIA, "2016-09-05", "OCHA COD-AB", _SYRIA_TERMS)


def open_gazetteer(record: Record) -> Gazetteer:
    """The places that the record holds: the last import of each gazetteer, and the places of its references.

    A million names take half a minute to index: open once, read many texts.
    """
    with record.reading() as connection:
        imports = connection.execute(select(gazetteers).order_by(gazetteers.c.entered)).all()
        places = connection.execute(_standing_places()).mappings().all()
    last = {row.name: row.gazetteer for row in imports}
    tables = [from_parquet(record.objects.get(name)) for name in last.values()]
    own = rows_of_reference([dict(place) for place in places], source="reference")
    return Gazetteer(pa.concat_tables([to_table(own), *tables]))


def _standing_places() -> Any:
    table = REFERENCE[Place.table]
    return select(table).where(table.c.until_entry.is_(None))


@dataclass(frozen=True)
class Gazetteers:
    """The gazetteers of one record."""

    record: Record
    author: str
    clock: Callable[[], datetime.datetime]

    def take_in(
        self, data: bytes, form: str, source: Source, mapping: Mapping[str, str] | None = None
    ) -> ImportedGazetteer:
        """Take in the places of a file; as `import_gazetteer`."""
        return import_gazetteer(self.record, data, form, source, mapping=mapping, author=self.author, now=self.clock())

    def take_in_syria(self) -> ImportedGazetteer:
        """Take in the units of Syria that come with the package."""
        data, source = shipped_syria()
        return self.take_in(data, "csv", source)

    def open(self) -> Gazetteer:
        """All places that the record holds, ready for finding; as `open_gazetteer`."""
        return open_gazetteer(self.record)
