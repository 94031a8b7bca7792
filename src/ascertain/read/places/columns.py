"""A gazetteer from any CSV, by a mapping of our columns to its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

from ascertain.errors import UnreadableExhibit, UsageError
from ascertain.read.places.kinds import kinds
from ascertain.read.places.rows import PlaceName, Problem, sound

COLUMNS: Final = ("id", "name", "language", "kind", "path", "lat", "lon", "precision_km", "population", "pcode")
_NEEDED = ("id", "name", "lat", "lon")
_BETWEEN_NAMES = "|"


def read_columns(
    data: bytes, *, source: str, version: str, mapping: Mapping[str, str] | None = None
) -> tuple[list[PlaceName], list[Problem]]:
    """The places of a CSV with a header, and the lines that give none. Several names in one cell are separated by "|".

    `mapping` gives for each of our columns the file's own; a column that it leaves out has our name. A kind that is not
    in kinds.yaml is a problem; without a precision that of the kind stands. Raises UnreadableExhibit for bytes that are
    no CSV, and UsageError when a needed column is not there.
    """
    named = {column: (mapping or {}).get(column, column) for column in COLUMNS}
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
        header = reader.fieldnames or []
        missing = [named[column] for column in _NEEDED if named[column] not in header]
        if missing:
            raise UsageError(f"the file has no column {', '.join(missing)}", next_step="map it: --map lat=LATITUDE")
        lines = list(enumerate(reader, 2))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableExhibit(f"the file is no CSV in UTF-8: {error}") from error
    problems: list[Problem] = []
    rows: list[tuple[str, PlaceName]] = []
    for number, line in lines:
        try:
            rows += [(str(number), row) for row in _names(line, named, source, version)]
        except ValueError as error:
            problems.append(Problem(str(number), str(error)))
    good, bad = sound(rows)
    return good, [*problems, *bad]


def _names(line: Mapping[str, str | None], named: Mapping[str, str], source: str, version: str) -> Iterator[PlaceName]:
    cells = {column: (line.get(own) or "").strip() for column, own in named.items()}
    kind = cells["kind"] or "populated"
    if kind not in kinds():
        raise ValueError(f"{kind!r} is no kind of place")
    if not cells["lat"] or not cells["lon"]:
        raise ValueError("no point")
    precision = float(cells["precision_km"]) if cells["precision_km"] else kinds()[kind].precision_km
    for name in filter(None, map(str.strip, cells["name"].split(_BETWEEN_NAMES))):
        yield PlaceName(
            cells["id"], name, cells["language"], kind, cells["path"], float(cells["lat"]), float(cells["lon"]),
            precision, int(float(cells["population"] or 0)), cells["pcode"], source, version,
        )  # fmt: skip
