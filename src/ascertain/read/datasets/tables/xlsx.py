"""Workbooks (ECMA-376, .xlsx): the cells of one sheet as text, row by row. Formulas are never computed.

A formula's cell says the value that was last computed and kept. A date is a number with the format of a date.
"""

from __future__ import annotations

import datetime
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa
from lxml import etree

from ascertain.errors import UnreadableExhibit
from ascertain.read.datasets import hxl
from ascertain.read.datasets.mapping import Form
from ascertain.read.datasets.tables.table import BATCH_CHARACTERS, BATCH_ROWS, MOST_COLUMNS, RowProblem, make_batch

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRINGS_BYTES: Final = 256 * 1024 * 1024  # of the shared strings, which are held in memory
_SHEET_BYTES: Final = 4 * 1024 * 1024 * 1024
_DATE_FORMATS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_EPOCHS: Final = {  # of no zone: the UTC of these is dropped again
    False: datetime.datetime(1899, 12, 30, tzinfo=datetime.UTC),
    True: datetime.datetime(1904, 1, 1, tzinfo=datetime.UTC),
}
_DAMAGED = (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, OSError, NotImplementedError, RuntimeError)


@dataclass
class Workbook:
    """One sheet of a workbook. Rows have the numbers that the sheet gives them, from 1."""

    path: Path
    sheet: str
    header: tuple[str, ...]
    header_row: int
    notes: list[str] = field(default_factory=list)

    def batches(self, columns: Sequence[int]) -> Iterator[pa.Table]:
        """The rows under the header, in order; empty rows are left out."""
        with _opened(self.path) as book:
            rows: list[tuple[int, dict[int, str]]] = []
            problems: list[RowProblem] = []
            characters = 0
            for number, cells in _rows(book, self.sheet):
                if number <= self.header_row or not any(cells.values()):
                    continue
                if beyond := [at for at in cells if at >= len(self.header) and cells[at]]:
                    problems.append(RowProblem(number, "ragged", f"a cell in column {beyond[0] + 1}, past the header"))
                else:
                    rows.append((number, cells))
                characters += sum(map(len, cells.values()))
                if len(rows) + len(problems) >= BATCH_ROWS or characters >= BATCH_CHARACTERS:
                    yield _batch(rows, columns, problems)
                    rows, problems, characters = [], [], 0
            if rows or problems:
                yield _batch(rows, columns, problems)


def open_xlsx(path: Path, form: Form) -> Workbook:
    """Look for a sheet and its header. Raises UnreadableExhibit for what is no workbook, or has no such sheet."""
    with _opened(path) as book:
        sheets = _sheets(book)
        if not sheets:
            raise UnreadableExhibit("the workbook has no sheet")
        name = form.sheet or next(iter(sheets))
        if name not in sheets:
            raise UnreadableExhibit(f"the workbook has no sheet {name!r}; sheets: {', '.join(sheets)}")
        notes = [f"of {len(sheets)} sheets, {name!r} is read"] if len(sheets) > 1 else []
        header_row, header = _header(_rows(book, sheets[name]), form)
    if len(header) > MOST_COLUMNS:
        raise UnreadableExhibit(f"the table has more than {MOST_COLUMNS:,} columns")
    return Workbook(path, sheets[name], header, header_row, notes)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as book:
            yield book
    except _DAMAGED as error:
        raise UnreadableExhibit(f"this is no workbook that can be read ({str(error)[:200]})") from error


def _header(rows: Iterator[tuple[int, dict[int, str]]], form: Form) -> tuple[int, tuple[str, ...]]:
    seen = 0
    for number, cells in rows:
        if not any(cell.strip() for cell in cells.values()):
            continue
        seen += 1
        row = tuple(cells.get(at, "").strip() for at in range(max(cells) + 1))
        if form.header == "none":
            return 0, tuple(f"column {at}" for at in range(1, len(row) + 1))
        if form.header == "hxl" and hxl.is_tag_row(row):
            return number, tuple(hxl.normal_tag(cell) for cell in row)
        if form.header == "first" or form.header == str(number):
            return number, row
        if form.header == "hxl" and seen >= hxl.SEARCHED_ROWS:
            break
    raise UnreadableExhibit("the sheet has no such header")


def _batch(rows: list[tuple[int, dict[int, str]]], columns: Sequence[int], problems: list[RowProblem]) -> pa.Table:
    cells = [[row.get(position) for _, row in rows] for position in columns]
    return make_batch([number for number, _ in rows], cells, columns, problems)


