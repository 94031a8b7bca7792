"""A mapping and a table's header: which column, by number, has the words of each slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ascertain.errors import BadMapping
from ascertain.read.datasets import hxl
from ascertain.read.datasets.mapping import Column, Mapping

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Bound:
    """A mapping over one table. `slots` and `key` have the columns' positions, from 0; `missing` the slots without."""

    mapping: Mapping
    header: tuple[str, ...]
    slots: dict[str, int]
    key: tuple[int, ...]
    missing: tuple[str, ...]

    @property
    def used(self) -> tuple[int, ...]:
        """The positions of all columns that are read, in order."""
        return tuple(sorted({*self.slots.values(), *self.key}))

    def columns(self) -> dict[str, tuple[int, str]]:
        """For each slot that has a column: its number, from 1, and its header."""
        return {slot: (position + 1, self.header[position]) for slot, position in self.slots.items()}


def bind(mapping: Mapping, header: Sequence[str]) -> Bound:
    """Find the columns of a mapping in a header. Raises BadMapping when a needed one is missing or there twice."""
    problems: list[str] = []
    slots: dict[str, int] = {}
    missing = []
    for slot, column in mapping.slots.items():
        if column.constant:
            continue
        found = _position(column, header, f"slots.{slot}", problems)
        if found is not None:
            slots[slot] = found
        elif column.required:
            problems.append(f"slots.{slot}: the table has no column {_named(column)}")
        else:
            missing.append(slot)
    key = _key(mapping, header, problems)
    if not slots and not problems:
        problems.append("none of its columns is in the table")
    if problems:
        shown = ", ".join(repr(name[:60]) for name in header[:_SHOWN]) + (" …" if len(header) > _SHOWN else "")
        raise BadMapping(
            f"the mapping {mapping.name} does not fit this table",
            problems=[*problems, f"the table's columns: {shown}"],
            next_step="write a mapping for it: `ascertain read mapping FILE` proposes one",
        )
    return Bound(mapping, tuple(header), slots, key, tuple(missing))


def _key(mapping: Mapping, header: Sequence[str], problems: list[str]) -> tuple[int, ...]:
    """The positions of the key's columns. HXL patterns of a key are alternatives: the first that is there."""
    if mapping.table.header == "hxl":
        found = _position(Column(column=mapping.key), header, "key", problems) if mapping.key else None
        return () if found is None else (found,)
    positions = []
    for name in mapping.key:
        found = _position(Column(column=(name,)), header, "key", problems)
        if found is None:
            problems.append(f"key: the table has no column {name!r}")
        else:
            positions.append(found)
    return tuple(positions)


def _position(column: Column, header: Sequence[str], place: str, problems: list[str]) -> int | None:
    if column.number is not None:
        return column.number - 1 if column.number <= len(header) else None
    for name in column.column:
        found = [position for position, title in enumerate(header) if _is(name, title)]
        exact = [position for position in found if header[position] == name]
        found = exact or found
        if len(found) > 1 and not name.startswith("#"):
            numbers = ", ".join(str(position + 1) for position in found)
            problems.append(f"{place}: columns {numbers} are all called {name!r}; say `number:`")
        if found:
            return found[0]
    return None


def _is(name: str, title: str) -> bool:
    return hxl.fits(name, title) if name.startswith("#") else _plain(name) == _plain(title)


def _plain(title: str) -> str:
    """A header without what spreadsheets change in it: case, spaces and underscores."""
    return "".join(title.casefold().replace("_", " ").split())


def _named(column: Column) -> str:
    return f"number {column.number}" if column.number else " or ".join(repr(name) for name in column.column)
