"""One batch of cells: every different word of a column is read once, and its rows take the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from ascertain.model.dataset import CLAIMS, SLOTS
from ascertain.read.datasets.binding import Bound
from ascertain.read.datasets.tables.table import CELL_CHARACTERS
from ascertain.read.datasets.words import Wrong

_TEXT: Final = pa.string()


class Rows:
    """One batch: its cells by slot, and the first problem of each row."""

    def __init__(self, batch: pa.Table, bound: Bound, nulls: pa.Array) -> None:
        self.number = batch.num_rows
        self.numbers = _whole(batch["row"])
        self._bound = bound
        self._raw: dict[int, pa.Array] = {}
        self._words: dict[int, pa.Array] = {}
        self._problem, self._reason = _whole(batch["problem"]), _whole(batch["reason"])
        for position in bound.used:
            raw = _whole(batch[f"c{position}"])
            words = pc.utf8_trim_whitespace(raw)
            nothing = pc.or_kleene(pc.is_in(words, value_set=nulls), pc.is_null(words))
            self._words[position] = pc.if_else(nothing, pa.scalar(None, _TEXT), words)
            self._raw[position] = pc.if_else(nothing, pa.scalar(None, _TEXT), raw)
            self._refuse_cells(position)

    def words(self, position: int) -> pa.Array:
        """The cells of a column without spaces around them, null where they say nothing."""
        return self._words[position]

    def slot(self, slot: str) -> pa.Array:
        """The words of a slot; nulls when no column has them."""
        position = self._bound.slots.get(slot)
        return self.nothing(_TEXT) if position is None else self._words[position]

    def nothing(self, kind: pa.DataType) -> pa.Array:
        """A column of nulls."""
        return pa.nulls(self.number, kind)

    def cells(self) -> pa.Array:
        """The words behind every slot, as they stand."""
        slots = self._bound.slots
        columns = [self._raw[slots[slot]] if slot in slots else self.nothing(_TEXT) for slot in SLOTS]
        return pa.StructArray.from_arrays(columns, fields=list(CLAIMS.field("cells").type))

    def read(self, slot: str, reading: Callable[[str], Any], kinds: Sequence[pa.DataType]) -> list[pa.Array]:
        """A slot's words by a reading that gives one value a kind, or `Wrong`, which is the row's problem."""
        position = self._bound.slots.get(slot)
        if position is None:
            return [self.nothing(kind) for kind in kinds]
        coded = self._words[position].dictionary_encode()
        read = [reading(word) for word in coded.dictionary.to_pylist()]
        if wrong := {at: one for at, one in enumerate(read) if isinstance(one, Wrong)}:
            where = f"column {position + 1} ({self._bound.header[position][:60]}): "
            codes = [wrong[at].code if at in wrong else None for at in range(len(read))]
            reasons = [where + wrong[at].reason if at in wrong else None for at in range(len(read))]
            self._refuse(pa.array(codes, _TEXT).take(coded.indices), pa.array(reasons, _TEXT).take(coded.indices))
        values = [None if isinstance(one, Wrong) else one if isinstance(one, tuple) else (one,) for one in read]
        columns = ([None if one is None else one[at] for one in values] for at in range(len(kinds)))
        return [pa.array(column, kind).take(coded.indices) for column, kind in zip(columns, kinds, strict=True)]

    def refuse_where(self, where: pa.Array, wrong: Wrong) -> None:
        """Give rows a problem, unless they have one."""
        if pc.any(where).as_py():
            nothing = pa.scalar(None, _TEXT)
            self._refuse(pc.if_else(where, wrong.code, nothing), pc.if_else(where, wrong.reason, nothing))

    def refuse_each(self, where: pa.Array, reason: Callable[[int], str], code: str) -> None:
        """Give rows a problem, each in words of its own."""
        if pc.any(where).as_py():
            said = [reason(at) if one else None for at, one in enumerate(where.to_pylist())]
            self._refuse(pc.if_else(where, code, pa.scalar(None, _TEXT)), pa.array(said, _TEXT))

    def problems(self) -> tuple[pa.Array, pa.Array]:
        """The first problem of each row: code and words."""
        return self._problem, self._reason

    def _refuse(self, codes: pa.Array, reasons: pa.Array) -> None:
        self._problem, self._reason = pc.coalesce(self._problem, codes), pc.coalesce(self._reason, reasons)

    def _refuse_cells(self, position: int) -> None:
        raw = self._raw[position]
        where = f"column {position + 1} ({self._bound.header[position][:60]}): "
        longest = pc.max(pc.binary_length(raw)).as_py() or 0
        if longest > CELL_CHARACTERS:
            long = pc.fill_null(pc.greater(pc.utf8_length(raw), CELL_CHARACTERS), False)
            self.refuse_where(long, Wrong("too_long", f"{where}longer than {CELL_CHARACTERS:,} characters"))
        self.refuse_where(pc.fill_null(pc.match_substring(raw, "\0"), False), Wrong("nul", f"{where}a NUL character"))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
