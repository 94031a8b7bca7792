"""From an exhibit's bytes to the claims of a report, with the names that a record knows."""

from __future__ import annotations

from ascertain.check.facts import Facts
from ascertain.jobs.given import Given
from ascertain.jobs.reading.statement import Read, names_of, running_blocks, speaker_of
from ascertain.model.claim import Span
from ascertain.model.moment import parse_moment
from ascertain.read.events.lexicon import LANGUAGES, event_words
from ascertain.read.language import language_of
from ascertain.read.lexicon import make_lexicon
from ascertain.read.report import READER, read_report
from ascertain.read.text import read_text

_MEGABYTE = 1024 * 1024


def read_as_report(data: bytes, exhibit: str, media_type: str, facts: Facts, given: Given, limit_mb: int) -> Read:
    """Read any text to claims.

    Raises UnreadableExhibit for bytes without text, BadMoment for a given date that is none.
    """
    text = read_text(data, media_type, limit_bytes=limit_mb * _MEGABYTE)
    published = given.published or text.published or ""
    written = parse_moment(published).latest if published else None
    language, publisher = language_of(text.body), given.publisher or text.publisher or ""
    known = language in LANGUAGES
    lexicon = make_lexicon(language if known else "en", names_of(facts))
    speaker = speaker_of(publisher, lexicon)
    if not known:
        note = f"nothing was read: the text is in another language ({language}) than {', '.join(LANGUAGES)}"
        unread = tuple(Span(start=b.start, end=b.end, text=text.body[b.start : b.end]) for b in text.blocks)
        return Read(text, language, published, speaker, publisher, (), unread, (*text.notes, note))
    reading = read_report(text.body, running_blocks(text), lexicon, event_words(language), written, speaker)
    claims = tuple(claim.identified(exhibit, READER) for claim in reading.claims)
    return Read(text, language, published, speaker, publisher, claims, reading.unread, text.notes)
