"""A small reference record, as files: whoever needs another one changes its cells."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

pytest_plugins = ("postgres_server", "s3_server", "homes", "timestamp_server", "model_server", "made_images")

Cells = dict[str, str]

_CONFIRMED = {"confirmed_by": "report", "confirmed_from": "first reading"}


class Folder:
    """A reference folder in memory: tables of cells, written as CSV files."""

    def __init__(self) -> None:
        self.about = 'name = "small"\nversion = "1"\ntitle = "A small reference record"\n'
        self.tables: dict[str, list[Cells]] = {
            "documents": [
                _document("report", "body", "2018-07-06", "S/2018/1"),
                _document("late", "body", "2019-03", "S/2019/2"),
                _document("letter", "state", "2018-09~", "A/72/3"),
            ],
            "parties": [
                _sourced("body", name="Commission of Inquiry", kind="body", independent="yes", aliases="Commission"),
                _sourced("state", name="Arland", kind="state", independent="no", aliases=""),
            ],
            "places": [_sourced("town", name="Estor", lat="35.9", lon="36.4", precision_km="1")],
            "incidents": [_sourced("estor_2018", name="Estor", kind="incident", place="town", when="2018-04-07")],
            "findings": [
                _sourced(
                    "f1", incident="estor_2018", party="body", question="chemical_use", answer="yes", agent="chlorine"
                ),
                _sourced(
                    "f2", document="late", incident="estor_2018", party="body", question="responsibility",
                    answer="likely", agent="", actor="state",
                ),
            ],
            "positions": [
                _sourced("p1", document="letter", party="state", incident="estor_2018", stance="denies_use"),
            ],
            "figures": [_sourced("n1", subject="estor_2018", measure="killed", count=">=43", when="2018-04-07")],
        }  # fmt: skip

    def row(self, table: str, row_id: str) -> Cells:
        """The cells of one row, to be changed in place."""
        return next(cells for cells in self.tables[table] if cells["id"] == row_id)

    def files(self) -> dict[str, bytes]:
        """The folder as its files' bytes by name."""
        written = {f"{table}.csv": _csv(rows) for table, rows in self.tables.items()}
        return {"about.toml": self.about.encode(), **written}

    def write(self, folder: Path) -> Path:
        """The folder on disk."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files().items():
            (folder / name).write_bytes(data)
        return folder


def _document(name: str, party: str, published: str, symbol: str) -> Cells:
    kind = "letter" if party == "state" else "commission_report"
    return {
        "id": name, "party": party, "title": f"The {name}", "symbol": symbol, "published": published, "kind": kind,
        "url": f"https://example.org/{name}", "seen": "primary", **_CONFIRMED,
    }  # fmt: skip


def _sourced(row_id: str, document: str = "report", **cells: str) -> Cells:
    return {"id": row_id, **cells, "document": document, **_CONFIRMED}


def _csv(rows: list[Cells]) -> bytes:
    columns = list(dict.fromkeys(column for cells in rows for column in cells))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.fixture
def small() -> Folder:
    """A small reference record of a country that does not exist."""
    return Folder()
