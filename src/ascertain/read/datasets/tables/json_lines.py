"""JSON lines: an object a line. Numbers keep their digits; what lies deeper has a name with points in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, TextIO

import pyarrow as pa

from ascertain.errors import UnreadableExhibit
from ascertain.read.datasets.mapping import Form
from ascertain.read.datasets.tables.encoded import TOO_LONG, bounded_lines, encoding_of, is_damaged, open_text
from ascertain.read.datasets.tables.table import BATCH_CHARACTERS, BATCH_ROWS, MOST_COLUMNS, RowProblem, make_batch

_SAMPLE: Final = 1_000  # lines in which the names of columns are looked for
_DEEPEST: Final = 20
Cells = dict[str, str]


@dataclass
class JsonLines:
    """A file of JSON lines. Rows count from 1; empty lines are counted and are no rows."""

    path: Path
    header: tuple[str, ...]
    encoding: str
    notes: list[str] = field(default_factory=list)

    def batches(self, columns: Sequence[int]) -> Iterator[pa.Table]:
        """The rows, in order. A name that a row lacks is a null."""
        wanted = [self.header[position] for position in columns]
        with open_text(self.path, self.encoding) as file:
            numbered = enumerate(bounded_lines(file), 1)
            while lines := _some(numbered):
                read = [(number, _row(number, line)) for number, line in lines if line.strip()]
                good = [(number, row) for number, row in read if not isinstance(row, RowProblem)]
                problems = [row for _, row in read if isinstance(row, RowProblem)]
                cells = [[row.get(name) for _, row in good] for name in wanted]
                yield make_batch([number for number, _ in good], cells, columns, problems)


def open_json_lines(path: Path, form: Form) -> JsonLines:
    """Look at the first lines for the names of columns. Raises UnreadableExhibit when no line is an object."""
    with path.open("rb") as start:
        encoding = encoding_of(start.read(4), form.encoding)
    names: dict[str, None] = {}
    with open_text(path, encoding) as file:
        for number, line in enumerate(islice(bounded_lines(file), _SAMPLE), 1):
            row = _row(number, line) if line.strip() else {}
            if not isinstance(row, RowProblem):
                names.update(dict.fromkeys(row))
    if not names:
        raise UnreadableExhibit("no line of the file is a JSON object")
    if len(names) > MOST_COLUMNS:
        raise UnreadableExhibit(f"the table has more than {MOST_COLUMNS:,} columns")
    notes = [f"names of columns are looked for in the first {_SAMPLE:,} lines"]
    return JsonLines(path, tuple(names), encoding, notes)


def _some(numbered: Iterator[tuple[int, str]]) -> list[tuple[int, str]]:
    lines: list[tuple[int, str]] = []
    characters = 0
    for number, line in numbered:
        lines.append((number, line))
        characters += len(line)
        if len(lines) >= BATCH_ROWS or characters >= BATCH_CHARACTERS:
            break
    return lines


def _row(number: int, line: str) -> Cells | RowProblem:
    if line.startswith(TOO_LONG):
        return RowProblem(number, "too_long", "a line that is longer than a row can be")
    if is_damaged(line):
        return RowProblem(number, "encoding", "bytes that are no characters")
    try:
        read = json.loads(line, object_pairs_hook=_once, parse_int=str, parse_float=str, parse_constant=str)
        cells: Cells = {}
        _flatten(read, "", cells, 0)
    except _Twice as error:
        return RowProblem(number, "duplicate_name", f"the name {str(error)[:60]!r} is there twice")
    except (ValueError, RecursionError) as error:
        return RowProblem(number, "unreadable", f"no JSON object: {str(error)[:120]}")
    if any(is_damaged(cell) for cell in cells.values()):  # "\ud800" is JSON, and no text
        return RowProblem(number, "encoding", "half of a character")
    return cells


class _Twice(ValueError):
    """An object says a name twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found


def _flatten(value: Any, name: str, cells: Cells, depth: int) -> None:
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        for key, one in value.items():
            _flatten(one, f"{name}.{key}" if name else key, cells, depth + 1)
    elif not name:
        raise ValueError("the line is no object")
    elif isinstance(value, list):
        cells[name] = json.dumps(value, ensure_ascii=False)
    elif value is not None:
        cells[name] = value if isinstance(value, str) else "true" if value else "false"


def looks_like_json_lines(file: TextIO) -> bool:
    """Whether the first line that is not empty begins an object."""
    first = next((line for line in islice(bounded_lines(file), 20) if line.strip()), "")
    return first.lstrip().startswith("{")
