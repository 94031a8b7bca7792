"""A draft of a mapping from a table's headers and first rows. It is for a person to finish: nothing is read by it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import pyarrow as pa
import yaml

from ascertain.errors import BadMapping
from ascertain.read.datasets.binding import bind
from ascertain.read.datasets.mapping import CODED, Mapping
from ascertain.read.datasets.mapping_file import shipped_mappings
from ascertain.read.datasets.tables.table import Table
from ascertain.read.datasets.words import Wrong, read_days

FORMATS: Final = (
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d", "%d %B %Y", "%d %b %Y", "%d-%b-%Y",
    "%B %d, %Y", "%d-%b-%y", "%d/%m/%y", "%d/%m/%Y %H:%M",
)  # fmt: skip
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft. `shipped` names a mapping that comes with the package and fits the table as it is, if one does."""

    text: str
    shipped: str
    unsure: tuple[str, ...]


def propose_mapping(table: Table, name: str) -> Proposal:
    """A draft of a mapping for a table, as the text of a YAML file with what each column holds in comments."""
    header = table.header
    sample = next(iter(table.batches(tuple(range(len(header))))), None)
    slots: dict[str, int] = {}
    for position, title in enumerate(header):
        slot = _slot_of(title)
        if slot and slot not in slots:
            slots[slot] = position
    if "lon" in slots or "lat" in slots:
        slots.pop("point", None)
    unsure: list[str] = []
    lines = [f"# A draft for {name}. Look at every line, and at what it leaves out; docs/datasets.md has the format."]
    lines += ["mapping: 1", f"name: {_name(name)}", "speaker: WHO SAYS THIS"]
    key = slots.pop("key", None)
    lines.append("# key: the column that names a row" if key is None else f"key: {_word(header[key])}")
    lines.append("slots:")
    for slot, position in slots.items():
        lines.append(_line(slot, header[position], _words(sample, position), unsure))
    left = [position for position in range(len(header)) if position not in (*slots.values(), key)]
    lines += [f"# not used: {_word(header[at])}, such as {_some(_words(sample, at))}" for at in left]
    return Proposal("\n".join(lines) + "\n", shipped_for(header), tuple(unsure))


def shipped_for(header: Sequence[str]) -> str:
    """The shipped mapping that fits a header and leaves the fewest slots without a column; empty when none fits."""
    fits: list[tuple[int, str]] = []
    for name, mapping in shipped_mappings().items():
        missing = _missing(mapping, header)
        if missing is not None and missing <= len(mapping.slots) // 2:
            fits.append((missing, name))
    return min(fits)[1] if fits else ""


def _missing(mapping: Mapping, header: Sequence[str]) -> int | None:
    try:
        bound = bind(mapping, header)
    except BadMapping:
        return None
    return len(bound.missing) if bound.key else None


def _line(slot: str, title: str, words: Sequence[str], unsure: list[str]) -> str:
    such = f"  # such as {_some(words)}"
    if slot in CODED:
        unsure.append(f"{title}: what its codes mean is to be said in a table of codes (`codes:`)")
    if slot not in ("when", "when_end"):
        return f"  {slot}: {_word(title)}{such}"
    formats = date_formats(words)
    if len(formats) > 1:
        unsure.append(f"{title}: {formats[0]} or {formats[1]}? the first rows do not tell")
        such = f"  # OR {_word(formats[1])}; {such[4:]}"
    if not formats:
        unsure.append(f"{title}: in no form of date that is known here")
    listed = f", formats: [{_word(formats[0])}]" if formats and formats[0] else ""
    return f"  {slot}: {{column: {_word(title)}{listed}}}{such}"


def date_formats(words: Sequence[str]) -> list[str]:
    """The formats by which every word is a date; an empty format stands for ISO 8601, which needs none."""
    if not words:
        return []
    if not any(isinstance(read_days(word, ()), Wrong) for word in words):
        return [""]
    return [form for form in FORMATS if not any(isinstance(read_days(word, (form,)), Wrong) for word in words)]


def _words(sample: pa.Table | None, position: int) -> list[str]:
    if sample is None:
        return []
    cells = sample[f"c{position}"].slice(0, 500).to_pylist()
    return list(dict.fromkeys(cell.strip() for cell in cells if cell and cell.strip()))


def _some(words: Sequence[str]) -> str:
    shown = [" ".join(word.split())[:30] for word in words[:_SHOWN]]
    return ", ".join(_word(word) for word in shown) if shown else "nothing"


def _word(text: str) -> str:
    """A text as a word of YAML that reads as itself wherever it stands."""
    said = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10_000)
    return " ".join(said.split("\n")).strip()


def _name(text: str) -> str:
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in text.lower().rpartition("/")[2])
    return "-".join(part for part in kept.split("-") if part)[:64].strip("-") or "table"


@cache
def _headings() -> dict[str, str]:
    loaded = yaml.safe_load(files("ascertain.read.datasets").joinpath("headings.yaml").read_text("utf-8"))
    return {_plain(str(word)): slot for slot, words in loaded.items() for word in words}


def _slot_of(title: str) -> str:
    return _headings().get(_plain(title), "")


def _plain(title: str) -> str:
    apart = unicodedata.normalize("NFKD", title.casefold())
    return "".join(c for c in apart if c.isalnum())
