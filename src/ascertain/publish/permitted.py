"""What an export would carry that its reader may not see, each with why: the last gate before anything leaves.

It asks of each thing for its class, and looks in the words of entries, rows and notes for what names something closed.
It does not read exhibits: a public report may quote a sealed one, and no program sees that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ascertain.errors import NotPermitted
from ascertain.model.access import Access, AccessRule, Standing
from ascertain.publish.hidden_names import HiddenNames

# What the record's keepers say to one another: names of people and files, reasons, authorities.
_INTERNAL = frozenset({"access.set", "recipient.named", "recipients.set", "exhibit.erased", "item.failed"})
_ROW_LISTS = ("rows", "denied_by", "changed_later")


@dataclass(frozen=True, slots=True)
class CarriedEntry:
    """An entry of the log that an export carries."""

    seq: int
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Carried:
    """What an export carries.

    `exhibits` are ids whose bytes go along, or words of theirs; `rows` are rows of reference tables, by table; `claims`
    are ids, each with its exhibit; `results` are results of checks as JSON; `texts` are other words, each with where
    they stand.
    """

    entries: Iterable[CarriedEntry] = ()
    exhibits: Iterable[str] = ()
    rows: Iterable[tuple[str, Mapping[str, Any]]] = ()
    claims: Iterable[tuple[str, str]] = ()
    results: Iterable[Mapping[str, Any]] = ()
    texts: Iterable[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """A thing that the reader may not see: what, its class, and why it has it."""

    what: str
    access: Access
    why: str

    def words(self) -> str:
        """The thing, for people."""
        return f"{self.what}: {self.why}"


@dataclass(frozen=True)
class Gate:
    """What one reader may see of one record. `reader` is the most closed class that they may see."""

    rule: AccessRule
    reader: Access
    names: HiddenNames = field(default_factory=HiddenNames)

    def require(self, *carried: Carried) -> None:
        """Raises NotPermitted, with everything in it that this reader may not see; writes nothing."""
        found = self.withheld(*carried)
        if found:
            things = "one thing" if len(found) == 1 else f"{len(found)} things"
            raise NotPermitted(
                f"this would show {things} that a reader of the class {self.reader.value} may not see",
                problems=[one.words() for one in found],
                next_step="leave them out, or say for whom it is: --reader restricted",
            )

    def withheld(self, *carried: Carried) -> tuple[Withheld, ...]:
        """Everything in these that the reader may not see, each thing once for each reason."""
        return tuple(dict.fromkeys(one for part in carried for one in self._all(part)))

    def _all(self, carried: Carried) -> Iterator[Withheld]:
        for exhibit in carried.exhibits:
            yield from self._closed(f"exhibit {exhibit}", self.rule.of_exhibit(exhibit))
        for claim, exhibit in carried.claims:
            yield from self._closed(f"claim {claim}", self.rule.of_claim(claim, exhibit))
        for table, row in carried.rows:
            yield from self._row(table, row)
        for entry in carried.entries:
            yield from self._entry(entry)
        for result in carried.results:
            yield from self._result(result)
        for where, text in carried.texts:
            yield from self._named(where, text)

    def _closed(self, what: str, standing: Standing) -> Iterator[Withheld]:
        if not standing.access.is_open_to(self.reader):
            yield Withheld(what, standing.access, standing.words())

    def _row(self, table: str, row: Mapping[str, Any], where: str = "") -> Iterator[Withheld]:
        what = f"{where}row {row.get('id')} of {table}"
        for source in _sources(table, row):
            yield from self._closed(what, self.rule.of_source(source))
        yield from self._named(what, row)

    def _entry(self, entry: CarriedEntry) -> Iterator[Withheld]:
        what = f"entry {entry.seq} ({entry.kind})"
        if entry.kind in _INTERNAL and not Access.RESTRICTED.is_open_to(self.reader):
            yield Withheld(what, Access.RESTRICTED, "it is said among the record's keepers")
        if entry.kind in ("row.stated", "row.withdrawn"):
            row = entry.body.get("row") or {"id": entry.body.get("id")}
            yield from self._row(str(entry.body.get("table")), row, f"{what}: ")
        yield from self._named(what, entry.body)

    def _result(self, result: Mapping[str, Any]) -> Iterator[Withheld]:
        """A check tells its statement, its rows and what its keepers noted; its sentences are the statement's own."""
        statement = result.get("statement") or {}
        exhibit = str(statement.get("exhibit", ""))
        yield from self._closed(f"the check of exhibit {exhibit}", self.rule.of_exhibit(exhibit))
        for claim in result.get("claims") or ():
            yield from self._closed(f"claim {claim.get('id')}", self.rule.of_claim(str(claim.get("id")), exhibit))
            for row in (row for name in _ROW_LISTS for row in claim.get(name) or ()):
                yield from self._row(str(row.get("table")), row)
        told = {name: statement.get(name) for name in ("original_name", "url")}
        yield from self._named(f"the check of exhibit {exhibit}", {**told, "notes": result.get("notes")})

    def _named(self, what: str, value: Any) -> Iterator[Withheld]:
        for text in _texts(value):
            for name in self.names.found_in(text):
                yield Withheld(what, name.standing.access, f"it names {name.of}, which is {name.standing.words()}")


def _sources(table: str, row: Mapping[str, Any]) -> set[str]:
    """Whose word a row is: its document, what that came by, the party that it is of; itself, if it is a source."""
    via = row.get("via") or ()
    named = [row.get("document"), row.get("party"), *((via,) if isinstance(via, str) else via)]
    if table in ("documents", "parties"):
        named.append(row.get("id"))
    return {str(one) for one in named if one}


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, names of fields aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
