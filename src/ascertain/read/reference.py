"""A reference folder: CSV files and `about.toml`, read into rows with every problem named by file, line and column.

The format is `docs/import-format.md`; the columns are declared in `ascertain.model.reference`.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ascertain.model.reference import ROW_OF_TABLE, Document, Refers, Row

ABOUT = "about.toml"
REQUIRED = ("documents", "parties")
_CELL_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a reference folder that keeps it from being imported."""

    file: str
    line: int | None
    column: str
    message: str

    def __str__(self) -> str:
        line = f":{self.line}" if self.line is not None else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{line}{column}: {self.message}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference folder as read: its rows (those without a problem) and its problems."""

    name: str
    version: str
    title: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    row: Row
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class _TableRead:
    """A file as read. `ids` are all that it gives, those of bad rows too; None when the file is not readable: a bad
    row or file is one problem, not one more for each row that refers to it."""

    placed: list[_Placed]
    problems: list[Problem]
    ids: frozenset[str] | None


def read_reference(files: Mapping[str, bytes]) -> Reference:
    """The rows of a reference folder, given as its files' bytes by name (GeoJSON and Markdown files are passed over).

    Never raises for what a file holds: each problem is in the result. Do not import a reference with problems.
    """
    about, problems = _about(files.get(ABOUT))
    tables = {name.removesuffix(".csv"): data for name, data in files.items() if name.endswith(".csv")}
    problems += [Problem(f"{t}.csv", None, "", "no such table in the format") for t in tables if t not in ROW_OF_TABLE]
    problems += [Problem(f"{t}.csv", None, "", "the file is missing") for t in REQUIRED if t not in tables]
    placed: list[_Placed] = []
    ids: dict[str, frozenset[str] | None] = dict.fromkeys(REQUIRED)
    for table in ROW_OF_TABLE:
        if table in tables:
            read = _read_table(table, tables[table])
            placed += read.placed
            problems += read.problems
            ids[table] = read.ids
    problems += [*_duplicates(placed), *_dangling(placed, ids), *_sourceless(placed)]
    good = tuple(p.row for p in placed)
    return Reference(about["name"], about["version"], about["title"], good, tuple(problems))


def _about(data: bytes | None) -> tuple[dict[str, str], list[Problem]]:
    empty = {"name": "", "version": "", "title": ""}
    if data is None:
        return empty, [Problem(ABOUT, None, "", "the file is missing (it gives name, version and title)")]
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return empty, [Problem(ABOUT, None, "", f"not readable as TOML: {error}")]
    missing = [key for key in empty if not isinstance(table.get(key), str) or not table[key]]
    return {k: str(table.get(k, "")) for k in empty}, [Problem(ABOUT, None, key, "missing or empty") for key in missing]


def _read_table(table: str, data: bytes) -> _TableRead:
    file, kind = f"{table}.csv", ROW_OF_TABLE[table]
    if b"\0" in data:  # the csv module lets it through, and no cell means it
        return _TableRead(
            [], [Problem(file, _line_of(data, data.index(b"\0")), "", "a NUL byte: the file is not UTF-8 text")], None
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(file, _line_of(data, error.start), "", f"not UTF-8 (byte {error.start})")
        return _TableRead([], [problem], None)
    return _read_rows(file, kind, text)


def _read_rows(file: str, kind: type[Row], text: str) -> _TableRead:
    before = csv.field_size_limit(_CELL_LIMIT)  # of the whole process: others have limits of their own
    try:
        return _read_cells(file, kind, text)
    finally:
        csv.field_size_limit(before)


def _read_cells(file: str, kind: type[Row], text: str) -> _TableRead:
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    placed: list[_Placed] = []
    problems: list[Problem] = []
    ids: set[str] = set()
    try:
        problems += _header_problems(file, kind, reader.fieldnames or ())
        if problems:
            return _TableRead([], problems, None)
        for cells in reader:
            row, wrong = _read_row(file, reader.line_num, kind, cells)
            problems += wrong
            placed += [_Placed(row, file, reader.line_num)] if row is not None else []
            ids.add((cells["id"] or "").strip())
    except csv.Error as error:
        begins = reader.line_num + 1  # after the last good row: a quote left open ends at the end of the file
        problems.append(Problem(file, begins, "", f"not readable as CSV: {error}"))
        return _TableRead(placed, problems, None)
    return _TableRead(placed, problems, frozenset(ids))


def _line_of(data: bytes, position: int) -> int:
    return data[:position].count(b"\n") + 1


def _header_problems(file: str, kind: type[Row], header: Iterable[str]) -> list[Problem]:
    known = _columns(kind)
    given = list(header)
    problems = [
        Problem(file, 1, name or "(empty)", "no such column in the format") for name in given if name not in known
    ]
    problems += [
        Problem(file, 1, n, "the column is missing") for n, needed in known.items() if needed and n not in given
    ]
    return problems + [Problem(file, 1, n, "the column stands twice") for n in {n for n in given if given.count(n) > 1}]


def _columns(kind: type[Row]) -> dict[str, bool]:
    """The columns of a table, each with whether it is required."""
    return {info.alias or name: info.is_required() for name, info in kind.model_fields.items()}


def _read_row(file: str, line: int, kind: type[Row], cells: dict[str, Any]) -> tuple[Row | None, list[Problem]]:
    if "" in cells:
        return None, [Problem(file, line, "", "the row has more cells than the header")]
    if None in cells.values():
        return None, [Problem(file, line, "", "the row has fewer cells than the header")]
    required = _columns(kind)
    try:
        return kind.model_validate({name: cell for name, cell in cells.items() if cell or required[name]}), []
    except ValidationError as error:
        return None, [
            Problem(file, line, str(e["loc"][0]) if e["loc"] else "", e["msg"].removeprefix("Value error, "))
            for e in error.errors(include_url=False)
        ]


def _duplicates(placed: list[_Placed]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for p in placed:
        key = (p.file, p.row.id)
        if key in seen:
            yield Problem(p.file, p.line, "id", f"{p.row.id!r} stands already in line {seen[key]}")
        seen.setdefault(key, p.line)


def _dangling(placed: list[_Placed], ids: Mapping[str, frozenset[str] | None]) -> Iterator[Problem]:
    for p in placed:
        for name, info in type(p.row).model_fields.items():
            refers = next((mark for mark in info.metadata if isinstance(mark, Refers)), None)
            given = getattr(p.row, name) if refers is not None else ()
            for value in (given,) if isinstance(given, str) else given:
                if refers is not None and value and not _may_stand_in(value, refers.tables, ids):
                    yield Problem(
                        p.file, p.line, info.alias or name, f"{value!r} is no id in {' or '.join(refers.tables)}"
                    )


def _may_stand_in(value: str, tables: Iterable[str], ids: Mapping[str, frozenset[str] | None]) -> bool:
    found = [ids.get(table, frozenset()) for table in tables]
    return any(known is None or value in known for known in found)


def _sourceless(placed: list[_Placed]) -> Iterator[Problem]:
    for p in placed:
        if isinstance(p.row, Document) and not p.row.url and not p.row.symbol:
            yield Problem(p.file, p.line, "url", "a document needs an address or a symbol by which it can be found")
