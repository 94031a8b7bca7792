"""A laid-out body with the title, publisher and date that its own words give."""

from __future__ import annotations

from collections.abc import Sequence

from ascertain.read.text.dateline import Dateline, find_datelines, remarks
from ascertain.read.text.passage import HEADING, Block, Text, lines_of


def dated_text(
    body: str,
    blocks: tuple[Block, ...],
    notes: Sequence[str],
    *,
    title: str | None = None,
    language: str | None = None,
) -> Text:
    """A Text whose date and publisher are those of its datelines; its title is `title`, else its first heading."""
    datelines = find_datelines(lines_of(body, blocks))
    heading = next((block for block in blocks if block.kind == HEADING), None)
    first_heading = " ".join(body[heading.start : heading.end].split()) if heading else None
    return Text(
        body=body,
        blocks=blocks,
        title=title or first_heading,
        publisher=next((line.publisher for line in datelines if line.publisher), None),
        published=datelines[0].date.day.isoformat() if datelines else None,
        published_span=span_of(datelines[0], blocks) if datelines else None,
        language=language,
        notes=(*notes, *remarks(datelines)),
    )


def span_of(dateline: Dateline, blocks: Sequence[Block]) -> tuple[int, int]:
    """Where in the body the words of a dateline's date are."""
    offset = blocks[dateline.line].start
    return offset + dateline.date.start, offset + dateline.date.end
