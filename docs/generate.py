"""The generated parts of the documentation: written from the code and the data, compared by the tests.

    python docs/generate.py           writes them
    python docs/generate.py --check   says which pages are out of date, and changes nothing

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

import ascertain.model.reference as reference
from ascertain.model.dataset import COUNTED, TEXTS
from ascertain.model.reference import ROW_OF_TABLE, IsCount, IsMoment, OneOf, Refers, Row
from ascertain.model.vocabulary import agents, ladders, words
from ascertain.read.datasets.mapping_file import shipped_mappings
from ascertain.read.lexicon import LANGUAGES
from ascertain.settings import Settings

DOCS = Path(__file__).resolve().parent
RECORD = Path(reference.__file__).resolve().parent.parent / "records" / "syria-cw"
REQUIRED_FILES = ("documents", "parties")
_PART = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SEPARATED = r"separated by `\|`"
_COMMON = ("document", "locator", "via", "confirmed_by", "confirmed_from", "notes")


def main() -> int:
    """Write the generated parts, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = [page for page in pages() if page.read_text("utf-8") != renewed(page)]
    for page in stale:
        sys.stdout.write(f"{page.name}: {'out of date' if check else 'written'}\n")
        if not check:
            page.write_text(renewed(page), "utf-8")
    return 1 if check and stale else 0


def pages() -> list[Path]:
    """The pages that have a generated part."""
    return [page for page in sorted(DOCS.rglob("*.md")) if _PART.search(page.read_text("utf-8"))]


def renewed(page: Path) -> str:
    """A page's text with its generated parts as they should be."""
    return _PART.sub(lambda m: f"{m[1]}\n{PARTS[m[2]]().strip()}\n\n{m[3]}", page.read_text("utf-8"))


def tables() -> str:
    """Every table of the import format with its columns."""
    out = []
    for table, row in ROW_OF_TABLE.items():
        need = "required" if table in REQUIRED_FILES else "optional"
        out.append(f"### {table}.csv ({need})\n\n{(row.__doc__ or '').strip()}\n")
        own = [(n, i) for n, i in row.model_fields.items() if not _is_common(row, n)]
        out.append(_table(("column", "required", "value"), (_column(n, i) for n, i in own)))
        if len(own) < len(row.model_fields):
            out.append(f"And the common columns: {', '.join(f'`{n}`' for n in _COMMON)}.\n")
    return "\n".join(out)


def common_columns() -> str:
    """The columns that every table but `documents` shares."""
    fields = ROW_OF_TABLE["findings"].model_fields
    return _table(("column", "required", "value"), (_column(n, fields[n]) for n in _COMMON))


def _is_common(row: type[Row], name: str) -> bool:
    return issubclass(row, reference.Sourced) and name in _COMMON


def _column(name: str, info: FieldInfo) -> tuple[str, str, str]:
    if not info.is_required():
        need = "" if info.default in ("", (), None) else f"empty means `{info.default}`"
    else:
        need = "column and value" if not _may_be_empty(info) else "column (a cell may be empty)"
    return f"`{info.alias or name}`", need, _value(name, info)


def _may_be_empty(info: FieldInfo) -> bool:
    try:
        TypeAdapter(Annotated[info.annotation, *info.metadata, ""]).validate_python("")
    except ValidationError:
        return False
    return True


def _value(name: str, info: FieldInfo) -> str:
    checks = [mark.func for mark in info.metadata if isinstance(mark, AfterValidator)]
    vocabularies = [check.vocabulary for check in checks if isinstance(check, OneOf)]
    refers = next((mark for mark in info.metadata if isinstance(mark, Refers)), None)
    if vocabularies:
        return f"one of [{vocabularies[0]}](#{vocabularies[0]})"
    if any(isinstance(mark, IsMoment) for mark in info.metadata):
        return "date (EDTF)"
    if any(isinstance(mark, IsCount) for mark in info.metadata):
        return "count"
    if any(getattr(check, "__name__", "") == "_known_agent" for check in checks):
        return "one of [agents](#agents)"
    if info.annotation is bool:
        return "`yes` or `no`"
    several = info.annotation == tuple[str, ...]
    if refers is not None:
        ids = " or ".join(f"`{table}`" for table in refers.tables)
        return f"ids in {ids}, {_SEPARATED}" if several else f"id in {ids}"
    if "float" in str(info.annotation):
        return "number"
    return f"names, {_SEPARATED}" if several else "the row's own id" if name == "id" else "text"


def vocabularies() -> str:
    """Every closed vocabulary with its words."""
    used = sorted(
        {
            mark.func.vocabulary
            for row in ROW_OF_TABLE.values()
            for info in row.model_fields.values()
            for mark in info.metadata
            if isinstance(mark, AfterValidator) and isinstance(mark.func, OneOf)
        }
    )
    out = [f"### {name}\n\n{_listed(words(name))}\n" for name in used]
    out.append(f"### agents\n\n{_listed(agents())}\n")
    out.append("### ladders\n\nThe words in use for `standard`, each ladder as its body wrote it, strongest first.\n")
    rows = [
        (ladder["body"], f"`{rung}`", said["phrase"], said["answer"])
        for ladder in ladders().values()
        for rung, said in ladder["rungs"].items()
    ]
    return "\n".join([*out, _table(("ladder", "standard", "phrase", "answer that it carries"), rows)])


