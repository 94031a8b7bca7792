"""GeoNames' dump (19 columns, tab-separated, no header), as http://download.geonames.org/export/dump/ describes it.

Its terms are CC BY 4.0: the user downloads it, and the record keeps source and terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ascertain.errors import UnreadableExhibit
from ascertain.read.places.kinds import kind_of_feature, kinds
from ascertain.read.places.rows import PlaceName, Problem, sound

_COLUMNS = 19
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_OTHER = re.compile(r"[^\u0000-\u024f\u02b0-\u02ff\u0300-\u036f\u0600-\u06ff\u1e00-\u1eff\u2010-\u201f]")
_LINK = re.compile(r"https?://|[/\\_]")
_MOST_NAMES = 200


def read_geonames(data: bytes, *, source: str, version: str) -> tuple[list[PlaceName], list[Problem]]:
    """The places of a dump, a row for each name in Latin or Arabic letters, and the lines that give none.

    The precision is that of the feature's kind (kinds.yaml). Raises UnreadableExhibit for bytes that are no such table.
    """
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise UnreadableExhibit("the file is not UTF-8", next_step="take the .txt out of GeoNames' zip") from error
    problems: list[Problem] = []
    rows: list[tuple[str, PlaceName]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows += [(str(number), row) for row in _names(line.rstrip("\r").split("\t"), source, version)]
        except ValueError as error:
            problems.append(Problem(str(number), str(error)))
    if not rows:
        raise UnreadableExhibit("no line of this file is a place of GeoNames", next_step="give the dump's .txt")
    good, bad = sound(rows)
    return good, [*problems, *bad]


def _names(cells: list[str], source: str, version: str) -> Iterator[PlaceName]:
    if len(cells) != _COLUMNS:
        raise ValueError(f"{len(cells)} columns, not {_COLUMNS}")
    number, name, ascii_name, others, lat, lon, letter, code, country = cells[:9]
    if not number.isdecimal():
        raise ValueError("the first column is no number")
    kind = kind_of_feature(letter, code)
    path = "|".join(
        part for part in (country, *(_admin(country, cells[10:14], depth) for depth in range(1, 4))) if part
    )
    population = int(cells[14]) if cells[14].isdecimal() else 0
    written = dict.fromkeys(one.strip() for one in [name, ascii_name, *others.split(",")[:_MOST_NAMES]] if one.strip())
    for one in written:
        if _OTHER.search(one) or _LINK.search(one):
            continue
        yield PlaceName(
            f"geonames:{number}", one, "ar" if _ARABIC.search(one) else "", kind, path, float(lat), float(lon),
            kinds()[kind].precision_km, population, "", source, version,
        )  # fmt: skip


def _admin(country: str, codes: list[str], depth: int) -> str:
    """GeoNames' codes of units hold only within the unit above."""
    return ".".join([country, *codes[:depth]]) if all(codes[:depth]) else ""
