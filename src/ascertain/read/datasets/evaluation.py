"""Batches of cells to batches of values, by a mapping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from ascertain.model.dataset import CLAIMS, COUNTED, TEXTS
from ascertain.read.datasets.binding import Bound
from ascertain.read.datasets.mapping import Column, Days
from ascertain.read.datasets.rows import Rows
from ascertain.read.datasets.words import (
    Remembered,
    Wrong,
    read_count,
    read_days,
    read_degrees,
    read_point,
    widened,
)

_TEXT, _DAY, _DEGREES, _PERSONS = pa.string(), pa.date32(), pa.float64(), pa.int64()
READ: Final = tuple(
    field.name
    for field in CLAIMS
    if field.name not in ("claim", "exhibit", "row", "dataset", "release", "key", "cells")
)
VALUES: Final = pa.schema(
    [
        CLAIMS.field("row"),
        CLAIMS.field("key"),
        *[pa.field(name, _TEXT) for name in ("problem", "reason", "fingerprint")],
        *[CLAIMS.field(name) for name in READ],
        CLAIMS.field("cells"),
    ]
)


class Evaluation:
    """Reads batches by a mapping.

    Counts as it goes: `unknown`, the words of slots with codes that are in no table; `doubts` about rows that stand.
    """

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._slots = bound.mapping.slots
        self._decimal = bound.mapping.table.decimal
        self._nulls = pa.array(["", *bound.mapping.table.nulls], _TEXT)
        self._readings: dict[str, Remembered] = {}
        self.unknown: dict[str, Counter[str]] = {}
        self.doubts: Counter[str] = Counter()

    def values(self, batch: pa.Table) -> pa.Table:
        """The rows of a batch in the columns of `VALUES`; `fingerprint` is left out."""
        rows = Rows(batch.combine_chunks(), self._bound, self._nulls)
        found: dict[str, pa.Array] = {"row": rows.numbers, "cells": rows.cells()}
        found["key"] = self._key(rows)
        found["type"] = pc.coalesce(self._coded(rows, "type", _TEXT), self._coded(rows, "type_broad", _TEXT))
        found |= self._dates(rows) | self._place(rows)
        for name in TEXTS:
            found[name] = self._text(rows, name)
        for counted in COUNTED:
            found |= self._counts(rows, counted)
        found["problem"], found["reason"] = rows.problems()
        self._doubt(found)
        return pa.table(
            [found[name] for name in VALUES.names if name in found], [n for n in VALUES.names if n in found]
        )

    def _key(self, rows: Rows) -> pa.Array:
        if not self._bound.key:
            return rows.nothing(_TEXT)
        parts = [rows.words(position) for position in self._bound.key]
        key = pc.binary_join_element_wise(*parts, pa.scalar(" | ")) if len(parts) > 1 else parts[0]
        rows.refuse_where(pc.is_null(key), Wrong("no_key", "the row has no key"))
        return key

    def _text(self, rows: Rows, name: str) -> pa.Array:
        column = self._slots.get(name)
        words = rows.slot(name)
        if column is not None and column.constant:
            return pa.repeat(column.constant, rows.number)
        return pc.fill_null(words, self._bound.mapping.speaker) if name == "speaker" else words

    # Codes

    def _table(self, slot: str) -> Mapping[str, Any]:
        column = self._slots.get(slot)
        codes = self._bound.mapping.codes.get(column.codes) if column else None
        if codes is None:
            return {}
        tables: dict[str, Mapping[str, Any]] = {"types": codes.type_words(), "days": codes.days, "km": codes.km}
        (kind,) = codes.kinds
        return {code.casefold(): value for code, value in tables[kind].items()}

    def _coded(
        self, rows: Rows, slot: str, kind: pa.DataType, of: Callable[[Any], Any] = lambda value: value
    ) -> pa.Array:
        """What a slot's table of codes says of each row; words that are not in it are counted."""
        table = self._table(slot)
        if not table or slot not in self._bound.slots:
            return rows.nothing(kind)
        words = rows.slot(slot)
        coded = words.dictionary_encode()
        known = [table.get(str(word).casefold()) for word in coded.dictionary.to_pylist()]
        unknown = self.unknown.setdefault(slot, Counter())
        if None in known:
            strange = pa.array(
                [w if k is None else None for w, k in zip(coded.dictionary.to_pylist(), known, strict=True)]
            )
            _count(unknown, strange.take(coded.indices))
        return pa.array([None if one is None else of(one) for one in known], kind).take(coded.indices)

    # Dates

    def _dates(self, rows: Rows) -> dict[str, pa.Array]:
        start = self._interval(rows, "when")
        end = self._interval(rows, "when_end")
        earliest, latest = pc.coalesce(start[0], end[0]), pc.coalesce(end[1], start[1])
        backwards = pc.fill_null(pc.greater(earliest, latest), False)
        rows.refuse_where(backwards, Wrong("backwards", "the end lies before the beginning"))
        width = pc.add(pc.cast(pc.subtract(_number(latest), _number(earliest)), pa.int32()), pa.scalar(1, pa.int32()))
        if "when_precision" not in self._bound.slots or not self._table("when_precision"):
            return {"when_earliest": earliest, "when_latest": latest, "date_precision_days": width}
        days = self._coded(rows, "when_precision", pa.int32(), lambda code: code.days)
        return {**self._widened(rows, earliest, latest), "date_precision_days": days}

    def _interval(self, rows: Rows, slot: str) -> tuple[pa.Array, pa.Array]:
        formats = self._slots.get(slot, Column(constant="-")).formats
        return rows.read(slot, self._reading(slot, lambda text: read_days(text, formats)), (_DAY, _DAY))  # type: ignore[return-value]

    def _widened(self, rows: Rows, earliest: pa.Array, latest: pa.Array) -> dict[str, pa.Array]:
        """The days with what their precision allows; a code that widens nothing leaves them."""
        words = pc.utf8_lower(rows.slot("when_precision"))
        for code, one in self._table("when_precision").items():
            if isinstance(one, Days) and one.widen != "given":
                here = pc.fill_null(pc.and_(pc.equal(words, code), pc.is_valid(earliest)), False)
                spread = [
                    widened(pair, one)
                    for pair in zip(*(a.filter(here).to_pylist() for a in (earliest, latest)), strict=True)
                ]
                earliest = pc.replace_with_mask(earliest, here, pa.array([pair[0] for pair in spread], _DAY))
                latest = pc.replace_with_mask(latest, here, pa.array([pair[1] for pair in spread], _DAY))
        return {"when_earliest": earliest, "when_latest": latest}

    # Places

    def _place(self, rows: Rows) -> dict[str, pa.Array]:
        km = self._coded(rows, "place_precision", _DEGREES)
        if "point" in self._bound.slots:
            order = self._slots["point"].order
            read = self._reading("point", lambda text: read_point(text, order))
            lon, lat = rows.read("point", read, (_DEGREES, _DEGREES))
        else:
            (lon,), (lat,) = self._degrees(rows, "lon", 180), self._degrees(rows, "lat", 90)
            half = pc.not_equal(pc.is_null(lon), pc.is_null(lat))
            rows.refuse_where(half, Wrong("half_a_point", "a longitude without a latitude, or the reverse"))
        return {"lon": lon, "lat": lat, "precision_km": km}

    def _degrees(self, rows: Rows, slot: str, bound: int) -> Sequence[pa.Array]:
        read = self._reading(slot, lambda text: read_degrees(text, self._decimal, bound))
        return rows.read(slot, read, (_DEGREES,))

    # Counts

    def _counts(self, rows: Rows, counted: str) -> dict[str, pa.Array]:
        """Low, best and high, each from its own cell; a range in the middle one gives the bounds that have no cell."""
        read = self._reading(counted, lambda text: read_count(text, self._decimal, ranges=True))
        low, best, high = rows.read(counted, read, (_PERSONS, _PERSONS, _PERSONS))
        bounds = self._reading(f"{counted}_bound", lambda text: read_count(text, self._decimal, ranges=False))
        own_low = rows.read(f"{counted}_low", bounds, (_PERSONS, _PERSONS, _PERSONS))[1]
        own_high = rows.read(f"{counted}_high", bounds, (_PERSONS, _PERSONS, _PERSONS))[1]
        low, high = pc.coalesce(own_low, low), pc.coalesce(own_high, high)
        backwards = pc.fill_null(pc.greater(low, high), False)
        rows.refuse_each(backwards, lambda at: f"{counted}: at least {low[at]} and at most {high[at]}", "bounds")
        return {f"{counted}_low": low, counted: best, f"{counted}_high": high}

    def _doubt(self, found: Mapping[str, pa.Array]) -> None:
        """Count what is odd in rows that are claims; it stands as the dataset has it."""
        good = pc.is_null(found["problem"])
        for counted in COUNTED:
            low, best, high = (found[name] for name in (f"{counted}_low", counted, f"{counted}_high"))
            outside = pc.or_(pc.fill_null(pc.less(best, low), False), pc.fill_null(pc.greater(best, high), False))
            self._note(f"{counted}: the best estimate lies outside its own bounds", pc.and_(good, outside))
        origin = pc.and_(pc.equal(found["lon"], 0), pc.equal(found["lat"], 0))
        self._note("the point is 0, 0, which often stands for none", pc.and_(good, pc.fill_null(origin, False)))

    def _note(self, doubt: str, where: pa.Array) -> None:
        if number := pc.sum(where).as_py():
            self.doubts[doubt] += number

    def _reading(self, name: str, read: Callable[[str], Any]) -> Remembered:
        return self._readings.setdefault(name, Remembered(read))


def _number(days: pa.Array) -> pa.Array:
    return pc.cast(days, pa.int32())


_MOST_WORDS: Final = 10_000


def _count(counter: Counter[str], words: pa.Array) -> None:
    for pair in pc.value_counts(words.drop_null()).to_pylist():
        if pair["values"] in counter or len(counter) < _MOST_WORDS:
            counter[pair["values"]] += pair["counts"]
