"""HXL hashtags: which row of a table has them, and which column a pattern means.

The Humanitarian Exchange Language, version 1.1 (https://hxlstandard.org/standard/1-1final/): a row of hashtags, each a
`#tag` with `+attributes` in any order, between the headings and the data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

SEARCHED_ROWS: Final = 25  # in how many rows the hashtags are looked for
_TAG = re.compile(r"#[a-z][a-z0-9_]*(?:\s*\+\s*[a-z][a-z0-9_]*)*", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([+-])\s*([a-z][a-z0-9_]*)", re.IGNORECASE)


def is_tag_row(cells: Sequence[str]) -> bool:
    """Whether every cell of a row that is not empty is a hashtag, and one at least is."""
    said = [cell.strip() for cell in cells if cell.strip()]
    return bool(said) and all(_TAG.fullmatch(cell) for cell in said)


def normal_tag(cell: str) -> str:
    """A hashtag in small letters, its attributes in order: `#date+end`. Nothing for an empty cell."""
    tag, attributes = _parts(cell)
    return tag + "".join(sorted(f"+{name}" for sign, name in attributes if sign == "+"))


def fits(pattern: str, tag: str) -> bool:
    """Whether a hashtag is of a pattern: the same tag, all `+attributes` of the pattern, none of its `-attributes`."""
    wanted, wanted_attributes = _parts(pattern)
    base, attributes = _parts(tag)
    has = {name for _, name in attributes}
    return base == wanted and all((name in has) == (sign == "+") for sign, name in wanted_attributes)


def _parts(text: str) -> tuple[str, list[tuple[str, str]]]:
    plain = text.strip().lower()
    tag = re.match(r"#[a-z][a-z0-9_]*", plain)
    return (tag.group() if tag else ""), _ATTRIBUTE.findall(plain[tag.end() :] if tag else "")
