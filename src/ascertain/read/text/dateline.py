"""Who published a text and when, as its first and last lines say in words.

A page often carries two dates: the one on which the page went up and the one on which the statement was made.
The statement's own date is the one that counts, because it says when the speaker knew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ascertain.read.text.written_dates import WrittenDate, written_dates

ISSUED, PUBLISHED, BARE = 0, 1, 2  # what a line's date is the date of, the strongest first

_HEAD_LINES, _TAIL_LINES = 12, 5
_LONGEST_LINE = 250
_STATEMENT = re.compile(
    r"(?:(?:joint|press|public|official|written|final)\s+)*(?:statement|declaration|communiqu[eé]|press release|remarks"
    r"|speech|d[eé]claration|discours|issued)\b",
    re.IGNORECASE,
)
# "on the attack of 7 April 2018" dates the attack: the date counts only where a line puts the day of issue.
_SET_APART = re.compile(r"[(\[,–—-]\s*(?:(?:on|le|du|dated)\s+)?(?:\w+day,?\s+)?$", re.IGNORECASE)
_ISSUED_ON = re.compile(
    r"(?:issued|released|published|made|delivered|publiée?|diffusée?)\b(?:(?!\b(?:on|sur|of)\b).)*\s(?:on|le)\s+$"
    r"|^issued\s*:?\s*$",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"(?:(?:first\s+)?(?:published|posted|released|publiée?|mise? en ligne|paru)\b\D{0,40}"
    r"|date(?:\s+(?:of|de)\s+(?:publication|issue))?\s*:\s*\D{0,12})",
    re.IGNORECASE,
)
_PLACE_AND_WEEKDAY = re.compile(
    r"(?:[^\W\d_][\w'’.-]*(?:\s[\w'’.-]+){0,2},\s*)?(?:\w+day,?\s+|\w+di\s+)?(?:le|the)?\s*"
)
_SENTENCE_END = re.compile(r"[.!?؟][\"'”’»)\]]*$")
_SPEAKER = re.compile(
    r"\b(?:(?:issued|released|published|made|delivered|publiée?|diffusée?)\s+(?:by|par)(?:\s+the)?\s+"
    r"|(?:statement|declaration|remarks|speech)\s+(?:by|from)\s+(?:the\s+)?"
    r"|(?:communiqué(?:\s+de\s+presse)?|déclaration|discours)\s+(?:du\s+|de\s+la\s+|des\s+|de\s+l['’]))",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(r"[\s,(\[–—-]*(?:\b(?:on|le|du|dated)\b)?[\s,(\[–—-]*(?:\w+day,?\s*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dateline:
    """A line that dates the text: its `line` number in the lines given, what it dates, and the words of the date."""

    line: int
    role: int
    date: WrittenDate
    publisher: str | None


def find_datelines(lines: Sequence[str]) -> list[Dateline]:
    """The lines among the first twelve and last five that date the text, the most telling first."""
    edges = sorted({*range(min(_HEAD_LINES, len(lines))), *range(max(0, len(lines) - _TAIL_LINES), len(lines))})
    found = [line for number in edges if (line := read_dateline(lines[number], number)) is not None]
    return sorted(found, key=lambda dateline: (dateline.role, dateline.line))


def read_dateline(line: str, number: int = 0) -> Dateline | None:
    """The dateline that `line` is, or None for an ordinary line. Sentences never are datelines."""
    if len(line) > _LONGEST_LINE or not any(map(str.isdigit, line)) or _SENTENCE_END.search(line):
        return None
    dates = written_dates(line)
    if not dates:
        return None
    role = _role(line, dates)
    if role is None:
        return None
    return Dateline(number, role, dates[0], _speaker(line, dates[0].start) if role == ISSUED else None)


def _role(line: str, dates: Sequence[WrittenDate]) -> int | None:
    before, after = line[: dates[0].start], line[dates[0].end :]
    if _STATEMENT.match(line):
        set_apart = _SET_APART.search(before) is not None and _SPEAKER.search(before) is not None
        return ISSUED if set_apart or _ISSUED_ON.search(before) else None
    if _PUBLISHED.fullmatch(before):
        return PUBLISHED
    alone = len(dates) == 1 and not after.strip(" )]") and _PLACE_AND_WEEKDAY.fullmatch(before.lstrip("(["))
    return BARE if alone else None


def remarks(datelines: Sequence[Dateline]) -> list[str]:
    """What a reader should know about the date: that the page gives another one, or that it stands alone."""
    issued = next((line.date.day for line in datelines if line.role == ISSUED), None)
    posted = next((line.date.day for line in datelines if line.role == PUBLISHED), None)
    if issued is not None and posted is not None and issued != posted:
        return [f"the page says it was published on {posted}; the statement's own date, {issued}, is used"]
    if datelines and datelines[0].role == BARE:
        return [f"published on {datelines[0].date.day} according to a line that holds only this date"]
    return []


def _speaker(line: str, date_start: int) -> str | None:
    found = _SPEAKER.search(line, 0, date_start)
    if found is None:
        return None
    return _BEFORE_DATE.sub("", line[found.end() : date_start]).strip() or None
