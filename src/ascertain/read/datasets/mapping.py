"""A mapping: which column of a table is which slot of a claim, how dates and numbers are written, what codes mean.

A mapping is data. Those that ship come through the same door as a user's own. The format is docs/datasets.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping as Map
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ascertain.model.dataset import SLOTS, TEXTS
from ascertain.model.vocabulary import attack_types

FORMAT: Final = 1
_DIRECTIVES: Final = frozenset("YymbBdjHMSfpI%")
_DATES: Final = frozenset({"when", "when_end"})
CODED: Final = {"type": "types", "type_broad": "types", "when_precision": "days", "place_precision": "km"}


def _listed(value: Any) -> Any:
    """One word where a list may stand means a list of one."""
    return (value,) if isinstance(value, str | int) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Part):
    """Where the words of a slot stand: in a column (by its header, or the first of several that is there; by its
    number, from 1) or, for a `constant`, nowhere.

    `formats` are of dates, `codes` names a table of codes, `order` is of a point in one cell. A `required` column must
    be in the table.
    """  # fmt: skip

    column: Words = ()
    number: Annotated[int, Field(ge=1)] | None = None
    constant: str = ""
    formats: Words = ()
    codes: str = ""
    order: Literal["lat lon", "lon lat"] = "lat lon"
    required: bool = False

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum((bool(self.column), self.number is not None, bool(self.constant))) != 1:
            raise ValueError("say one of `column`, `number` and `constant`")
        for form in self.formats:
            _check_format(form)
        _refuse_both_orders(self.formats)
        return self


class Days(_Part):
    """What a code of a date says: within how many `days` the event lies, and how its dates are to be widened.

    `given`: not at all. `around`: by `days` - 1 on either side. `month`, `year`: to the whole of it.
    """

    days: Annotated[int, Field(ge=1, le=40_000)]
    widen: Literal["given", "around", "month", "year"] = "given"


def _days(value: Any) -> Any:
    return {"days": value} if isinstance(value, str | int) else value


class Codes(_Part):
    """A table of codes with its source: what each means, as kilometres, as days or as types of attack.

    `vocabulary` adds the names or codes that ACLED or UCDP has for the types of `attack_types`.
    """

    source: Annotated[str, Field(min_length=1)]
    km: dict[str, Annotated[float, Field(gt=0, le=21_000, allow_inf_nan=False)]] = {}
    days: dict[str, Annotated[Days, BeforeValidator(_days)]] = {}
    types: dict[str, str] = {}
    vocabulary: Literal["", "acled", "ucdp"] = ""
    means: dict[str, str] = {}

    @property
    def kinds(self) -> frozenset[str]:
        """What this table can be used for."""
        has = {"km": self.km, "days": self.days, "types": self.types or self.vocabulary}
        return frozenset(kind for kind, table in has.items() if table)

    def type_words(self) -> Map[str, str]:
        """The ids of types by the dataset's words, in small letters."""
        known = attack_types()
        named = {str(one[self.vocabulary]): name for name, one in known.items() if self.vocabulary in one}
        return {word.casefold(): name for word, name in {**named, **self.types}.items()}

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if len(self.kinds) != 1:
            raise ValueError("say one of `km`, `days` and `types` (or `vocabulary`)")
        unknown = sorted(set(self.types.values()) - set(attack_types()))
        if unknown:
            raise ValueError(f"no type of attack {', '.join(unknown)}; types: {', '.join(attack_types())}")
        return self


class Form(_Part):
    """How the table is written. Empty: found out from the file (`delimiter`, `encoding`: UTF-8, or what a mark says).

    `header`: `first` row that is not empty, `hxl` for a row of HXL hashtags, `none`, or a row's number. `nulls` are
    words that say nothing, beside the empty cell. `sheet` is a sheet's name in a workbook (the first, if none is said).
    """

    delimiter: Annotated[str, Field(max_length=1)] = ""
    encoding: str = ""
    header: Annotated[str, Field(pattern=r"^(first|hxl|none|[1-9][0-9]{0,5})$")] = "first"
    nulls: Words = ()
    decimal: Literal[".", ","] = "."
    sheet: str = ""


def _named(value: Any) -> Any:
    """A slot's column may be said by its name alone, or by several."""
    return {"column": value} if isinstance(value, str | list) else value


class Mapping(_Part):
    """Which column is which slot. Two mappings with the same content are the same, whatever their layout."""

    mapping: Literal["1"]
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    title: str = ""
    speaker: Annotated[str, Field(min_length=1, max_length=200)]
    source: str = ""
    citation: str = ""
    terms: str = ""
    table: Form = Form()
    key: Words = ()
    slots: Annotated[
        dict[str, Annotated[Column, BeforeValidator(_named)]],
        Field(min_length=1),
    ]
    codes: dict[str, Codes] = {}

    def problems(self) -> list[tuple[tuple[str, ...], str]]:
        """What is wrong between its parts: where (a path of keys) and what."""
        found: list[tuple[tuple[str, ...], str]] = [
            (("slots", name), said) for name, column in self.slots.items() for said in self._wrong(name, column)
        ]
        if "point" in self.slots and {"lon", "lat"} & set(self.slots):
            found.append((("slots", "point"), "say `point`, or `lon` and `lat`"))
        if len({"lon", "lat"} & set(self.slots)) == 1:
            found.append((("slots",), "`lon` and `lat` come together"))
        return found

    def _wrong(self, name: str, column: Column) -> list[str]:
        if name not in SLOTS:
            return [f"there is no such slot; slots: {', '.join(SLOTS)}"]
        problems = []
        if column.formats and name not in _DATES:
            problems.append("`formats` are of dates")
        if column.constant and name not in TEXTS:
            problems.append("a constant is for slots of text")
        if column.codes and name not in CODED:
            problems.append(f"has no codes; slots with codes: {', '.join(CODED)}")
        elif column.codes and column.codes not in self.codes:
            problems.append(f"there is no table of codes {column.codes!r}")
        elif column.codes and CODED[name] not in self.codes[column.codes].kinds:
            problems.append(f"the codes of {column.codes!r} are not {CODED[name]}")
        return problems

    def canonical(self) -> bytes:
        """The mapping as bytes: JSON with sorted keys, which is a mapping file too."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def identity(self) -> str:
        """The SHA-256 of its canonical bytes."""
        return hashlib.sha256(self.canonical()).hexdigest()


def _check_format(form: str) -> None:
    used = re.findall(r"%(.?)", form)
    if len(form) > 60 or not set(used) <= _DIRECTIVES:
        raise ValueError(
            f"{form[:60]!r} is no date format that is read; directives: %Y %m %d %B %b %y %j %H %M %S %f %p %I"
        )
    if not {"Y", "y"} & set(used):
        raise ValueError(f"{form!r} has no year")
    if "d" in used and not {"m", "b", "B"} & set(used):
        raise ValueError(f"{form!r} has a day and no month")


def _refuse_both_orders(formats: tuple[str, ...]) -> None:
    """`%d/%m/%Y` beside `%m/%d/%Y` would read 1/2/2018 as whichever comes first."""
    for form in formats:
        swapped = form.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")
        if swapped != form and swapped in formats:
            raise ValueError(f"{form!r} and {swapped!r} read the same words as different days")
