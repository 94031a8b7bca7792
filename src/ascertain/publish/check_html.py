"""A check's result as one self-contained HTML file: no script, nothing from elsewhere, the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined

from ascertain.publish.check_json import CheckedStatement
from ascertain.publish.highlight import located, paragraphs
from ascertain.publish.panels import Panel, panels
from ascertain.publish.plain_words import date_words, language_tag, machine_date, slot_words, visible
from ascertain.publish.verdict_words import VERDICTS, VerdictWords
from ascertain.publish.web_address import web_address

Row = TypeVar("Row")

_SHOWN = 5  # of a longer list the rest is folded away
_FOLD = 8  # a list of so many is shown whole: a fold for one or two rows hides more than it saves


@dataclass(frozen=True, slots=True)
class Tally:
    """The claims that have one verdict."""

    verdict: VerdictWords
    numbers: tuple[int, ...]


def to_html(statement: CheckedStatement) -> str:
    """The report of a check. All text of the statement and the record is untrusted and written as text.

    Links are made of http and https addresses only; a policy in the file itself forbids scripts and the network.
    """
    text = paragraphs(statement.body, [checked.claim for checked in statement.claims])
    shown = panels(statement.claims, located(text), statement.reader)
    template = _environment().get_template("check.html")
    return template.render(
        statement=statement,
        title=statement.title.strip() or statement.original_name,
        language=language_tag(statement.language),
        paragraphs=text,
        panels=shown,
        by_number={panel.number: panel for panel in shown},
        tallies=_tallies(shown),
        meanings=list(VERDICTS.values()),
    )


def _tallies(shown: Sequence[Panel]) -> list[Tally]:
    found = (
        Tally(verdict, tuple(panel.number for panel in shown if panel.verdict is verdict))
        for verdict in VERDICTS.values()
    )
    return [tally for tally in found if tally.numbers]


def _head(rows: Sequence[Row]) -> Sequence[Row]:
    return rows if len(rows) <= _FOLD else rows[:_SHOWN]


def _rest(rows: Sequence[Row]) -> Sequence[Row]:
    return rows[len(_head(rows)) :]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ascertain.publish", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        date=date_words, machine_date=machine_date, web=web_address, slot=slot_words, head=_head, rest=_rest
    )
    return environment
