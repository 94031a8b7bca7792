"""From an exhibit's bytes to the claims of a report, with the names that a record knows."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from ascertain.check.facts import Facts
from ascertain.jobs.given import Given
from ascertain.jobs.reading.statement import Read, names_of, running_blocks, speaker_of
from ascertain.model.claim import Claim, Span
from ascertain.model.moment import parse_moment
from ascertain.read.entities import shipped_model
from ascertain.read.events.lexicon import LANGUAGES, event_words
from ascertain.read.language import language_of
from ascertain.read.lexicon import Lexicon, make_lexicon
from ascertain.read.places import Gazetteer
from ascertain.read.report import READER, Reader, ReportReading, read_report
from ascertain.read.text import Block, Ocr, Text, read_text
from ascertain.read.text.languages import with_languages

_MEGABYTE: Final = 1024 * 1024
_USUAL: Final = "en"


@dataclass(frozen=True, slots=True)
class Known:
    """What a record knows when it reads: its facts, the places of its gazetteers, its names in each language."""

    facts: Facts
    gazetteer: Gazetteer
    _lexicons: dict[str, Lexicon] = field(default_factory=dict, repr=False, compare=False)

    def lexicon(self, language: str) -> Lexicon:
        """A language's words with the record's names: made once, for that takes longer than to read a page."""
        if language not in self._lexicons:
            self._lexicons[language] = make_lexicon(language, names_of(self.facts))
        return self._lexicons[language]


def read_as_report(data: bytes, exhibit: str, media_type: str, known: Known, given: Given, limit_mb: int) -> Read:
    """Read any text to claims, each passage in its own language; places by the record's names, then by a gazetteer.

    Raises UnreadableExhibit for bytes without text, BadMoment for a given date that is none.
    """
    text = with_languages(read_text(data, media_type, limit_bytes=limit_mb * _MEGABYTE, ocr=Ocr()))
    published = given.published or text.published or ""
    written = parse_moment(published).latest if published else None
    publisher = given.publisher or text.publisher or ""
    speaker = speaker_of(publisher, known.lexicon(_USUAL))
    readings = list(_readings(text, known, written, speaker))
    claims = tuple(claim.identified(exhibit, READER) for claim in _numbered(readings))
    unread = tuple(span for reading in readings for span in reading.unread)
    language = next(iter(text.languages), "und")
    notes = [*text.notes, *_notes(text)]
    return Read(text, language, published, speaker, publisher, claims, unread, tuple(notes))


def _readings(text: Text, known: Known, written: datetime.date | None, speaker: str) -> Iterator[ReportReading]:
    """What was made of each run of passages in one language, in the order of the text."""
    running = set(running_blocks(text))
    blocks = [block for block in text.blocks if (block.start, block.end) in running]
    for language, run in groupby(blocks, key=lambda block: _language(text, block)):
        there = list(run)
        passages = [(block.start, block.end) for block in there]
        if language not in LANGUAGES:
            spans = [Span(start=start, end=end, text=text.body[start:end]) for start, end in passages]
            yield ReportReading((), tuple(spans))
        else:
            entities = shipped_model() if language == _USUAL else None
            reader = Reader(known.lexicon(language), event_words(language), known.gazetteer, entities)
            cells = [
                ((header.start, header.end), (block.start, block.end))
                for block in there
                for header in text.headers_of(block)
            ]
            yield read_report(text.body, passages, reader, written, speaker, cells)


def _language(text: Text, block: Block) -> str:
    """The language of a passage; of one that is too short to say, the one that its letters allow."""
    by_letters = language_of(text.body[block.start : block.end])
    return block.language or (by_letters if by_letters != "und" else _USUAL)


def _numbered(readings: Sequence[ReportReading]) -> Iterator[Claim]:
    """The claims with their incidents numbered through the text: each reading numbers its own from 1."""
    before = 0
    for reading in readings:
        for claim in reading.claims:
            yield claim.model_copy(update={"incident": claim.incident + before}) if claim.incident else claim
        before += max((claim.incident for claim in reading.claims), default=0)


def _notes(text: Text) -> Iterator[str]:
    others = [language for language in text.languages if language not in LANGUAGES]
    if others:
        yield f"passages in {', '.join(others)} were not read; claims are read in {', '.join(LANGUAGES)}"
