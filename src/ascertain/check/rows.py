"""The record's rows as a verdict shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ascertain.check.facts import NOTHING, Facts, Result
from ascertain.model.count import parse_count
from ascertain.model.verdict import DecidingRow, Weight
from ascertain.model.vocabulary import agent_name, words

FINDINGS = """
SELECT f.*, d.symbol, d.title, d.published, d.published_latest, d.url, i.name AS incident_name,
       i."when" AS incident_when, i.kind AS incident_kind, p.independent
FROM findings f JOIN documents d ON d.id = f.document JOIN incidents i ON i.id = f.incident
JOIN parties p ON p.id = f.party
"""
_ORDER = " ORDER BY d.published_latest, f.incident, f.id"


def findings(facts: Facts, questions: Iterable[str], incidents: Iterable[str] | None) -> Result:
    """The findings on these questions about these incidents (about all when None), oldest first."""
    where = " WHERE f.question IN ?"
    parameters: list[Any] = [sorted(questions)]
    if incidents is not None:
        where += " AND f.incident IN ?"
        parameters.append(sorted(incidents) or NOTHING)
    return facts.ask(FINDINGS + where + _ORDER, parameters)


def show_finding(facts: Facts, row: Mapping[str, Any], weight: Weight = Weight.DECIDES) -> DecidingRow:
    """A finding, in words."""
    return DecidingRow(
        table="findings",
        id=row["id"],
        weight=weight,
        says=_says(facts, row),
        body=facts.name(row["party"]),
        incident=row["incident"],
        incident_name=row["incident_name"],
        when=row["incident_when"],
        phrase=row["phrase"],
        standard=row["standard"],
        **_document(facts, row),
    )


def _says(facts: Facts, row: Mapping[str, Any]) -> str:
    question, answer = words("questions")[row["question"]], words("answers")[row["answer"]]["name"]
    agent = f" ({agent_name(row['agent'])})" if row["agent"] else ""
    actor = f" — {facts.name(row['actor'])}" if row["actor"] else ""
    toll = "".join(f"; {kind} {parse_count(row[kind])}" for kind in ("killed", "injured") if row[kind])
    scope = f"; on the {row['scope']}" if row["scope"] != "incident" else ""
    return f"{question}: {answer}{actor}{agent}{toll}{scope}"


def positions(facts: Facts, incidents: Iterable[str], documents: Iterable[str], stances: Iterable[str]) -> Result:
    """What parties said of these incidents or these documents, with one of these stances."""
    sql = """SELECT x.*, d.symbol, d.title, d.published, d.published_latest, d.url, i.name AS incident_name,
                    i."when" AS incident_when
             FROM positions x JOIN documents d ON d.id = x.document LEFT JOIN incidents i ON i.id = x.incident
             WHERE x.stance IN ? AND (x.incident IN ? OR x.about_document IN ?)
             ORDER BY d.published_latest, x.id"""
    return facts.ask(sql, [sorted(stances), sorted(incidents) or NOTHING, sorted(documents) or NOTHING])


def show_position(facts: Facts, row: Mapping[str, Any], weight: Weight = Weight.DENIES) -> DecidingRow:
    """A party's position, in words, with its stated basis."""
    to_whom = f" ({facts.name(row['attributes_to'])})" if row["attributes_to"] else ""
    basis = f"; basis: {row['basis']}" if row["basis"] else "; no basis stated"
    return DecidingRow(
        table="positions",
        id=row["id"],
        weight=weight,
        says=words("stances")[row["stance"]] + to_whom + basis,
        body=facts.name(row["party"]),
        incident=row["incident"],
        incident_name=row["incident_name"] or "",
        when=row["incident_when"] or "",
        **_document(facts, row),
    )


def show_figure(facts: Facts, row: Mapping[str, Any], weight: Weight = Weight.DECIDES) -> DecidingRow:
    """A published figure, in words."""
    definition = f" — {row['definition']}" if row["definition"] else ""
    unit = row["unit"] or words("measures")[row["measure"]]
    return DecidingRow(
        table="figures",
        id=row["id"],
        weight=weight,
        says=f"{parse_count(row['count'])} {unit}{definition}",
        body=facts.name(row["party"]),
        when=row["when"] or "",
        **_document(facts, row),
    )


def show_document(facts: Facts, row: Mapping[str, Any], weight: Weight, says: str) -> DecidingRow:
    """A document, with what is said of it."""
    return DecidingRow(
        table="documents",
        id=row["id"],
        weight=weight,
        says=says,
        body=facts.name(row["party"]),
        document=row["id"],
        title=row["title"],
        symbol=row["symbol"],
        published=row["published"],
        url=row["url"],
        locator="",
    )


def show_role(facts: Facts, row: Mapping[str, Any], weight: Weight, says: str) -> DecidingRow:
    """A role or agreement row, with what is said of it; the row carries its document's columns."""
    return DecidingRow(
        table="roles" if "role" in row else "agreements",
        id=row["id"],
        weight=weight,
        says=says,
        body=facts.name(row["party"]) if "party" in row else "",
        **_document(facts, row),
    )


def _document(facts: Facts, row: Mapping[str, Any]) -> dict[str, str]:
    via = "; ".join(facts.documents[v]["title"] for v in row["via"] or () if v in facts.documents)
    return {
        "document": row["document"],
        "title": row["title"],
        "symbol": row["symbol"],
        "published": row["published"],
        "url": row["url"],
        "locator": row["locator"],
        "via": via,
    }