class _Limited:
    """A member of the archive that is read to a limit: what it says of its own size is not believed."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self._file, self._left = file, limit

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(min(size, 1 << 20) if size > 0 else 1 << 20)
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableExhibit("the workbook unfolds to more than is read")
        return data


def _elements(book: zipfile.ZipFile, name: str, tag: str, limit: int) -> Iterator[Any]:
    """The elements of a kind in a part of the workbook, each let go after its turn. No entity is resolved."""
    with book.open(name) as file:
        parsing = etree.iterparse(
            _Limited(file, limit), ("end",), tag=_MAIN + tag, resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False,
        )  # fmt: skip
        for _, element in parsing:
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def _sheets(book: zipfile.ZipFile) -> dict[str, str]:
    """The sheets by name, each with its part of the archive, in the workbook's order."""
    with book.open("xl/_rels/workbook.xml.rels") as file:
        links = etree.fromstring(
            _Limited(file, 1 << 24).read(), etree.XMLParser(resolve_entities=False, no_network=True)
        )
    targets = {link.get("Id"): posixpath.normpath(posixpath.join("xl", link.get("Target", ""))) for link in links}
    found = {}
    for sheet in _elements(book, "xl/workbook.xml", "sheet", 1 << 24):
        target = targets.get(sheet.get(_LINK), "")
        found[sheet.get("name", "")] = target.removeprefix("xl//").lstrip("/")
    return {name: target for name, target in found.items() if "worksheets/" in target}


def _rows(book: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, dict[int, str]]]:
    """The rows of a sheet: number, and cells by position from 0."""
    strings, dates = _strings(book), _date_styles(book)
    epoch = _EPOCHS[
        any(one.get("date1904") in ("1", "true") for one in _elements(book, "xl/workbook.xml", "workbookPr", 1 << 24))
    ]
    number = 0
    for row in _elements(book, sheet, "row", _SHEET_BYTES):
        said = row.get("r", "")
        number = int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else number + 1
        cells: dict[int, str] = {}
        position = -1
        for cell in row.iterchildren(f"{_MAIN}c"):
            position = _position(cell.get("r", ""), position + 1)
            if position >= MOST_COLUMNS:
                raise UnreadableExhibit(f"the table has more than {MOST_COLUMNS:,} columns")
            cells[position] = _cell(cell, strings, dates, epoch)
        if cells:
            yield number, cells


def _position(reference: str, following: int) -> int:
    """The position, from 0, of the column of a cell's reference such as `AB12`; a cell without one follows the last."""
    letters = re.match(r"[A-Z]{1,3}(?=[0-9]+$)", reference)
    if letters is None:
        return following
    number = 0
    for letter in letters.group():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _cell(cell: Any, strings: Sequence[str], dates: frozenset[int], epoch: datetime.datetime) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_MAIN}t"))
    value = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        return strings[int(value)] if value.isascii() and value.isdecimal() and int(value) < len(strings) else ""
    if kind == "b":
        return {"1": "true", "0": "false"}.get(value, value)
    style = cell.get("s", "")
    if kind == "n" and style.isascii() and style.isdecimal() and int(style) in dates:
        return _date(value, epoch)
    return str(value)


def _date(value: str, epoch: datetime.datetime) -> str:
    """A date that a workbook keeps as days since its epoch, in ISO 8601; the number itself when it is none."""
    try:
        moment = (epoch + datetime.timedelta(days=float(value))).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return value
    return moment.date().isoformat() if float(value).is_integer() else moment.isoformat(" ", "seconds")


def _strings(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    found = _elements(book, "xl/sharedStrings.xml", "si", _STRINGS_BYTES)
    # Phonetic readings (rPh) stand beside the words, and are none of them.
    return [
        "".join(part.text or "" for part in one.iter(f"{_MAIN}t") if part.getparent().tag != f"{_MAIN}rPh")
        for one in found
    ]


def _date_styles(book: zipfile.ZipFile) -> frozenset[int]:
    """The styles of cells that are dates."""
    if "xl/styles.xml" not in book.namelist():
        return frozenset()
    codes = {
        one.get("numFmtId"): one.get("formatCode", "") for one in _elements(book, "xl/styles.xml", "numFmt", 1 << 26)
    }
    custom = {
        number
        for number, code in codes.items()
        if re.search("[dmy]", re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code.lower()))
    }
    found = set()
    for styles in _elements(book, "xl/styles.xml", "cellXfs", 1 << 26):
        for place, style in enumerate(styles.iterchildren(f"{_MAIN}xf")):
            number = style.get("numFmtId", "0")
            if number in custom or (number.isdecimal() and int(number) in _DATE_FORMATS):
                found.add(place)
    return frozenset(found)
