"""A table by its content: what the bytes are decides, not the file's name."""

from __future__ import annotations

from pathlib import Path

from ascertain.errors import UnreadableExhibit
from ascertain.read.datasets.mapping import Form
from ascertain.read.datasets.tables.delimited import open_delimited
from ascertain.read.datasets.tables.encoded import encoding_of, open_text
from ascertain.read.datasets.tables.json_lines import looks_like_json_lines, open_json_lines
from ascertain.read.datasets.tables.parquet_table import open_parquet
from ascertain.read.datasets.tables.table import Table
from ascertain.read.datasets.tables.xlsx import open_xlsx

_REFUSED = {
    b"%PDF": "a PDF file",
    b"\x1f\x8b": "a gzip file: unpack it, or preserve it with `--unpack`",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls): save it as .xlsx or CSV",
    b"SQLite format 3": "an SQLite database",
}


def open_table(path: Path, form: Form) -> Table:
    """The table in a file: Parquet, XLSX, JSON lines or delimited text. Raises UnreadableExhibit for anything else."""
    with path.open("rb") as file:
        start = file.read(512)
    if not start.strip():
        raise UnreadableExhibit("the file is empty")
    for mark, words in _REFUSED.items():
        if start.startswith(mark):
            raise UnreadableExhibit(f"this is no table but {words}")
    if start.startswith(b"PAR1"):
        return open_parquet(path)
    if start.startswith(b"PK\x03\x04"):
        return open_xlsx(path, form)
    encoding = encoding_of(start[:4], form.encoding)
    if b"\0" in start and not encoding.startswith(("utf-16", "utf-32")) and start.count(b"\0") > len(start) // 10:
        raise UnreadableExhibit("this is no table of text", next_step="say `encoding:` in a mapping, if it is one")
    with open_text(path, encoding) as text:
        if looks_like_json_lines(text):
            return open_json_lines(path, form)
    return open_delimited(path, form)
