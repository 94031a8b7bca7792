"""A check's result as a table in the terminal."""

from __future__ import annotations

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ascertain.check.scope import number_of
from ascertain.cli.output import shown
from ascertain.model.verdict import Checked, DecidingRow, Verdict, Weight
from ascertain.publish.check_json import CheckedStatement

_STYLE = {
    Verdict.SUPPORTED: "bold green",
    Verdict.DIFFERENCE: "bold yellow",
    Verdict.CONTRADICTED: "bold red",
    Verdict.DISPUTED: "bold magenta",
    Verdict.NOT_IN_RECORD: "bold cyan",
    Verdict.NOT_CHECKABLE: "dim",
}
_SHOWN = 4


def _text(words: str, style: str = "") -> Text:
    return Text(shown(words), style=style)


def print_check(console: Console, statement: CheckedStatement) -> None:
    """The statement's claims, their verdicts and the rows that decide them."""
    title = statement.title or statement.original_name
    console.print(_text(title, style="bold"))
    by = f"{statement.publisher or 'publisher unknown'}, {statement.published or 'no date'}"
    reference = ", ".join(f"{name} {version}" for name, version in statement.reference) or "no reference record"
    console.print(_text(f"{by} — checked as of {statement.as_of} against {reference}", style="dim"))
    table = Table(show_lines=True, expand=True, header_style="bold")
    table.add_column("#", justify="right", width=3)
    table.add_column("claim", ratio=3)
    table.add_column("verdict", ratio=5)
    for number, checked in enumerate(statement.claims, 1):
        table.add_row(str(number), _claim(checked), _verdict(checked))
    console.print(table)
    counted = ", ".join(f"{number} {verdict}" for verdict, number in statement.verdicts().items())
    console.print(_text(f"{len(statement.claims)} claims: {counted or 'none found'}"))
    if statement.unread:
        console.print(_text(f"not read: sentences without a word of the record: {len(statement.unread)}", style="dim"))
    for note in statement.notes:
        console.print(_text(f"note: {note}", style="dim"))


def _claim(checked: Checked) -> Group:
    words = _text(" ".join(checked.claim.clause.text.split()))
    return Group(words, _text(f"{checked.claim.frame.value}: {checked.reading}", style="dim"))


def _verdict(checked: Checked) -> Group:
    outcome = checked.outcome
    lines: list[Text | Padding] = [_text(outcome.verdict.value, style=_STYLE[outcome.verdict]), _text(outcome.reason)]
    lines += [_text(f"difference ({d.kind}): {d.words}", style="yellow") for d in outcome.differences]
    deciding = [row for row in outcome.rows if row.weight in (Weight.DECIDES, Weight.AGAINST)]
    lines += [_row(row) for row in (deciding or outcome.rows)[:_SHOWN]]
    more = len(deciding or outcome.rows) - _SHOWN
    if more > 0:
        lines.append(_text(f"  … and {number_of(more, 'more row', 'more rows')} (--html, --json)", style="dim"))
    if outcome.denied_by:
        who = ", ".join(dict.fromkeys(row.body for row in outcome.denied_by))
        lines.append(_text(f"denied by {who} (in {len(outcome.denied_by)} documents)", style="magenta"))
    if checked.changed_later:
        first = checked.changed_later[0]
        lines.append(_text(f"later: {_label(first)} — then “{checked.later_verdict}”", style="cyan"))
    return Group(*lines)


def _row(row: DecidingRow) -> Padding:
    where = f", {row.locator}" if row.locator else ""
    return Padding(
        _text(f"{row.incident_name + ': ' if row.incident_name else ''}{row.says} — {_label(row)}{where}", style="dim"),
        (0, 0, 0, 2),
    )


def _label(row: DecidingRow) -> str:
    return f"{row.body}, {row.symbol or row.title} ({row.published})"