def _listed(vocabulary: Mapping[str, Any]) -> str:
    return "; ".join(f"`{word}`{_meaning(word, known)}" for word, known in vocabulary.items()) + "."


def _meaning(word: str, known: Any) -> str:
    if not known:
        return ""
    if isinstance(known, str):
        return f" ({known})"
    notes = [] if known["name"] == word.replace("_", " ") else [known["name"]]
    notes += [f"a kind of `{known['kind_of']}`"] if "kind_of" in known else []
    notes += [f"counts as {known['counts_as']}"] if "counts_as" in known else []
    return f" ({'; '.join(notes)})" if notes else ""


def measured() -> str:
    """The figures of `benchmarks/check.py --json docs/methods/measured.json`."""
    figures: dict[str, dict[str, Any]] = json.loads((DOCS / "methods" / "measured.json").read_text("utf-8"))
    names = [name for name in next(iter(figures.values())) if name != "seconds"]
    rows = ((name.replace("_", " "), *(folder.get(name, "–") for folder in figures.values())) for name in names)
    return _table(("", *(f"`{folder}`" for folder in figures)), rows)


def similar_images() -> str:
    """The figures of `benchmarks/similar.py` on images."""
    figures = _similar()["images"]
    apart = {**figures["false"], "pairs": figures["pairs"], "nearest": figures["nearest"]}
    return f"{_recalls(figures['recall'], ' bits')}\n{_false(apart, 'different images', ' bits')}\n"


def similar_texts() -> str:
    """The figures of `benchmarks/similar.py` on texts."""
    figures = _similar()["texts"]
    apart = _false(figures["false"], "different texts", "")
    forms = _false(figures["false in forms"], "one form, filled in differently", "")
    return f"{_recalls(figures['recall'], '')}\n{apart}\n{forms}\n"


def similar_search() -> str:
    """The costs that `benchmarks/similar.py` measured."""
    figures = _similar()
    rows = [(name, f"{value:,}") for part in ("libraries", "search") for name, value in figures[part].items()]
    return _table(("what", "figure"), rows)


def _similar() -> dict[str, Any]:
    figures: dict[str, Any] = json.loads((DOCS / "methods" / "similar.json").read_text("utf-8"))
    return figures


def _recalls(recall: Mapping[str, Mapping[str, float]], unit: str) -> str:
    within = list(next(iter(recall.values())))
    rows = ((name, *(f"{100 * found[one]:.0f} %" for one in within)) for name, found in recall.items())
    return _table(("change", *(f"within {one}{unit}" for one in within)), rows)


def _false(found: Mapping[str, float], what: str, unit: str) -> str:
    counts = [f"{int(number):,} within {one}" for one, number in found.items() if one not in ("pairs", "nearest")]
    return (
        f"Of {found['pairs']:,} pairs of {what}: {', '.join(counts)}. The nearest are {found['nearest']}{unit} apart."
    )


def languages() -> str:
    """The languages that the statement reader reads."""
    return f"Today: {', '.join(f'`{code}`' for code in LANGUAGES)}."


def rows_of_the_record() -> str:
    """How many rows the shipped record has, and how many were read in the document that states them."""
    documents = {row["id"]: row for row in _read("documents")}
    lines = []
    for table in ROW_OF_TABLE:
        rows = _read(table)
        if table == "documents":
            own = "–"  # a document states itself
            seen = [row["seen"] for row in rows]
        else:
            direct = [row for row in rows if not row["via"]]
            own = f"{len(direct)} ({_percent(len(direct), len(rows))})"
            seen = [documents[row["document"]]["seen"] for row in rows]
        again = sum(row["confirmed_by"] == "second reading" for row in rows)
        counts = [seen.count(word) for word in words("document_seen")]
        lines.append((table, len(rows), own, *counts, f"{again} ({_percent(again, len(rows))})"))
    shown = _table(("table", "rows", "no account between", *words("document_seen"), "read twice"), lines)
    return f"{shown}\n{sum(len(_read(name)) for name in ROW_OF_TABLE)} rows in all."


def kinds_of_the_record() -> str:
    """What the rows of the shipped record say, by their kinds."""
    of = {
        "documents": "kind", "parties": "kind", "incidents": "kind", "agreements": "kind",
        "findings": "question", "positions": "stance", "figures": "measure", "roles": "role",
    }  # fmt: skip
    rows = [(table, column, _tally(row[column] for row in _read(table))) for table, column in of.items()]
    rows.append(("findings", "answer", _tally(row["answer"] for row in _read("findings"))))
    return _table(("table", "by", "rows"), rows)


