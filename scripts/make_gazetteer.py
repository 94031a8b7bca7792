"""Make the shipped gazetteer of Syria from OCHA's COD-AB files: `python scripts/make_gazetteer.py FOLDER`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ascertain.read.places.cod import read_cod
from ascertain.read.places.columns import COLUMNS
from ascertain.read.places.rows import PlaceName

GAZETTEER = Path(__file__).parents[1] / "src" / "ascertain" / "gazetteers" / "syria-cod"


def units(folder: Path) -> Iterator[PlaceName]:
    """The rows of all levels, the country first."""
    for level in range(4):
        data = (folder / f"syr_admin{level}_simplified.geojson").read_bytes()
        rows, problems = read_cod(data, source="OCHA COD-AB", version="2016-09-05")
        if problems:
            raise SystemExit(f"level {level}: {problems}")
        yield from rows


def with_aliases(rows: list[PlaceName]) -> Iterator[PlaceName]:
    """The rows, and a row for each alias that is not there yet; "the centre of X" (مركز) is X too."""
    by_pcode = {row.pcode: row for row in rows}
    rows = [*rows, *(replace(row, name=row.name[5:]) for row in rows if row.name.startswith("مركز "))]
    seen = {(row.pcode, row.name) for row in rows}
    yield from rows
    with (GAZETTEER / "aliases.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            for name in line["names"].split("|"):
                if line["pcode"] in by_pcode and (line["pcode"], name) not in seen:
                    seen.add((line["pcode"], name))
                    yield replace(by_pcode[line["pcode"]], name=name, language=line["language"])


def main() -> None:
    """Write places.csv."""
    rows = sorted(with_aliases(list(units(Path(sys.argv[1])))), key=lambda row: (row.id, row.language, row.name))
    with (GAZETTEER / "places.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([getattr(row, column) for column in COLUMNS])


if __name__ == "__main__":
    main()