def missing_of_the_record() -> str:
    """What the shipped record lacks, counted."""
    findings = _read("findings")
    answered = {row["incident"] for row in findings}
    independent = {row["id"] for row in _read("parties") if row["independent"] == "yes"}
    known = {rung for ladder in ladders().values() for rung in ladder["rungs"]}
    lines = [
        _empty("documents", "url", "documents without an address"),
        _empty("documents", "symbol", "documents without a symbol"),
        _empty("findings", "locator", "findings without a place in the document (`locator`)"),
        _empty("findings", "phrase", "findings without the body's own words (`phrase`)"),
        _lacking(findings, "party", independent, "findings by a party that is not independent"),
        _lacking(findings, "standard", {*known, ""}, "findings whose `standard` no ladder of the vocabulary declares"),
        _lacking(_read("incidents"), "id", answered, "incidents without any finding"),
        _empty("figures", "when", "figures without the date that they are for (`when`)"),
        _empty("places", "lat", "places without a point"),
        _empty("positions", "basis", "positions without a stated basis"),
        _lacking(_read("registers"), "complete", {"yes"}, "registers that are not complete"),
    ]
    return _table(("what", "rows", "of"), lines)


def _empty(table: str, column: str, what: str) -> tuple[str, int, int]:
    rows = _read(table)
    return what, sum(not row[column] for row in rows), len(rows)


def _lacking(rows: list[dict[str, str]], column: str, wanted: set[str], what: str) -> tuple[str, int, int]:
    return what, sum(row[column] not in wanted for row in rows), len(rows)


def _read(table: str) -> list[dict[str, str]]:
    with (RECORD / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _tally(values: Iterable[str]) -> str:
    found = list(values)
    counts = sorted(((found.count(value), value) for value in set(found)), key=lambda pair: (-pair[0], pair[1]))
    return ", ".join(f"{value} {number}" for number, value in counts)


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "–"


def _table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def unpacking() -> str:
    """The settings that limit what lies inside a file."""
    found = [field for field in dataclasses.fields(Settings) if field.name.startswith("unpack_")]
    return _table(
        ("setting", "default", "limits"),
        ((f"`{field.name}`", f"{field.default:,}", field.metadata["help"]) for field in found),
    )


def capturing() -> str:
    """The settings of captures."""
    found = [field for field in dataclasses.fields(Settings) if field.name.startswith("capture_")]
    return _table(
        ("setting", "in `[capture]`", "default", "what it is"),
        (
            (
                f"`{field.name}`",
                f"`{field.name.removeprefix('capture_')}`",
                field.default or "–",
                field.metadata["help"],
            )
            for field in found
        ),
    )


def dataset_slots() -> str:
    """The slots of a mapping, by what their cells say."""
    kinds = {
        "a day, month or year (`formats`)": ("when", "when_end"),
        "a code of a declared table (`codes`)": ("when_precision", "place_precision", "type", "type_broad"),
        "degrees, WGS 84": ("lon", "lat"),
        "two numbers in one cell (`order`: `lat lon` or `lon lat`)": ("point",),
        "words, as they stand": TEXTS,
        "persons; `…_low` and `…_high` are bounds": COUNTED,
    }
    return _table(("slots", "the cell"), ((", ".join(f"`{n}`" for n in names), kind) for kind, names in kinds.items()))


def dataset_mappings() -> str:
    """The mappings that ship."""
    rows = (
        (f"`{name}`", one.title, one.speaker, ", ".join(f"`{key}`" for key in one.key), one.terms or "the table's own")
        for name, one in shipped_mappings().items()
    )
    return _table(("mapping", "what", "speaker", "key", "terms of the data"), rows)


def dataset_precision() -> str:
    """Every code of precision that ships, with what it becomes."""
    rows = []
    for name, one in shipped_mappings().items():
        for table, codes in one.codes.items():
            for code, km in codes.km.items():
                rows.append((f"`{name}`", f"{table} {code}", codes.means.get(code, ""), f"{km:g} km"))
            for code, days in codes.days.items():
                widened = "" if days.widen == "given" else f", widened: {days.widen}"
                rows.append((f"`{name}`", f"{table} {code}", codes.means.get(code, ""), f"{days.days} days{widened}"))
    return _table(("mapping", "code", "means", "becomes"), rows)


PARTS: dict[str, Callable[[], str]] = {
    "tables": tables,
    "common-columns": common_columns,
    "vocabularies": vocabularies,
    "measured": measured,
    "similar-images": similar_images,
    "similar-texts": similar_texts,
    "similar-search": similar_search,
    "languages": languages,
    "rows": rows_of_the_record,
    "kinds": kinds_of_the_record,
    "missing": missing_of_the_record,
    "unpacking": unpacking,
    "capturing": capturing,
    "dataset-slots": dataset_slots,
    "dataset-mappings": dataset_mappings,
    "dataset-precision": dataset_precision,
}

if __name__ == "__main__":
    sys.exit(main())
